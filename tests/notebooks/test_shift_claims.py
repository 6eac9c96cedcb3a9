"""What the practice says in numbers and of its example night, against the model, so that neither moves alone."""

from __future__ import annotations

from datetime import date
from functools import cache
from statistics import mean, median

import pytest

from kefu.intelligence import handover
from kefu.intelligence.staffing import FACTORS
from kefu.practice import own, shift
from kefu.practice.night import LAST
from kefu.practice.players import BLIND
from kefu.rules import rules
from tests.notebooks.reading import cells, holds, questions, right, says
from tools.marks import nights


def said() -> str:
    """All that the practice says outside of code: its text and what lies beside it."""
    return says("17", "guesses.json", "quiz.json", "teach.md")


def has(*parts: str) -> bool:
    return holds(said(), *parts)


@cache
def example() -> shift.NightState:
    """The night that the cells read where nobody has played."""
    return own.example()


def halves(key: str) -> dict[int, int]:
    """How many came, or left, in each half hour, by its beginning."""
    rows = shift.rows(example())
    starts = range(0, shift.CLOSES, 1800)
    here = {at: [r for r in rows if at <= int(str(r["arrived"])) < at + 1800] for at in starts}
    if key == "came":
        return {at: len(some) for at, some in here.items()}
    return {at: sum(r["how"] == "走了" for r in some) for at, some in here.items()}


# The task


def test_the_night_is_the_eve_of_618() -> None:
    assert date(2026, 6, 17).weekday() == 2
    assert shift.moment(shift.OPENS).date() == date(2026, 6, 17)
    assert (shift.clock(shift.OPENS), shift.clock(shift.CLOSES)) == ("21:00", "01:00")
    assert has("2026年6月17日，21:00—次日1:00", "618前夜，星期三", "九点到一点，四个钟头")


def test_the_desk_is_the_model_s() -> None:
    assert shift.WINDOWS == 5
    assert [*shift.MOVES] == ["take", "hold", "answer", "give", "hand", "note", "close"]
    assert has(
        "守五个窗口", "**接**", "**稍等**", "**答**", "**补钱**", "**转**", "**记**", "**结束**"
    )


def test_the_six_scores_are_told_in_the_model_s_words() -> None:
    assert [*shift.SCORES] == [*nights.SCORES]
    assert has(*(f"| {name} | {how}" for name, how in shift.SCORES.items()))
    report = shift.report(example())
    assert report.total == pytest.approx(mean(report.scores.values()), abs=0.06)
    assert has("每一样0到100，总分是六样的平均")


def test_the_levels_have_their_names_and_more_come_on_each() -> None:
    many = [len(shift.night(618, level).customers) for level in shift.LEVELS]
    assert many == sorted({*many})
    assert has(*(f"**{name}**" for name in shift.LEVEL_NAMES.values()), "档越高，来的人越多")
    assert has(*(f"“{name}”" for name in shift.LEVEL_NAMES.values()))  # the teachers' page


def test_a_seed_settles_who_comes_and_moves_settle_the_rest() -> None:
    assert shift.night(618, 1) == shift.night(618, 1) != shift.night(619, 1)
    assert shift.play(example().night, example().moves).moves == example().moves
    again = shift.finish(shift.play(example().night, example().moves))
    assert shift.report(again) == shift.report(example())
    assert "来客一样" in right(questions("17")["same-seed"])


def test_two_rushes_are_told_where_they_are() -> None:
    came = halves("came")
    busiest = sorted(came, key=lambda at: -came[at])[:2]
    assert [shift.clock(at) for at in sorted(busiest)] == ["22:00", "00:00"]
    assert has("两阵忙：十点那场直播，零点")
    assert LAST == 4 * 60 - 4
    assert max(one.at for one in example().night.customers) < LAST * 60
    assert has("零点五十六分起就不来人了")


def test_what_chapter_15_says_of_five_at_once() -> None:
    assert FACTORS[5] == 3.5
    assert has("同时接五位，一小时办完3.5倍")


def test_the_rule_of_handing_over_is_the_table_s() -> None:
    assert has(rules()["R77"].text)
    assert handover.Packet


# Looking back


