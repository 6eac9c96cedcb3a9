from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest

from kefu.demos import Demo, rule_editor
from kefu.demos.bot_rules import FIRST_RULES, LISTED, split
from kefu.intelligence.bots import TOPICS, KeywordBot
from kefu.intelligence.evaluation import (
    STYLES,
    Report,
    conflicts,
    evaluate,
    questions,
    read_rules,
    write_rules,
)
from tests.demos.reading import (
    HOSTILE,
    Drawing,
    alert,
    bold,
    cells,
    parsed,
    run_code,
    set_to,
    settings,
)


def report_of(demo: Demo, rules: str = "") -> Report:
    v = {name: control.value for name, control in demo.controls.items()}
    asked = [q for q in questions(v["split"])
             if v["style"] in ("全部", q.style) and v["about"] in ("全部", q.topic)]  # fmt: skip
    return evaluate(KeywordBot(read_rules(write_rules(read_rules(rules or v["rules"])))), asked)


def assert_editor_agrees(demo: Demo) -> None:
    html, report = demo.result(), report_of(demo)
    rules = read_rules(write_rules(read_rules(demo.controls["rules"].value)))
    counts, size = report.dispositions(), len(report.predictions)
    words = parsed(html).select("p.kefu-formula")[0].get_text()
    assert bold(html)[-2:] == [f"{report.coverage:.1%}", f"{report.answered_right:.1%}"]
    assert f"{len(rules)}条规则，{size}个问句" in words
    assert f"答对{counts['答对']}，答错{counts['答错']}，转人工{counts['转人工']}" in words
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    bars = [e for e in drawing.root.iter("rect") if e.attrib["y"] == "22"]
    for bar, count in zip(bars, counts.values(), strict=True):
        assert float(bar.attrib["width"]) == pytest.approx(392 * count / size, abs=0.06)
    assert [text for text, *_ in drawing.texts()] == [f"{k}{n}" for k, n in counts.items()]
    found = conflicts(rules)
    if found:
        assert [row[1:3] for row in cells(html)] == [[c.winner, c.loser] for c in found[:8]]
    else:
        assert "没有冲突" in html
    assert_rows_agree(demo)


def assert_rows_agree(demo: Demo) -> None:
    report = report_of(demo)
    rules = read_rules(write_rules(read_rules(demo.controls["rules"].value)))
    rows = parsed(demo.result()).select("button.kefu-rule")
    for place, (row, rule) in enumerate(zip(rows, rules, strict=True)):
        told = [v for v in report.predictions if v.source == rule.source]
        right = sum(v.right for v in told)
        assert f"✓{right} ✗{len(told) - right}" in row.get_text()
        assert rule.topic in row.get_text()
        assert "；".join(rule.words) in row.get_text()
        assert rule.answer in row.get_text()
        chosen = place == demo.controls["row"].index
        assert row["aria-pressed"] == str(chosen).lower()
        if chosen:
            fields = [demo.controls[n].value for n in ("topic", "words", "answer", "priority")]
            assert fields == [rule.topic, "；".join(rule.words), rule.answer, rule.priority]


def hit(demo: Demo, word: str) -> Demo:
    """Press the button of the picture whose text holds ``word``."""
    (button,) = (b for b in parsed(demo.result()).select("[data-press]") if word in b.get_text())
    demo._picture.moved = {**json.loads(str(button["data-press"])), "": len(demo._picture.moved)}
    demo._picture.moved = {}
    return demo


def gain(demo: Demo) -> dict[str, str]:
    parts = parsed(demo.result()).select(".kefu-gain span")
    return dict(part.get_text().split() for part in parts)  # type: ignore[misc]


EDITS: dict[str, list[Any]] = {
    "topic": ["物流问题", "售后问题"],
    "words": ["包邮；运费；邮费", "包邮", "发"],
    "answer": ["满88元包邮，新疆、西藏和港澳台不参加。", "满88元包邮"],
    "row": [0, 3, 8],
    "priority": [0, 9, -9],
    "split": ["测试", "训练"],
    "style": ["全部", *STYLES],
    "about": ["全部", *TOPICS],
    "rules": [
        FIRST_RULES,
        "物流问题 | 发 | | 嗯",
        "物流问题 | 退 | 2 | 甲\n售后问题 | 退货 | | 乙\n活动优惠 | 退 | | 丙",
        "# 注释\n\n聊天互动 | 鼻烟壶 | | 没人会问",
    ],
}


