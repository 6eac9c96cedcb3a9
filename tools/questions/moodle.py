"""Moodle XML, as ``question/format/xml`` of Moodle reads it; 排序题 need Moodle 4.5, which has ordering.

Older Moodles read it where the plugin ``qtype_ordering`` is installed. Every reason of the quiz stays:
of an option at the option, of a usual wrong number at that number, the rest as general feedback.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from tools.questions.items import AGAIN, Item, plain

PART = {1: "100", 2: "50", 3: "33.33333", 4: "25", 5: "20"}
"""What one of so many is worth, in the digits that Moodle's list of grades has."""


def _text(text: str) -> str:
    """Return a text as HTML in a CDATA section."""
    html = f"<p>{escape(text, quote=False)}</p>".replace("]]>", "]]&gt;")
    return f"<text><![CDATA[{html}]]></text>"


def _html(tag: str, text: str) -> str:
    return f'    <{tag} format="html">{_text(text)}</{tag}>'


def _answer(fraction: str, text: str, why: str, *more: str, html: bool = True) -> str:
    form = "html" if html else "moodle_auto_format"
    shown = _text(text) if html else f"<text>{escape(text)}</text>"
    feedback = f'<feedback format="html">{_text(why)}</feedback>' if why else ""
    return f'    <answer fraction="{fraction}" format="{form}">{shown}{feedback}{"".join(more)}</answer>'


def _choice(item: Item) -> Iterable[str]:
    options = item.question["options"]
    right = sum(one["right"] for one in options)
    single = item.question["kind"] == "single"
    minus = "0" if single else f"-{PART[len(options) - right]}"
    yield f"    <single>{str(single).lower()}</single>"
    yield "    <shuffleanswers>true</shuffleanswers>"
    yield "    <answernumbering>ABCD</answernumbering>"
    yield _html("correctfeedback", "对。")
    yield _html("partiallycorrectfeedback", "看看选项后面的理由，再想一想。")
    yield _html("incorrectfeedback", "不对。看看选项后面的理由，再想一想。")
    for one in options:
        yield _answer(PART[right] if one["right"] else minus, one["text"], one["why"])


def _number(item: Item) -> Iterable[str]:
    told = item.question
    tolerance = f"<tolerance>{plain(told['tolerance'])}</tolerance>"
    yield _answer("100", plain(told["answer"]), told["why"], tolerance, html=False)
    for trap in told.get("traps", ()):
        yield _answer("0", plain(trap["value"]), trap["why"], tolerance, html=False)
    yield _answer("0", "*", AGAIN, "<tolerance>0</tolerance>", html=False)
    if told["unit"]:
        yield ("    <units><unit><multiplier>1</multiplier>"
               f"<unit_name>{escape(told['unit'])}</unit_name></unit></units>")  # fmt: skip
    yield "    <unitgradingtype>0</unitgradingtype>"
    yield "    <unitpenalty>0.1</unitpenalty>"
    yield f"    <showunits>{0 if told['unit'] else 3}</showunits>"
    yield "    <unitsleft>0</unitsleft>"


def _order(item: Item) -> Iterable[str]:
    steps = item.question["items"]
    yield "    <layouttype>VERTICAL</layouttype>"
    yield "    <selecttype>ALL</selecttype>"
    yield f"    <selectcount>{len(steps)}</selectcount>"
    yield "    <gradingtype>ABSOLUTE_POSITION</gradingtype>"
    yield "    <showgrading>SHOW</showgrading>"
    yield "    <numberingstyle>none</numberingstyle>"
    yield _html("correctfeedback", "对。")
    yield _html("partiallycorrectfeedback", "有几项在对的位置上，再挪一挪。")
    yield _html("incorrectfeedback", "没有一项在对的位置上，再挪一挪。")
    for place, step in enumerate(steps, start=1):
        yield _answer(str(place), step, "")


TYPES = {
    "single": ("multichoice", _choice),
    "multiple": ("multichoice", _choice),
    "number": ("numerical", _number),
    "order": ("ordering", _order),
}


def _question(item: Item) -> str:
    kind, parts = TYPES[item.question["kind"]]
    several = "（多选）" if item.question["kind"] == "multiple" else ""
    tags = "".join(f"<tag><text>{escape(one)}</text></tag>" for one in (item.point, item.level))
    return "\n".join([
        f'  <question type="{kind}">',
        f"    <name><text>{escape(item.number)}</text></name>",
        _html("questiontext", item.question["ask"] + several),
        _html("generalfeedback", item.right),
        "    <defaultgrade>1</defaultgrade>", "    <penalty>0.3333333</penalty>", "    <hidden>0</hidden>",
        f"    <idnumber>{escape(item.number)}</idnumber>",
        *parts(item), f"    <tags>{tags}</tags>", "  </question>",
    ])  # fmt: skip


def category(*names: str) -> str:
    """Return the path of a category; a stroke in a name is doubled, as Moodle asks."""
    return "/".join(("$course$", "top", *(name.replace("/", "//") for name in names)))


def xml(groups: Sequence[tuple[str, Sequence[Item]]], top: str = "网店客服") -> str:
    """Return a file of questions, each group in a category of its name below ``top``."""
    parts = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    for name, group in groups:
        path = escape(category(top, name))
        parts.append(
            f'  <question type="category"><category><text>{path}</text></category></question>'
        )
        parts += map(_question, group)
    return "\n".join([*parts, "</quiz>", ""])
