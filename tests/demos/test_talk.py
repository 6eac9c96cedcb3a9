"""The conversation as a reader has it: chat, choices, typed lines, the way back, and the report."""

from __future__ import annotations

import json
import re
import sys
from copy import copy
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu import demos
from kefu.demos import Demo
from kefu.demos.svg import LOOKS
from kefu.demos.talk import UNHEARD, WAY_ON, lines
from kefu.talk import WAIT, Typed, best, play
from kefu.talk.play import HELLO, ITEMS
from tests.demos.reading import HOSTILE, Drawing, hand, parsed, press, presses, run_code, tags
from tests.talk.talks import BIRTHDAY, EVERY, FILE, FREIGHT, SAMPLE, moves, wishes

WORDS = {"good": "好结局", "middling": "不好不坏", "bad": "没谈好"}


@pytest.fixture(autouse=True)
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand beside the tests' own scripts."""
    (tmp_path / "02_talks.toml").write_bytes(FILE.read_bytes())
    monkeypatch.chdir(tmp_path)


def freight(*said: str | Typed) -> Demo:
    """The talk about freight after these were said."""
    return after(demos.talk(FREIGHT.name), *said)


def after(demo: Demo, *said: str | Typed) -> Demo:
    """The talk after one has chosen, typed or kept silent, each by the control that is there for it."""
    for one in said:
        if isinstance(one, Typed):
            demo.controls["text"].value = one.text
        elif one == WAIT:
            demo.controls["clock"].value = True
            late = parsed(demo.parts()[0]).select_one("[data-late]")
            assert late
            hand(demo, **json.loads(str(late["data-late"])))
        else:
            hand(demo, **option(demo, one))
    return demo


def option(demo: Demo, intent: str) -> dict[str, Any]:
    """What the button of an option wants."""
    found = [button for button in buttons(demo) if json.loads(button[1]["moves"])[-1] == intent]
    assert len(found) == 1, intent
    return found[0][1]


def buttons(demo: Demo) -> list[tuple[str, dict[str, Any]]]:
    """What can be said now: the texts, and what their buttons want."""
    group = parsed(demo.parts()[0]).select_one(".kefu-options")
    return [(text, wanted) for text, wanted, _ in presses(str(group))] if group else []


def said(demo: Demo) -> list[str]:
    """All bubbles and remarks of the chat, in order; the customer's with his name."""
    chat = parsed(demo.parts()[0])
    shown = [copy(one) for one in chat.select(".kefu-asked, .kefu-said, .kefu-heard")]
    for one in shown:
        for face in one.select("[aria-hidden]"):
            face.decompose()
    return [one.get_text() for one in shown]


# The talk


def test_it_opens_with_who_and_what_for_the_customer_s_words_and_what_can_be_said() -> None:
    demo = freight()
    text = parsed(demo.parts()[0]).get_text()
    assert "2025年11月8日20:20" in text
    assert FREIGHT.scene in text
    assert f"你要做到：{FREIGHT.goal}" in text
    assert said(demo) == [f"老陈{FREIGHT.turns['open'].says}"]
    assert {t for t, _ in buttons(demo)} == {one.say for one in FREIGHT.turns["open"].options}


def test_its_day_is_said_without_zeros_where_windows_knows_no_way_to() -> None:
    class Windows(datetime):
        def __format__(self, wanted: str) -> str:
            assert "%-" not in wanted, "ValueError: Invalid format string"
            return super().__format__(wanted)

    scene = replace(FREIGHT, date=Windows(2025, 1, 2, 8, 5))
    assert "2025年1月2日08:05" in sys.modules["kefu.demos.talk"].head(scene)


def test_the_best_path_is_told_by_one_play_of_it_however_long_the_talk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module, told = sys.modules["kefu.demos.talk"], []
    tell = module.best_path
    monkeypatch.setattr(module, "best_path", lambda scene: (told.append(scene), tell(scene))[1])
    assert len(buttons(freight("own", "sum"))) == 3
    assert told == [FREIGHT]


