from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu.intelligence.fluent import (
    LONGEST,
    MOST,
    answers,
    crossing,
    following,
    pieces,
    source,
    write,
)

BACK = st.integers(1, MOST)
SEEDS = st.integers(1, 200)


@given(BACK, SEEDS)
def test_every_step_was_taken_before(back: int, seed: int) -> None:
    start = "亲，满"
    text = write(start, back, seed)
    for place in range(max(len(start), back), len(text)):
        assert any(text[place - back : place + 1] in answer for answer in answers().values())


@given(BACK, SEEDS)
def test_a_sentence_ends_and_is_the_same_for_the_same_seed(back: int, seed: int) -> None:
    text = write("亲，支持", back, seed)
    assert text == write("亲，支持", back, seed)
    assert len(text) <= LONGEST


def test_what_follows_is_counted_in_the_answers() -> None:
    shares = following("包邮", 2)
    heard = [
        a[i + 2] for a in answers().values() for i in range(len(a) - 2) if a[i : i + 2] == "包邮"
    ]
    assert shares == pytest.approx({c: heard.count(c) / len(heard) for c in set(heard)})
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    assert following("鼻烟壶", 3) == {}


@given(BACK, SEEDS)
def test_pieces_make_up_the_sentence_and_stand_in_their_entries(back: int, seed: int) -> None:
    text = write("亲，货到付款", back, seed)
    found = pieces(text)
    assert "".join(piece for piece, _ in found) == text
    for piece, entry in found:
        assert not entry or piece.rstrip("。") in answers()[entry]
    assert bool(source(text)) == (len(found) == 1)


def test_looking_further_back_invents_less() -> None:
    made = {
        back: sum(not source(write("亲，满", back, s)) for s in range(1, 41)) for back in (2, 3, 6)
    }
    assert made[2] > made[3] > made[6]


@pytest.mark.parametrize("text", ["", "。"])
def test_no_words_are_no_entrys(text: str) -> None:
    assert source(text) == ""
    assert [entry for _, entry in pieces(text)] == ([""] if text else [])


def test_a_wrong_reach_is_named() -> None:
    with pytest.raises(ValueError, match="back"):
        following("亲", 0)


@given(BACK, SEEDS)
def test_a_crossing_is_a_beginning_after_which_the_sentence_goes_on(back: int, seed: int) -> None:
    text = write("亲，满", back, seed)
    begin = crossing(text, back)
    assert text.startswith(begin)
    if len(pieces(text)) > 1:
        assert begin == pieces(text)[0][0]
        assert text[len(begin)] in following(begin, back)
    elif len(text) > back:
        rivals = [len(following(text[:place], back)) for place in range(back, len(text))]
        assert len(following(begin, back)) == max(rivals)