def test_every_control_is_moved() -> None:
    assert list(EDITS) == list(rule_editor().controls)


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, vs in EDITS.items() for v in vs])
def test_after_each_edit_all_figures_are_the_models(name: str, value: Any) -> None:
    assert_editor_agrees(set_to(rule_editor(), **{name: value}))


@pytest.mark.parametrize("name", EDITS)
def test_each_control_changes_the_result(name: str) -> None:
    results = [set_to(rule_editor(), **{name: value}).result() for value in EDITS[name]]
    assert all(one != other for one, other in pairwise(results))


def test_the_three_fields_of_a_rule_stand_open_and_no_pipe_is_seen() -> None:
    demo = rule_editor()
    assert list(settings(demo.picture()))[:3] == ["话题", "关键词", "回答"]
    assert "|" not in parsed(demo.parts()[0]).get_text()


# A row is pressed, edited, moved


def test_a_row_that_is_pressed_loads_its_rule_into_the_fields() -> None:
    demo = hit(rule_editor(), "优惠券；便宜；满减")
    assert demo.controls["row"].index == 4
    assert demo.controls["words"].value == "优惠券；便宜；满减"
    assert demo.controls["rules"].value == FIRST_RULES  # nothing is edited by looking
    assert_editor_agrees(demo)


@pytest.mark.parametrize(
    ("word", "order", "row"),
    [("＋加行", None, 9), ("删掉", [0, 1, 3, 4, 5, 6, 7, 8], 2),
     ("上移", [0, 2, 1, 3, 4, 5, 6, 7, 8], 1), ("下移", [0, 1, 3, 2, 4, 5, 6, 7, 8], 3)],
)  # fmt: skip
def test_a_button_gives_the_rules_that_it_names(
    word: str, order: list[int] | None, row: int
) -> None:
    demo = hit(set_to(rule_editor(), row=2), word)
    old, new = read_rules(FIRST_RULES), read_rules(demo.controls["rules"].value)
    plain = [(r.words, r.topic, r.answer) for r in new]
    if order is None:
        assert plain[:-1] == [(r.words, r.topic, r.answer) for r in old]
    else:
        assert plain == [(old[n].words, old[n].topic, old[n].answer) for n in order]
    assert demo.controls["row"].index == row
    assert_editor_agrees(demo)


def test_the_first_row_goes_no_higher_and_the_last_rule_stays() -> None:
    demo = rule_editor("物流问题 | 发 | | 嗯")
    acts = [b.get_text() for b in parsed(demo.result()).select(".kefu-acts button")]
    assert acts == ["＋加行"]


def test_each_edit_shows_what_it_wins_and_loses_and_can_be_taken_back() -> None:
    demo = rule_editor()
    assert not gain(demo)
    set_to(demo, words="包邮；运费；邮费；发")
    now, before = report_of(demo).dispositions(), report_of(demo, FIRST_RULES).dispositions()
    sign = {k: now[k] - before[k] for k in now}
    shown = gain(demo)
    assert {k: int(v.replace("−", "-").replace("±", "")) for k, v in shown.items()} == sign
    assert sign["答错"] > 0
    (worse,) = parsed(demo.result()).select(".kefu-gain span.kefu-wrong")
    assert worse.get_text() == f"答错 +{sign['答错']}"
    hit(demo, "撤销")
    assert read_rules(demo.controls["rules"].value)[0].words == ("包邮", "运费", "邮费")
    assert gain(demo)["答错"] == f"−{sign['答错']}"  # what is taken back is an edit too
    assert_editor_agrees(demo)


def test_looking_at_other_questions_is_no_edit() -> None:
    demo = set_to(rule_editor(), words="包邮", split="训练")
    now, before = report_of(demo).dispositions(), report_of(demo, FIRST_RULES).dispositions()
    assert gain(demo)["答对"] == f"−{before['答对'] - now['答对']}"


