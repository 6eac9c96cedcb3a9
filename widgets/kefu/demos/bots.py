"""Three demos of the bots: the four side by side, a rule editor, where to hand over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape

import ipywidgets as widgets

from kefu.demos.core import Demo, table
from kefu.demos.svg import WIDTH, Frame, chart
from kefu.errors import expected
from kefu.intelligence.bots import (
    GENERATIONS,
    TOPICS,
    Clue,
    KeywordBot,
    KeywordRule,
    Reply,
    shop_bot,
)
from kefu.intelligence.evaluation import (
    STYLES,
    Disposition,
    Report,
    at,
    conflicts,
    evaluate,
    questions,
    read_rules,
    stored,
    write_rules,
)

EXAMPLES = (
    "包邮吗？",
    "四件套会吊色吗",
    "我不要发票",
    "就买一双袜子，路费谁出",
    "卡里一分没见着，打算拖到什么时候",
    "围巾会掉色吗，对了，几天能到",
    "再这样我就投诉了",
    "今晚月色真好",
)
SHOWN = 40


def bot_chat(text: str = EXAMPLES[0]) -> Demo:
    """Return the chat window in which one message goes to all four bots, set to ``text``."""
    c = {
        "example": widgets.Dropdown(
            options=EXAMPLES,
            value=text if text in EXAMPLES else EXAMPLES[0],
            description="挑一句",
        ),
        "text": widgets.Text(
            value="" if text in EXAMPLES else text,
            placeholder="像客人那样打字，写了就用这一句",
            description="或自己写",
            continuous_update=False,
        ),
    }

    def asked() -> str:
        return str(c["text"].value or c["example"].value)

    def view() -> str:
        said = escape(brief(asked(), 120))
        replies = {name: shop_bot(g).reply(asked()) for g, name in GENERATIONS.items()}
        answers = "".join(bubble(n, name, reply) for n, (name, reply) in
                          enumerate(replies.items(), 1))  # fmt: skip
        return f"<div class='kefu-chat'><p class='kefu-asked'>{said}</p>{answers}</div>"

    def code() -> str:
        return (
            "from kefu.intelligence.bots import GENERATIONS, shop_bot\n\n"
            f"text = {asked()!r}\n"
            "for generation in GENERATIONS:\n"
            "    reply = shop_bot(generation).reply(text)\n"
            "    print(generation, reply.topic, reply.text)"
        )

    return Demo("一句话，四代机器人", c, view, code)


def bubble(number: int, name: str, reply: Reply) -> str:
    """Return one bot's answer with its reasons."""
    topic = escape(reply.topic) if reply.topic else "没认出话题"
    also = f"，还听到{'、'.join(map(escape, reply.also))}" if reply.also else ""
    sure = f"把握{reply.score:.2f}"
    person = "<b class='kefu-wrong'>转人工</b>" if reply.handoff else "自己答"
    source = f"，出自{escape(reply.source)}" if reply.source else ""
    return (
        f"<section class='kefu-bot' aria-label='第{number}代 {name}'><p class='kefu-bot-head'>"
        f"<b>第{number}代·{name}</b> {topic}{also}｜{sure}｜{person}{source}</p>"
        f"<p class='kefu-said'>{escape(reply.text)}</p>{reasons(reply.why)}</section>"
    )


def reasons(why: Sequence[Clue]) -> str:
    """Return the reasons of an answer in words, each kind on a line."""
    if not why:
        return "<p class='kefu-note'>为什么：没有一个认识的词。</p>"
    kinds: dict[str, list[str]] = {}
    for clue in why[:8]:
        kinds.setdefault(clue.kind, []).append(reason(clue))
    lines = "<br>".join(
        f"{escape(kind)}：{'；'.join(dict.fromkeys(parts))}" for kind, parts in kinds.items()
    )
    return f"<p class='kefu-note'>{lines}</p>"


def reason(clue: Clue) -> str:
    """Return one reason: what was seen, what for, how much it counts."""
    seen = f"“{escape(brief(clue.seen, SHOWN))}”"
    if clue.kind in ("词权重", "相似问句"):
        return f"{seen}{clue.weight:.2f}"
    if clue.kind == "特征":
        return f"{seen}+{clue.weight:.2f}"
    if clue.kind == "概率":
        return f"{escape(clue.taken)}{clue.weight:.0%}"
    if clue.kind in ("关键词", "风险词"):
        led = escape(clue.taken if clue.kind == "风险词" else clue.topic or clue.taken)
        return f"{seen}→{led}"
    return f"{seen}当作“{escape(clue.taken)}”→{escape(clue.topic)}"


