from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, time
from decimal import Decimal
from typing import Any

import ipywidgets as widgets
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import demos
from kefu.demos import Demo
from kefu.demos.core import STYLE, plain, setting, shown, signed, table
from kefu.demos.hands import IntSlider
from kefu.demos.svg import chart
from tests.demos.reading import DEMOS, alert, cells, hand, marked, parsed, settings, tags

WIDGET = "application/vnd.jupyter.widget-view+json"
HOSTILE = [
    "",
    " ",
    "a" * 10_000,
    "<" * 10_000,
    "<b>粗</b>",
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</div></div></div>",
    "</pre></details><img src=x onerror=alert(1)>",
    "<img src=x onerror='alert(1)'>",
    '"><svg onload=alert(1)>',
    "'><a href='javascript:alert(1)'>点我</a>",
    "<!-- 注释",
    "-->",
    "<![CDATA[x]]>",
    "<?php echo 1 ?>",
    "<!DOCTYPE html>",
    "&lt;b&gt; &amp; &#60;i&#62;",
    "& &copy &notanentity;",
    "'\"`",
    "\\'; DROP TABLE orders; --",
    "{{7*7}} ${7*7} %s {0}",
    "<b",
    "<ｂ>全角</ｂ>",
    "$\\lt$ \\(x\\)",
    "第一行\n第二行\t制表",
    "\x01\x07\x1b[31m\x7f",
    "\u202e反向\u200b零宽\ufeff",
    "😀👩‍👩‍👧‍👦🇨🇳",
    "𠮷野家",
    "é́́́́",
]


def greeter(text: str = "", title: str = "问候") -> Demo:
    """A demo that shows what the reader typed in every place a demo has."""
    entry = widgets.Text(value=text, description="说点什么")

    def draw() -> str:
        if entry.value.startswith("错"):
            raise ValueError(f"不能说{entry.value}")
        return chart(entry.value)

    def tell() -> str:
        word = entry.value
        return table([word], [[word, "好"]], caption=word, mark=0)

    return Demo(title, {"entry": entry}, draw, tell, lambda: f"print({entry.value!r})")


def live_result(demo: Demo) -> str:
    """The HTML that the live widget shows as its result: its picture, and what is said below."""
    return str(demo.children[1].html) + str(demo.children[4].value)


def boxed(demo: Demo) -> tuple[Any, ...]:
    """The controls in the live demo, in order: those that stand open, then those to be opened."""
    return (*demo.children[2].children, *demo.children[3].children[0].children)


def many(*, idle: Collection[str] = ()) -> Demo:
    """A demo of five sliders, of which some have no effect."""
    c = {name: IntSlider(value=n, max=9, description=name) for n, name in enumerate("甲乙丙丁戊")}
    told = lambda: "".join(str(one.value) for one in c.values())  # noqa: E731
    return Demo("五个", c, told, str, str, idle=lambda: set(idle) if c["甲"].value else ())


# What a notebook stores and shows


@pytest.mark.parametrize("build", [greeter, *DEMOS], ids=lambda f: f.__name__)
def test_a_demo_carries_its_widget_its_picture_and_its_name(build: Callable[[], Demo]) -> None:
    demo = build()
    bundle = demo._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {WIDGET, "text/html", "text/plain"}
    assert bundle[WIDGET]["model_id"] == demo.model_id
    assert bundle["text/html"] == demo.picture()
    assert bundle["text/plain"] == f"<Demo {demo.title_text}>"


@pytest.mark.parametrize("build", DEMOS, ids=lambda f: f.__name__)
def test_the_picture_names_every_control_that_has_an_effect_with_its_value(
    build: Callable[[], Demo],
) -> None:
    demo = build()
    now = demo.shown_controls().values()
    assert settings(demo.picture()) == {c.description: shown(c) for c in now}
    assert len(settings(demo.picture())) == len(now)  # no two labels are alike


@pytest.mark.parametrize("build", DEMOS, ids=lambda f: f.__name__)
def test_every_control_has_a_label_of_its_own(build: Callable[[], Demo]) -> None:
    labels = [c.description for c in build().controls.values()]
    assert all(labels)
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("build", DEMOS, ids=lambda f: f.__name__)
def test_every_list_opens_on_one_of_its_choices(build: Callable[[], Demo]) -> None:
    lists = [c for c in build().controls.values() if isinstance(c, widgets.Dropdown)]
    assert [c.description for c in lists if c.label is None] == []


