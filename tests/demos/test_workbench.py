"""The workbench: looked at, searched and named, every part pressed, against the model."""

from __future__ import annotations

import json

import pytest

from kefu.demos import Demo, workbench
from kefu.demos.workbench import ALL, END, FIND, PASS, answer
from kefu.presales.workbench import ASKED, ERRANDS, TOOLS, ZONES, tool, uses
from tests.demos.reading import Drawing, hand, parsed, presses, run_code, settings


def at(number: int, demo: Demo | None = None) -> Demo:
    """The demo at a question."""
    demo = demo or workbench()
    demo.controls["number"].value = number
    return demo


def spots(demo: Demo) -> dict[str, dict[str, str]]:
    """The parts of the drawing that can be pressed: their names, and what they give."""
    found = parsed(demo.parts()[0]).select("svg [data-press]")
    return {str(one["aria-label"]): json.loads(str(one["data-press"])) for one in found}


def wrong(number: int) -> str:
    """A part that is not the answer, among those that a question offers."""
    offered = TOOLS if number <= FIND else uses(answer(number))
    return next(one.name for one in offered if one.name != answer(number))


def text(demo: Demo) -> str:
    return parsed(demo.result()).get_text()


def test_it_opens_to_look_around_with_every_part_of_every_zone_to_press() -> None:
    demo = workbench()
    assert list(spots(demo)) == [one.name for zone in ZONES for one in TOOLS if one.zone == zone]
    labels = [label for label, *_ in Drawing(demo.result()).texts()]
    assert {*ZONES, *(one.name for one in TOOLS)} <= set(labels)
    assert "按一块，看它管什么" in text(demo)
    assert settings(demo.picture()) == {}  # the picture is the choice


@pytest.mark.parametrize("one", TOOLS, ids=lambda one: one.name)
def test_a_part_that_is_pressed_says_its_zone_and_use_and_is_set_off(one) -> None:  # type: ignore[no-untyped-def]
    demo = workbench()
    hand(demo, **spots(demo)[one.name])
    assert f"{one.name}（{one.zone}）：{one.use}。" in text(demo)
    (on,) = parsed(demo.result()).select("svg [aria-pressed=true]")
    assert on["aria-label"] == one.name
    assert run_code(demo)[1] == one.use


@pytest.mark.parametrize("number", [0, 1, FIND, FIND + 1, ALL])
def test_labels_lie_inside_the_drawing_and_in_no_others_place(number: int) -> None:
    demo = at(number)
    if number > 0:
        hand(demo, part=wrong(number))
    drawing = Drawing(demo.result())
    drawing.assert_labels_inside()
    boxes = [
        tuple(float(e.attrib[name]) for name in ("x", "y", "width", "height"))
        for e in drawing.root.iter("rect")
    ]
    for n, (x, y, wide, tall) in enumerate(boxes):
        assert wide >= 60
        assert tall >= 26
        for u, v, w, h in boxes[n + 1 :]:
            assert x + wide <= u or u + w <= x or y + tall <= v or v + h <= y


@pytest.mark.parametrize("number", range(1, FIND + 1))
def test_an_errand_is_answered_by_pressing_the_part_in_the_drawing(number: int) -> None:
    one = ERRANDS[number - 1]
    demo = at(number)
    assert one.wants in text(demo)
    assert one.why not in text(demo)
    hand(demo, **spots(demo)[one.tool])
    assert "✓ 找对了" in text(demo)
    assert one.why in text(demo)
    assert "第一次就对1题，错0题" in text(demo)
    assert f"✓{one.tool}" in Drawing(demo.result()).label


@pytest.mark.parametrize("number", range(1, FIND + 1))
def test_a_wrong_part_says_what_it_is_for_and_shows_the_right_one(number: int) -> None:
    demo = at(number)
    hand(demo, **spots(demo)[wrong(number)])
    assert "✗ 没找对" in text(demo)
    assert tool(wrong(number)).use in text(demo)
    assert {f"✗{wrong(number)}", f"✓{answer(number)}"} <= {
        label for label, *_ in Drawing(demo.result()).texts()
    }


@pytest.mark.parametrize("number", range(FIND + 1, ALL + 1))
def test_a_part_is_named_by_choosing_among_three_uses(number: int) -> None:
    name = ASKED[number - FIND - 1]
    demo = at(number)
    assert spots(demo) == {}  # the drawing shows which part is meant
    assert f"“{name}”这一块" in text(demo)
    buttons = [one for one in presses(demo.parts()[0]) if "part" in one[1]]
    assert [said for said, _, _ in buttons] == [one.use for one in uses(name)]
    for said, wanted, _ in buttons:
        other = hand(at(number), **wanted)
        assert ("✓ 找对了" in text(other)) is (said == tool(name).use)
        assert tool(name).use in text(other)
        if said != tool(name).use:
            assert f"你选的“{wanted['part']}”：{said}" in text(other)


@pytest.mark.parametrize("number", [1, ALL])
def test_from_a_question_one_may_go_and_look_again(number: int) -> None:
    demo = at(number)
    (back,) = (wanted for said, wanted, _ in presses(demo.result()) if said == "‹ 再看看各块")
    hand(demo, **back)
    assert "按一块，看它管什么" in text(demo)


def test_the_first_press_counts_and_is_shown_again() -> None:
    demo = hand(at(1), part=wrong(1))
    hand(demo, part=answer(1))
    at(2, demo)
    assert demo.controls["part"].value == ""
    at(1, demo)
    assert demo.controls["part"].value == wrong(1)
    assert "✗ 没找对" in text(demo)


def test_all_right_by_presses_alone_leads_to_the_end() -> None:
    demo = workbench()
    ((said, wanted, _),) = presses(demo.result())
    assert said == "都看过了，来找 ›"
    for turn in range(ALL):
        hand(demo, **wanted)
        hand(demo, part=answer(turn + 1))
        (said, wanted, _) = next(one for one in presses(demo.result()) if "number" in one[1])
        assert said == ("下一题 ›" if turn < ALL - 1 else "看成绩 ›")
    hand(demo, **wanted)
    assert parsed(demo.result()).select_one(".kefu-big").get_text().startswith(f"{ALL}题")  # type: ignore[union-attr]
    assert "你过关了" in text(demo)
    assert presses(demo.result()) == []


def test_below_the_mark_the_end_leads_back_to_each_mistake() -> None:
    demo = workbench()
    missed = range(1, ALL - PASS + 2)
    for number in range(1, END):
        at(number, demo)
        hand(demo, part=wrong(number) if number in missed else answer(number))
    at(END, demo)
    assert f"{PASS - 1}题" in text(demo)
    assert "再看一遍" in text(demo)
    found = presses(demo.result())
    assert [said for said, _, _ in found] == [f"第{n}题 ✗" for n in missed]
    hand(demo, **found[0][1])
    assert ERRANDS[0].wants in text(demo)


def test_the_end_before_all_is_done_leads_to_the_next() -> None:
    demo = hand(at(1), part=answer(1))
    at(END, demo)
    assert f"还有{ALL - 1}题没做" in text(demo)
    ((said, wanted, _),) = presses(demo.result())
    assert (said, wanted) == ("下一题 ›", {"number": 2})


def test_nothing_is_kept_while_one_looks_around_or_reads_the_end() -> None:
    demo = workbench()
    hand(demo, part="红包")
    at(END, demo)
    hand(demo, part="红包")
    assert f"还有{ALL}题没做" in text(demo)


def test_two_readers_answers_are_apart() -> None:
    one, two = at(1), at(1)
    hand(one, part=answer(1))
    assert "找对了" not in text(two)
