from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from typing import Any

from kefu import data
from kefu.demos import handover
from kefu.demos.bot_rules import FIRST_RULES
from kefu.explore import load
from kefu.intelligence.bots import (
    GENERATIONS,
    RISKS,
    KeywordBot,
    NeuralBot,
    risky,
    shop_bot,
    shop_questions,
)
from kefu.intelligence.evaluation import (
    STYLES,
    Report,
    at,
    evaluate,
    paired,
    questions,
    read_rules,
    stored,
)
from kefu.intelligence.fluent import source, write
from kefu.intelligence.handover import TRIALS, Switches, decide
from kefu.intelligence.handover import said as handing_over
from kefu.intelligence.language import synonyms
from kefu.language import grams, normal
from tools.paths import ROOT

CHAPTER = ROOT / "notebooks" / "intelligence" / "13_bots.ipynb"
CELLS = json.loads(CHAPTER.read_text(encoding="utf-8"))["cells"]
PROSE = "\n".join("".join(c["source"]) for c in CELLS if c["cell_type"] == "markdown")
CODE = "\n".join("".join(c["source"]) for c in CELLS if c["cell_type"] == "code")
ASKED = json.loads((CHAPTER.parent / "13_guesses.json").read_text(encoding="utf-8"))
GUESSES, TRUTHS = ASKED["guesses"], ASKED["truths"]
ENTRIES = {row["entry_id"]: row for row in data.rows("knowledge")}
REPORTS = {generation: Report(stored()[generation]) for generation in GENERATIONS}


def printed(word: str) -> str:
    """What the cell prints whose source holds ``word``."""
    (cell,) = (c for c in CELLS if c["cell_type"] == "code" and word in "".join(c["source"]))
    return "".join("".join(output.get("text", "")) for output in cell["outputs"])


def guess(name: str) -> dict[str, Any]:
    """The guess of that id."""
    (found,) = (one for one in GUESSES if one["id"] == name)
    return found


def right_option(name: str) -> str:
    """The right option of a guess."""
    (found,) = (option["text"] for option in guess(name)["options"] if option["right"])
    return str(found)


# The shop's knowledge, and the night of 11 November


def test_the_chapter_counts_the_questions_and_entries_that_there_are() -> None:
    asked, families = questions("测试"), {q.family for q in questions("测试")}
    assert {int(n) for n in re.findall(r"(\d{4})个问句", PROSE)} == {len(asked)}
    assert f"这{len(asked)}句只出自{len(families)}种句式" in PROSE
    assert f"把{len(questions('训练'))}个训练问句按家族分五份" in PROSE
    assert f"放了{len(ENTRIES)}条" in PROSE
    kinds = Counter(entry["kind"] for entry in ENTRIES.values())
    assert f"| **店铺热门问题** | {kinds['店铺']}条 |" in PROSE
    assert f"| **商品热门问题** | {kinds['商品']}条 |" in PROSE
    assert f"| **关键词回复** | {kinds['关键词']}条 |" in PROSE
    assert 200 <= len(synonyms()) < 300  # 两百多条
    assert synonyms()["护理"] == "保养"


def test_the_promise_of_the_night_came_from_an_entry_past_its_review() -> None:
    for generation in ("weighted", "neural"):
        reply = shop_bot(generation).reply("能不能货到了再付钱")  # type: ignore[arg-type]
        assert not reply.handoff
        assert "部分地区支持货到付款" in reply.text
        assert ENTRIES[reply.source]["review_by"] == "2025-09-23"
    assert "去年9月23日就该复核" in PROSE


def test_two_entries_speak_of_cash_on_delivery_and_both_are_past_their_review() -> None:
    found = {name: row for name, row in ENTRIES.items() if "货到付款" in row["answer"]}
    assert sorted(found) == ["K191", "K272"]
    assert all(row["review_by"] < "2026-03-02" for row in found.values())
    assert found["K191"]["question"] == "支持哪些付款方式？"
    assert "K191“支持哪些付款方式”里夹着半句，K272整条都是它，两条都过了期" in PROSE


def test_the_customer_who_calls_for_a_person_was_answered_as_the_scene_says() -> None:
    scene = tomllib.loads((CHAPTER.parent / "13_talks.toml").read_text("utf-8"))["talk"][
        "有没有活人"
    ]["scene"]
    said = re.findall(r"“(.+?)”", scene)
    first, second, third = (shop_bot("neural").reply(text) for text in said)
    assert "屏幕和光线" in first.text
    assert second.text == first.text
    assert "哪一款" in third.text
    assert not any(reply.handoff for reply in (first, second, third))
    assert ENTRIES["K066"]["answer"] == "亲，水洗棉四件套已经预洗过，深色头一次请单独洗。"