def test_the_example_is_a_middling_newcomer_of_seed_618_on_level_1() -> None:
    assert own.EXAMPLE == (618, 1, "middling")
    assert has("先是一位中等水平的新人（程序扮的，种子618，第一档）")
    assert 50 <= shift.report(example()).total <= 75  # one night; the mean of many is 55 to 70


def test_who_does_not_read_reaches_what_the_guess_says() -> None:
    totals = [
        shift.report(shift.played(shift.night(seed, 1), BLIND["first"])).total
        for seed in (618, *range(1, 20))
    ]
    assert 37 <= sum(totals) / len(totals) <= 45, totals  # one night alone may be luckier
    assert max(totals) < 65, totals
    assert right(questions("17")["blind"]) == "四十上下"
    assert shift.report(shift.played(shift.night(618, 1), "canned")).total < 10
    assert has("那是一句也不答、只发“稍等”的分")


def test_the_queue_is_longest_after_midnight() -> None:
    rows = shift.queue_rows(example())
    longest = max(row["queue"] for row in rows)
    assert all(180 <= row["minute"] <= 225 for row in rows if row["queue"] == longest)
    assert right(questions("17")["peak"]).startswith("零点过后")


def test_the_half_hour_of_midnight_has_most_who_come_and_go() -> None:
    came, left = halves("came"), halves("left")
    midnight = 3 * 3600
    assert max(came, key=lambda at: came[at]) == midnight
    assert max(left, key=lambda at: left[at]) == midnight
    assert has("00:00起的半小时来得最多，走得也最多")


def test_one_of_those_who_ask_waits_far_longer_than_half_of_them() -> None:
    waits = [
        float(str(row["first_response"]))
        for row in shift.rows(example())
        if row["first_response"] is not None and row["channel"] == "咨询"
    ]
    assert max(waits) > 5 * median(waits)
    assert has("咨询里最久的那位，等了中位数的五倍还多")


def test_hands_are_busy_for_a_small_part_and_yet_words_wait() -> None:
    told = shift.asks(example())
    spent = [one.spent for one in told if one.answered is not None]
    assert sum(spent) < 0.3 * shift.CLOSES
    assert mean(one.waited for one in told) > mean(spent)
    assert has("手忙的时间不到一夜的三成，一句话前面等的却比手上花的还久")


def test_the_formula_is_the_most_hopeful_and_a_second_person_takes_the_waiting_away() -> None:
    found = {
        (row["by"], row["people"]): float(str(row["waited"])) for row in shift.compared(example())
    }
    assert found["公式", 1] < 0.7 * found["模拟", 1]
    assert found["模拟", 1] < found["记录", 1]
    assert found["模拟", 2] < 0.2 * found["模拟", 1]
    assert found["公式", 2] < 0.2 * found["公式", 1]
    assert right(questions("17")["second"]).startswith("八成以上")
    assert has("公式最乐观", "等的那一截几乎没了", "其实少了八成以上")


def test_how_patience_is_estimated_is_what_the_exercise_says() -> None:
    from kefu.practice import afterwards

    told = shift.asks(example())
    left = sum(one.answered is None for one in told)
    assert afterwards.patience(told) == sum(one.waited for one in told) / left
    assert has("等的总时间除以走的人数")


# The quiz, the page for teachers


def test_the_sums_of_quiz_and_exit_ticket() -> None:
    assert (12 + 30 + 18) / 3 == questions("17")["first-response"]["answer"] == 20
    assert (12 + 30 + 18 + 55) / 4 == 28.75
    assert 60 * 6 / 240 == 1.5
    assert has("1.5个")


def test_the_page_for_teachers_names_the_verdicts_of_the_table() -> None:
    verdicts = (nights.SOUND, nights.UNDONE, nights.OTHER, nights.UNSOUND, nights.NONE)
    assert has(*(f"| {one} |" for one in verdicts))
    assert nights.ALIKE == 0.9
    assert has("九成以上连秒数都一样")


def test_the_cells_name_what_there_is() -> None:
    code = "".join(cell.source for cell in cells("17") if cell.cell_type == "code")
    assert "demos.shift(618, 1)" in code
    assert own.FILES == "618夜班*.json"