@pytest.mark.parametrize("build", DEMOS, ids=lambda f: f.__name__)
def test_every_control_is_in_the_live_box(build: Callable[[], Demo]) -> None:
    demo = build()
    assert boxed(demo) == tuple(demo.controls.values())


@pytest.mark.parametrize("build", DEMOS, ids=lambda f: f.__name__)
def test_a_demo_opens_with_three_controls_at_most_and_its_picture_above_them(
    build: Callable[[], Demo],
) -> None:
    demo = build()
    page = parsed(demo.picture())
    order = [part["class"][0] for part in page.select(".kefu-demo > [class]")]
    assert order.index("kefu-scene") == 1  # behind the title
    assert demo.children[1].html in str(demo.picture())
    assert len(demo.children[2].children) <= 3
    assert len(page.select(".kefu-demo > dl dt")) <= 3
    later = [n for n in demo.shown_controls() if n in list(demo.controls)[3:]]
    assert [s.get_text() for s in page.select(".kefu-more > summary")] == (
        [f"更多设置（{len(later)}）"] if later else []
    )
    assert demo.children[3].titles == (f"更多设置（{len(later)}）",)


@pytest.mark.parametrize("build", DEMOS, ids=lambda f: f.__name__)
def test_a_demo_that_draws_leads_with_a_drawing_or_a_talk(build: Callable[[], Demo]) -> None:
    drawn = parsed(build().parts()[0])
    assert drawn.find("svg") or drawn.select("[class*=kefu-]")


def test_a_control_without_effect_is_not_shown_until_it_has_one() -> None:
    demo = many(idle={"乙", "丁"})
    assert list(settings(demo.picture())) == list("甲乙丙丁戊")
    demo.controls["甲"].value = 3
    assert list(settings(demo.picture())) == list("甲丙戊")
    hidden = [name for name, one in demo.controls.items() if one.layout.display == "none"]
    assert hidden == ["乙", "丁"]
    assert demo.children[3].titles == ("更多设置（1）",)
    demo.controls["甲"].value = 0
    assert {one.layout.display for one in demo.controls.values()} == {None}


def test_with_nothing_more_to_set_there_is_no_place_for_it() -> None:
    demo = many(idle={"丁", "戊"})
    demo.controls["甲"].value = 1
    assert demo.children[3].layout.display == "none"
    assert not parsed(demo.picture()).select(".kefu-more")


def test_several_controls_that_a_hand_moves_at_once_are_shown_once() -> None:
    demo = many()
    seen: list[str] = []
    demo.children[1].observe(lambda change: seen.append(change["new"]), "html")
    hand(demo, 甲=4, 乙=7)
    assert seen == ["47234"]
    hand(demo, 甲=4, 乙=7)
    assert seen == ["47234"]


def test_a_picture_says_which_movement_it_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    demo = many()
    said: list[tuple[object, str]] = []
    monkeypatch.setattr(
        demo._picture, "send", lambda message: said.append((message, demo._picture.html))
    )
    for count, wanted in enumerate((4, 4, 5), start=1):
        hand(demo, 甲=wanted)
        # the picture comes first, then that it is the answer
        assert said[-1] == ({"done": count}, demo.parts()[0])


@pytest.mark.parametrize("build", DEMOS, ids=lambda f: f.__name__)
def test_two_demos_of_a_kind_do_not_share_their_controls(build: Callable[[], Demo]) -> None:
    one, other = build(), build()
    before = other.picture()
    for control in one.controls.values():
        if hasattr(control, "max") and hasattr(control, "min"):
            control.value = control.max
        elif hasattr(control, "options"):
            control.index = len(control.options) - 1
    assert one.picture() != before
    assert other.picture() == before


def test_the_picture_follows_a_control() -> None:
    demo = greeter("早")
    demo.controls["entry"].value = "晚"
    assert settings(demo.picture()) == {"说点什么": "晚"}
    assert cells(demo.picture()) == [["晚", "好"]]
    assert "早" not in demo.picture()


def test_the_live_result_is_the_pictures_result() -> None:
    demo = greeter("早")
    for word in ("午", "错话", "晚"):
        demo.controls["entry"].value = word
        assert live_result(demo) == demo.result()
        assert all(part in demo.picture() for part in demo.parts())
        assert demo.children[5].children[0].value == demo.source()
        assert demo.source() in demo.picture()


