from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest

from kefu.demos import Demo, bot_chat, rule_editor, threshold_explorer
from kefu.demos.bots import EXAMPLES, FIRST_RULES, STEPS, brief
from kefu.intelligence.bots import GENERATIONS, TOPICS, KeywordBot, shop_bot
from kefu.intelligence.evaluation import (
    STYLES,
    Report,
    at,
    conflicts,
    evaluate,
    questions,
    read_rules,
    stored,
)
from tests.demos.reading import Drawing, alert, bold, cells, parsed, run_code, settings, tags

MARKUP = "<img src=x onerror=alert(1)>包邮&amp;"
HOSTILE = [MARKUP, "包邮" * 5000, "😂" * 300, "\x00\x1b[31m\u202e", "'\"{x}\\n%s"]


def set_to(demo: Demo, **values: Any) -> Demo:
    for name, value in values.items():
        demo.controls[name].value = value
        assert demo.controls[name].value == value
    return demo


# The chat window


def assert_chat_agrees(demo: Demo, text: str) -> None:
    page = parsed(demo.result())
    bots = page.select("section.kefu-bot")
    assert page.select_one("p.kefu-asked").get_text() == brief(text, 120)  # type: ignore[union-attr]
    assert len(bots) == 4
    for number, (part, generation) in enumerate(zip(bots, GENERATIONS, strict=True), 1):
        reply = shop_bot(generation).reply(text)
        head, said, why = (p.get_text() for p in part.select("p"))
        assert head.startswith(f"第{number}代·{GENERATIONS[generation]}")
        assert (reply.topic or "没认出话题") in head
        assert f"把握{reply.score:.2f}" in head
        assert ("转人工" in head) is reply.handoff
        assert said == reply.text
        for clue in reply.why[:8]:
            assert clue.kind in why
            assert brief(clue.seen, 40) in why
        if not reply.why:
            assert "没有一个认识的词" in why


@pytest.mark.parametrize("text", EXAMPLES)
def test_each_example_shows_what_the_four_bots_say_and_why(text: str) -> None:
    assert_chat_agrees(set_to(bot_chat(), example=text), text)


@pytest.mark.parametrize("text", ["快递到哪了", "能不能便宜点", "？？"])
def test_what_the_reader_writes_goes_to_all_four(text: str) -> None:
    assert_chat_agrees(set_to(bot_chat(), text=text), text)
    assert_chat_agrees(bot_chat(text), text)


def test_an_emptied_line_goes_back_to_the_example() -> None:
    demo = set_to(bot_chat(), text="快递到哪了")
    set_to(demo, text="", example=EXAMPLES[2])
    assert_chat_agrees(demo, EXAMPLES[2])


@pytest.mark.parametrize("text", HOSTILE, ids=range(5))
def test_hostile_messages_become_no_markup_in_the_chat(text: str) -> None:
    plain = tags(set_to(bot_chat(), text="今晚月色真好").result())
    demo = set_to(bot_chat(), text=text)
    assert {name for name, _ in tags(demo.result())} <= {name for name, _ in plain} | {"br"}
    assert len(demo.result()) < 20_000
    assert "onerror=alert(1)>" not in demo.picture()


def test_the_chats_code_gives_the_same_answers() -> None:
    text = "羊毛围巾'会\"掉色吗"
    printed, _ = run_code(set_to(bot_chat(), text=text))
    for generation in GENERATIONS:
        assert shop_bot(generation).reply(text).text in printed


def test_the_examples_show_what_each_generation_adds() -> None:
    answered = {
        text: [not shop_bot(g).reply(text).handoff for g in GENERATIONS] for text in EXAMPLES
    }
    assert answered["四件套会吊色吗"][:2] == [False, True]
    assert all(answered["包邮吗？"])
    assert not any(answered["再这样我就投诉了"])


# The rule editor


def report_of(demo: Demo) -> Report:
    v = {name: control.value for name, control in demo.controls.items()}
    asked = [q for q in questions(v["split"])
             if v["style"] in ("全部", q.style) and v["topic"] in ("全部", q.topic)]  # fmt: skip
    return evaluate(KeywordBot(read_rules(v["rules"])), asked)