def test_who_has_no_word_for_it_answers_or_passes_as_told() -> None:
    replies = [shop_bot(g).reply("今晚月色真好") for g in GENERATIONS]
    assert [reply.handoff for reply in replies] == [True, True, False, False]
    assert all("不客气" in reply.text for reply in replies[2:])


def test_the_day_of_the_night_was_as_told() -> None:
    (day,) = (row for row in data.rows("bot_days") if row["date"] == "2025-11-11")
    assert guess("expired")["answer"] == int(day["expired_wrong"])
    for told in (guess("expired")["ask"], guess("worth-it")["ask"]):
        assert f"{day['answered']}句" in told
        assert f"答错{day['wrong']}句" in told
    saved, lost = 2 * int(day["answered"]), 20 * int(day["wrong"])
    assert f"亏了{lost - saved}元：省下{saved}元，赔进去{lost}元" in guess("worth-it")["shows"]
    assert int(day["wrong"]) - int(day["expired_wrong"]) == 39
    assert f"双11那天答错{day['wrong']}句，{day['expired_wrong']}句用的是过期的知识" in PROSE


# What the guesses and the folded answers say of the demos


def test_the_editor_s_first_rules_do_what_is_said_of_them() -> None:
    def found(text: str) -> Report:
        return evaluate(KeywordBot(read_rules(text)), questions("测试"))

    lines = FIRST_RULES.splitlines()
    now, less = found(FIRST_RULES), found("\n".join(lines[:5] + lines[6:]))
    assert now.dispositions() == less.dispositions()  # 第6行从来轮不到
    first = [p.right for p in now.predictions if p.source == "第1行"]
    assert f"对{sum(first)}句、错{len(first) - sum(first)}句" in PROSE
    more = found(FIRST_RULES.replace("发货；", "发；发货；"))
    gained, spoilt = (
        more.dispositions()[part] - now.dispositions()[part] for part in ("答对", "答错")
    )
    shows = guess("add-word")["shows"]
    assert f"多答对{gained}句，也多答错{spoilt}句" in shows
    assert f"从{now.answered_right:.0%}掉到{more.answered_right:.0%}" in shows
    assert spoilt - gained == 4
    (why,) = (one["why"] for one in TRUTHS if one["id"] == "more-words")
    assert f"多答对{gained}句，也多答错{spoilt}句" in why


def test_one_letter_and_an_ear_mislead_as_told() -> None:
    said = shop_bot("keyword").reply("贵店周末休息吗")
    assert [clue.seen for clue in said.why] == ["贵"]
    assert "页面价已经是活动价，没有议价空间" in said.text
    assert "让您久等" in shop_bot("fuzzy").reply("四件套会不会吊色").text
    assert right_option("by-ear") == "抱歉让您久等"


def test_the_weights_stand_in_the_order_that_is_told() -> None:
    idf, order = shop_bot("weighted").texts.idf, guess("worth")["items"]  # type: ignore[union-attr]
    old = [set(grams(normal(q.text))) for q in shop_questions()]
    among = {word: sum(word in one for one in old) for word in order}
    assert list(among.values()) == sorted(among.values())
    assert sorted(order[:3], key=lambda word: -idf[word]) == order[:3]
    shows = guess("worth")["shows"]
    assert f"{len(old)}句里，{among['掉色']}句有“掉色”，{among['吗']}句有“吗”" in shows


def test_no_word_of_it_is_a_keyword_and_the_last_two_answer() -> None:
    replies = [shop_bot(g).reply("能不能货到了再付钱") for g in GENERATIONS]
    assert [reply.handoff for reply in replies] == [True, True, False, False]


def cheapest(harm: int, person: int) -> tuple[float, Report]:
    """The cheapest gate of the third bot."""

    def cost(step: int) -> float:
        ends = at(stored()["weighted"], step / 20, 0.1).dispositions()
        return ends["答错"] * harm + ends["转人工"] * person

    gate = min(range(21), key=cost) / 20
    return gate, at(stored()["weighted"], gate, 0.1)


