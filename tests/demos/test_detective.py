"""The detective: every file opened page by page, every judgement, both sliders, against the models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from kefu.aftersales.casebook import PAGES, TRUTHS, Filed, casebook
from kefu.aftersales.reviews import extortion_risk
from kefu.demos import Demo, detective
from kefu.demos.detective import FILES, PASS, SUMS, share
from tests.demos.reading import (
    Drawing,
    board,
    bold,
    cells,
    hand,
    parsed,
    press,
    presses,
    run_code,
    set_to,
    settings,
)

CASES = casebook()


def at(demo: Demo, number: int) -> Demo:
    demo.controls["number"].value = number
    return demo


def leaf(demo: Demo, pages: Iterable[str] = PAGES) -> Demo:
    """Turn to these pages, one after the other."""
    for page in pages:
        hand(demo, page=page)
    return demo


def sums(demo: Demo) -> Demo:
    """Leave the file for the hundred people alone."""
    return press(demo, f"{SUMS} ›")


def weighed(demo: Demo) -> list[str]:
    """The pages that the crowd is weighed by."""
    return [text for text, wanted, on in presses(demo.result()) if "out" in wanted and on == "true"]


def ways(demo: Demo) -> list[str]:
    """The ways out of a card, in the row at its end."""
    return [b.get_text() for b in parsed(demo.parts()[0]).select(".kefu-acts")[-1].select("button")]


def judge(demo: Demo, number: int, answer: str) -> Demo:
    return hand(at(demo, number), answer=answer)


def wrong(one: Filed) -> str:
    return "服务" if one.truth != "服务" else "质量"


def slips(demo: Demo) -> list[str]:
    return [item.get_text() for item in parsed(demo.result()).select("ol.kefu-slips li")]


def assert_crowd(demo: Demo, one: Filed, pages: Iterable[str], base: float, overlap: float) -> None:
    opened: Any = list(pages)
    risk = extortion_risk(one.signs(opened), base, overlap=overlap)
    drawing = Drawing(demo.result())
    bad = round(100 * risk.probability)
    assert f"来讹钱的{bad}位，真生气的{100 - bad}位" in drawing.label
    dots = {
        name: [e.attrib["d"].count("h0") for e in drawing.root.iter("path") if e.attrib["class"] == name]
        for name in ("many crew many-b", "many crew many-a")
    }  # fmt: skip
    assert sum(dots["many crew many-b"]) - 1 == bad  # one is the legend's
    assert sum(dots["many crew many-a"]) - 1 == 100 - bad
    drawing.assert_labels_inside()
    assert bold(demo.parts()[1])[0] == share(risk.probability)
    if risk.steps:
        assert [row[0].removeprefix("没有：") for row in cells(demo.result())] == [
            s.name for s in risk.steps
        ]
        assert [row[2] for row in cells(demo.result())] == [share(s.after) for s in risk.steps]
    assert run_code(demo)[1] == round(risk.probability, 4)


@pytest.mark.parametrize("number", range(1, 11))
def test_each_page_shows_what_is_filed_and_moves_the_crowd(number: int) -> None:
    one, demo = CASES[number - 1], at(detective(), number)
    text = parsed(demo.parts()[0]).select_one(".kefu-asked").get_text()  # type: ignore[union-attr]
    masked = one.who.replace("*", "＊")  # on a page, stars by twos are what Markdown leaves behind
    for part in (masked, one.at, "★" * one.stars, one.what, one.text):
        assert part in text
    assert slips(demo) == []
    assert_crowd(demo, one, [], 0.01, 0.5)
    opened: list[str] = []
    for page in PAGES:
        leaf(demo, [page])
        opened.append(page)
        assert slips(demo) == list(one.pages[page])
        assert_crowd(demo, one, opened, 0.01, 0.5)
        chosen = [text for text, _, on in presses(demo.result()) if on == "true"]
        assert chosen == [f"{PAGES[page]} ✓"]
    assert one.why not in demo.result()
    judge(demo, number, one.truth)
    assert "✓ 判对了" in demo.result()
    assert one.why in parsed(demo.result()).get_text()
    assert f"定在“{PAGES[one.page]}”那一页" in demo.result()
    assert board(demo)[number - 1] == f"{number}✓"


@pytest.mark.parametrize("base", [1, 10, 300])
@pytest.mark.parametrize("overlap", [0.0, 0.5, 1.0])
def test_both_sliders_move_the_crowd(base: int, overlap: float) -> None:
    demo = sums(leaf(at(detective(), 2), ["chat"]))
    set_to(demo, base=base, overlap=overlap)
    assert_crowd(demo, CASES[1], ["chat"], base / 1000, overlap)


def test_the_furious_is_nearly_accused_and_cleared_by_the_record() -> None:
    demo = leaf(at(detective(), 2), ["chat"])
    assert "来讹钱的57位" in Drawing(demo.result()).label
    leaf(demo, ["bought"])
    assert "来讹钱的0位" in Drawing(demo.result()).label
    judge(demo, 2, "恶意")
    assert "冤枉了一位真生气的客人" in demo.result()
    assert "冤枉1人" in demo.result()


def test_who_judges_without_a_page_is_told_so() -> None:
    assert "一页没翻就判的" in judge(detective(), 1, "质量").result()
    assert "翻了2页就判的" in judge(leaf(detective(), ["chat", "batch"]), 1, "质量").result()


def test_the_first_judgement_counts_and_pages_stay_open() -> None:
    demo = judge(leaf(detective(), ["chat"]), 1, "物流")
    assert board(demo)[0] == "1✗"
    judge(demo, 1, "质量")
    assert board(demo)[0] == "1✗"
    at(demo, 2)
    assert slips(demo) == []
    at(demo, 1)
    assert slips(demo) == list(CASES[0].pages["chat"])


def test_an_extortionist_let_go_is_told() -> None:
    demo = judge(detective(), 4, "质量")
    assert "放过了一位来讹钱的" in demo.result()
    assert "不是这个原因" in judge(detective(), 1, "物流").result()


def test_all_right_by_presses_alone_leads_to_the_end() -> None:
    demo = detective()
    for turn, one in enumerate(CASES):
        texts = [text for text, _, _ in presses(demo.result())]
        assert texts[: len(PAGES) + len(TRUTHS)] == [*PAGES.values(), *TRUTHS]
        hand(demo, answer=one.truth)
        press(demo, "下一条 ›" if turn < 9 else "看成绩 ›")
    scene = parsed(demo.parts()[0])
    assert scene.select_one(".kefu-big").get_text().startswith("10条")  # type: ignore[union-attr]
    assert "冤枉了0位真生气的客人；两位来讹钱的，认出2位" in scene.get_text()
    assert presses(demo.result()) == []
    assert list(settings(demo.picture())) == []


def test_the_end_leads_back_to_each_mistake_and_on_while_some_are_left() -> None:
    demo = detective()
    for number, one in enumerate(CASES, 1):
        judge(demo, number, wrong(one) if number <= 10 - PASS + 1 else one.truth)
    at(demo, 11)
    again = [text for text, _, _ in presses(demo.result())]
    assert again == [f"第{n}条 ✗" for n in range(1, 10 - PASS + 2)]
    early = at(judge(detective(), 1, "质量"), 11)
    assert "还有9条没判" in early.result()
    ((text, wanted, _),) = presses(early.result())
    assert (text, wanted) == ("下一条 ›", {"number": 2})


def test_the_sliders_stand_beside_the_crowd_alone_the_overlap_where_it_weighs() -> None:
    demo = detective()
    assert demo.shown_controls() == {}
    assert list(sums(demo).shown_controls()) == ["base"]
    assert "一页还没翻" in demo.result()
    ((text, back, _),) = presses(demo.result())
    assert text == f"‹ 接着{FILES}"
    leaf(hand(demo, **back))
    assert demo.shown_controls() == {}
    assert list(sums(demo).shown_controls()) == ["base", "overlap"]
    assert weighed(demo) == list(PAGES.values())
    assert "kefu-long" not in demo.parts()[0]


def test_what_is_set_beside_the_crowd_holds_in_the_file() -> None:
    demo = set_to(sums(leaf(at(detective(), 2), ["chat"])), overlap=0.0)
    assert "来讹钱的95位" in Drawing(demo.result()).label
    assert "来讹钱的95位" in Drawing(press(demo, f"‹ 接着{FILES}").result()).label


def test_who_has_read_the_whole_file_weighs_it_by_some_pages_alone() -> None:
    """The chapter asks to weigh the second by its chat, when all of it has been read."""
    demo = judge(leaf(at(detective(), 2)), 2, "质量")
    press(sums(demo), "订单与往来")
    assert weighed(demo) == ["聊天", "包裹", "批次"]
    assert_crowd(demo, CASES[1], ["chat", "parcel", "batch"], 0.01, 0.5)
    assert "来讹钱的57位" in Drawing(demo.result()).label
    press(press(demo, "聊天"), "订单与往来")
    assert_crowd(demo, CASES[1], ["parcel", "batch", "bought"], 0.01, 0.5)
    press(demo, f"‹ 接着{FILES}")
    assert_crowd(demo, CASES[1], PAGES, 0.01, 0.5)
    assert "爱＊＊子" in sums(demo).result()
    at(sums(at(demo, 3)), 2)
    assert weighed(sums(demo)) == list(PAGES.values())


def test_the_ways_from_a_card_lead_back_on_and_to_the_end() -> None:
    demo = detective()
    assert ways(demo) == ["跳过 ›", f"{SUMS} ›"]
    assert ways(at(demo, 2)) == ["‹ 上一条", "跳过 ›", f"{SUMS} ›"]
    judge(demo, 2, CASES[1].truth)
    assert ways(demo) == ["‹ 上一条", "看成绩", f"{SUMS} ›"]
    assert at(sums(demo), 3).controls["stage"].value == FILES


def test_two_readers_games_are_apart() -> None:
    one, two = detective(), detective()
    judge(one, 1, "质量")
    assert board(two)[0] == "1·"
