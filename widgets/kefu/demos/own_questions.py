"""The four bots on a reader's own chats: he marks what is right, and sees how each does and what his base lacks.

The file is read where this Python runs, in the page or on his machine. All that he marks is in one hidden field, by
the text of the question, so that another sample, another column or a better file loses none of it.
"""

from __future__ import annotations

import re
from base64 import b64encode
from html import escape
from typing import Any

import ipywidgets as widgets

from kefu import data
from kefu.demos.core import Demo, table
from kefu.demos.hands import IntSlider, press
from kefu.demos.hands import labelled as labelled_row
from kefu.intelligence.bots import GENERATIONS, Generation, shop_bot
from kefu.intelligence.evaluation import Prediction
from kefu.intelligence.exam import Posed, sat
from kefu.intelligence.own_shop import (
    LABELS,
    PERSON,
    UNCLEAR,
    Columns,
    first_messages,
    guess_columns,
    key,
    label_of,
    labelled,
    lacks,
    own_marks,
    read_export,
    read_marks,
    read_pasted,
    sampled,
    speaker_column,
    speakers,
    write_marks,
    written,
)
from kefu.tables import Sheet

FILE, PASTED = "选的文件", "粘贴的文字"
AUTO, NONE = "（自动）", "（没有这一列）"
FIRST, EVERY = "每段头一句", "客人的每一句"
SHOWN = 8
"""How many of the lacking questions are listed; the download has all."""
CHATTED = (
    ("会话编号", "发送方", "发送时间", "消息内容"),
    ("1", "买家", "2026-03-02 09:10:05", "在不，想问下到贵阳几天"),
    ("1", "客服", "2026-03-02 09:10:31", "亲，一般四五天"),
    ("2", "买家", "2026-03-02 09:12:40", "这壶能放电磁炉上烧么"),
    ("2", "客服", "2026-03-02 09:13:02", "亲，可以的"),
    ("3", "买家", "2026-03-02 09:20:11", "我电话13900000000，换个收货人"),
    ("4", "买家", "2026-03-02 09:31:54", "那种的呢"),
    ("5", "买家", "2026-03-02 09:40:27", "杯盖拧不紧一直滴水，咋整"),
    ("6", "买家", "2026-03-02 09:44:03", "能开公司抬头不"),
    ("7", "买家", "2026-03-02 09:51:38", "收快递的时候能先看看再签不"),
    ("8", "买家", "2026-03-02 09:58:20", "你们收学徒吗"),
)
EXAMPLE = "".join(",".join(row) + "\n" for row in CHATTED)
"""An export as back offices write it, made up: what the demo opens with."""
PRIVATE = (
    "读它的只有跑这段Python的机器（网页里就是你的浏览器），不往别处送；七位以上的号码先打了码。"
)


