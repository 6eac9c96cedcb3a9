"""The editor of keyword rules: a row a rule, and what each edit wins and loses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape
from typing import Any

import ipywidgets as widgets

from kefu.demos.bots import SHOWN, brief
from kefu.demos.core import Demo, table
from kefu.demos.hands import IntSlider, press
from kefu.demos.svg import WIDTH, chart, legend
from kefu.errors import need
from kefu.intelligence.bots import TOPICS, KeywordBot, KeywordRule
from kefu.intelligence.evaluation import (
    STYLES,
    Disposition,
    Report,
    conflicts,
    evaluate,
    questions,
    read_rules,
    write_rules,
)

FIRST_RULES = """物流问题 | 包邮；运费；邮费 | | 满88元包邮，新疆、西藏和港澳台不参加。
物流问题 | 发货；几天到；快递 | | 付款后24小时内上传单号，48小时内发货。
售后问题 | 退货；退款；换货 | | 请在订单页申请，同意后会显示退货地址。
售后问题 | 运费险 | | 退货成功后自动赔付到支付宝。
活动优惠 | 优惠券；便宜；满减 | | 店铺满300减40，先领券再付款。
活动优惠 | 退货 | | 活动商品同样支持七天无理由退货。
购买操作 | 付款；发票；下单 | | 订单页里可以付款、申请开票。
商品问题 | 尺码；掉色；材质 | | 请告诉我是哪一款，马上为您查。
聊天互动 | 在吗；你好；谢谢 | | 亲，在的，请说。"""


LISTED = 30
"""How many rules are drawn as rows; the rest is told."""
NEW = KeywordRule(("新关键词",), TOPICS[0], "在这里写回答。")
OUTCOMES: Mapping[Disposition, str] = {"答对": "bar", "答错": "bar bar2", "转人工": "rest"}


def rule_editor(rules: str = FIRST_RULES) -> Demo:
    """Return the editor of keyword rules, checked at once on the shop's real test questions.

    ``rules`` is the text of all rules, as `read_rules` reads it; the first three controls are the parts
    of the rule chosen, and what is pressed in the picture gives the text that it leads to. Raises
    ``ValueError`` for what is no text.
    """
    need("rules", isinstance(rules, str), "text, one rule a line", "一行一条规则的文字", rules)
    c: dict[str, Any] = {
        "topic": widgets.Dropdown(options=TOPICS, description="话题"),
        "words": widgets.Text(
            description="关键词", placeholder="几个词用；隔开", continuous_update=False
        ),
        "answer": widgets.Text(description="回答", continuous_update=False),
        "row": widgets.Dropdown(options=[("第1行", 0)], description="改哪一行"),
        "priority": IntSlider(value=0, min=-9, max=9, description="优先级"),
        "split": widgets.Dropdown(
            options=[("考试题（测试）", "测试"), ("练习题（训练）", "训练")],
            description="在哪份题上看",
        ),
        "style": widgets.Dropdown(options=("全部", *STYLES), description="哪种问句"),
        "about": widgets.Dropdown(options=("全部", *TOPICS), description="哪类话题"),
        "rules": widgets.Textarea(
            value=rules, rows=11, description="导入、导出", continuous_update=False
        ),
    }
    state: dict[str, Any] = {"before": rules, "fault": "", "filling": False}

    def fill(_change: object = None) -> None:
        """Show the rule chosen in its fields; a text that cannot be read leaves them as they were."""
        try:
            mine = read_rules(c["rules"].value)
        except ValueError:
            return
        state["filling"], state["fault"] = True, ""
        place = min(c["row"].index or 0, len(mine) - 1)
        named = [(f"第{n}行 {brief('；'.join(r.words), 12)}", n - 1) for n, r in enumerate(mine, 1)]
        if c["row"].options != tuple(named):
            c["row"].options = named
        c["row"].index = place
        rule = mine[place]
        c["topic"].value, c["answer"].value = rule.topic, rule.answer
        c["words"].value, c["priority"].value = "；".join(rule.words), rule.priority
        state["filling"] = False

    def edited(change: Any) -> None:
        """Put the field that the reader changed into the rule chosen, or say what is wrong with it."""
        if state["filling"]:
            return
        part = next(name for name, one in c.items() if one is change["owner"])
        try:
            mine = list(read_rules(c["rules"].value))
            value = change["new"]
            if part == "words":
                value = split(value)
            place = c["row"].index
            mine[place] = replace(mine[place], **{part: value})
        except ValueError as error:
            state["fault"] = str(error)
            return
        c["rules"].value = write_rules(mine)
        fill()

    def rewritten(change: Any) -> None:
        state["before"] = change["old"]
        fill()

    def chosen(_change: object) -> None:
        if not state["filling"]:
            fill()

    for name in ("topic", "words", "answer", "priority"):
        c[name].observe(edited, "value")
    c["rules"].observe(rewritten, "value")
    c["row"].observe(chosen, "index")
    fill()

    @lru_cache(maxsize=8)
    def judged(text: str, asked: Any) -> Report:
        return evaluate(KeywordBot(read_rules(text)), questions(asked))

    def report(text: str) -> Report:
        every = judged(write_rules(read_rules(text)), c["split"].value).predictions
        style, topic = c["style"].value, c["about"].value
        return Report(
            tuple(
                p
                for p in every
                if style in ("全部", p.question.style) and topic in ("全部", p.question.topic)
            )
        )

    def change() -> tuple[Report, Report]:
        now = report(c["rules"].value)
        try:
            return now, report(state["before"])
        except ValueError:  # what stood there before could not be read
            return now, now

    def draw() -> str:
        now, before = change()
        mine = read_rules(c["rules"].value)
        fault = state["fault"]
        said = f"<p class='kefu-error' role='alert'>{escape(fault)}</p>" if fault else ""
        undo = state["before"] if state["before"] != c["rules"].value else ""
        return (
            bars(now)
            + said
            + gains(now, before, not undo)
            + buttons(mine, c["row"].index, undo)
            + rows(mine, now, c["row"].index)
        )

    def tell() -> str:
        now = report(c["rules"].value)
        mine = read_rules(write_rules(read_rules(c["rules"].value)))
        counts, size = now.dispositions(), len(now.predictions)
        right, wrong = counts["答对"], counts["答错"]
        figures = (
            f"<p class='kefu-formula'>{len(mine)}条规则，{size}个问句：覆盖率 = "
            f"({right}+{wrong})÷{size} = <b>{now.coverage:.1%}</b><br>"
            f"答对{right}，答错{wrong}，转人工{counts['转人工']}；"
            f"答了的里面答对<b>{now.answered_right:.1%}</b></p>"
        )
        return figures + clashes(mine) + missed(now, c["split"].value)

    def code() -> str:
        picked = [
            f"q.{name} == {c[key].value!r}"
            for name, key in (("style", "style"), ("topic", "about"))
            if c[key].value != "全部"
        ]
        only = f"\n         if {' and '.join(picked)}" if picked else ""
        return (
            "from kefu.intelligence.bots import KeywordBot\n"
            "from kefu.intelligence.evaluation import (\n"
            "    conflicts, evaluate, questions, read_rules)\n\n"
            f"rules = read_rules({c['rules'].value!r})\n"
            f'asked = [q for q in questions("{c["split"].value}"){only}]\n'
            "report = evaluate(KeywordBot(rules), asked)\n"
            "print(report.dispositions(), conflicts(rules))"
        )

    return Demo("规则编辑器：写一条，看一条", c, draw, tell, code)


def split(words: str) -> tuple[str, ...]:
    """Return the keywords of a field, however the reader parted them."""
    for sign in ";,，、|｜":
        words = words.replace(sign, "；")
    return tuple(word.strip() for word in words.split("；") if word.strip())


def bars(report: Report) -> str:
    """Return how many questions were answered right, wrong, or handed over, as one bar."""
    counts, size = report.dispositions(), len(report.predictions)
    parts, x = [], 4.0
    for name, look in OUTCOMES.items():
        wide = (WIDTH - 8) * counts[name] / size
        parts.append(f"<rect class='{look}' x='{x:.1f}' y='22' width='{wide:.1f}' height='22'/>")
        x += wide
    text = "，".join(f"{name}{count}" for name, count in counts.items())
    names = legend(*((look, f"{name}{counts[name]}") for name, look in OUTCOMES.items()), y=14)
    return chart(f"条形图：{text}", *parts, names, height=48)


def gains(now: Report, before: Report, undone: bool) -> str:
    """Return what the last edit won and lost; before the first, how to edit."""
    if undone:
        return "<p class='kefu-gain'>点一行，改它的三个格子：每改一次，这里说多答对几句、多答错几句。</p>"
    found, old = now.dispositions(), before.dispositions()
    parts = []
    for name in OUTCOMES:
        more = found[name] - old[name]
        good = {"答对": more, "答错": -more}.get(name, 0)
        look = "right" if good > 0 else "wrong" if good < 0 else "even"
        parts.append(f"<span class='kefu-{look}'>{name} {plus(more)}</span>")
    return f"<p class='kefu-gain' role='status'>这一改：{' '.join(parts)}</p>"


def plus(value: int) -> str:
    """Return a change with its sign: +3, −1, ±0."""
    return f"+{value}" if value > 0 else f"−{-value}" if value else "±0"


def rows(rules: Sequence[KeywordRule], report: Report, chosen: int) -> str:
    """Return a row to press for each rule: topic, keywords, answer, and what it did."""
    told = Counter(one.source for one in report.predictions)
    right = Counter(one.source for one in report.predictions if one.right)
    shown = []
    for place, rule in enumerate(rules[:LISTED]):
        source = f"第{place + 1}行"
        wrong = told[source] - right[source]
        words = (
            f"<b>{place + 1}</b> <span class='kefu-topic'>{rule.topic}</span> "
            f"<span>{escape(brief('；'.join(rule.words), SHOWN))}</span>"
            f"<small><span class='kefu-right'>✓{right[source]}</span> "
            f"<span class='kefu-wrong'>✗{wrong}</span> {escape(brief(rule.answer, SHOWN))}</small>"
        )
        shown.append(press(words, {"row": place}, name="kefu-press kefu-rule", on=place == chosen))
    more = (
        f"<p class='kefu-note'>只列前{LISTED}行，共{len(rules)}行。</p>"
        if len(rules) > LISTED
        else ""
    )
    return f"<div class='kefu-rules' role='group' aria-label='规则，一行一条'>{''.join(shown)}</div>{more}"


def buttons(rules: Sequence[KeywordRule], chosen: int, undo: str) -> str:
    """Return what can be done with the row chosen, and undone: each button gives the rules that it leads to."""
    rest = [rule for place, rule in enumerate(rules) if place != chosen]

    def moved(to: int) -> dict[str, object]:
        return {"rules": write_rules([*rest[:to], rules[chosen], *rest[to:]]), "row": to}

    last = len(rules) - 1
    parts = [press("＋加行", {"rules": write_rules([*rules, NEW]), "row": last + 1})]
    if rest:
        parts.append(press("删掉", {"rules": write_rules(rest), "row": min(chosen, last - 1)}))
    if chosen > 0:
        parts.append(press("↑上移", moved(chosen - 1)))
    if chosen < last:
        parts.append(press("↓下移", moved(chosen + 1)))
    if undo:
        parts.append(press("撤销", {"rules": undo}))
    return f"<div class='kefu-acts'>{''.join(parts)}</div>"


def clashes(rules: Sequence[KeywordRule]) -> str:
    """Return the conflicts between rules, those that only their order decides set off."""
    found = conflicts(rules)
    if not found:
        return "<p class='kefu-note'>没有冲突：不同话题的规则没有抢同一个词。</p>"
    rows = [
        [one.word if one.word == one.inside else f"{one.word} ⊂ {one.inside}",
         one.winner, one.loser, "写在前面" if one.open else "优先级高或词更长"]
        for one in found[:8]
    ]  # fmt: skip
    more = f"，只列前8处，共{len(found)}处" if len(found) > 8 else ""
    loose = sum(one.open for one in found)
    title = f"冲突{len(found)}处，其中{loose}处只靠先后决定{more}"
    return table(["抢的词", "赢的规则", "输的规则", "凭什么"], rows, caption=title)


def missed(report: Report, split: str) -> str:
    """Return some questions that no rule knew; those of the test stay unseen, or it is none."""
    if split == "测试":
        return "<p class='kefu-note'>考试题只给成绩，不给原文：看过的题就不算考试了。想看没认出的句子，切到练习题。</p>"
    found = [v.question.text for v in report.predictions if not v.topic][
        :: max(1, len(report.predictions) // 8)
    ]
    if not found:
        return "<p class='kefu-note'>句句都有规则认得。</p>"
    shown = "；".join(escape(brief(text, SHOWN)) for text in found[:6])
    return f"<p class='kefu-note'>没有规则认得的，例如：{shown}。</p>"