def brief(text: str, most: int) -> str:
    """Return a text that is not too long to show."""
    return text if len(text) <= most else f"{text[:most]}……（共{len(text)}字）"


FIRST_RULES = """物流问题 | 包邮；运费；邮费 | | 满88元包邮，新疆、西藏和港澳台不参加。
物流问题 | 发货；几天到；快递 | | 付款后24小时内上传单号，48小时内发货。
售后问题 | 退货；退款；换货 | | 请在订单页申请，同意后会显示退货地址。
售后问题 | 运费险 | | 退货成功后自动赔付到支付宝。
活动优惠 | 优惠券；便宜；满减 | | 店铺满300减40，先领券再付款。
活动优惠 | 退货 | | 活动商品同样支持七天无理由退货。
购买操作 | 付款；发票；下单 | | 订单页里可以付款、申请开票。
商品问题 | 尺码；掉色；材质 | | 请告诉我是哪一款，马上为您查。
聊天互动 | 在吗；你好；谢谢 | | 亲，在的，请说。"""


def rule_editor(rules: str = FIRST_RULES) -> Demo:
    """Return the editor of keyword rules, checked at once on the shop's real test questions."""
    c = {
        "rules": widgets.Textarea(
            value=rules, rows=11, description="规则", continuous_update=False
        ),
        "split": widgets.Dropdown(
            options=[("考试题（测试）", "测试"), ("练习题（训练）", "训练")],
            description="在哪份题上看",
        ),
        "style": widgets.Dropdown(options=("全部", *STYLES), description="哪种问句"),
        "topic": widgets.Dropdown(options=("全部", *TOPICS), description="哪类话题"),
    }

    def report() -> Report:
        asked = [
            q
            for q in questions(c["split"].value)
            if c["style"].value in ("全部", q.style) and c["topic"].value in ("全部", q.topic)
        ]
        return evaluate(KeywordBot(read_rules(c["rules"].value)), asked)

    def view() -> str:
        mine = read_rules(c["rules"].value)
        found = report()
        counts, size = found.dispositions(), len(found.predictions)
        right, wrong = counts["答对"], counts["答错"]
        figures = (
            f"<p class='kefu-formula'>{len(mine)}条规则，{size}个问句：覆盖率 = "
            f"({right}+{wrong})÷{size} = <b>{found.coverage:.1%}</b><br>"
            f"答对{right}，答错{wrong}，转人工{counts['转人工']}；"
            f"答了的里面答对<b>{found.answered_right:.1%}</b></p>"
        )
        return (
            figures
            + bars(found)
            + clashes(mine)
            + effects(mine, found)
            + missed(found, c["split"].value)
            + export(mine)
        )

    def code() -> str:
        picked = [
            f"q.{name} == {c[name].value!r}"
            for name in ("style", "topic")
            if c[name].value != "全部"
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

    return Demo("规则编辑器：写一条，看一条", c, view, code)


def bars(report: Report) -> str:
    """Return how many questions were answered right, wrong, or handed over, as one bar."""
    counts, size = report.dispositions(), len(report.predictions)
    styles = {"答对": "bar", "答错": "bar bar2", "转人工": "rest"}
    parts, x = [], 10.0
    for name, count in counts.items():
        wide = (WIDTH - 20) * count / size
        parts.append(
            f"<rect class='{styles[name]}' x='{x:.1f}' y='26' width='{wide:.1f}' height='22'/>"
        )
        x += wide
    text = "，".join(f"{name}{count}" for name, count in counts.items())
    parts.append(f"<text x='10' y='16'>{text}（深色、橙色、浅色）</text>")
    return chart(f"条形图：{text}", *parts, height=54)


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


def effects(rules: Sequence[KeywordRule], report: Report) -> str:
    """Return what each rule did: how often it answered, and how often its topic was right."""
    told = Counter(one.source for one in report.predictions)
    right = Counter(one.source for one in report.predictions if one.right)
    more = f"，只列前30条，共{len(rules)}条" if len(rules) > 30 else ""
    rows = [
        [rule.source, brief("；".join(rule.words), SHOWN), str(told[rule.source]),
         str(right[rule.source])]
        for rule in rules[:30]
    ]  # fmt: skip
    return table(["规则", "关键词", "命中", "话题对"], rows, caption=f"每条规则的功劳{more}")


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


def export(rules: Sequence[KeywordRule]) -> str:
    """Return the rules as text to copy."""
    text = escape(write_rules(rules))
    return f"<details><summary>导出规则（复制到文件）</summary><pre class='kefu-code'>{text}</pre></details>"


STEPS = tuple(n / 20 for n in range(21))


def threshold_explorer(generation: str = "weighted") -> Demo:
    """Return the explorer of thresholds on what a bot makes of the shop's test questions."""
    if generation not in GENERATIONS:
        raise ValueError(expected("generation", f"one of {(*GENERATIONS,)}",
                                  f"以下之一：{(*GENERATIONS,)}", generation))  # fmt: skip
    c = {
        "bot": widgets.Dropdown(
            options=[(name, key) for key, name in GENERATIONS.items()],
            value=generation,
            description="哪一代",
        ),
        "threshold": widgets.FloatSlider(
            value=0.3, min=0, max=1, step=0.05, description="阈值", readout_format=".2f"
        ),
        "ambiguity": widgets.FloatSlider(
            value=0.1, min=0, max=1, step=0.05, description="歧义边际", readout_format=".2f"
        ),
        "harm": widgets.IntSlider(value=5, min=0, max=20, description="答错一次（元）"),
        "person": widgets.IntSlider(value=2, min=0, max=20, description="转人工（元）"),
    }

    def report(threshold: float) -> Report:
        return at(stored()[c["bot"].value], threshold, c["ambiguity"].value)

    def cost(counts: Mapping[Disposition, int]) -> float:
        spent: int = counts["答错"] * c["harm"].value + counts["转人工"] * c["person"].value
        return spent / sum(counts.values())

    def view() -> str:
        now = report(c["threshold"].value)
        counts, size = now.dispositions(), len(now.predictions)
        wrong, passed = counts["答错"], counts["转人工"]
        harm, person = c["harm"].value, c["person"].value
        every = {step: report(step).dispositions() for step in STEPS}
        costs = {step: cost(every[step]) for step in STEPS}
        best = min(STEPS, key=lambda step: costs[step])
        advice = (
            "这样的价钱，哪个阈值都一样"
            if len(set(costs.values())) == 1
            else f"这样的价钱，阈值{best:.2f}最省（{costs[best]:.2f}元）"
        )
        formula = (
            f"<p class='kefu-formula'>把握低于{c['threshold'].value:.2f}，或领先不到"
            f"{c['ambiguity'].value:.2f}，就转人工。{size}个问句：答对{counts['答对']}，"
            f"答错{counts['答错']}，转人工{counts['转人工']}<br>"
            f"每句代价 = ({wrong}×{harm} + {passed}×{person})÷{size} = <b>{cost(counts):.2f}元</b>；"
            f"{advice}</p>"
        )
        return formula + bars(now) + curves(every, c["threshold"].value) + by_topic(now)

    def code() -> str:
        return (
            "from kefu.intelligence.evaluation import at, stored\n\n"
            f'report = at(stored()["{c["bot"].value}"], threshold={c["threshold"].value:g},\n'
            f"            ambiguity={c['ambiguity'].value:g})\n"
            "print(report.dispositions(), report.coverage, report.answered_right)"
        )

    return Demo("什么时候该转人工", c, view, code)


def curves(every: Mapping[float, Mapping[Disposition, int]], threshold: float) -> str:
    """Return the shares answered right and wrong against the threshold, with the reader's on it."""
    kinds: tuple[Disposition, ...] = ("答对", "答错")
    shares = {
        kind: [(step, 100 * counts[kind] / sum(counts.values())) for step, counts in every.items()]
        for kind in kinds
    }
    here = min(every, key=lambda step: abs(step - threshold))
    right = next(y for x, y in shares["答对"] if x == here)
    frame = Frame(1.0, 100.0)
    return chart(
        f"阈值{here:.2f}时答对{right:.1f}%；实线是答对的比例，虚线是答错的比例，随阈值变化",
        frame.axes("阈值", "占全部问句（%）：实线答对，虚线答错"),
        frame.path(shares["答对"], "line"),
        frame.path(shares["答错"], "second"),
        frame.dot((here, right), f"答对{right:.1f}%"),
    )


def by_topic(report: Report) -> str:
    """Return the three outcomes for each topic."""
    rows = []
    for topic in TOPICS:
        part = Report(
            tuple(v for v in report.predictions if v.question.topic == topic)
        ).dispositions()
        rows.append([topic, *(str(part[name]) for name in ("答对", "答错", "转人工"))])
    return table(["话题", "答对", "答错", "转人工"], rows, caption="按话题看")
