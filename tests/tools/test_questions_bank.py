"""A closed bank: enough of it, of the quiz's form, told by its seed, right, and never in the site.

The answers are worked out here once more by plain arithmetic, from the numbers in the question where
it tells all of them, else from what the template noted; none of the book's models is asked.
"""

from __future__ import annotations

import dataclasses
import json
import math
import random
import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from kefu.demos import quiz
from kefu.demos.quiz import check_question
from tests.tools.test_questions import files, read_moodle, same
from tools.copy_lint import findings
from tools.paths import ROOT
from tools.questions import bank, moodle
from tools.questions.bank import __main__ as command
from tools.questions.bank import draw
from tools.questions.bank.draw import Draw
from tools.reference import form
from web import book

CHAPTERS = [one for one in book.written() if not one.practice]
SEEDS = ("一", "four-words-of-mine", "2026", "a", "b", "c")
Noted = dict[str, Any]


@cache
def drawn(number: str, seed: str) -> list[bank.Drawn]:
    return bank.drawn(book.chapter(number), seed)


each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.number)


# Enough of it, of the quiz's form


@each_chapter
def test_a_chapter_has_ten_questions_of_different_templates(chapter: book.Chapter) -> None:
    for seed in SEEDS:
        own = drawn(chapter.number, seed)
        assert len({one.asking.name for one in own}) >= bank.LEAST
        assert (
            len({one.item.number for one in own})
            == len({one.item.question["id"] for one in own})
            == len(own)
        )
        assert len({one.item.question["kind"] for one in own}) >= 3
        assert len({one.item.level for one in own}) >= 2
        assert len({one.item.point for one in own}) >= 4
        for one in own:
            check_question(one.asking.name, json.loads(json.dumps(one.item.question)))


@each_chapter
def test_every_option_and_usual_mistake_has_its_reason(chapter: book.Chapter) -> None:
    for seed in SEEDS:
        for one in drawn(chapter.number, seed):
            told = one.item.question
            options, traps = told.get("options", ()), told.get("traps", ())
            assert all(part["why"] for part in (*options, *traps))
            assert told["kind"] not in ("single", "multiple") or 3 <= len(options) <= 6
            assert len({part["text"] for part in options}) == len(options)
            assert told["kind"] != "number" or len(traps) >= 2, (one.asking.name, seed)
            assert told["kind"] != "multiple" or 2 <= sum(part["right"] for part in options) < len(
                options
            )


@each_chapter
def test_its_chinese_is_that_of_the_book(chapter: book.Chapter) -> None:
    for seed in SEEDS:
        for one in drawn(chapter.number, seed):
            found = [line for text in texts(one.item.question) for line in findings(text)]
            assert found == [], one.asking.name


def texts(told: Any) -> list[str]:
    """Return all that a reader reads of a question."""
    if isinstance(told, str):
        return [told]
    if isinstance(told, dict):
        return [
            text for key, part in told.items() if key not in ("id", "kind") for text in texts(part)
        ]
    return [text for part in told for text in texts(part)] if isinstance(told, list) else []


@each_chapter
def test_none_of_it_is_asked_in_the_chapter(chapter: book.Chapter) -> None:
    own = {one["ask"] for one in json.loads(chapter.quiz.read_text(encoding="utf-8"))}
    assert not own & {
        one.item.question["ask"] for seed in SEEDS for one in drawn(chapter.number, seed)
    }


def test_a_place_tells_nothing_and_a_length_no_more_than_by_chance() -> None:
    singles = [one.item.question for seed in SEEDS for chapter in CHAPTERS
               for one in drawn(chapter.number, seed) if one.item.question["kind"] == "single"]  # fmt: skip
    places = Counter(
        next(at for at, one in enumerate(told["options"]) if one["right"]) for told in singles
    )
    assert max(places.values()) < 0.4 * len(singles)
    lengths = [(next(len(one["text"]) for one in told["options"] if one["right"]),
                [len(one["text"]) for one in told["options"]]) for told in singles]  # fmt: skip
    times, chance = form.longest(iter(lengths))
    assert times <= 1.15 * chance


# Told by its seed


@each_chapter
def test_a_seed_tells_the_bank(chapter: book.Chapter) -> None:
    first, again, other = (bank.drawn(chapter, seed) for seed in ("one", "one", "two"))
    assert [one.item for one in first] == [one.item for one in again]
    differ = sum(a.item.question != b.item.question for a, b in zip(first, other, strict=True))
    assert differ >= 0.8 * len(first)
    assert all(
        a.item.number != b.item.number or a.item == b.item
        for a, b in zip(first, other, strict=True)
    )