def own_questions(pasted: str = EXAMPLE) -> Demo:
    """Return the demo with a pasted export or questions; ``ValueError`` from a bad one is shown in its place."""
    c: dict[str, Any] = {
        "file": widgets.FileUpload(accept=".csv,.tsv,.txt", description="选CSV文件"),
        "pasted": widgets.Textarea(
            value=pasted, rows=6, description="或者粘贴在这里", continuous_update=False
        ),
        "many": IntSlider(value=30, min=10, max=100, step=10, description="抽几句来标"),
        "source": widgets.Dropdown(options=(PASTED, FILE), value=PASTED, description="用哪一份"),
        "text": widgets.Dropdown(options=(AUTO,), value=AUTO, description="哪一列是问句"),
        "who": widgets.Dropdown(options=(AUTO, NONE), value=AUTO, description="哪一列写谁说的"),
        "customer": widgets.Dropdown(options=(AUTO,), value=AUTO, description="谁算客人"),
        "chat": widgets.Dropdown(options=(AUTO, NONE), value=AUTO, description="哪一列分会话"),
        "which": widgets.Dropdown(options=(FIRST, EVERY), value=FIRST, description="要哪些话"),
        "bot": widgets.Dropdown(
            options=[(name, generation) for generation, name in GENERATIONS.items()],
            value="neural",
            description="该补什么，看哪一代",
        ),
        "number": IntSlider(value=1, min=1, max=100, description="第几句"),
        "marks": widgets.Text(value="", description="标过的"),
    }

    def idle() -> set[str]:
        """Leave to the presses of the picture what they alone move; what was pasted is not read beside a file."""
        try:
            read = c["source"].value == FILE and bool(export())
        except ValueError:  # such a file takes nothing away
            read = False
        return {"marks", "number", *(("pasted",) if read else ())}

    def export() -> Sheet:
        if c["source"].value == FILE:
            if not c["file"].value:
                raise ValueError(
                    "file: expected a file（还没有选文件：按“选CSV文件”，或把“用哪一份”拨回粘贴的文字）"
                )
            (one, *_) = c["file"].value
            return read_export(bytes(one["content"]), one["name"])
        return read_pasted(c["pasted"].value)

    def columns(found: Sheet) -> Columns:
        known = {}
        for name in ("text", "who", "customer", "chat"):
            if c[name].value != AUTO:
                known[name] = "" if c[name].value == NONE else c[name].value
        return guess_columns(found, **known)

    def offer(_change: object = None) -> None:
        """Offer the columns of the file in the lists; what was chosen stays where the file has it."""
        try:
            found = export()
        except ValueError:
            return
        with demo.hold_refresh():
            for name in ("text", "who", "chat"):
                _offered(c[name], (AUTO, *([NONE] if name != "text" else []), *found.header))
            who = {AUTO: speaker_column(found), NONE: ""}.get(c["who"].value, c["who"].value)
            _offered(c["customer"], (AUTO, *(speakers(found, who) if who else ())))

    def chosen(source: str) -> None:
        with demo.hold_refresh():
            c["source"].value = source
            c["number"].value = 1
            offer()

    def drawn() -> tuple[tuple[Posed, ...], Columns, tuple[int, int]]:
        """Return the sample with its marks, the columns, and how many rows and questions there are."""
        try:
            found = export()
            where = columns(found)
            every = first_messages(found, where, every=c["which"].value == EVERY)
        except ValueError as error:
            raise ValueError(plainly(str(error))) from error
        kept = read_marks(c["marks"].value)
        items = tuple(
            labelled(one, kept.get(key(one.text), label_of(one)))
            for one in sampled(every, c["many"].value)
        )
        return items, where, (len(found.rows), len(every))

    def heard(item: Posed) -> str:
        """Return what each generation made of a question, in a table."""
        rows = []
        for generation, name in GENERATIONS.items():
            made = judged(generation, item.text)
            way = "转人工" if made.handoff else "自己答"
            rows.append([name, made.topic or "没有主意", f"{made.score:.2f}", way])
        return table(["哪一代", "听成", "把握", "怎么办"], rows)

    def status(items: tuple[Posed, ...], at: int) -> str:
        """Return what was done last: this mark, or the one before with what the four did, or what to do."""
        before = items[at - 1] if at else items[at]
        if label := label_of(items[at]):
            over = "都标完了，成绩在下面。" if all(map(label_of, items)) else ""
            return f"标成了{label}。{over}"
        if not (label := label_of(before)):
            return "先凭自己标；标了，再看四代怎么说。"
        done: dict[str, list[str]] = {}
        for generation, name in GENERATIONS.items():
            done.setdefault(did(judged(generation, before.text), before), []).append(name)
        made = "，".join(
            f"{'四代都' if len(done) == 1 else '、'.join(names)}{what}"
            for what, names in done.items()
        )
        return f"上一句标成了{label}：{made}。"

    def draw() -> str:
        items, _, (_, many) = drawn()
        at = min(c["number"].value, len(items)) - 1
        item, done = items[at], sum(bool(label_of(one)) for one in items)
        acts = [press("‹ 上一句", {"number": at})] if at else []
        if at + 1 < len(items):
            acts.append(press("下一句 ›", {"number": at + 2}, name="kefu-press kefu-onward"))
        return (
            "<div class='kefu-talk'>"
            f"<p class='kefu-when'>第{at + 1}句，共{len(items)}句（从{many}句里抽的）；标了{done}句</p>"
            f"<p class='kefu-asked'><small>{escape(item.number)}</small><br>{escape(item.text)}</p>"
            f"{labelled_row('其实是', buttons(at, item, len(items)))}"
            f"<p class='kefu-note' role='status'>{status(items, at)}</p>"
            f"{heard(item) if label_of(item) else ''}"
            f"<div class='kefu-acts'>{''.join(acts)}</div></div>"
        )

    def buttons(at: int, item: Posed, last: int) -> str:
        kept, now = read_marks(c["marks"].value), label_of(item)
        onward = min(at + 2, last)
        return "".join(
            press(label, {"marks": write_marks({**kept, key(item.text): label}), "number": onward},
                  on=label == now)
            for label in LABELS
        )  # fmt: skip

    def tell() -> str:
        items, where, (rows_read, many) = drawn()
        marked = [one for one in items if label_of(one)]
        how = (
            f"<p class='kefu-note'>{escape(where.told())}；不对就在“更多设置”里改。{PRIVATE}"
            f"“{UNCLEAR}”是缺前文、该反问的，“{PERSON}”是知识库里没有的。"
            "“把握”是对话题有几成把握；话题听出来了、找不到够像的答案，照样转人工。</p>"
        )
        if not marked:
            return (
                f"<p>读到{rows_read}行，取出客人的话{many}句（{c['which'].value}）。少得不像，先看谁算客人，认对没有；"
                f"对了就标，六类话题里按一类。</p>{how}"
            )
        made = {
            generation: [judged(generation, one.text) for one in marked]
            for generation in GENERATIONS
        }
        done = {
            name: own_marks(made[generation], marked) for generation, name in GENERATIONS.items()
        }
        rows = [[name, str(one.answered), str(one.right)] for name, one in done.items()]
        head = ["哪一代", "自己答了（覆盖）", "答了的里面对"]
        ought = next(iter(done.values())).held.of
        counts = "，".join(f"{name}{one.held.part}" for name, one in done.items())
        held = f"<p>不该答的{ought}句，忍住没答的：{counts}。</p>" if ought else ""
        few = "标得还少，区间很宽，先别下结论。" if len(marked) < 30 else ""
        data = b64encode(("\ufeff" + written(marked, made)).encode()).decode()
        load = (
            f"<p><a class='kefu-press' download='标过的问句.csv' href='data:text/csv;charset=utf-8;base64,{data}'>"
            "下载标过的</a></p>"
        )
        return (
            f"{table(head, rows, caption=f'标过的{len(marked)}句，括号里是95%区间')}"
            f"{held}<p class='kefu-note'>{few}对的是话题；答案是暖巷的，不是你店的。</p>"
            f"{lacking(made[c['bot'].value], marked)}{load}"
            f"<p class='kefu-note'>下次选这个文件，标记还在。</p>{how}"
        )

    def lacking(made: list[Prediction], marked: list[Posed]) -> str:
        name, found = GENERATIONS[c["bot"].value], lacks(made, marked)
        if not found:
            return f"<p>{name}：标过的都办对了，没有要补的。</p>"
        rows = [[one.item.text[:30], one.fault, one.todo] for one in found[:SHOWN]]
        more = f"，先列{SHOWN}句" if len(found) > SHOWN else ""
        return table(["问句", name, "知识库里补什么"], rows, caption=f"该补的{len(found)}处{more}")

    def code() -> str:
        if c["source"].value == FILE and c["file"].value:
            name = c["file"].value[0]["name"]
            taken = f"export = read_export(Path({name!r}).read_bytes())"
            top = "from pathlib import Path\n\n"
        else:
            taken, top = f"export = read_pasted({c['pasted'].value!r})", ""
        return (
            f"{top}from kefu.intelligence.bots import shop_bot\n"
            "from kefu.intelligence.exam import sat\n"
            "from kefu.intelligence.own_shop import (\n"
            "    first_messages, guess_columns, read_export, read_pasted,\n)\n\n"
            f"{taken}\nitems = first_messages(export, guess_columns(export))\n"
            'for item, one in zip(items, sat(shop_bot("neural"), items)):\n'
            "    print(item.text, one.topic, round(one.score, 2), one.handoff)"
        )

    demo = Demo("拿自己店的问句考四代", c, draw, tell, code, idle=idle)
    c["file"].observe(lambda _change: chosen(FILE), "value")
    c["pasted"].observe(lambda _change: chosen(PASTED), "value")
    for name in ("source", "who"):
        c[name].observe(offer, "value")
    offer()
    return demo


def did(made: Prediction, item: Posed) -> str:
    """Return in a word or two what a bot did with a marked question."""
    if item.need == "回答":
        if made.handoff:
            return "转了人工"
        return "对了" if made.topic == item.topic else f"答成{made.topic}"
    return "忍住了" if made.handoff else "硬答了"


def plainly(told: str) -> str:
    """Return what a reader of Chinese needs of an error's two languages.

    >>> plainly("file: expected a table, got 0（file应为有表头的表，收到0）")
    '要的是有表头的表，收到0'
    """
    found = re.search("（(.*)）$", told)
    said = (found[1] if found else told).removesuffix(f"，收到{''!r}")
    return re.sub("^[a-z]+应为", "要的是", said)


def _offered(control: widgets.Dropdown, options: tuple[str, ...]) -> None:
    """Give a list its choices anew, on the one it stands at where that is still among them."""
    kept = control.value if control.value in options else AUTO
    if tuple(control.options) != options:
        control.options = options
    control.value = kept


@data.cached
def judged(generation: Generation, text: str) -> Prediction:
    """Return what a bot of the book makes of a text; the same question is heard once."""
    (made,) = sat(shop_bot(generation), [Posed("", text)])
    return made
