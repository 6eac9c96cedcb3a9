"""Reviews: what they are about, how much a rate proves, and Bayes' rule, against counts by hand."""

from __future__ import annotations

from fractions import Fraction
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kefu import data
from kefu.aftersales.reviews import (
    EVERY_SIGN,
    FIVE,
    SIGNS,
    UNKNOWN,
    cause,
    covers,
    extortion_risk,
    families,
    favourable_rate,
    to_reach,
)

TEXTS = st.text(alphabet="快递客服尺码开线慢以为颜色页面，。没问题一二12", max_size=40)

# What a review is about


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("打底裤洗一次就脱线，一分价钱一分货", "质量"),
        ("羽绒服没问题，就是物流太磨叽，六天才拿到手", "物流"),
        ("保温杯收到了，客服太难等，发了三条消息，10多分钟才有人应", "服务"),
        ("还以为毯子当天能到，原来只有一个，页面没看清", "误会"),
        ("颜色跟图片完全不一样，围巾显得很旧", "色差"),
        ("写着双层加厚，毛巾到手根本没有，虚假宣传", "描述不符"),
        ("连衣裙样子好看，就是大小不对，没法穿", "尺码"),
        ("", UNKNOWN),
        ("喜欢", UNKNOWN),
    ],
)
def test_each_cause_is_read_from_its_words(text: str, name: str) -> None:
    found = cause(text)
    assert found.name == name
    assert all(words in text for words in found.words)
    assert bool(found.words) is (name != UNKNOWN)


def test_what_is_not_wrong_is_no_sign() -> None:
    assert cause("手提包倒没坏").name == UNKNOWN
    assert cause("质量没问题").name == UNKNOWN


def test_a_close_second_asks_for_a_person() -> None:
    found = cause("物流显示签收，原来放驿站了，当时很生气")
    assert found.name == "物流"
    assert found.others == (("误会", 4),)
    assert not found.sure
    assert cause("快递太慢，等了八天才到，走了半个月还在路上").sure


def test_malice_cannot_be_read() -> None:
    said = {cause(row["text"]).name for row in data.rows("reviews") if row["cause"] == "恶意"}
    assert said <= {"质量", UNKNOWN}


@given(TEXTS, TEXTS)
def test_more_words_never_lower_the_score_of_a_cause(one: str, other: str) -> None:
    def scores(text: str) -> dict[str, int]:
        found = cause(text)
        return {found.name: found.score, **dict(found.others)}

    both = scores(f"{one}。{other}")
    for name, score in scores(one).items():
        assert name == UNKNOWN or both.get(name, 0) >= score


@pytest.mark.parametrize("bad", [None, 3, b"x"])
def test_only_text_is_read(bad: object) -> None:
    with pytest.raises(TypeError, match=r"text: expected a text.*text应为一段文字"):
        cause(bad)  # type: ignore[arg-type]


def test_every_pattern_is_used_by_some_review() -> None:
    said = [row["text"] for row in data.rows("reviews")]
    for name, signs in SIGNS.items():
        for _, pattern in signs:
            assert any(pattern.search(text) for text in said), (name, pattern.pattern)


# Families of sentences


def test_families_join_through_a_chain_and_leave_out_figures() -> None:
    texts = ["甲乙丙丁戊", "甲乙丙丁戊，己庚辛壬癸", "己庚辛壬癸", "子丑寅卯辰"]
    assert families(texts) == [0, 0, 0, 1]
    assert families(["等了八天才收到货", "等了12天才收到货"]) == [0, 0]


@given(st.lists(TEXTS, max_size=12), st.integers(2, 6))
def test_families_hold_those_that_share_a_clause_and_grow_with_less_to_share(
    texts: list[str], shared: int
) -> None:
    found, looser = families(texts, shared), families(texts, 2)
    assert len(found) == len(texts)
    assert all(
        looser[i] == looser[j]
        for i, one in enumerate(found)
        for j, other in enumerate(found)
        if one == other
    )
    assert sorted({*found}) == list(range(len({*found})))


@pytest.mark.parametrize("shared", [1, 0, 2.5])
def test_what_is_shared_is_two_characters_or_more(shared: int) -> None:
    with pytest.raises(ValueError, match="shared: expected a whole number >= 2"):
        families(["好"], shared)


# What a rate is worth


@pytest.mark.parametrize(
    ("good", "n", "low"),
    [(2, 2, 0.342), (10, 10, 0.722), (90, 100, 0.826), (100, 100, 0.963), (5500, 10000, 0.540)],
)
def test_published_lower_bounds(good: int, n: int, low: float) -> None:
    found = favourable_rate([5] * good + [1] * (n - good))
    assert (found.good, found.n, round(found.low, 3)) == (good, n, low)
    assert found.low <= found.rate <= found.high


def test_ten_of_ten_stand_below_ninety_of_a_hundred() -> None:
    few = favourable_rate([5] * 10)
    many = favourable_rate([5] * 90 + [1] * 10)
    assert few.rate > many.rate
    assert few.low < many.low