def assert_editor_agrees(demo: Demo) -> None:
    html, report = demo.result(), report_of(demo)
    rules = read_rules(demo.controls["rules"].value)
    counts = report.dispositions()
    words = parsed(html).select("p.kefu-formula")[0].get_text()
    assert bold(html)[:2] == [f"{report.coverage:.1%}", f"{report.answered_right:.1%}"]
    assert f"{len(rules)}条规则，{len(report.predictions)}个问句" in words
    assert f"答对{counts['答对']}，答错{counts['答错']}，转人工{counts['转人工']}" in words
    assert_bar_agrees(html, report)
    found = conflicts(rules)
    place = 0
    if found:
        assert [row[1:3] for row in cells(html)] == [[c.winner, c.loser] for c in found[:8]]
        place = 1
    else:
        assert "没有冲突" in html
    for row, rule in zip(cells(html, place), rules, strict=True):
        told = [v for v in report.predictions if v.source == rule.source]
        assert row[0] == rule.source
        assert row[2:] == [str(len(told)), str(sum(v.right for v in told))]


def assert_bar_agrees(html: str, report: Report) -> None:
    drawing = Drawing(html)
    widths = [float(bar.attrib["width"]) for bar in drawing.root.iter("rect")]
    assert sum(widths) == pytest.approx(380, abs=0.2)
    for width, count in zip(widths, report.dispositions().values(), strict=True):
        assert width == pytest.approx(380 * count / len(report.predictions), abs=0.06)
    drawing.assert_labels_inside()


EDITS: dict[str, list[Any]] = {
    "rules": [
        FIRST_RULES,
        "物流问题 | 发 | | 嗯",
        "物流问题 | 退 | 2 | 甲\n售后问题 | 退货 | | 乙\n活动优惠 | 退 | | 丙",
        "聊天互动 | 鼻烟壶 | | 没人会问",
    ],
    "split": ["测试", "训练"],
    "style": ["全部", *STYLES],
    "topic": ["全部", *TOPICS],
}


def test_every_control_of_the_editor_is_moved() -> None:
    assert set(EDITS) == set(rule_editor().controls)


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in EDITS.items() for v in vs])
def test_after_each_edit_all_figures_are_the_models(name: str, value: Any) -> None:
    assert_editor_agrees(set_to(rule_editor(), **{name: value}))


@pytest.mark.parametrize("name", EDITS)
def test_each_control_of_the_editor_changes_the_result(name: str) -> None:
    results = [set_to(rule_editor(), **{name: value}).result() for value in EDITS[name]]
    assert all(one != other for one, other in pairwise(results))


@pytest.mark.parametrize(
    ("rules", "said"),
    [("", "1 to 200"), ("包邮", "line 1"), ("天气 | 雨 | | 伞", "六类话题之一")],
)
def test_a_wrong_rule_is_explained_and_kept(rules: str, said: str) -> None:
    demo = set_to(rule_editor(), rules=rules)
    assert said in alert(demo.result())
    assert demo.controls["rules"].value == rules


def test_what_is_exported_can_be_read_again() -> None:
    text = parsed(rule_editor().result()).select_one("details pre")
    assert text is not None
    again = read_rules(text.get_text())
    assert [(r.words, r.topic, r.answer) for r in again] == [
        (r.words, r.topic, r.answer) for r in read_rules(FIRST_RULES)
    ]


@pytest.mark.parametrize("text", HOSTILE, ids=range(5))
def test_hostile_rules_become_no_markup(text: str) -> None:
    demo = set_to(rule_editor(), rules=f"物流问题 | {text} | | {text}")
    assert "<img" not in demo.picture()
    assert "onerror=alert(1)>" not in demo.picture().replace("&gt;", "")


def test_the_words_of_test_questions_are_never_shown() -> None:
    rules = "聊天互动 | 鼻烟壶 | | 没人会问"
    tested = set_to(rule_editor(), rules=rules).result()
    assert not any(q.text in tested for q in questions("测试") if len(q.text) > 5)
    trained = set_to(rule_editor(), rules=rules, split="训练").result()
    assert any(q.text in trained for q in questions("训练") if len(q.text) > 5)


def test_the_editors_code_gives_the_same_counts() -> None:
    demo = set_to(rule_editor(), style="错字", topic="物流问题")
    printed, _ = run_code(demo)
    assert str(report_of(demo).dispositions()) in printed