def test_the_picture_is_made_of_text_alone() -> None:
    for build in DEMOS:
        names = {name for name, _ in tags(build().picture())}
        assert not names & {"script", "iframe", "img", "link", "object", "embed", "input"}
        assert "http" not in build().picture()


# What is stored and what is brought


@pytest.mark.parametrize("build", [greeter, *DEMOS], ids=lambda f: f.__name__)
def test_the_stored_picture_has_no_style_sheet_and_the_live_demo_has_it_once(
    build: Callable[[], Demo],
) -> None:
    demo = build()
    assert "<style" not in demo.picture()
    assert [name for name, _ in tags(demo.children[0].value)].count("style") == 1
    assert STYLE in demo.children[0].value
    assert "<style" not in live_result(demo) + demo.source()


def test_in_a_page_that_has_the_sheet_a_live_demo_brings_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    elsewhere = greeter()
    monkeypatch.setenv("LIVE_PAGE", "1")
    here = greeter()
    assert tags(here.children[0].value) == [("div", ("class",))]
    assert here.picture() == elsewhere.picture()


def test_a_picture_says_by_its_tags_alone_what_its_sheet_sets_off() -> None:
    page = parsed(greeter("早").picture())
    assert [b.get_text() for b in page.select(".kefu-title > b")] == ["问候"]
    assert [b.get_text() for b in page.select("tr.kefu-mark b")] == ["早", "好"]
    assert not parsed(table(["数"], [["一"]])).select("b")


# Errors


def test_a_value_error_is_shown_escaped_as_an_alert() -> None:
    demo = greeter("错<b>话</b>")
    assert alert(demo.result()) == "不能说错<b>话</b>"
    assert [name for name, _ in tags(demo.result())] == ["p"]
    assert parsed(live_result(demo)).select_one("[role=alert]") is not None


def test_after_an_error_nothing_entered_is_lost() -> None:
    demo = greeter("错话")
    assert demo.controls["entry"].value == "错话"
    assert settings(demo.picture()) == {"说点什么": "错话"}
    demo.controls["entry"].value = "好话"
    assert cells(demo.result()) == [["好话", "好"]]
    assert not parsed(demo.result()).select("[role=alert]")


def test_an_error_of_ours_is_not_hidden() -> None:
    def broken() -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Demo("坏", {}, broken, str, str)


# Hostile text


@pytest.mark.parametrize("text", HOSTILE, ids=lambda t: ascii(t[:20]))
def test_hostile_text_never_becomes_an_element(text: str) -> None:
    picture, harmless = greeter(text).picture(), greeter("早安").picture()
    if not text:  # an empty caption is left out
        harmless = harmless.replace("<caption>早安</caption>", "")
    assert tags(picture) == tags(harmless)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda t: ascii(t[:20]))
def test_hostile_text_is_shown_as_it_was_typed(text: str) -> None:
    picture = greeter(text).picture()
    assert settings(picture) == {"说点什么": text}
    assert cells(picture) == [[text, "好"]]
    drawing = parsed(picture).find("svg")
    assert drawing is not None
    assert drawing["aria-label"] == text


@pytest.mark.parametrize("text", HOSTILE, ids=lambda t: ascii(t[:20]))
def test_hostile_text_in_an_error_never_becomes_an_element(text: str) -> None:
    demo = greeter("错" + text)
    assert tags(demo.picture()) == tags(greeter("错话").picture())
    assert alert(demo.result()) == "不能说错" + text


@pytest.mark.parametrize("text", HOSTILE, ids=lambda t: ascii(t[:20]))
def test_a_hostile_title_or_label_never_becomes_an_element(text: str) -> None:
    demo = Demo(text, {"x": widgets.Text(description=text)}, str, str, str)
    assert tags(demo.picture()) == tags(Demo("题", {"x": widgets.Text()}, str, str, str).picture())
    assert tags(demo.children[0].value) == [("style", ()), ("div", ("class",))]
    assert settings(demo.picture()) == {text: ""}


@given(st.text().map("字{}".format))  # the parser of this test folds text of spaces alone
def test_any_text_at_all_stays_text(text: str) -> None:
    cell = parsed(table([text], [[text]])).find("td")
    assert cell is not None
    assert cell.get_text() == text
    assert tags(table([text], [[text]])) == tags(table(["x"], [["x"]]))