def test_chance_is_of_the_seed_alone_and_of_random_random() -> None:
    """Of all that ``random`` has, Python promises only that ``random()`` stays the same."""
    chance, plain = Draw("one"), random.Random("one")
    assert [chance.between(1, 9) for _ in range(50)] == [
        1 + int(9 * plain.random()) for _ in range(50)
    ]


def test_who_draws_again_until_there_are_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    chapter = book.chapter("02")
    monkeypatch.setattr(bank, "asked", lambda _: ASKED[:5])
    own = bank.drawn(chapter, "one")
    assert [one.item.question["id"] for one in own] == [
        *(one.name for one in ASKED[:5]), *(f"{one.name}-2" for one in ASKED[:5]),
    ]  # fmt: skip


ASKED = bank.asked(book.chapter("02"))


def test_a_chapter_without_templates_is_told() -> None:
    chapter = book.chapter("02")
    other = dataclasses.replace(chapter, path=Path("02_nothing.ipynb"))
    with pytest.raises(ValueError, match="chapter 02 has no templates"):
        bank.asked(other)


@each_chapter
def test_every_template_asks_a_fact_of_its_chapter(chapter: book.Chapter) -> None:
    facts = chapter.told()["facts"]
    assert {one.fact for one in bank.asked(chapter)} <= set(facts)


def test_numbers_of_the_question_alone_are_usual_mistakes() -> None:
    told = draw.number(
        "?", 10, "元", "x", [(10, "right"), (10.001, "near"), (5, "a"), (5, "b"), (7, "c")], 0.01
    )
    assert [(one["value"], one["why"]) for one in told["traps"]] == [(5, "a"), (7, "c")]


# Right: worked out once more


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def waited(told: list[tuple[int, str]]) -> float:
    """Return the mean wait of the turns of a conversation."""
    since, waits = None, []
    for second, who in told:
        if who == "买家":
            since = second if since is None else since
        elif since is not None:
            waits.append(second - since)
            since = None
    return sum(waits) / len(waits)


def late(told: Noted) -> float:
    """Return what a late shipment costs, within 3 and 30 yuan."""
    sham = at(told["picked"]) - at(told["uploaded"]) > timedelta(hours=24)
    return min(max(float(told["worth"]) * (0.10 if sham else 0.05), 3), 30)


def posterior(told: Noted) -> float:
    odds = told["base"] / (1 - told["base"]) * math.prod(told["ratios"])
    return 100 * odds / (1 + odds)


def delay(told: Noted) -> float:
    trust = float(told["trust"])
    day = told["usual"] + trust * (told["promised"] - told["usual"])
    if told["notice"]:
        day += trust * (told["actual"] - day)
    return max(10 - told["actual"], 0) - max(10 - day, 0)


def habit(told: Noted) -> float:
    wanted = float(told["start"])
    for _ in range(told["times"]):
        wanted += (0.6 if told["good"] > wanted else 0.2) * (told["good"] - wanted)
    return float(told["last"]) - wanted


def points(told: Noted) -> int:
    first = max(0, told["first"] - told["used"])
    second = told["second"] - max(0, told["used"] - told["first"])
    return (first if told["at"] < "2026-03-01" else 0) + (
        second if told["at"] < "2026-09-01" else 0
    )


def survival(told: Noted, at_most: float) -> float:
    share = 1.0
    for moment in sorted(set(told["times"])):
        if moment <= at_most:
            gone = sum(t == moment and g for t, g in zip(told["times"], told["gone"], strict=True))
            share *= 1 - gone / sum(t >= moment for t in told["times"])
    return 100 * share


def kappa(told: Noted) -> float:
    a, b, c, d = told["counts"]
    n = a + b + c + d
    agreed, chance = (a + d) / n, ((a + b) * (a + c) + (c + d) * (b + d)) / n**2
    return (agreed - chance) / (1 - chance)


def bill(told: Noted) -> float:
    contacts = 30 * told["contacts"]
    own = contacts * told["keeps"] / 100
    wrong = own * told["robot_wrong"] / 100 + (contacts - own) * told["person_wrong"] / 100
    return 2388 / 12 + 3000 * told["people"] + wrong * told["wrong"]


def erlang_c(load: float, agents: int) -> float:
    busy = load**agents / math.factorial(agents) * agents / (agents - load)
    return 100 * busy / (sum(load**k / math.factorial(k) for k in range(agents)) + busy)