def test_the_cheapest_gate_moves_as_told() -> None:
    assert f"从{cheapest(5, 2)[0]:.2f}走到{cheapest(20, 2)[0]:.2f}" in guess("gate")["shows"]
    gate, report = cheapest(5, 0)
    assert f"去了{gate:.2f}" in PROSE
    assert f"只剩{len(report.predictions) - report.dispositions()['转人工']}句自己答" in PROSE


def test_the_switches_of_the_folded_answer_meet_all_twelve() -> None:
    demo = handover()
    assert demo.result().count("12例对3") == 1
    assert "开出来的开关只对3例" in PROSE
    (answer,) = re.findall(r"几次没答上：2；.+?气死；投诉。", PROSE)
    said = dict(part.split("：") for part in re.split("。|；(?=生气|几分钟)", answer.rstrip("。")))
    names = {control.description: control for control in demo.controls.values()}
    names["几次没答上就转"].value = int(said["几次没答上"])
    names["生气、要投诉"].value = said["生气、要投诉"]
    names["几分钟没反应就转"].value = int(said["几分钟没反应"])
    for name in ("不要机器人的词", "信息安全的词", "紧急危险的词", "生气、投诉的词"):
        names[name].value = said[name]
    assert "12例对12" in demo.result()
    assert f"全都转，只对{sum(not t.fault('立刻转') for t in TRIALS)}例" in PROSE
    assert decide(TRIALS[1].moment, Switches(refusal=("人工",))).way == "立刻转"
    assert TRIALS[1].moment.said in guess("one-word")["ask"]
    assert "我好像过敏" in PROSE
    assert not handing_over("我好像过敏", said["紧急危险的词"].split("；"))


def test_the_writer_makes_up_what_is_told() -> None:
    texts = [write("亲，满", 3, seed) for seed in range(1, 21)]
    assert guess("made-up")["answer"] == sum(not source(text) for text in texts)
    assert any(text.startswith("亲，满88元包邮，首重18元") for text in texts)
    assert all(source(write("亲，满", 6, seed)) for seed in range(1, 21))


# The bots


def test_the_network_is_as_large_as_the_chapter_says() -> None:
    bot = shop_bot("neural")
    assert isinstance(bot, NeuralBot)
    assert f"加到{len(bot.network.out)}个**隐藏单元**" in PROSE
    size = (ROOT / "widgets/kefu/intelligence/network.json").stat().st_size
    assert abs(size - 320_000) < 10_000


def test_the_great_step_is_from_rules_to_examples() -> None:
    for style in STYLES:
        first, second, third, fourth = (REPORTS[g].of(style).accuracy for g in GENERATIONS)
        assert first < second < third < fourth
        assert 0.2 <= third - second <= 0.4
        assert fourth - third < 0.12


def test_the_intervals_of_the_last_two_overlap_and_those_of_rules_lie_below() -> None:
    for style in ("错字", "多意图"):
        spans = {g: REPORTS[g].of(style).interval(lambda r: r.accuracy) for g in GENERATIONS}
        assert (spans["neural"].low < spans["weighted"].high) is (style == "错字")
        assert spans["fuzzy"].high < spans["weighted"].low - 0.1


def test_question_by_question_the_last_is_better_than_chance_explains() -> None:
    pairs = list(zip(REPORTS["weighted"].predictions, REPORTS["neural"].predictions, strict=True))
    newer = sum(b.right and not a.right for a, b in pairs)
    older = sum(a.right and not b.right for a, b in pairs)
    assert f"只有第四代对的{newer}句，只有第三代对的{older}句" in PROSE


def test_family_by_family_it_is_53_to_18_and_about_one_in_25_000() -> None:
    found = paired(stored()["weighted"], stored()["neural"])
    assert guess("kin-wins")["answer"] == found.better
    assert f"有{found.better + found.worse}家" in guess("kin-wins")["ask"]
    assert f"赢{found.better}家，输{found.worse}家" in guess("kin-wins")["shows"]
    assert f"抛出{found.better}比{found.worse}" in PROSE
    assert f"抛{found.better + found.worse}枚硬币" in PROSE
    assert f"demos.coin_flips(better={found.better}, worse={found.worse})" in CODE
    assert 24_500 <= 1 / found.luck <= 26_500  # 约两万五千分之一
    shown = printed("paired(stored()")
    assert f"第四代更好：{found.better}家，第三代更好：{found.worse}家" in shown


