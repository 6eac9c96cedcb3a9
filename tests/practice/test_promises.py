"""What is promised in the night: in whose words, noted or not, told before a window closes and at the end."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

import pytest

from kefu.practice import cases, scenes, shift
from kefu.practice.state import HANDED, OPEN, packets
from kefu.talk import lint
from kefu.talk.lint import acts

NOW = shift.moment(4200)


@pytest.mark.parametrize("kind", cases.MAKERS)
def test_what_an_answer_owes_are_its_own_words(kind: str) -> None:
    for seed in range(40):
        one = cases.MAKERS[kind].make(Random(f"{seed}/{kind}/owes"), NOW)
        for way in one.ways:
            assert way.owes in way.text
        if one.pledge:
            (quoted,) = re.findall("“(.+?)”", one.pledge)
            assert quoted in one.says


def test_who_says_by_when_owes_it() -> None:
    """An answer to a computed question that names a time by which one will be told has promised it."""
    for kind, made in cases.MAKERS.items():
        if kind in ("能不能说", "核稿", "公评", "判案"):  # others' words are looked at there
            continue
        for seed in range(40):
            for way in made.make(Random(f"{seed}/{kind}/owes"), NOW).ways:
                assert bool(way.owes) or not re.search(
                    "(?:点|钟)[前内](?:回|告诉|再|给|转)", way.text
                )


def says(name: str) -> list[str]:
    return [one.say for turn in scenes.scene(name).turns.values() for one in turn.options]


@pytest.mark.parametrize("name", scenes.CHAPTER_OF)
def test_what_an_old_conversation_promises_stands_in_its_lines(name: str) -> None:
    kept = scenes.KEPT.get(name, ())
    for words in (*scenes.PROMISED.get(name, ()), *kept):
        assert any(words in say for say in says(name)), words
    for say in says(name):
        if re.search("(?:点|分钟|日|小时)[半]?[前内]", say) and "下一步" in acts(say):
            told = scenes.promised(name, say) or any(words in say for words in kept)
            assert told or re.search(
                "天内|后七天|七天之内|[0-9]小时内发货|在21点以前|工作日以内|点前我都在|日前台", say
            ), say
        assert scenes.promised(name, say) in say


def test_whoever_takes_a_word_back_owes_it_no_more() -> None:
    back = [(n, s) for n in scenes.CHAPTER_OF for s in says(n) if scenes.retracted(s)]
    assert len(back) == 5
    assert all(not lint(say) for _, say in back)


def promising(level: int) -> tuple[shift.NightState, str]:
    """Return a desk at which somebody has been answered right, and promised something by it."""
    for seed in range(1, 60):
        night = shift.night(seed, level)
        for one in night.customers:
            asked = one.questions[0] if len(one.questions) == 1 else None
            if asked and asked.ways[asked.best].owes and not asked.due:
                state = shift.tick(shift.start(night), one.at)
                state = shift.step(state, shift.NightMove(state.now, "take", one.who))
                move = shift.NightMove(state.now + 20, "answer", one.who, str(asked.best + 1))
                return shift.step(state, move), one.who
    pytest.fail("nobody is promised anything")


def close(state: shift.NightState, who: str) -> shift.NightState:
    return shift.step(state, shift.NightMove(state.now + 5, "close", who))


@pytest.mark.parametrize("level", shift.LEVELS)
def test_closing_tells_once_of_what_is_not_noted(level: int) -> None:
    state, who = promising(level)
    (made,) = state.people[who].promises
    assert made.noted is None
    assert state.people[who].owes == made.what
    after = close(state, who)
    if level < 3:
        assert after.people[who].where == OPEN
        assert made.what in after.news[-1].text
        after = close(after, who)
    assert who in [one.who for one in after.gone]
    assert shift.play(state.night, after.moves).people == after.people


@pytest.mark.parametrize("level", shift.LEVELS)
def test_what_is_noted_reaches_the_morning_and_what_is_not_costs(level: int) -> None:
    state, who = promising(level)
    noted = shift.step(state, shift.NightMove(state.now + 5, "note", who))
    assert "note" not in shift.allowed(noted, who)
    done = close(noted, who)
    assert who in [one.who for one in done.gone]  # at once
    (row,) = [one for one in shift.report(done).sheet if one.who == who]
    assert (row.kind, row.lost) == ("答应过", 0)
    lost = close(close(state, who), who) if level < 3 else close(state, who)
    (row,) = [one for one in shift.report(lost).sheet if one.who == who]
    assert row.kind == "没记下"
    full, less = shift.report(done), shift.report(lost)
    assert row.lost == pytest.approx(full.total - less.total, abs=0.1)
    assert "1件答应过的没有记下" in less.word
    assert full.scores["稳"] > less.scores["稳"]


def test_who_is_handed_over_goes_with_what_was_passed_on() -> None:
    """The note that carries all asks nothing again; what was promised is lost with any other."""
    state = shift.start(shift.night(618, 1))
    while not (opened := [one for one in state.windows if "hand" in shift.allowed(state, one.who)]):
        state = shift.tick(state, shift.next_event(state))
        for one in state.queue:
            state = shift.step(state, shift.NightMove(state.now, "take", one.who))
    who = opened[0].who
    person = state.people[who]
    owing = replace(person, promises=(shift.NightPromise(state.now, "10分钟内回您"),))
    state = replace(state, people={**state.people, who: owing})
    notes = packets(state.night, owing)
    assert [one.key for one in opened[0].packets] == [*notes]
    assert sorted(len(packet.missing()) for _, packet in notes.values()) == [0, 1, 2]
    lengths = [len(text) for text, _ in notes.values()]
    assert max(lengths) < 3 * min(lengths)
    totals = {}
    for key, (_, packet) in notes.items():
        after = shift.step(state, shift.NightMove(state.now, "hand", who, key))
        assert "我是青禾" in after.news[-1].text
        gone = shift.tick(after, after.people[who].until)
        assert gone.people[who].how == HANDED
        (row,) = [one for one in shift.report(gone).sheet if one.who == who]
        assert (row.kind == "答应过") == (not packet.missing())
        totals[not packet.missing()] = shift.report(gone).scores["稳"]
    assert totals[True] > totals[False]


def test_the_notes_stand_in_no_order() -> None:
    places = set()
    for customer in shift.night(618, 3).customers:
        person = shift.Person(customer, lines=(shift.SpokenLine(0, "客人", customer.first),))
        notes = packets(shift.night(618, 3), person)
        places.add(next(key for key, (_, packet) in notes.items() if not packet.missing()))
    assert places == {"1", "2", "3"}