def oversold(told: Noted) -> int:
    left, end = told["stock"], len(told["orders"])
    for minute, count in enumerate(told["orders"]):
        left -= count
        if left <= 0:
            end = min(end, minute + told["delay"])
            break
    sold = told["orders"][: end + (told["delay"] == 0)]
    return 0 if told["delay"] == 0 else sum(sold) - told["stock"]


def total(told: Noted) -> float:
    """Return what the dearest offer of an order leaves to pay for each piece."""
    whole = float(told["cost"]) * told["pieces"]
    left = whole - told["off"] if whole >= told["step"] else whole
    return (left - told["coupon"] if left >= 99 else left) / told["pieces"]


def missing(told: Noted) -> int:
    """Return how many good reviews in a row lift a share to a gate."""
    gate = Fraction(str(told["gate"]))
    return math.ceil((gate * told["n"] - told["good"]) / (1 - gate))


def left(told: Noted) -> float:
    value = float(told["start"])
    for _ in range(told["months"]):
        value += told["joining"] - value * told["leak"]
    return value


def rates(n: list[float]) -> dict[str, float]:
    return {"回访率": 100 * n[1] / n[0], "期内复购率": 100 * n[2] / n[0], "人均复购额": n[3] / n[2]}


WORKED: dict[str, Callable[[list[float], Noted], float]] = {
    "01 slow-answer": lambda n, t: n[0] * (n[3] - n[4]) / 100 * n[5],
    "01 leaving": lambda n, t: 4 * 1.3 ** (n[-1] / 100),
    "01 same-wait": lambda n, t: (n[0] * n[3] + n[1] * n[4]) / 100,
    "02 by-volume": lambda n, t: n[6] + n[8] * (math.ceil(max(n[0], n[1] * n[2] * n[3] / n[4])) - 1),
    "02 stacked": lambda n, t: float(t["total"]) - t["off"] - t["small"],
    "02 one-back": lambda n, t: n[0] - n[2] * n[0] / (n[0] + n[1]),
    "02 second-half": lambda n, t: n[0] * (1.5 * (n[2] // 2) + n[2] % 2),
    "02 top-up": lambda n, t: min(one for one in n[3:] if one + n[1] >= n[0]) - n[2],
    "03 average-response": lambda n, t: waited(t["told"]),
    "03 answer-ratio": lambda n, t: 100 * (n[1] + n[2]) / n[0],
    "03 bulk-price": lambda n, t: n[0] * n[1] / 10,
    "04 each-price": lambda n, t: total(t),
    "05 silent-hours": lambda n, t: (n[5] * 24 + n[6]) - ((n[2] - 31 if n[2] > n[5] else n[2]) * 24 + n[3]),
    "05 alarm-lines": lambda n, t: 100 * n[3] / n[2],
    "05 two-down": lambda n, t: 100 * (n[1] - n[2]) / n[0],
    "06 broken-threshold": lambda n, t: n[1] - (n[3] if t["told"] else 0),
    "07 expectation": lambda n, t: n[0] / n[1],
    "07 too-late": lambda n, t: late(t),
    "07 cheated": lambda n, t: n[0] + max(3 * n[0], 500),
    "08 rate-of": lambda n, t: 100 * sum(t["counts"][:2]) / sum(t["counts"]),
    "08 five-stars": lambda n, t: math.ceil((Fraction(t["score"]) - t["star"]) / (5 - Fraction(t["score"]))),
    "08 to-the-gate": lambda n, t: missing(t),
    "08 odds": lambda n, t: posterior(t),
    "08 within-days": lambda n, t: 100 * t["bad"] / t["batch"],
    "09 valid-share": lambda n, t: 100 * (n[1] / n[0] if t["reply"] else (n[1] - n[2]) / n[1]),
    "09 silent-ones": lambda n, t: 100 * (n[2] + (0 if t["worst"] else n[0] - n[1])) / n[0],
    "09 deduplicated": lambda n, t: 100 * n[1] / (n[0] if t["precision"] else n[2]),
    "10 difference": lambda n, t: t["felt"] - t["wanted"],
    "10 value-felt": lambda n, t: t["gain"] - t["price"] - t["hassle"] - t["unsure"] * t["times"],
    "10 late-notice": lambda n, t: delay(t),
    "10 habits": lambda n, t: habit(t),
    "10 count-nps": lambda n, t: 100 * (t["counts"][0] - t["counts"][2]) / sum(t["counts"]),
    "11 bucket": lambda n, t: left(t),
    "11 how-long": lambda n, t: (t["margin"] if t["money"] else 1) / t["leaving"],
    "11 points-run": lambda n, t: points(t),
    "11 owed": lambda n, t: n[0] * n[1] * n[4] / 100 / (n[0] + n[1] * n[4] / 100),
    "11 still-here": lambda n, t: survival(t, n[-1]),
    "12 four-figures": lambda n, t: rates(n)[t["asked"]],
    "12 the-gate": lambda n, t: t["kinds"]["可以发"] * (1 - t["control"]),
    "12 uplift-not-conversion": lambda n, t: 100 * (n[1] / n[0] - n[3] / n[2]),
    "13 gate-cost": lambda n, t: (n[2] * n[4] + n[3] * n[5]) / n[0],
    "13 term-weight": lambda n, t: (1 + math.log(n[2])) * (math.log((1 + n[0]) / (1 + n[1])) + 1),
    "14 the-bill": lambda n, t: bill(t),
    "14 lift": lambda n, t: n[3] * n[0] / n[1] / n[2],
    "14 kappa-of": lambda n, t: kappa(t),
    "14 every-time-right": lambda n, t: 100 * math.comb(int(n[1]), int(n[2])) / math.comb(int(n[0]), int(n[2])),
    "15 load-of": lambda n, t: n[1] / n[0] * n[2] / (n[-1] if t["at_once"] > 1 else 1),
    "15 on-the-roster": lambda n, t: math.ceil(Fraction(t["agents"]) / (1 - Fraction(str(t["loss"])))),
    "15 how-many-wait": lambda n, t: erlang_c(n[0], int(n[1])),
    "15 short-of": lambda n, t: max(0, sum(map(sum, t["needs"])) - 5 * t["people"]),
    "16 queue-peak": lambda n, t: (n[2] - n[3]) * n[1],
    "16 queue-clears": lambda n, t: (n[2] - n[3]) * n[1] / (n[3] - n[0]),
    "16 owed-orders": lambda n, t: sum(t["orders"][t["said"] : None if t["right"] is None else t["right"] + 1]),
    "16 oversold-loss": lambda n, t: t["n"] * (t["price"] - t["cost"] + t["pay"] + 25 * t["minutes"] / 60),
    "16 timed-price": lambda n, t: float(t["paid"]) - t["cost"] if at(t["ordered"]).hour < 21 else 0,
    "16 how-many-online": lambda n, t: n[0] / n[1] * 100,
    "16 link-down": lambda n, t: oversold(t),
}  # fmt: skip
"""Each template that asks for a number, worked out from the numbers in the text and what it noted."""


def test_every_number_that_is_asked_is_worked_out_once_more() -> None:
    found = {f"{chapter.number} {one.asking.name}" for chapter in CHAPTERS for one in drawn(chapter.number, "a")
             if one.item.question["kind"] == "number"}  # fmt: skip
    assert found - set(WORKED) <= {"03 three-minutes"}
    assert set(WORKED) <= found


@each_chapter
def test_a_number_is_the_same_by_plain_arithmetic(chapter: book.Chapter) -> None:
    for seed in (*SEEDS, *map(str, range(30))):
        for one in drawn(chapter.number, seed):
            told, work = one.item.question, WORKED.get(f"{chapter.number} {one.asking.name}")
            if work:
                numbers = [float(n) for n in re.findall(r"\d+(?:\.\d+)?", told["ask"])]
                answer = float(work(numbers, one.noted))
                assert abs(answer - told["answer"]) <= told["tolerance"] + 1e-9, (
                    told["ask"],
                    answer,
                    told["answer"],
                )
                for trap in told["traps"]:
                    assert abs(answer - trap["value"]) > told["tolerance"], (told["ask"], trap)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_share_of_turns_is_counted_from_the_text(seed: str) -> None:
    (one,) = (one for one in drawn("03", seed) if one.asking.name == "three-minutes")
    ask = one.item.question["ask"]
    waits = [int(n) for n in re.findall(r"(\d+)秒", ask)]
    whole = len(waits) + ask.count("没有人回")
    assert abs(100 * sum(n <= 180 for n in waits) / whole - one.item.question["answer"]) <= 0.5


def right(one: bank.Drawn) -> str:
    (text,) = (option["text"] for option in one.item.question["options"] if option["right"])
    return str(text)


def day(moment: datetime) -> str:
    return f"{moment.month}月{moment.day}日"


CHOSEN: dict[str, Callable[[Noted], str]] = {
    "02 steps-of-weight": lambda t: f"{t['first'] + t['step'] * (math.ceil(t['tenths'] / 10) - 1)}元",
    "02 ship-by": lambda t: f"{day(at(t['paid']) + timedelta(hours=t['hours']))}{at(t['paid']):%H:%M}",
    "06 seven-days": lambda t: day(at(t["signed"]) + timedelta(days=7)),
    "07 fifteen-days": lambda t: day(at(t["asked"]) + timedelta(days=14)),
    "10 which-promise": lambda t: "说{}天".format(max(
        range(2, 7), key=lambda said: (100 - 10 * max(0, said - t["usual"])) * sum(n <= said for n in t["days"]))),
    "12 who-to-send": lambda t: max(
        [["睡着的"], ["醒着的"], ["睡着的", "醒着的"], ["醒着的", "睡着的", "从没来的"]],
        key=lambda names: sum(moved * t["margin"] - (anyway + moved) * t["coupon"] - people * t["message"]
                              for name, people, anyway, moved in t["groups"] if name in names))[0],
    "15 roster-faults": lambda t: "、".join([
        *(["上了6天"] if sum(one != "休" for one in t["week"]) > 5 else []),
        *(["没有连休两天"] if ("休", "休") not in pairwise(t["week"]) else []),
        *(["晚班次日接早班"] if ("晚", "早") in pairwise(t["week"]) else [])]) or "样样合规矩，可以排",
}  # fmt: skip
"""What is right in questions of a single option, where it can be worked out."""


@pytest.mark.parametrize("name", CHOSEN)
def test_the_right_option_is_the_same_by_plain_arithmetic(name: str) -> None:
    number, _, template = name.partition(" ")
    for seed in (*SEEDS, *map(str, range(30))):
        for one in drawn(number, seed):
            if one.asking.name == template:
                assert CHOSEN[name](one.noted) in right(one), one.item.question["ask"]


# Its files, and that they stay out of the site


def test_the_command_writes_the_bank_in_every_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in "ab":
        command.main(["--seed", "my-own", "--to", str(tmp_path / name)])
    found = files(tmp_path / "a")
    assert found == files(tmp_path / "b")
    assert len(found) == 4 * len(CHAPTERS)
    assert not [name for name, content in found.items() if b"my-own" in content]
    for chapter in CHAPTERS:
        read = quiz(tmp_path / "a" / "json" / f"{chapter.number}_quiz.json").questions
        assert list(read) == [one.item.question for one in bank.drawn(chapter, "my-own")]
    assert "keep the seed to yourself" in capsys.readouterr().out


@each_chapter
def test_moodle_reads_the_bank(chapter: book.Chapter) -> None:
    own = [one.item for one in drawn(chapter.number, "a")]
    _, *nodes = ElementTree.fromstring(moodle.xml([("x", own)]))
    for node, one in zip(nodes, own, strict=True):
        same(read_moodle(node), one.question)


@pytest.mark.parametrize("seed", ["", "a/b", "..", "a b", "x" * 61])
def test_a_seed_that_cannot_be_a_folder_is_told(seed: str, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"^kefu: SEED: expected .+ make bank SEED="):
        command.main(["--seed", seed, "--to", str(tmp_path)])
    assert not files(tmp_path)


def test_the_bank_is_written_where_neither_git_nor_the_site_has_it() -> None:
    assert command.TO.relative_to(ROOT).parts == ("_build", "bank")
    assert "_build/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def test_what_makes_the_site_knows_no_bank() -> None:
    for folder in (
        "web",
        "book",
        "notebooks",
        "widgets",
        "tools/site.py",
        "_config.yml",
        "_toc.yml",
    ):
        top = ROOT / folder
        for path in [top] if top.is_file() else top.rglob("*"):
            if "node_modules" in path.parts or path.suffix not in (
                ".py",
                ".js",
                ".yml",
                ".ipynb",
                ".html",
            ):
                continue
            text = path.read_text(encoding="utf-8")
            assert "questions.bank" not in text, path
            assert "_build/bank" not in text, path


def test_the_site_has_nothing_of_the_bank(site: Path) -> None:
    assert not [
        path for path in site.rglob("*") if "bank" in path.parts or path.name.startswith("B0")
    ]
    asked = [one.item.question["ask"] for chapter in CHAPTERS for one in drawn(chapter.number, "a")
             if one.noted]  # fmt: skip
    numbers = [one.item.number for chapter in CHAPTERS for one in drawn(chapter.number, "a")]
    for path in site.rglob("*"):
        if path.suffix in (".html", ".js", ".json", ".ipynb"):
            text = path.read_text(encoding="utf-8")
            assert not [one for one in (*asked, *numbers) if one in text], path