def test_the_marks_in_the_text_are_the_bots() -> None:
    first, third, fourth = (REPORTS[g].accuracy for g in ("fuzzy", "weighted", "neural"))
    assert f"从{first:.0%}到{third:.0%}" in PROSE
    assert f"第三代{third:.0%}，第四代{fourth:.0%}" in PROSE
    assert round(REPORTS["neural"].wrong()[0].score, 2) == 0.96
    assert "钱包瘪了哪，儿能抠出几块" in REPORTS["neural"].wrong()[0].question.text
    assert round(REPORTS["weighted"].wrong()[0].score, 2) == 0.8
    assert all(REPORTS[g].wrong()[0].score == 1 for g in ("keyword", "fuzzy"))


def test_which_topic_is_answered_wrong_most_often_depends_on_the_bot() -> None:
    marks = load("13_explore.toml", "marks")
    for only, said in (({}, "{}最高，{}%"), ({"bot": "神经网络"}, "最高的是{}，{}%")):
        most = max(marks.by("topic", "wrong", only), key=lambda bar: bar.value)
        assert said.format(most.name.removesuffix("问题"), round(most.value)) in PROSE
    old = [marks.by("topic", "wrong", {"bot": bot}) for bot in ("关键词", "模糊匹配")]
    assert all(max(bars, key=lambda bar: bar.value).name == "售后问题" for bars in old)


def test_the_three_ends_of_a_question_add_up_to_all_of_them() -> None:
    marks = load("13_explore.toml", "marks")
    for place in range(len(GENERATIONS)):
        ends = [marks.by("bot", end)[place] for end in ("told", "wrong", "passed")]
        assert sum(bar.k for bar in ends) == ends[0].n


def test_the_two_gates_are_those_that_the_bots_come_with() -> None:
    third, fourth = shop_bot("weighted"), shop_bot("neural")
    assert f"线在{third.threshold:.2f}；第四代" in PROSE  # type: ignore[union-attr]
    assert f"（概率），线在{fourth.threshold:.2f}" in PROSE  # type: ignore[union-attr]


def test_the_guess_before_the_risk_words_is_answered_by_them() -> None:
    rung = {
        one["text"].strip("“”"): bool(risky(one["text"])) for one in guess("unheard")["options"]
    }
    assert list(rung.values()) == [True, True, False]
    assert right_option("unheard").strip("“”") == list(rung)[2]


def test_the_largest_cell_off_the_diagonal_is_named() -> None:
    cells = {k: n for k, n in REPORTS["neural"].confusion().items() if k[0] != k[1]}
    (meant, said), most = max(cells.items(), key=lambda cell: cell[1])
    assert sorted(cells.values())[-2] < most
    assert f"“{meant}”一行、“{said}”一列：{most}句" in PROSE
    assert right_option("mix-up") == said
    assert f"{most}句" in guess("mix-up")["shows"]
    bars = {bar.name: bar.k for bar in load("13_explore.toml", "mixed").by(
        "said", "share", {"bot": "神经网络", "meant": meant})}  # fmt: skip
    assert bars[said] == most


def test_ways_are_compared_on_families_held_out_from_training() -> None:
    flat, deep = map(int, re.findall(r"(\d+)%", printed("RidgeClassifier(")))
    assert flat >= deep
    shown = printed("by_page: []")
    page, single = re.findall(r"(\d+)%", shown)
    better, worse = re.findall(r"(\d+)家", shown)
    assert f"{page}%对{single}%" in PROSE
    assert f"{page}%对{single}%，{better}家更好，{worse}家更差" in guess("by-page")["shows"]
    ways = load("13_explore.toml", "ways")
    bars = {bar.name: round(bar.value) for bar in ways.by("way", "right")}
    assert bars == {"逐句比": int(single), "并成一篇比": int(page)}
    for style in STYLES:
        one, merged = (bar.value for bar in ways.by("way", "right", {"style": style}))
        assert (merged > one) is (style != "改写")


def test_no_variant_is_scored_on_the_test_questions() -> None:
    after = CODE[CODE.index("RidgeClassifier()") :]
    assert 'questions("测试")' not in after


def test_the_four_wrongs_of_the_opening_are_as_told() -> None:
    assert all(not shop_bot(g).reply("包邮吗？").handoff for g in GENERATIONS)
    assert shop_bot("keyword").reply("四件套会吊色吗").handoff
    for generation in GENERATIONS:
        assert shop_bot(generation).reply("我不要发票").source == "K196"
    second = shop_bot("weighted").reply("四件套会吊色吗").text
    assert "屏幕和光线" in second
    assert shop_bot("weighted").reply("围巾会掉色吗，对了，几天能到").also == ("物流问题",)
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