# The explorer of thresholds

MOVES: dict[str, list[Any]] = {
    "bot": list(GENERATIONS),
    "threshold": [0.0, 0.3, 0.55, 0.7, 1.0],
    "ambiguity": [0.0, 0.1, 0.5, 1.0],
    "harm": [0, 5, 20],
    "person": [0, 2, 20],
}


def assert_explorer_agrees(demo: Demo) -> None:
    v = {name: control.value for name, control in demo.controls.items()}
    html = demo.result()

    def report(threshold: float) -> Report:
        return at(stored()[v["bot"]], threshold, v["ambiguity"])

    def cost(found: Report) -> float:
        counts = found.dispositions()
        return (counts["答错"] * v["harm"] + counts["转人工"] * v["person"]) / len(
            found.predictions
        )

    now = report(v["threshold"])
    counts = now.dispositions()
    words = parsed(html).select("p.kefu-formula")[0].get_text()
    assert f"答对{counts['答对']}，答错{counts['答错']}，转人工{counts['转人工']}" in words
    assert bold(html) == [f"{cost(now):.2f}元"]
    found = re.search(r"阈值([\d.]+)最省（([\d.]+)元）", words)
    costs = {cost(report(s)) for s in STEPS}
    assert ("哪个阈值都一样" in words) is (len(costs) == 1) is (found is None)
    if found:
        assert float(found[2]) == pytest.approx(min(costs), abs=0.006)
        assert cost(report(float(found[1]))) == pytest.approx(float(found[2]), abs=0.006)
    assert_bar_agrees(html, now)
    second = html[html.index("</svg>") + 6 :]
    drawing = Drawing(second)
    drawing.assert_labels_inside()
    x, y = drawing.data(drawing.dot)
    assert x == pytest.approx(v["threshold"], abs=0.01)
    assert y == pytest.approx(100 * counts["答对"] / len(now.predictions), abs=0.5)
    for style, name in (("line", "答对"), ("second", "答错")):
        for point in drawing.line(style)[::5]:
            step, share = drawing.data(point)
            there = report(min(1.0, max(0.0, round(step * 20) / 20)))
            assert share == pytest.approx(
                100 * there.dispositions()[name] / len(there.predictions),
                abs=0.5,  # type: ignore[literal-required]
            )
    rows = cells(html)
    assert [row[0] for row in rows] == list(TOPICS)
    for column, name in enumerate(("答对", "答错", "转人工"), 1):
        assert sum(int(row[column]) for row in rows) == counts[name]  # type: ignore[literal-required]


def test_every_control_of_the_explorer_is_moved() -> None:
    assert set(MOVES) == set(threshold_explorer().controls)


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in MOVES.items() for v in vs])
def test_after_each_move_all_numbers_are_the_models(name: str, value: Any) -> None:
    assert_explorer_agrees(set_to(threshold_explorer(), **{name: value}))


@pytest.mark.parametrize("name", MOVES)
def test_each_control_of_the_explorer_changes_the_result(name: str) -> None:
    results = [set_to(threshold_explorer(), **{name: value}).result() for value in MOVES[name]]
    assert all(one != other for one, other in pairwise(results))


@pytest.mark.parametrize("name", ["threshold", "ambiguity", "harm", "person"])
def test_each_slider_is_moved_from_end_to_end(name: str) -> None:
    control = threshold_explorer().controls[name]
    assert {control.min, control.max} <= set(MOVES[name])


def test_the_explorers_code_gives_the_same_counts() -> None:
    printed, _ = run_code(set_to(threshold_explorer("neural"), threshold=0.55))
    assert str(at(stored()["neural"], 0.55, 0.1).dispositions()) in printed


def test_an_unknown_generation_is_refused() -> None:
    with pytest.raises(ValueError, match="generation"):
        threshold_explorer("fifth")


# All three


@pytest.mark.parametrize("make", [bot_chat, rule_editor, threshold_explorer])
def test_every_control_has_a_label_and_stands_in_the_picture(make: Any) -> None:
    demo = make()
    labels = [control.description for control in demo.controls.values()]
    assert all(labels)
    assert list(settings(demo.picture())) == labels