def test_a_chosen_line_is_said_and_answered() -> None:
    assert said(freight("rules")) == [
        f"老陈{FREIGHT.turns['open'].says}",
        FREIGHT.turns["open"].options[1].say,
        "老陈写那么小的字，谁看得见？",
        f"老陈{FREIGHT.turns['why'].says}",
    ]


def test_what_is_felt_stays_hidden_until_the_end() -> None:
    for text in (freight("own").result(), freight("own", "sum").result()):
        assert not re.search("信任|疑虑|耐心", re.sub("<details.*?</details>", "", text))


def test_the_order_of_the_options_hangs_on_their_texts_alone() -> None:
    first = [text for text, _ in buttons(freight())]
    assert [text for text, _ in buttons(freight())] == first
    places = [
        [text for text, _ in buttons(after(demos.talk(scene.name), *best(scene)[:n]))].index(
            scene.turns[beat.turn].right.say
        )
        for scene in EVERY
        for n, beat in enumerate(play(scene, best(scene)).beats)
    ]
    assert set(places) == {0, 1, 2}
    script = [FREIGHT.turns[turn].options[0].right for turn in FREIGHT.turns]
    assert all(script)  # the right one stands first in the script and does not in the talk


# Typing


def test_a_typed_line_that_is_understood_says_what_it_was_taken_for() -> None:
    demo = freight("own", Typed("首重18元，续重两公斤24元，加起来42元"))
    assert said(demo)[-3:] == [
        "首重18元，续重两公斤24元，加起来42元",
        f"我听成了：“{FREIGHT.turns['why'].right.say}”",
        f"老陈{FREIGHT.turns['choice'].says}",
    ]
    assert demo.controls["text"].value == ""


def test_a_typed_line_that_is_not_understood_is_asked_back_and_that_is_said() -> None:
    demo = freight(Typed("今晚月色真好"))
    assert said(demo)[1:] == [
        "今晚月色真好",
        "没听准，客人追问一句",
        f"老陈{FREIGHT.turns['open'].unsure}",
    ]
    assert {t for t, _ in buttons(demo)} == {one.say for one in FREIGHT.turns["open"].options}


def test_blanks_are_no_line_and_the_same_line_may_be_sent_twice() -> None:
    assert said(freight(Typed("   "))) == said(freight())
    assert said(freight(Typed("月色"), Typed("月色"))).count("月色") == 2


def test_a_very_long_line_is_cut_and_shown_so() -> None:
    shown = said(freight(Typed("包邮" * 5000)))[1]
    assert shown == "包邮" * 250 + "……"


@pytest.mark.parametrize("text", HOSTILE, ids=lambda t: ascii(t[:20]))
def test_hostile_text_stays_text(text: str) -> None:
    demo, harmless = freight(Typed(text)), freight(Typed("今晚月色真好"))
    assert tags(demo.picture()) == tags(harmless.picture())
    assert said(demo)[1].strip() == (text if len(text) <= 500 else f"{text[:500]}……").strip()
    assert run_code(demo)


# The way back


def test_each_line_of_one_s_own_goes_back_to_where_it_was_said() -> None:
    demo = freight("own", "sum")
    for number in (1, 0):
        bubbles = [w for t, w, _ in presses(demo.parts()[0]) if t in said(demo)[1:]]
        hand(demo, **bubbles[number])
        assert demo.parts() == freight(*("own", "sum")[:number]).parts()


@settings(max_examples=25)
@given(
    st.sampled_from(EVERY).flatmap(lambda s: wishes(s).map(lambda w: (s, moves(s, w)))), st.data()
)
def test_to_go_back_anywhere_is_to_have_said_no_more(played, data) -> None:
    scene, moved = played
    demo = after(demos.talk(scene.name), *moved)
    demo.controls["clock"].value = False
    kept = [beat.move for beat in play(scene, moved).beats]
    moved = [m for m in kept if not (isinstance(m, Typed) and not m.text.strip())]
    bubbles = parsed(demo.parts()[0]).select("button.kefu-said")
    assert len(bubbles) == len(moved)
    if bubbles:
        number = data.draw(st.integers(0, len(bubbles) - 1))
        hand(demo, **json.loads(str(bubbles[number]["data-press"])))
        other = after(demos.talk(scene.name), *moved[:number])
        other.controls["clock"].value = False
        assert demo.parts() == other.parts()