@given(st.lists(st.integers(1, 5), min_size=1, max_size=40))
def test_one_good_review_more_never_lowers_the_bound(stars: list[int]) -> None:
    assert favourable_rate([*stars, 5]).low >= favourable_rate(stars).low - 1e-12


@pytest.mark.parametrize("bad", [[], [0], [6]])
def test_stars_are_one_to_five(bad: list[int]) -> None:
    with pytest.raises(ValueError, match="stars"):
        favourable_rate(bad)


@given(st.integers(11, 49), st.integers(1, 4), st.integers(1, 300))
def test_so_many_reviews_cover_a_bad_one_and_one_less_does_not(
    tenths: int, star: int, reviews: int
) -> None:
    score = Fraction(tenths, 10)
    if star >= score:
        return
    needed = covers(f"{tenths / 10}", star)
    total = score * reviews

    def mean(fives: int) -> Fraction:
        return (total + star + 5 * fives) / (reviews + 1 + fives)

    assert mean(needed) >= score
    assert mean(needed - 1) < score


@pytest.mark.parametrize(("score", "star"), [("5", 1), ("1", 1), ("3", 3), ("4.9", 5), ("4.9", 0)])
def test_a_score_that_cannot_be_covered_is_refused(score: str, star: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        covers(score, star)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 99))
def test_so_many_good_ones_reach_the_gate_and_one_less_does_not(
    good: int, bad: int, gate: int
) -> None:
    n, share = good + bad, gate / 100
    more = to_reach(good, n, share)
    if n + more:
        assert Fraction(good + more, n + more) >= Fraction(gate, 100)
    if more:
        before = n + more - 1
        assert not before or Fraction(good + more - 1, before) < Fraction(gate, 100)


@pytest.mark.parametrize(("good", "n", "gate"), [(3, 2, 0.9), (1, 2, 0), (1, 2, 1), (-1, 2, 0.5)])
def test_gates_that_make_no_sense_are_refused(good: int, n: int, gate: float) -> None:
    with pytest.raises(ValueError, match="expected"):
        to_reach(good, n, gate)


# Who may be extorting

CHANCES = st.floats(0.001, 0.9)
SEEN = st.dictionaries(st.sampled_from(sorted(EVERY_SIGN)), st.booleans())


@given(SEEN, CHANCES)
def test_it_is_bayes_rule_counted_in_people(seen: dict[str, bool], base: float) -> None:
    wicked, honest = base, 1 - base
    for name, here in seen.items():
        sign = EVERY_SIGN[name]
        wicked *= sign.wicked if here else 1 - sign.wicked
        honest *= sign.honest if here else 1 - sign.honest
    found = extortion_risk(seen, base, overlap=0)
    assert isclose(found.probability, wicked / (wicked + honest), rel_tol=1e-9)


@given(SEEN, st.floats(0, 1))
def test_a_higher_base_rate_never_lowers_the_risk(seen: dict[str, bool], overlap: float) -> None:
    risks = [extortion_risk(seen, base, overlap=overlap).probability for base in (0.001, 0.01, 0.2)]
    assert risks == sorted(risks)


@given(st.lists(st.sampled_from(FIVE), unique=True), CHANCES)
def test_the_more_they_overlap_the_less_they_prove(seen: list[str], base: float) -> None:
    risks = [extortion_risk(seen, base, overlap=o).probability for o in (1, 0.5, 0)]
    assert risks == sorted(risks)
    assert min(risks, default=base) >= base - 1e-12


def test_the_order_in_which_signs_are_seen_does_not_matter() -> None:
    one, other = (extortion_risk(names).probability for names in (FIVE, FIVE[::-1]))
    assert isclose(one, other)


def test_nothing_seen_leaves_the_base_rate() -> None:
    assert extortion_risk({}, 0.03).probability == 0.03


def test_the_record_outweighs_the_heat() -> None:
    heat = dict.fromkeys(FIVE, True)
    assert extortion_risk(heat).probability > 0.5
    assert extortion_risk(heat | {"说的事查得到": True}).probability < 0.1
    worse = heat | {"说的事查得到": False, "单单低星、次次索赔": True}
    assert extortion_risk(worse).probability > 0.99


def test_every_sign_of_speech_speaks_against_and_the_records_may_speak_for() -> None:
    assert len(FIVE) == 5
    assert all(EVERY_SIGN[name].ratio(True) > 1 for name in FIVE)
    assert EVERY_SIGN["说的事查得到"].ratio(True) < 1 < EVERY_SIGN["说的事查得到"].ratio(False)


@pytest.mark.parametrize(
    ("seen", "base", "overlap", "name"),
    [
        (["长得像"], 0.01, 0.5, "signals"),
        (FIVE, 0, 0.5, "base_rate"),
        (FIVE, 1, 0.5, "base_rate"),
        (FIVE, 0.01, -0.1, "overlap"),
        (FIVE, 0.01, 1.1, "overlap"),
    ],
)
def test_what_cannot_be_weighed_is_told(
    seen: list[str], base: float, overlap: float, name: str
) -> None:
    with pytest.raises(ValueError, match=f"{name}: expected"):
        extortion_risk(seen, base, overlap=overlap)
