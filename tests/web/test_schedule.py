"""When a customer of the daily windows comes again, in Node.js: the schedule that the page tells of."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tools.paths import ROOT
from web import build
from web.extensions.reader import daily

SCHEDULE = ROOT / "web" / "extensions" / "reader" / "client" / "schedule.js"
DAY = "2026-01-10"


def shift(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a function that lets the schedule do something with ``given``."""
    folder = tmp_path_factory.mktemp("schedule")
    module = folder / "schedule.mjs"
    module.write_text(SCHEDULE.read_text(encoding="utf-8"), encoding="utf-8")

    def run(act: str, given: Any = None) -> Any:
        script = folder / "run.mjs"
        script.write_text(
            f"import * as s from {json.dumps(module.as_uri())};\n"
            f"const given = {json.dumps(given)};\n"
            f"console.log(JSON.stringify((() => {{ {act} }})()));\n",
            encoding="utf-8",
        )
        return json.loads(build.node(script))

    return run


ANSWERS = """return given.map((answers) => {
  let record, day = "2026-01-10"; const dues = [];
  for (const right of answers) {
    record = s.answered(record, right, day);
    dues.push(record.due);
    day = record.due || s.later(day, 30);
  }
  return dues;
});"""


def test_whom_one_answers_wrongly_comes_after_1_3_7_and_16_days_and_then_never(run):
    ((*dues, last),) = run(ANSWERS, [[False, True, True, True, True]])
    days = [date.fromisoformat(due) for due in (DAY, *dues)]
    assert [(b - a).days for a, b in pairwise(days)] == [1, 3, 7, 16]
    assert last == ""


def test_a_wrong_answer_begins_anew_whenever_it_comes(run):
    rng = random.Random(17)
    rows = [[rng.random() < 0.7 for _ in range(rng.randrange(1, 14))] for _ in range(300)]
    for answers, dues in zip(rows, run(ANSWERS, rows), strict=True):
        day, step = DAY, None
        for right, due in zip(answers, dues, strict=True):
            if not right:
                step = 0
            elif step is not None:
                step = step + 1 if step < 3 else None
            assert due == ("" if step is None else shift(day, [1, 3, 7, 16][step]))
            day = due or shift(day, 30)


def test_days_are_those_of_the_shop_and_pass_over_months_and_leap_days(run):
    assert run(
        'return ["2026-01-09T15:59:59Z", "2026-01-09T16:00:00Z"].map((t) => s.dayOf(Date.parse(t)))'
    ) == ["2026-01-09", "2026-01-10"]
    assert run('return [s.later("2026-12-31", 1), s.later("2028-02-28", 1)]') == [
        "2027-01-01", "2028-02-29",
    ]  # fmt: skip


KINDS = ("talk", "quiz", "case")
ITEMS = [{"id": f"{kind}/{n}", "kind": kind} for kind in KINDS for n in range(12)]
PICKS = "return given.map(({ items, records, day, chosen }) => s.pick(items, records, day, chosen ?? []));"


def picks(run: Any, *rows: dict[str, Any]) -> list[list[str]]:
    return run(PICKS, [{"items": ITEMS, "records": {}, "day": DAY, **row} for row in rows])


def test_three_new_customers_of_three_kinds_come_on_a_first_day_the_same_for_everybody(run):
    again, one = picks(run, {"items": ITEMS[::-1]}, {})
    assert one == again
    assert {name.split("/")[0] for name in one} == {*KINDS}


def test_the_day_draws_who_comes(run):
    days = picks(run, *({"day": shift(DAY, n)} for n in range(60)))
    assert len({tuple(day) for day in days}) > 50
    assert len({name for day in days for name in day}) > 30


def test_who_is_due_comes_first_the_longest_due_before_the_others(run):
    records = {
        "talk/1": {"at": 1, "step": 0, "due": DAY},
        "quiz/2": {"at": 1, "step": 2, "due": shift(DAY, -5)},
        "case/3": {"at": 1, "step": 1, "due": shift(DAY, 1)},
        "case/4": {"at": 1, "step": 4, "due": ""},
    }
    (one,) = picks(run, {"records": records})
    assert one[:2] == ["quiz/2", "talk/1"]
    assert one[2].startswith("case/")
    assert one[2] not in records


def test_no_more_than_three_come_however_many_are_due(run):
    records = {item["id"]: {"at": 1, "step": 0, "due": shift(DAY, -1)} for item in ITEMS}
    (one,) = picks(run, {"records": records})
    assert len({*one}) == 3


def test_where_nobody_new_is_left_those_known_longest_come_and_none_before_his_day(run):
    records = {
        item["id"]: {"at": n, "step": 4, "due": ""} if n > 2 else {"at": n, "step": 1, "due": shift(DAY, 2)}
        for n, item in enumerate(ITEMS)
    }  # fmt: skip
    (one,) = picks(run, {"records": records})
    assert one == [item["id"] for item in ITEMS[3:6]]
    waiting = {item["id"]: {"at": 1, "step": 0, "due": shift(DAY, 1)} for item in ITEMS}
    assert picks(run, {"records": waiting}) == [[]]


