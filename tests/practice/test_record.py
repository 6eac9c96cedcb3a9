"""The file that is handed in: sound as it is written, and never after anybody changed it."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.practice import shift


@cache
def handed() -> str:
    return shift.hand_in(shift.played(shift.night(21, 1), "middling"), "林一", "20260101")


def test_a_file_is_sound_and_tells_who_and_what() -> None:
    found = shift.verify(handed())
    assert found.sound, found.problems
    assert found.record is not None
    assert found.report is not None
    assert (found.record.name, found.record.number, found.record.seed) == ("林一", "20260101", 21)
    assert found.record.finished
    assert found.record.total == found.report.total
    assert shift.report(found.record.state()).scores == found.record.scores


def test_an_unfinished_night_is_sound_and_says_so() -> None:
    state = shift.tick(shift.start(shift.night(21, 1)), 4000)
    found = shift.verify(shift.hand_in(state, "林一", "1"))
    assert found.sound
    assert found.record is not None
    assert not found.record.finished


def resealed(told: dict[str, Any]) -> str:
    return json.dumps(told | {"seal": shift.seal(told)}, ensure_ascii=False)


@pytest.mark.parametrize("key", ["edition", "sources", "seed", "level", "name", "number", "moves", "end", "scores",
                                 "total", "seal"])  # fmt: skip
def test_a_file_with_anything_changed_does_not_verify(key: str) -> None:
    told = json.loads(handed())
    other: dict[str, Any] = {"seed": 22, "level": 2, "end": 14399, "total": 99.9, "moves": told["moves"][:-1],
                             "scores": told["scores"] | {"准": 100.0}}  # fmt: skip
    changed = told | {key: other.get(key, str(told[key]) + "x")}
    found = shift.verify(json.dumps(changed, ensure_ascii=False))
    assert not found.sound
    assert found.problems
    assert any("一" <= c <= "鿿" for c in found.problems[0])


@pytest.mark.parametrize("key", ["sources", "edition", "moves", "scores", "total", "seed"])
def test_a_new_seal_does_not_save_it(key: str) -> None:
    """Whoever makes a new seal for better scores still has to play them."""
    told = json.loads(handed())
    other: dict[str, Any] = {"seed": 22, "total": 99.9, "moves": told["moves"][:-3],
                             "scores": told["scores"] | {"准": 100.0}}  # fmt: skip
    changed = told | {key: other.get(key, "x")}
    assert not shift.verify(resealed(changed)).sound


def test_a_lacking_or_further_key() -> None:
    told = json.loads(handed())
    assert (
        "缺" in shift.verify(json.dumps({k: v for k, v in told.items() if k != "end"})).problems[0]
    )
    assert "多" in shift.verify(json.dumps(told | {"extra": 1})).problems[0]


@given(
    st.text(max_size=60)
    | st.sampled_from(["", "[]", "{}", "null", "1e999", "[" * 50_000, '{"a":' * 5000])
)
@settings(deadline=None, max_examples=25)
def test_anything_is_told_and_nothing_raises(text: str) -> None:
    found = shift.verify(text)
    assert not found.sound
    assert found.problems


@given(st.integers(0, 10_000), st.characters(codec="utf-8"))
@settings(deadline=None, max_examples=25)
def test_a_file_with_one_character_changed_never_verifies(place: int, letter: str) -> None:
    text = handed()
    place %= len(text)
    changed = text[:place] + letter + text[place + 1 :]
    try:
        same = json.loads(changed) == json.loads(text)
    except ValueError:
        same = False
    assert shift.verify(changed).sound == same


VALUES = [
    None,
    True,
    -1,
    10**30,
    float("nan"),
    "x",
    "\ud800",
    [],
    {},
    [[1, 2, 3, 4]],
    [["0", "take", "a", ""]],
    [[0, "take"]],
]


@pytest.mark.parametrize(
    "key", ["seed", "level", "name", "number", "moves", "end", "scores", "total"]
)
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_of_the_wrong_kind(key: str, value: Any) -> None:
    told = json.loads(handed())
    found = shift.verify(json.dumps(told | {key: value}))
    assert not found.sound
    assert found.problems


@pytest.mark.parametrize(
    ("name", "number"), [("", "1"), ("  ", "1"), ("林一", ""), ("长" * 41, "1")]
)
def test_a_file_needs_a_name_and_a_number(name: str, number: str) -> None:
    with pytest.raises(ValueError, match=r"一段文字|不超过"):
        shift.hand_in(shift.start(shift.night(21, 1)), name, number)


@pytest.mark.parametrize("text", ["[]", "{}",
                                  '{"seed":1,"level":1,"now":0,"moves":1}',
                                  '{"seed":1,"level":1,"now":0,"moves":[[0,"take","没有",""]]}',
                                  "nonsense"])  # fmt: skip
def test_what_cannot_be_resumed(text: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        shift.resume(text)


def test_the_digest_is_of_the_sources() -> None:
    assert len(shift.digest()) == 16
    assert json.loads(handed())["sources"] == shift.digest()
