"""The chat of the four bots: one message goes to all, and each shows what it took it for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import ipywidgets as widgets

from kefu import data
from kefu.demos.core import Demo
from kefu.demos.hands import Line
from kefu.intelligence.bots import GENERATIONS, Clue, Reply, shop_bot
from kefu.language import normal

EXAMPLES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "包邮吗？": ("物流问题", ("K206", "K283")),
    "四件套会吊色吗": ("商品问题", ("K066",)),
    "我不要发票": ("购买操作", ()),
    "能不能货到了再付钱": ("购买操作", ("K191", "K272")),
    "卡里一分没见着，打算拖到什么时候": ("售后问题", ("K219",)),
    "围巾会掉色吗，对了，几天能到": ("商品问题", ("K067",)),
    "贵店周末休息吗": ("聊天互动", ("K002",)),
    "再这样我就投诉了": ("售后问题", ()),
    "今晚月色真好": ("聊天互动", ()),
}
"""Messages, each with the topic that it is about and the entries of the book's shop that answer it."""

OWN = "自己写的"
SHOWN, WINDOW = 40, 60
MARKED = frozenset({"关键词", "同义", "同音", "错字", "风险词", "词权重", "特征"})
"""The kinds of clues that were seen in the message itself."""


def bot_chat(text: str = next(iter(EXAMPLES))) -> Demo:
    """Return the chat window in which one message goes to all four bots, set to ``text``."""
    c = {
        "text": Line(
            value=text,
            placeholder="像客人那样打字",
            description="客人说",
            continuous_update=False,
        ),
        "example": widgets.Dropdown(
            options=(OWN, *EXAMPLES),
            value=text if text in EXAMPLES else OWN,
            description="或挑一句",
        ),
    }

    def chosen(_change: object) -> None:
        if c["example"].value != OWN:
            c["text"].value = c["example"].value

    def written(_change: object) -> None:
        c["example"].value = c["text"].value if c["text"].value in EXAMPLES else OWN

    c["example"].observe(chosen, "value")
    c["text"].observe(written, "value")

    def replies() -> dict[str, Reply]:
        return {name: shop_bot(g).reply(c["text"].value) for g, name in GENERATIONS.items()}

    def draw() -> str:
        said = str(c["text"].value)
        windows = "".join(
            window(n, name, said, reply) for n, (name, reply) in enumerate(replies().items(), 1)
        )
        key = "<p class='kefu-key'><mark>标亮</mark>的，是每一代看见的字</p>"
        return f"{key}<div class='kefu-chat'>{windows}</div>"

    def tell() -> str:
        said = str(c["text"].value)
        first: dict[str, int] = {}
        whys = "".join(
            account(n, name, said, reply, first.setdefault(reply.text, n))
            for n, (name, reply) in enumerate(replies().items(), 1)
        )
        return f"{whys}<p class='kefu-note'>话题对了，不等于答对了。</p>"

    def code() -> str:
        return (
            "from kefu.intelligence.bots import GENERATIONS, shop_bot\n\n"
            f"text = {c['text'].value!r}\n"
            "for generation in GENERATIONS:\n"
            "    reply = shop_bot(generation).reply(text)\n"
            "    print(generation, reply.topic, reply.text)"
        )

    return Demo("一句话，四代机器人", c, draw, tell, code)


def window(number: int, name: str, said: str, reply: Reply) -> str:
    """Return one bot's chat window: the message as it saw it, its answer, and how that went."""
    look, word, _ = outcome(said, reply)
    return (
        f"<section class='kefu-bot kefu-{look}' aria-label='第{number}代 {name}'>"
        f"<p class='kefu-bot-head'><b>第{number}代·{name}</b> "
        f"<span class='kefu-{look}'>{word}</span></p>"
        f"<p class='kefu-asked'>{seen(brief(said, WINDOW), reply.why) or '（还没写）'}</p>"
        f"<p class='kefu-said'>{escape(reply.text)}</p></section>"
    )


def outcome(said: str, reply: Reply) -> tuple[str, str, str]:
    """Return how an answer went, as a look, a word and more; right or wrong only where it is known."""
    if reply.handoff:
        return "passed", "→转人工", ""
    if said not in EXAMPLES:
        return "told", "自己答", ""
    topic, entries = EXAMPLES[said]
    if reply.topic != topic:
        return "wrong", "✗答错", f"这一句先问的是{topic}"
    if not data.is_book("knowledge"):
        return "right", "✓话题对", ""
    return (
        ("right", "✓答对", "") if reply.source in entries else ("wrong", "✗答错", "话题对，话不对")
    )


def seen(text: str, why: Sequence[Clue]) -> str:
    """Return a message with what a bot saw in it marked; all of it is escaped.

    Clues are of the normalised text: each of its characters is traced back to where it came from.
    """
    letters = [(letter, place) for place, one in enumerate(text) for letter in normal(one)]
    plain = "".join(letter for letter, _ in letters)
    lit: set[int] = set()
    for word in {clue.seen for clue in why if clue.kind in MARKED and clue.seen}:
        start = plain.find(word)
        while start >= 0:
            lit.update(place for _, place in letters[start : start + len(word)])
            start = plain.find(word, start + 1)
    parts = (f"<mark>{escape(c)}</mark>" if n in lit else escape(c) for n, c in enumerate(text))
    return "".join(parts).replace("</mark><mark>", "")


def account(number: int, name: str, said: str, reply: Reply, first: int) -> str:
    """Return what one bot made of the message: topic, how sure it is, its whole answer, reasons.

    ``first`` is the first bot that gave this answer: it is not said in full twice.
    """
    look, word, more = outcome(said, reply)
    verdict = f"<b class='kefu-{look}'>{word}</b>{f'，{more}' if more else ''}"
    topic = escape(reply.topic) if reply.topic else "没认出话题"
    also = f"，还听到{'、'.join(map(escape, reply.also))}" if reply.also else ""
    source = f"，出自{escape(reply.source)}" if reply.source else ""
    answer = escape(reply.text) if first == number else f"回答和第{first}代一样。"
    return (
        f"<section class='kefu-why'><p><b>第{number}代·{name}</b> {topic}{also}｜"
        f"把握{reply.score:.2f}｜{verdict}{source}</p><p>{answer}</p>{reasons(reply.why)}</section>"
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
    found = f"“{escape(brief(clue.seen, SHOWN))}”"
    if clue.kind in ("词权重", "相似问句"):
        return f"{found}{clue.weight:.2f}"
    if clue.kind == "特征":
        return f"{found}+{clue.weight:.2f}"
    if clue.kind == "概率":
        return f"{escape(clue.taken)}{clue.weight:.0%}"
    if clue.kind in ("关键词", "风险词"):
        led = escape(clue.taken if clue.kind == "风险词" else clue.topic or clue.taken)
        return f"{found}→{led}"
    return f"{found}当作“{escape(clue.taken)}”→{escape(clue.topic)}"


def brief(text: str, most: int) -> str:
    """Return a text that is not too long to show."""
    return text if len(text) <= most else f"{text[:most]}……（共{len(text)}字）"
