"""The phrase book: every customer, search and nickname, against the model."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import pytest

from kefu.demos import Demo, phrase_book
from kefu.demos.phrase_book import GUESTS, NOBODY, OPENS, shop_book
from kefu.presales.desk import PhraseBook
from tests.demos.reading import (
    HOSTILE,
    MARKUP,
    hand,
    parsed,
    press,
    presses,
    run_code,
    set_to,
    settings,
)


def verdict(demo: Demo) -> tuple[str, list[str]]:
    """Whether the phrase may go out, and what speaks against it: the first of it in the picture too."""
    told = parsed(demo.parts()[0]).select_one(".kefu-ruling")
    assert told
    word, *why = [part.get_text() for part in told.select("b, p + p")]
    reasons = [item.get_text() for item in parsed(demo.parts()[1]).select("li")]
    more = f"（共{len(reasons)}条，见下）" if len(reasons) > 1 else ""
    assert why == [f"{reason}{more}" for reason in reasons[:1]]
    return word[2:], reasons


def choices(demo: Demo) -> list[str]:
    """The numbers of the phrases that can be chosen now."""
    return [str(number) for _, number in demo.controls["phrase"].options]


def choose(demo: Demo, number: str) -> Demo:
    """Look a phrase up by its shortcut and choose it."""
    return set_to(demo, words=shop_book().phrase(number).shortcut, phrase=number)


def bubble(demo: Demo) -> str:
    found = parsed(demo.parts()[0]).select_one(".kefu-said")
    assert found
    return found.get_text()


def test_it_opens_with_the_name_of_the_one_before_in_this_customers_window() -> None:
    demo = phrase_book()
    assert bubble(demo) == "您好橘子汽水，我是小满，在的，您说～"
    assert verdict(demo) == (
        "先别发",
        ["称呼是“橘子汽水”，窗口里的人是“北岸”", "客人正有气，先认他等了多久，再说事"],
    )
    press(demo, "称呼换成窗口里的人")
    assert bubble(demo).startswith("您好北岸")
    assert verdict(demo)[1] == ["客人正有气，先认他等了多久，再说事"]
    assert not [text for text, _, _ in presses(demo.result()) if text == "称呼换成窗口里的人"]


@pytest.mark.parametrize("number", OPENS)
@pytest.mark.parametrize("name", list(GUESTS))
def test_every_phrase_in_every_window_is_judged_as_the_model_does(name: str, number: str) -> None:
    demo = set_to(phrase_book(name, name), phrase=number)
    one, guest = shop_book().phrase(number), GUESTS[name]
    values = {**guest.known, "客服名": "小满", "客人昵称": name}
    against = one.objections(values, name, guest.says)
    assert verdict(demo) == ("先别发" if against else "可以发", against)
    assert (NOBODY in bubble(demo)) is any("还有空" in reason for reason in against)
    assert run_code(demo)[1] == against


def test_some_window_has_a_phrase_that_may_go_out() -> None:
    demo = phrase_book("小鹿", "小鹿")
    demo.controls["phrase"].value = "DY063"
    assert verdict(demo) == ("可以发", [])
    assert bubble(demo) == "付款提示“超出限额”的话，换一张卡或者换花呗试试"


def test_windows_are_chosen_by_their_names() -> None:
    demo = phrase_book()
    for name, guest in GUESTS.items():
        hand(demo, who=name)
        assert guest.says in parsed(demo.parts()[0]).get_text()
        assert [
            text for text, wanted, on in presses(demo.result()) if "who" in wanted and on == "true"
        ] == [name]


@pytest.mark.parametrize("words", ["窗口 抱歉", "/yj4", "没有这样的话", "  "])
def test_the_list_is_what_the_search_finds(words: str) -> None:
    demo = phrase_book()
    demo.controls["words"].value = words
    found = (
        shop_book().search(words) if words.strip() else [shop_book().phrase(one) for one in OPENS]
    )
    assert choices(demo) == [one.phrase_id for one in found] or (
        not found and choices(demo) == list(OPENS)
    )
    assert ("没有这样的短语" in demo.parts()[1]) is (not found)
    for (label, number), one in zip(demo.controls["phrase"].options, found, strict=False):
        assert number == one.phrase_id
        assert label.startswith(one.shortcut)
        assert one.text.startswith(label.split("　", 1)[1].rstrip("…"))


def test_what_is_found_is_chosen_and_told_in_full() -> None:
    demo = set_to(phrase_book(), words="/yj4")
    assert choices(demo) == ["DY085", "DY044"]
    for number in choices(demo):
        set_to(demo, phrase=number)
        assert shop_book().phrase(number).text in parsed(demo.parts()[1]).get_text()
    assert list(settings(demo.picture())) == ["称呼填的是", "找短语", "哪条短语"]


def test_every_phrase_of_the_shop_can_be_shown() -> None:
    demo = phrase_book()
    for one in shop_book().phrases:
        choose(demo, one.phrase_id)
        told = parsed(demo.parts()[1]).get_text()
        assert one.shortcut in told
        assert ("不含承诺" in told) is (not one.promises)
        assert f"今年用过{one.uses}次" in told
    assert "/yj4有两条：议价DY044、物流DY085" in told


@pytest.mark.parametrize("typed", HOSTILE)
def test_what_is_typed_is_shown_as_text(typed: str) -> None:
    demo = set_to(phrase_book(), name=typed, words=typed)
    assert not parsed(demo.picture()).find_all("img")
    assert verdict(demo)[0] == "先别发"


@pytest.mark.parametrize(
    ("keys", "said"),
    [([], "没有撞的快捷键。"), ([MARKUP] * 3, f"快捷键撞了：{MARKUP}有3条：{MARKUP}DY001、")],
)
def test_the_book_of_another_team_is_told_as_it_is(
    monkeypatch: pytest.MonkeyPatch, keys: list[str], said: str
) -> None:
    phrases = [replace(one, group=MARKUP, shortcut=one.phrase_id) for one in shop_book().phrases]
    phrases[: len(keys)] = [
        replace(one, shortcut=key) for one, key in zip(phrases, keys, strict=False)
    ]
    book = PhraseBook(tuple(phrases))
    monkeypatch.setattr(import_module("kefu.demos.phrase_book"), "shop_book", lambda: book)
    told = parsed(phrase_book().parts()[1])
    assert said in told.get_text()
    assert not told.find_all("img")
