from __future__ import annotations

import json
import re

from kefu import data
from kefu.intelligence.bots import GENERATIONS, RISKS, NeuralBot, risky, shop_bot
from kefu.intelligence.evaluation import STYLES, Report, questions, stored
from kefu.intelligence.language import normal
from tools.paths import ROOT

CHAPTER = ROOT / "notebooks" / "intelligence" / "13_bots.ipynb"
CELLS = json.loads(CHAPTER.read_text(encoding="utf-8"))["cells"]
PROSE = "\n".join("".join(c["source"]) for c in CELLS if c["cell_type"] == "markdown")
ENTRIES = {row["entry_id"]: row for row in data.rows("knowledge")}
REPORTS = {generation: Report(stored()[generation]) for generation in GENERATIONS}


def printed(word: str) -> str:
    """What the cell prints whose source holds ``word``."""
    (cell,) = (c for c in CELLS if c["cell_type"] == "code" and word in "".join(c["source"]))
    return "".join("".join(output.get("text", "")) for output in cell["outputs"])


def test_the_chapter_counts_the_questions_and_entries_that_there_are() -> None:
    assert {int(n) for n in re.findall(r"(\d{4})(?:个问|句是)", PROSE)} == {len(questions("测试"))}
    assert f"放了{len(data.rows('knowledge'))}条" in PROSE


def test_the_network_is_as_large_as_the_chapter_says() -> None:
    bot = shop_bot("neural")
    assert isinstance(bot, NeuralBot)
    assert f"加到{len(bot.network.out)}个**隐藏单元**" in PROSE
    size = (ROOT / "widgets/kefu/intelligence/network.json").stat().st_size
    assert abs(size - 260_000) < 10_000


def test_the_great_step_is_from_rules_to_examples() -> None:
    for style in STYLES:
        first, second, third, fourth = (REPORTS[g].of(style).accuracy for g in GENERATIONS)
        assert first < second < third < fourth
        assert 0.2 <= third - second <= 0.4
        assert fourth - third < 0.1


def test_the_intervals_of_the_last_two_overlap_and_those_of_rules_lie_below() -> None:
    for style in ("错字", "多意图"):
        spans = {g: REPORTS[g].of(style).interval(lambda r: r.accuracy) for g in GENERATIONS}
        assert spans["neural"].low < spans["weighted"].high
        assert spans["fuzzy"].high < spans["weighted"].low - 0.1


def test_question_by_question_the_last_is_better_than_chance_explains() -> None:
    pairs = list(zip(REPORTS["weighted"].predictions, REPORTS["neural"].predictions, strict=True))
    newer = sum(b.right and not a.right for a, b in pairs)
    older = sum(a.right and not b.right for a, b in pairs)
    assert f"{newer}比{older}，不是运气" in PROSE
    assert f"净多对{newer - older}句" in PROSE
    assert 0 < float(printed("binomial_tail").split("概率：")[1]) < 0.001


def test_the_simple_ways_come_close_to_the_network() -> None:
    flat, deep = map(int, re.findall(r"(\d+)%", printed("LogisticRegression(C")))
    (merged,) = map(int, re.findall(r"准确率(\d+)%", printed("docs.values()")))
    assert flat >= deep
    assert merged >= deep - 3


def test_the_four_wrongs_of_the_opening_are_as_told() -> None:
    assert all(not shop_bot(g).reply("包邮吗？").handoff for g in GENERATIONS)
    assert shop_bot("keyword").reply("四件套会吊色吗").handoff
    for generation in GENERATIONS:
        assert shop_bot(generation).reply("我不要发票").source == "K196"
    assert shop_bot("keyword").reply("就买一双袜子，路费谁出").handoff
    assert shop_bot("fuzzy").reply("四件套会不会吊色").topic == "聊天互动"


COMPLAINT = "K226"
ABOUT = re.compile(
    "投诉|投述|举报|维权|介入|12315|消费者协会|消协|工商|曝光|平台来处理|平台评理|找平台"
)
"""The words of that entry's questions, by which an aside (whose entry no table names) is known."""


def complains(row: dict[str, str]) -> bool:
    aside = row["second_topic"] == ENTRIES[COMPLAINT]["topic"] and ABOUT.search(row["text"])
    return row["entry_id"] == COMPLAINT or bool(aside)


def test_false_alarms_and_misses_of_the_risk_words_are_as_the_chapter_says() -> None:
    first = (
        "投诉",
        "举报",
        "12315",
        "消协",
        "曝光",
        "起诉",
        "律师",
        "受伤",
        "烫伤",
        "过敏",
        "报警",
    )
    rows = data.rows("questions")
    meant = [complains(row) for row in rows]
    assert f"全店{len(rows)}句问话" in PROSE
    assert f"其中{sum(meant)}句真要投诉维权" in PROSE
    told = {}
    for name, rings in (
        (f"只认{len(first)}个词", lambda text: any(word in normal(text) for word in first)),
        (f"{len(RISKS)}个词，加两个补丁", risky),
    ):
        rung = [bool(rings(row["text"])) for row in rows]
        false = sum(r and not m for r, m in zip(rung, meant, strict=True))
        missed = sum(m and not r for r, m in zip(rung, meant, strict=True))
        told[name] = (sum(rung), false, missed)
        assert f"| {name} | {sum(rung)} | {false} | {missed} |" in PROSE
    (_, false_then, missed_then), (_, false_now, missed_now) = told.values()
    assert false_now < false_then
    assert missed_now < missed_then
    left = [row["text"] for row, m in zip(rows, meant, strict=True) if not m and risky(row["text"])]
    assert all("过敏" in text for text in map(normal, left))


def test_the_last_two_hear_goods_but_answer_another_question_about_them() -> None:
    for generation in ("weighted", "neural"):
        reply = shop_bot(generation).reply("四件套会吊色吗")  # type: ignore[arg-type]
        assert reply.topic == "商品问题"
        assert "色差" in ENTRIES[reply.source]["keywords"]


def test_three_quarters_of_what_the_last_two_answer_is_the_very_entry() -> None:
    asked = [row for row in data.rows("questions") if row["split"] == "测试"][::4]
    for generation in ("weighted", "neural"):
        replies = [(row, shop_bot(generation).reply(row["text"])) for row in asked]  # type: ignore[arg-type]
        told = [row["entry_id"] == reply.source for row, reply in replies if not reply.handoff]
        assert 0.68 <= sum(told) / len(told) <= 0.82