# The clock


def test_the_clock_is_off_until_it_is_switched_on() -> None:
    demo = freight("own")
    assert not parsed(demo.parts()[0]).select("[data-clock]")
    demo.controls["clock"].value = True
    (group,) = parsed(demo.parts()[0]).select("[data-clock]")
    assert group["data-clock"] == "30"


def test_who_says_nothing_in_time_is_asked_whether_he_is_there() -> None:
    assert said(freight(WAIT))[1:] == ["（没有回话）", f"老陈{HELLO}"]


def test_who_is_not_heard_twice_in_a_row_is_shown_the_options_and_no_answer() -> None:
    moon = Typed("今晚月色真好")
    heard = [one for one in said(freight(moon, Typed("月亮圆"), "own", moon)) if "没听准" in one]
    assert [one == UNHEARD for one in heard] == [True, False, True]
    assert "挑一句" in heard[1]
    assert not any(option.say in WAY_ON for option in FREIGHT.turns["open"].options)


# Without eyes


def test_the_customer_s_answer_is_what_is_said_aloud() -> None:
    def aloud(demo: Demo) -> list[str]:
        return [str(one["data-say"]) for one in parsed(demo.parts()[0]).select("[data-say]")]

    assert aloud(freight()) == [f"老陈：{FREIGHT.turns['open'].says}"]
    assert aloud(freight("rules")) == [
        "老陈：写那么小的字，谁看得见？",
        f"老陈：{FREIGHT.turns['why'].says}",
    ]
    assert aloud(freight(Typed("月色")))[0] == "没听准，客人追问一句"
    ending = FREIGHT.endings["away"]
    assert aloud(freight("waive", "pay")) == [f"老陈：{ending.says}", f"✗ 没谈好。{ending.means}"]


def test_there_is_one_place_to_go_on_and_every_bubble_says_what_it_does() -> None:
    for demo in (freight(), freight("own"), freight("waive", "pay")):
        page = parsed(demo.parts()[0])
        assert len(page.select("[data-here]")) == 1
        for bubble in page.select("button.kefu-said"):
            assert str(bubble["aria-label"]).endswith("倒回这里，换一句说")


# The end


@pytest.mark.parametrize("scene", EVERY, ids=lambda scene: scene.name)
def test_every_ending_says_its_kind_what_it_means_and_what_it_scored(scene) -> None:
    for one in scene.plays:
        demo, score = after(demos.talk(scene.name), *one.moves), play(scene, one.moves)
        ending = scene.endings[one.ends]
        page = parsed(demo.parts()[0])
        (box,) = page.select(".kefu-ruling")
        assert WORDS[ending.kind] in box.get_text()
        assert ending.means in box.get_text()
        assert (box["data-talk"], box["data-kind"], float(str(box["data-score"]))) == (
            scene.name, ending.kind, score.total,
        )  # fmt: skip
        items = [item.get_text().split() for item in page.select("ol.kefu-board li")]
        assert [(item[1], float(item[2])) for item in items] == list(score.items.items())
        assert {item[0] for item in items} <= {"✓", "◐", "✗"}
        assert page.select_one(".kefu-big").get_text().startswith(f"{score.total:g}分")  # type: ignore[union-attr]
        assert said(demo)[-1] == f"{scene.customer}{ending.says}"
        assert not buttons(demo)
        assert not demo.shown_controls()


def test_the_line_that_turned_the_talk_is_told_with_its_reason_and_the_way_back_to_it() -> None:
    demo = freight("own", "sum", "quote")
    turned = FREIGHT.turns["why"].right
    told = parsed(demo.parts()[0]).select_one(".kefu-formula")
    assert told
    assert told.get_text() == f"“{turned.say}”　信任+20，疑虑−30{turned.why}"
    assert "改了结局的一句：第2句" in demo.parts()[0]
    assert press(demo, "倒回这一句").parts() == freight("own").parts()
    hand(demo, moves='["own", "sum", "quote"]')
    assert press(demo, "重来一遍").parts() == freight().parts()