def test_who_has_come_already_stays(run):
    (one,) = picks(run, {"chosen": ["quiz/3"]})
    assert one[0] == "quiz/3"
    assert len({*one}) == 3


def test_any_memory_gives_at_most_three_different_customers_of_the_book(run):
    rng = random.Random(6)
    rows = []
    for _ in range(200):
        known = rng.sample(ITEMS, rng.randrange(len(ITEMS) + 1))
        records = {
            item["id"]: {"at": rng.randrange(9), "step": 0,
                         "due": rng.choice(["", *(shift(DAY, n) for n in (-3, 0, 4))])}
            for item in known
        }  # fmt: skip
        rows.append({"records": records, "day": DAY})
    names = {item["id"] for item in ITEMS}
    for row, one in zip(rows, picks(run, *rows), strict=True):
        assert len(one) == len({*one}) <= 3
        assert {*one} <= names
        assert all(row["records"].get(name, {}).get("due", "") <= DAY for name in one)


def full(right: int = 3) -> dict[str, Any]:
    marks = [n < right for n in range(3)]
    return {"at": 1, "windows": ["a", "b", "c"], "answers": [[0]] * 3, "right": marks}


def test_days_in_a_row_end_today_or_yesterday(run):
    begun = {**full(), "right": [True, None, None]}
    rows = [
        {},
        {DAY: full()},
        {shift(DAY, -1): full(), shift(DAY, -2): full()},
        {DAY: begun, shift(DAY, -1): full()},
        {DAY: full(), shift(DAY, -2): full()},
        {shift(DAY, -2): full()},
    ]
    found = run('return given.map((days) => s.streak(days, "2026-01-10"))', rows)
    assert found == [0, 1, 2, 1, 1, 0]


def test_of_spoilt_days_what_can_be_read_counts_and_nothing_breaks(run):
    odd = [None, 5, "x", {}, {"windows": "abc"}, {"windows": ["a"], "right": 3},
           {"windows": ["a"], "right": ["<b>"]}, {"windows": [], "right": [True]}]  # fmt: skip
    days = {shift(DAY, n): one for n, one in enumerate(odd)}
    assert run("return given.map((one) => [s.full(one), s.left(one)])", odd) == [
        *[[False, 0]] * 5, [False, 1], [False, 1], [False, 0],
    ]  # fmt: skip
    assert run('return [s.streak(given, "2026-01-10"), s.rank(given).name]', days) == [0, "试用"]


def test_ranks_rise_with_full_days_and_right_answers_and_fall_with_wrong_ones(run):
    def days(count: int, right: int = 3) -> dict[str, Any]:
        return {shift(DAY, -n): full(right) for n in range(count)}

    rows = [
        {},
        days(4),
        days(5),
        days(5, 1),
        days(20),
        days(20, 2),
        days(60),
        {**days(60), **days(10, 0)},
    ]
    names = run("return given.map((days) => s.rank(days).name)", rows)
    assert names == ["试用", "试用", "转正", "试用", "熟手", "转正", "组长", "试用"]


def test_the_page_tells_the_rules_that_hold(run):
    page = (ROOT / "book" / "daily.md").read_text(encoding="utf-8")
    assert "、".join(f"{days}天" for days in run("return s.STEPS")) in page
    for one in run("return s.RANKS"):
        assert one["name"] in page
        assert not one["days"] or f"满勤{one['days']}天" in page
        assert not one["share"] or f"{one['share'] * 100:.0f}%" in page


# What they are drawn from


def test_every_item_has_one_right_answer_and_a_name_of_its_own():
    items = daily.items(ROOT)
    assert len({item["id"] for item in items}) == len(items)
    assert {item["kind"] for item in items} == {*KINDS}
    for item in items:
        assert len(item["id"]) <= 60
        assert (ROOT / f"{item['page']}.ipynb").is_file()
        if item["kind"] != "quiz":
            options = item["question"]["options"]
            assert sum(option["right"] for option in options) == 1
            assert len({option["text"] for option in options}) == len(options)
            assert all(option["why"] for option in options)
            assert item["says"]


def test_every_chapter_with_conversations_and_a_quiz_gives_items():
    found: dict[str, set[str]] = {}
    for item in daily.items(ROOT):
        found.setdefault(item["chapter"], set()).add(item["kind"])
    for folder in (ROOT / "notebooks").glob("*/*_talks.toml"):
        assert {"talk", "quiz"} <= found[f"第{Path(folder).name[:2]}章"]


def test_the_right_answer_stands_in_any_place():
    places = {
        next(n for n, option in enumerate(item["question"]["options"]) if option["right"])
        for item in daily.items(ROOT)
        if item["kind"] != "quiz"
    }
    assert places == {0, 1, 2, 3}
