"""The promise book by hand: every line judged every way, every step at every moment, against the model."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu import data
from kefu.demos import promise_book
from kefu.demos.core import Demo
from kefu.demos.promise_book import (
    ANSWERS,
    ASK,
    BOOK,
    DAYS,
    ENDS,
    ENTERED,
    LATER,
    LINES,
    LISTEN,
    MOMENTS,
    NO,
    NOTE,
    OPEN,
    ORDERS,
    PLEDGED,
    SLIP,
    STEPS,
    TONES,
    YES,
    broken,
    entry,
    read,
    replay,
    said,
    taken,
    wanted,
)
from kefu.intelligence.live_effects import promise_effect
from kefu.intelligence.on_air import corrected, owed_before
from kefu.intelligence.promise_book import (
    BROKEN_RETURNED,
    KEPT_RETURNED,
    NO_REMEDY,
    UNSURE,
    PromiseBook,
    hear,
    more_returns,
)
from tests.demos.reading import (
    HOSTILE,
    Drawing,
    board,
    bold,
    cells,
    hand,
    parsed,
    positions,
    press,
    presses,
    run_code,
    set_to,
    shown_code,
)

ALL_RIGHT = "".join(wanted(at) for at in range(len(LINES)))
TURNED = len(MOMENTS) - 1
MOVES: dict[str, list[Any]] = {
    "half": [LISTEN, BOOK],
    "number": list(range(1, len(LINES) + 1)),
    "day": list(range(len(MOMENTS))),
    "judged": [OPEN * len(LINES), ALL_RIGHT, NO * len(LINES)],
    "steps": ["", "L01更正@0", "L01没兑现@2"],
    "fixed": list(range(len(ORDERS))),
}


def status(demo: Demo) -> str:
    found = parsed(demo.parts()[0]).select("[role=status]")
    return found[0].get_text()


def kept_by(demo: Demo) -> Any:
    v = positions(demo)
    return replay(read(v["judged"]), v["steps"], v["fixed"], v["day"])


def assert_drawn(demo: Demo) -> None:
    """The drawing tells each entry with its state, and its bar ends where it is due."""
    v, kept = positions(demo), kept_by(demo)
    when, _, name = MOMENTS[v["day"]]
    drawing = Drawing(demo.result())
    drawing.assert_labels_inside()
    assert drawing.label.startswith(f"登记簿，看到{name}：")
    late = {one.number for one in kept.book.overdue(when)}
    bars = [
        e.attrib["class"]
        for e in drawing.root.iter("path")
        if "H" in e.attrib["d"] and e.attrib["class"].startswith("curve")
    ]
    assert bars == [f"curve {TONES[kept.book.state(one.number)]}" for one in kept.book.pledges]
    for one in kept.book.pledges:
        word = "过期了" if one.number in late else kept.book.state(one.number)
        assert (
            f"{one.number}{PLEDGED[one.number].name}{word}，{said(one.until)}到期" in drawing.label
        )


def assert_book(demo: Demo) -> None:
    v, kept, html = positions(demo), kept_by(demo), demo.result()
    when = MOMENTS[v["day"]][0]
    assert_drawn(demo)
    head = parsed(html).select_one("p.kefu-big")
    assert head is not None
    assert head.get_text().startswith(
        f"欠着{len(kept.book.owed(when))}条，过期{len(kept.book.overdue(when))}条"
    )
    found = broken(kept, read(v["judged"]), v["day"], v["fixed"])
    orders = sum(size for _, size in found)
    more = float(bold(html)[-1].removesuffix("单"))
    assert more == pytest.approx(float(more_returns(orders)), abs=0.0005)
    if kept.book.history:
        rows = cells(html)
        assert len(rows) == len(kept.book.history)
        assert sorted((row[1], row[2]) for row in rows) == sorted(
            (f"{event.number}{event.step}", f"{event.by}：{event.note}")
            for event in kept.book.history
        )


def test_every_control_is_moved_from_end_to_end() -> None:
    controls = promise_book().controls
    assert list(MOVES) == list(controls)
    for name in ("number", "day", "fixed"):
        assert {controls[name].min, controls[name].max} <= set(MOVES[name])
    assert promise_book().shown_controls() == {}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_all_is_the_models(name: str, value: Any) -> None:
    demo = set_to(promise_book(BOOK), judged=ALL_RIGHT, steps="L01更正@0|L04兑现@3", day=2)
    set_to(demo, **{name: value})
    if name == "half" and value == LISTEN:
        assert_drawn(demo)
    else:
        assert_book(demo)


@pytest.mark.parametrize("name", MOVES)
def test_each_control_changes_the_result(name: str) -> None:
    half = LISTEN if name in ("number", "judged") else BOOK
    start = {"judged": ALL_RIGHT, "steps": "L01更正@0", "day": 2} | {"half": half}
    results = [set_to(promise_book(), **{**start, name: v}).result() for v in MOVES[name]]
    assert len(set(results)) == len(results)


@pytest.mark.parametrize("at", range(len(LINES)))
@pytest.mark.parametrize("mark", ANSWERS)
def test_each_line_is_judged_by_the_model_and_told_why(at: int, mark: str) -> None:
    one, demo = LINES[at], promise_book()
    hand(demo, number=at + 1)
    asked = parsed(demo.parts()[0]).select_one(".kefu-asked")
    assert asked is not None
    assert asked.get_text() == f"阿澈，{one.at:%H:%M}{one.words}"
    heard = hear(one.words)
    assert heard.why not in demo.result()
    press(demo, ANSWERS[mark])
    text = status(demo)
    good = (mark == YES) is heard.counts if heard.kind != UNSURE else mark == ASK
    good = good and (mark != ASK or heard.kind == UNSURE)
    assert ("✓ 判对了" in text) is good
    assert ("✗ 再听一遍" in text) is not good
    assert heard.why in text
    assert board(demo)[at] == f"{at + 1}{'✓' if good else '✗'}"
    assert (f"登记{one.number}：" in text if one.number else False) is (
        bool(one.number) and mark in ENTERED
    )
    if one.number and mark == NO:
        assert kept_by(demo).book == PromiseBook()
        press(demo, "补登记")
        assert [each.number for each in kept_by(demo).book.pledges] == [one.number]
        assert board(demo)[at] == f"{at + 1}✗"
        assert positions(demo)["judged"][at] == LATER
    elif not one.number and mark == YES:
        assert "登记簿不收这一句" in text
    assert_drawn(demo)


def test_the_lines_are_the_evenings_and_of_every_kind() -> None:
    kinds = [hear(one.words).kind for one in LINES]
    assert len(LINES) >= 10
    assert {
        "时效",
        "赠品",
        "价格",
        "退换",
        "夸赞",
        "商品说明",
        "留了余地",
        "问句",
        "没答应",
        UNSURE,
    } == set(kinds)
    assert kinds.count(UNSURE) == 1
    assert [one.at for one in LINES] == sorted(one.at for one in LINES)
    assert (LINES[0].at, LINES[0].number, said(entry(LINES[0]).until)) == (
        SLIP,
        "L01",
        "3月27日24:00",
    )
    assert list(PLEDGED) == [f"L0{n}" for n in range(1, 7)]
    assert all(
        bool(one.number) == (hear(one.words).counts or hear(one.words).kind == UNSURE)
        for one in LINES
    )
    assert sum(ORDERS) == PLEDGED["L01"].orders == 14


def test_listening_through_leads_on_to_the_book() -> None:
    demo = promise_book()
    for at in range(len(LINES)):
        press(demo, ANSWERS[wanted(at)])
        if at + 1 < len(LINES):
            press(demo, "下一句 ›")
    assert "共11句；对11，漏0" in demo.result()
    assert [row[0] for row in cells(demo.result())] == list(PLEDGED)
    assert [row[3] for row in cells(demo.result())] == [
        said(entry(one).until) for one in PLEDGED.values()
    ]
    hand(demo, half=BOOK)
    assert "欠着6条，过期0条" in demo.result()


def step(demo: Demo, number: str, name: str) -> Demo:
    """Press a step of an entry."""
    (wanted_now,) = [
        want
        for text, want, _ in presses(demo.parts()[0])
        if text == name and str(want.get("steps", "")).split("|")[-1].startswith(f"{number}{name}@")
    ]
    return hand(demo, **wanted_now)


def test_the_way_of_l01_registered_corrected_broken_made_good() -> None:
    demo = set_to(promise_book(), judged=ALL_RIGHT, half=BOOK)
    step(demo, "L01", "更正")
    assert "20:56改口，算当场，不算及时" in status(demo)
    assert "前面14单照旧欠着" in status(demo)
    press(demo, "晚一点 ›")
    step(demo, "L01", "兑现")
    assert "没有凭证" in status(demo)
    press(demo, "晚一点 ›")
    assert "欠着5条，过期1条" in demo.result()
    step(demo, "L01", "兑现")
    assert "3月27日24:00到期，已经过了，不能记兑现" in status(demo)
    assert kept_by(demo).book.state("L01") == "待兑现"
    step(demo, "L01", "没兑现")
    assert bold(demo.result())[-1] == "1.75单"
    press(demo, "晚一点 ›")
    step(demo, "L01", "补救")
    assert "每单补10元" in status(demo)
    assert [event.step for event in kept_by(demo).book.trail("L01")] == [
        "登记", "更正", "没兑现", "补救",
    ]  # fmt: skip
    assert positions(demo)["steps"] == "L01更正@0|L01没兑现@2|L01补救@3"
    assert bold(demo.result())[-1] == "1.75单"  # what is made good is not undone
    assert_book(demo)


@pytest.mark.parametrize("minutes", range(len(ORDERS)))
def test_the_sooner_it_is_said_right_the_fewer_are_owed(minutes: int) -> None:
    demo = set_to(promise_book(BOOK), judged=ALL_RIGHT, steps="L01更正@0", fixed=minutes)
    owed = owed_before(ORDERS, 0, minutes)
    found = corrected(SLIP, ENDS, SLIP.replace(minute=52 + minutes), recorded=True)
    assert f"前面{owed}单照旧欠着" in status(demo)
    assert ("算及时" in status(demo).replace("不算及时", "")) is found.prompt
    set_to(demo, day=2)
    assert f"L01的{owed}单" in demo.result()


def test_each_promise_that_can_be_kept_is_kept_once_there_is_proof_and_not_before() -> None:
    for number, one in PLEDGED.items():
        if one.proven is None:
            continue
        demo = set_to(promise_book(BOOK), judged=ALL_RIGHT, day=one.proven - 1)
        step(demo, number, "兑现")
        assert "还没有凭证" in status(demo)
        step(demo, number, "没兑现")
        assert "还没到期" in status(demo)
        press(demo, "晚一点 ›")
        step(demo, number, "兑现")
        assert one.proof in status(demo)
        assert kept_by(demo).book.state(number) == "已兑现"
        assert_book(demo)


def test_what_nobody_wrote_down_breaks_unseen() -> None:
    marks = NO + ALL_RIGHT[1:]
    demo = set_to(promise_book(BOOK), judged=marks, day=2)
    assert "没登记、已经过期的：明天必到" in demo.result()
    assert "L01的14单" in demo.result()
    assert_book(demo)


def test_whoever_goes_back_sees_the_book_as_it_was_and_goes_on_from_there() -> None:
    demo = set_to(promise_book(BOOK), judged=ALL_RIGHT, steps="L01没兑现@2|L01补救@3", day=3)
    assert kept_by(demo).book.state("L01") == "已补救"
    hand(demo, day=1)
    assert kept_by(demo).book.state("L01") == "待兑现"
    step(demo, "L01", "更正")
    assert positions(demo)["steps"] == "L01更正@1"
    press(demo, "从头再来")
    assert (positions(demo)["steps"], positions(demo)["day"]) == ("", 0)


ONE = st.tuples(st.sampled_from(list(PLEDGED)), st.sampled_from(STEPS), st.integers(0, TURNED))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([OPEN, YES, NO, ASK, LATER]), min_size=11, max_size=11),
    st.lists(ONE, max_size=8),
    st.integers(0, 4),
    st.integers(0, TURNED),
)
def test_whatever_is_tried_the_book_only_grows_and_holds_what_it_took(
    marks: list[str], steps: list[tuple[str, str, int]], fixed: int, day: int
) -> None:
    text = "|".join(f"{number}{name}@{at}" for number, name, at in steps)
    found = replay("".join(marks), text, fixed, day)
    registered = {one.number for one, mark in zip(LINES, marks, strict=True) if mark in ENTERED}
    assert {one.number for one in found.book.pledges} == registered - {""}
    done = taken(found.done)
    assert [(e.number, e.step) for e in found.book.history if e.step != "登记"] == [
        (number, name) for number, name, _ in done
    ]
    assert all(at <= day for _, _, at in done)
    assert replay("".join(marks), found.done, fixed, day).book == found.book
    for event in found.book.history:
        if event.step == "兑现":
            one = PLEDGED[event.number]
            assert one.proven is not None
            assert event.at <= entry(one).until


def test_what_it_costs_is_the_tables() -> None:
    promises, shows = data.rows("live_promises"), data.rows("live_shows")
    found = promise_effect(promises, shows).returned
    assert found.difference == pytest.approx(float(BROKEN_RETURNED - KEPT_RETURNED), abs=0.0006)
    shares = {}
    for kept in ("true", "false"):
        some = [row for row in promises if row["kept"] == kept]
        shares[kept] = sum(int(r["returned"]) for r in some) / sum(int(r["orders"]) for r in some)
    assert [f"{shares[kept]:.3f}" for kept in ("true", "false")] == [
        f"{KEPT_RETURNED}",
        f"{BROKEN_RETURNED}",
    ]
    late = [row for row in promises if row["kept"] == "false"]
    none, some = (
        [row for row in late if (row["remedy"] == NO_REMEDY) is bare] for bare in (True, False)
    )
    rates = [
        sum(int(r["returned"]) for r in rows) / sum(int(r["orders"]) for r in rows)
        for rows in (none, some)
    ]
    assert rates[1] >= rates[0]  # as the note says: made good, they come back no less
    assert f"{KEPT_RETURNED:.1%}" in NOTE
    assert f"{BROKEN_RETURNED:.1%}" in NOTE


@pytest.mark.parametrize("number", range(1, len(LINES) + 1))
def test_the_code_shown_hears_the_same(number: int) -> None:
    printed, _ = run_code(set_to(promise_book(), number=number))
    heard = hear(LINES[number - 1].words)
    assert printed.split() == [str(heard.counts), heard.kind, *heard.why.split()]


def test_the_code_shown_writes_the_same_book() -> None:
    steps = "L01更正@0|L01没兑现@2|L01补救@3|L04兑现@3"
    demo = set_to(promise_book(BOOK), judged=ALL_RIGHT, steps=steps, day=3)
    printed, _ = run_code(demo)
    assert printed.strip() == str(dict(kept_by(demo).book.states()))
    assert max(map(len, shown_code(demo).splitlines())) <= 76


@pytest.mark.parametrize("text", [*HOSTILE, "L01兑现@99|L09兑现@1|L01毁约@2|@|L01兑现"])
def test_what_no_press_gives_is_left_out(text: str) -> None:
    demo = set_to(promise_book(BOOK), judged=text, steps=text)
    assert "kefu-error" not in demo.result()
    assert kept_by(demo).book == PromiseBook()
    assert set(DAYS) == set(map(str, range(len(MOMENTS))))


def test_a_half_that_it_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="half应为"):
        promise_book("翻旧账")
