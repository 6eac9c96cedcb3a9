"""A class's answer key: what it says is right is what the models, the checks and the solutions say."""

from __future__ import annotations

import csv
import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kefu import data
from kefu.presales.freight import Tariff
from tools import key
from tools.marks import hidden
from tools.marks.marker import shop
from web import book

SEEDS = (7, 2027)


@pytest.fixture(scope="module", params=SEEDS)
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, Path, list[key.Solved]]:
    """A seed, its shop, and the exercises of chapter 02 on it."""
    folder = shop(request.param, 1500, to=tmp_path_factory.mktemp("shops"))
    return request.param, folder, key.solved(book.chapter("02"), request.param, folder)


def test_checks_agree_with_solutions_and_the_shop_in_use_is_left_as_it_was(made):
    _, _, found = made
    assert [one.title for one in found if not one.passed] == []
    assert data.folder() == data.home()


def test_freight_is_what_the_model_says_for_shown_and_hidden_weights(made):
    seed, _, found = made
    (fee,) = (one for one in found if one.name == "my_fee")
    tariff, weights = Tariff(1, 8, "0.5", "2.5"), {True: list[str](), False: list[str]()}
    for case in fee.cases:
        (weight,) = re.findall(r"[\d.]+", case.call)
        weights[case.hidden].append(weight)
        assert float(case.gives) == float(tariff.fee(weight)), case
    drawn = hidden.draw("02", "my_fee", seed, [(weight,) for weight in weights[False]])
    assert [(weight,) for weight in weights[True]] == drawn


def late_saturdays(folder: Path, hour: int) -> int:
    """Count by plain arithmetic what exercise 5 asks for, from the tables of a shop."""
    tables = {}
    for name in ("orders", "parcels"):
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            tables[name] = list(csv.DictReader(file))
    orders = {one["order_id"]: one for one in tables["orders"] if one["paid_at"]}
    count = 0
    for parcel in tables["parcels"]:
        order = orders[parcel["order_id"]]
        paid, sent = (
            datetime.fromisoformat(at) for at in (order["paid_at"], parcel["uploaded_at"])
        )
        autumn = "2025-10-01" <= order["paid_at"] < "2025-12-01"
        asked = autumn and order["kind"] == "现货" and paid.weekday() == 5 and paid.hour >= hour
        count += asked and sent - paid > timedelta(hours=24)
    return count


def test_a_class_s_late_parcels_are_counted_from_its_own_table(made):
    _, folder, found = made
    (avoided,) = (one for one in found if one.name == "avoided")
    assert any(case.book for case in avoided.cases)
    for case in avoided.cases:
        (hour,) = map(int, re.findall(r"\d+", case.call))
        assert int(case.gives) == late_saturdays(folder, hour), case
        assert int(case.book or case.gives) == late_saturdays(data.home(), hour), case


def test_the_page_says_every_case_every_question_and_every_reason(made, tmp_path):
    seed, _, found = made
    chapter = book.chapter("02")
    text = key.document(chapter, found)
    html = key.page(text, seed, "第02章")
    plain = re.sub(r"\s", "", re.sub(r"<[^>]+>", "", html)).replace("&quot;", '"')
    asked = json.loads(chapter.quiz.read_text(encoding="utf-8"))
    for one in asked:
        assert re.sub(r"\s", "", one["ask"]) in plain
        for option in one.get("options", []):
            assert re.sub(r"\s", "", option["why"]) in plain
    assert all(one.title.replace(" ", "") in plain for one in found)
    assert "判断题：先把单号传了再说" in plain
    assert "评分（每项1分）" in plain
    assert "<script" not in html
    assert "<details" not in html


def test_the_right_letters_are_those_of_the_quiz():
    options = [
        {"text": "甲", "right": False, "why": "错"},
        {"text": "乙", "right": True, "why": "对"},
    ]
    text = key.question(1, {"kind": "single", "ask": "哪个？", "options": options})
    assert text.splitlines() == ["1. 哪个？　**答案：B**", "    - ✗ A　甲：错", "    - ✓ B　乙：对"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--seed", "x"], "SEED: expected a whole number"),
        (["--seed", "7", "--chapter", "99"], "99"),
    ],
)
def test_bad_input_is_told_in_a_line(given, said):
    with pytest.raises(SystemExit, match=said):
        key.main(given)