# The pieces


def test_a_table_escapes_head_cells_and_caption() -> None:
    html = table(["<i>"], [["<b>", "&"]], caption="<u>")
    names = [name for name, _ in tags(html)]
    assert names == ["table", "caption", "thead", "tr", "th", "tbody", "tr", "td", "td"]
    assert cells(html) == [["<b>", "&"]]


def test_a_table_sets_off_the_marked_row_only() -> None:
    assert marked(table(["数"], [["一"], ["二"], ["三"]], mark=1)) == ["二"]
    assert not parsed(table(["数"], [["一"]])).select(".kefu-mark")


def test_a_table_tells_a_screen_reader_what_its_heads_are() -> None:
    heads = parsed(table(["数", "量"], [])).find_all("th")
    assert [head["scope"] for head in heads] == ["col", "col"]


@pytest.mark.parametrize(
    ("value", "text"),
    [("18.00", "18"), ("18.50", "18.5"), ("2.40", "2.4"), ("100", "100"), ("0.00", "0"),
     ("1E+3", "1000"), ("-5.80", "-5.8"), ("0.000001", "0.000001")],
)  # fmt: skip
def test_plain_drops_needless_zeros_only(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


@given(st.decimals(-(10**9), 10**9, places=6))
def test_plain_keeps_the_value(value: Decimal) -> None:
    assert Decimal(plain(value)) == value
    assert "E" not in plain(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [("5", "+5"), ("0.50", "+0.5"), ("0.00", "0"), ("-0.00", "0"), ("-10.00", "−10")],
)
def test_signed_writes_the_sign_of_a_formula(value: str, text: str) -> None:
    assert signed(Decimal(value)) == text


@pytest.mark.parametrize(
    ("control", "text"),
    [
        (widgets.Checkbox(value=True), "是"),
        (widgets.Checkbox(value=False), "否"),
        (widgets.Dropdown(options=["甲", "乙"], value="乙"), "乙"),
        (widgets.Dropdown(options=[("每天", 1), ("每周", 7)], value=7), "每周"),
        (widgets.FloatSlider(value=2.4, max=9), "2.4"),
        (widgets.FloatSlider(value=0.1 + 0.2, max=9), "0.3"),
        (widgets.IntSlider(value=88), "88"),
        (widgets.TimePicker(value=time(9, 5)), "09:05"),
        (widgets.DatePicker(value=date(2025, 11, 8)), "2025-11-08"),
        (widgets.TimePicker(), "未填"),
        (widgets.DatePicker(), "未填"),
        (widgets.Text(value="<b>"), "<b>"),
    ],
)
def test_a_value_is_shown_as_a_reader_says_it(control: Any, text: str) -> None:
    assert shown(control) == text


@pytest.mark.parametrize(("value", "along"), [(-5, "0.000"), (0, "0.250"), (15, "1.000")])
def test_a_slider_in_the_picture_stands_where_the_live_one_does(value: int, along: str) -> None:
    slider = widgets.IntSlider(value=value, min=-5, max=15)
    assert f"class='kefu-c-x kefu-slide' style='clear:both;--along:{along}'" in setting("x", slider)


@pytest.mark.parametrize(
    ("make", "wrong"),
    [
        (demos.talk, {"name": "x"}),
        (demos.talk, {"name": 8}),
        (demos.freight, {"carrier": "x"}),
        (demos.freight, {"province": "x"}),
        (demos.freight, {"weight": "两斤"}),
        (demos.five_windows, {"pace": "x"}),
        (demos.kano, {"service": "x"}),
        (demos.ladder, {"name": "x"}),
        (demos.next_word, {"start": "x"}),
        (demos.phrase_book, {"customer": "x"}),
        (demos.phrase_book, {"named": 8}),
        (demos.return_judge, {"story": "x"}),
        (demos.sizing, {"name": "x"}),
        (demos.threshold_explorer, {"generation": "x"}),
        (demos.topup, {"basket": "七十六"}),
    ],
)
def test_what_cannot_be_chosen_is_told_in_both_languages(
    make: Callable[..., Demo], wrong: dict[str, Any]
) -> None:
    (given,) = wrong.values()
    with pytest.raises(ValueError, match=rf"expected .+, got {given!r}（.+应为.+，收到{given!r}）"):
        make(**wrong)
