"""Which step is missing: every reception, every step, and the end, against the model."""

from __future__ import annotations

import pytest

from kefu.demos import Demo, nine_steps
from kefu.presales.reception import NAMES, RECEPTIONS, STEPS
from tests.demos.reading import cells, hand, marked, parsed, presses, run_code, settings

NUMBERS = [f"{n}" for n in range(1, len(RECEPTIONS) + 1)]


def opened(number: int) -> Demo:
    demo = nine_steps()
    demo.controls["number"].value = number
    return demo


@pytest.mark.parametrize("number", range(1, len(RECEPTIONS) + 1))
def test_a_reception_shows_all_its_lines_and_nothing_of_the_answer(number: int) -> None:
    one = RECEPTIONS[number - 1]
    text = parsed(opened(number).result()).get_text()
    for line in one.lines:
        assert line.says in text
    assert one.mend not in text
    assert one.cost not in text
    assert parsed(opened(number).result()).select("tr.kefu-mark") == []


@pytest.mark.parametrize("number", range(1, len(RECEPTIONS) + 1))
def test_a_step_that_is_there_is_shown_and_the_missing_one_is_told(number: int) -> None:
    one = RECEPTIONS[number - 1]
    for name in NAMES:
        demo = hand(opened(number), step=name)
        text = parsed(demo.result()).get_text()
        if name == one.missing:
            assert f"✓ 漏了{name}" in text
            assert one.cost in text
            assert marked(demo.result())[0].endswith(name)
            lines = [p.get_text() for p in parsed(demo.parts()[0]).select(".kefu-said")]
            assert sum(one.mend in line for line in lines) == 1
        else:
            assert f"✗ {name}有了" in text
            assert f"就是这一句：“{one.doing(name)[0]}”" in text
            assert one.cost not in text
            assert [p for p, _, _ in presses(demo.result())] == [*NUMBERS, *NAMES]


def test_the_line_that_lacked_stands_where_it_belongs() -> None:
    for number, one in enumerate(RECEPTIONS, 1):
        demo = hand(opened(number), step=one.missing)
        bubbles = parsed(demo.parts()[0]).select(".kefu-asked, .kefu-said")
        assert one.mend in bubbles[one.before].get_text()
        for place, line in enumerate(one.lines):
            bubble = bubbles[place + (place >= one.before)].get_text()
            assert bubble.endswith(line.says)
            assert all(step in bubble for step in line.steps)


def test_all_five_by_presses_alone_lead_to_the_end() -> None:
    demo = nine_steps()
    for turn in range(len(RECEPTIONS)):
        one = RECEPTIONS[demo.controls["number"].value - 1]
        wanted = next(want for text, want, _ in presses(demo.result()) if text == one.missing)
        hand(demo, **wanted)
        assert f"找到{turn + 1}段" in demo.result()
        for text, onward, _ in presses(demo.result()):
            if text == "下一段 ›":
                hand(demo, **onward)
    assert "五段都找到了" in demo.result()
    assert [text for text, _, _ in presses(demo.result())] == [f"{n} ✓" for n in NUMBERS]


def test_each_reception_is_opened_by_its_number() -> None:
    demo = hand(nine_steps(), step=RECEPTIONS[0].missing)
    for number, one in enumerate(RECEPTIONS, 1):
        text, wanted, _ = presses(demo.result())[number - 1]
        assert text == (f"{number} ✓" if number == 1 else f"{number}")
        hand(demo, **wanted)
        assert f"第{number}段：{one.name}" in demo.result()
        chosen = [text for text, _, on in presses(demo.result()) if on == "true"]
        assert chosen == [f"{number} ✓" if number == 1 else f"{number}"]


def test_what_was_found_stays_found_and_what_was_wrong_is_forgotten() -> None:
    demo = hand(nine_steps(), step=RECEPTIONS[0].missing)
    demo.controls["number"].value = 2
    hand(demo, step="问好")
    demo.controls["number"].value = 1
    assert RECEPTIONS[0].cost in demo.result()
    demo.controls["number"].value = 2
    assert "✗" not in demo.result()


def test_the_table_tells_the_nine_steps_from_both_sides() -> None:
    rows = cells(nine_steps().result())
    assert [row[1:] for row in rows] == [[step.buyer, step.must] for step in STEPS]


def test_the_code_finds_the_same_and_nothing_stands_below() -> None:
    for number, one in enumerate(RECEPTIONS, 1):
        assert run_code(opened(number))[1] == (one.missing,)
    assert list(settings(nine_steps().picture())) == []


@pytest.mark.parametrize("number", [0, 6])
def test_a_reception_that_is_none_is_refused(number: int) -> None:
    with pytest.raises(ValueError):
        nine_steps(number)