@pytest.mark.parametrize(
    "said", [("own", "sum", "quote"), ("waive", "pay"), ("rules",) + (WAIT,) * 8]
)
def test_the_three_lines_are_drawn_from_the_start_to_the_end(said) -> None:
    demo, states = freight(*said), play(FREIGHT, said).states
    drawing = Drawing(demo.parts()[0])
    drawing.assert_labels_inside()
    for side, name in (("trust", "line"), ("doubt", "second"), ("patience", "guide")):
        points = drawing.line(name)
        assert len(points) == len(states)
        scale = [
            (y - 4, float(t)) for t, _, y, a in drawing.texts() if a == "end" and t in "0 50 100"
        ]
        (low, at_low), (high, at_high) = max(scale), min(scale)
        felt = [at_low + (y - low) * (at_high - at_low) / (high - low) for _, y in points]
        assert felt == pytest.approx([getattr(state, side) for state in states], abs=0.1)
    for word, side in (("信任", "trust"), ("疑虑", "doubt"), ("耐心", "patience")):
        assert f"{word}从{getattr(states[0], side)}到{getattr(states[-1], side)}" in drawing.label
    classes = {c for part in parsed(demo.parts()[0]).select("svg [class]") for c in part["class"]}
    assert classes <= set(LOOKS)


@pytest.mark.parametrize("silent", range(11))
def test_the_lines_numbers_do_not_touch_on_the_axis(silent: int) -> None:
    score = play(FREIGHT, [*[WAIT] * silent, "own", "sum", "quote"])
    ends = []
    for text, x, _, anchor in Drawing(lines(score)).texts():
        if "句" in text or text == "开始" or (text.isdigit() and anchor == "middle"):
            wide = sum(13 if character > "\xff" else 7 for character in text)
            left = x - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
            ends.append((left, left + wide))
    assert len(ends) >= 2
    assert all(right + 2 <= left for (_, right), (left, _) in pairwise(sorted(ends)))


def test_a_sign_stays_with_its_number() -> None:
    moved = parsed(freight("own", "sum", "quote").parts()[0]).select(".kefu-formula .kefu-change")
    assert [one.get_text() for one in moved] == ["信任+20", "疑虑−30"]


def test_line_by_line_the_reasons_and_the_faults_of_what_was_typed() -> None:
    demo = freight("own", Typed("首重18元，续重两公斤24元，加起来42元，给您20"), "quote")
    rows = [row.get_text() for row in parsed(demo.parts()[1]).select("details ol li")]
    assert len(rows) == 3
    assert FREIGHT.turns["open"].right.why in rows[0]
    assert "越权承诺“给您20”" in rows[1]


# The best path, and paper


@pytest.mark.parametrize("scene", EVERY, ids=lambda scene: scene.name)
def test_the_whole_best_path_is_folded_below_from_the_first_on(scene) -> None:
    picture = parsed(demos.talk(scene.name).picture())
    (fold,) = picture.select("details.kefu-best")
    text = fold.get_text()
    for beat in play(scene, best(scene)).beats:
        turn = scene.turns[beat.turn]
        for part in (turn.says, turn.right.say, turn.right.why):
            assert part in text
        assert scene.turns[beat.turn].right.say in text
    end = scene.endings[play(scene, best(scene)).at]
    assert text.endswith(f"{end.says}{end.means}")
    assert str(fold) in str(parsed(after(demos.talk(scene.name), *best(scene)).parts()[1]))


def test_the_code_gives_the_same_score() -> None:
    demo = freight("own", Typed("首重18元，续重两公斤24元，加起来42元"), "quote")
    score = play(FREIGHT, ["own", Typed("首重18元，续重两公斤24元，加起来42元"), "quote"])
    assert run_code(demo)[0] == f"{score.at} {score.total} {score.state}\n"


def test_a_name_that_the_book_has_not_is_an_error() -> None:
    with pytest.raises(ValueError, match="name: expected one of"):
        demos.talk("没有这一段")


def test_all_six_items_have_their_words() -> None:
    text = parsed(after(demos.talk(BIRTHDAY.name), *best(BIRTHDAY)).parts()[0]).get_text()
    assert all(item in text for item in ITEMS)
    assert SAMPLE.name in demos.talk(SAMPLE.name).title_text