@pytest.mark.parametrize(("part", "value"), [("words", "，；"), ("words", "？！"), ("answer", " ")])
def test_a_field_that_makes_no_rule_is_explained_and_the_rules_stay(part: str, value: str) -> None:
    demo = set_to(rule_editor(), **{part: value})
    assert part in alert(demo.result())
    assert demo.controls["rules"].value == FIRST_RULES
    assert len(parsed(demo.result()).select("button.kefu-rule")) == 9
    set_to(demo, row=1)
    assert not parsed(demo.result()).select("[role=alert]")
    assert_editor_agrees(demo)


@pytest.mark.parametrize(
    "text", ["包邮；运费", "包邮;运费", " 包邮，运费 ,", "包邮、运费", "包邮|运费｜"]
)
def test_keywords_may_be_parted_in_any_way(text: str) -> None:
    assert split(text) == ("包邮", "运费")


def test_a_priority_beyond_the_sliders_range_is_kept_while_another_field_is_edited() -> None:
    demo = set_to(rule_editor("物流问题 | 发 | 50 | 嗯"), answer="好")
    assert read_rules(demo.controls["rules"].value)[0].priority == 50


def test_many_rules_are_told_where_they_are_not_drawn() -> None:
    demo = rule_editor("".join(f"物流问题 | 词{n} | | 答\n" for n in range(LISTED + 5)))
    assert len(parsed(demo.result()).select("button.kefu-rule")) == LISTED
    assert f"共{LISTED + 5}行" in demo.result()


# The text of all rules


def test_rules_that_are_no_text_are_refused_in_both_languages() -> None:
    with pytest.raises(ValueError, match=r"rules: expected text, one rule a line.*rules应为"):
        rule_editor([FIRST_RULES])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("", "1 to 200"),
        ("包邮", "line 1"),
        ("天气 | 雨 | | 伞", "topic应为以下之一：聊天互动、商品问题"),
    ],
)
def test_a_wrong_rule_is_explained_and_kept(rules: str, said: str) -> None:
    demo = set_to(rule_editor(), rules=rules)
    assert said in alert(demo.result())
    assert demo.controls["rules"].value == rules
    set_to(demo, rules=FIRST_RULES)
    assert_editor_agrees(demo)


def test_the_text_can_be_read_again_after_an_edit() -> None:
    demo = set_to(rule_editor(), answer="满99元包邮")
    again = read_rules(demo.controls["rules"].value)
    assert again[0].answer == "满99元包邮"
    assert [r.words for r in again] == [r.words for r in read_rules(FIRST_RULES)]


@pytest.mark.parametrize("text", HOSTILE, ids=range(5))
def test_hostile_rules_become_no_markup(text: str) -> None:
    for demo in (
        set_to(rule_editor(), rules=f"物流问题 | {text} | | {text}"),
        set_to(rule_editor(), answer=text),
        set_to(rule_editor(), words=text.strip(";")),
    ):
        assert not parsed(demo.picture()).select("img")
        assert "onerror=alert(1)>" not in demo.picture().replace("&gt;", "")


def test_the_words_of_test_questions_are_never_shown() -> None:
    rules = "聊天互动 | 鼻烟壶 | | 没人会问"
    tested = set_to(rule_editor(), rules=rules).result()
    assert not any(q.text in tested for q in questions("测试") if len(q.text) > 5)
    trained = set_to(rule_editor(), rules=rules, split="训练").result()
    assert any(q.text in trained for q in questions("训练") if len(q.text) > 5)


def test_the_code_gives_the_same_counts() -> None:
    demo = set_to(rule_editor(), style="错字", about="物流问题")
    printed, _ = run_code(demo)
    assert str(report_of(demo).dispositions()) in printed


def test_every_control_has_a_label_and_stands_in_the_picture() -> None:
    demo = rule_editor()
    labels = [control.description for control in demo.controls.values()]
    assert all(labels)
    assert list(settings(demo.picture())) == labels
