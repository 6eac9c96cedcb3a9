"""Sphinx extension: the plain Markdown of a chapter gets the shapes that a reader of a page sees.

Notebooks hold no directives, so that they read well in JupyterLab too. What has a regular form in
them is told by that form, which CONTRIBUTING.md describes: the head of a chapter, talk in quotes,
good and bad answers, cards of rules, captions, parts that go into depth, and lines that ask the
reader to do something. The words all stay; a page gains classes, and ``web/assets/kefu.css`` the looks.

The cover has its list of chapters from the directive ``chapters``: parts with their chapters, such as
``02　售前准备``. A chapter whose page is in the book becomes a link to it; the others are marked as being written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from web import book

HEAD = ("学习目标", "用时", "先修")
GUEST = "客人"
ANSWERS = ("✗", "✓")
SPEAKER_END = re.compile(r"([\s★☆]*)：")
ASKED = re.compile(rf"{GUEST}：“(.+)”")
CAPTION = re.compile(r"图\d+-\d+")
RULE = "规则卡　"
NOTED = re.compile(r"（((?:[^（）]|（[^（）]*）)*\d{4}-\d{2}-\d{2}(?:整理)?)）$")
TRACK = re.compile(r"（(主线|进阶)）([；。]?)$")
TRY = re.compile(r"(改一改|动手)")
PARTS = {
    "情景": "scene",
    "动手": "hands-on",
    "小结": "recap",
    "工位卡": "desk-card",
    "进阶：": "advanced",
}
FORM = " data-questions="
NUMBER = re.compile(r"(第\d+章|实训)\s+")
EXERCISE = re.compile(r"(练习\d+) ?(★+) ?")
NUMBERED = re.compile(r"(\d\d)\s(.+)")
LEGEND = "{all}章里，{ready}章现在就能读，其余的正在写。"
ALL_THERE = "{ready}章现在就能读；读完，到实训里当一夜班。"
WRITING = "编写中"


def strong(paragraph: nodes.Node) -> str:
    """Return the bold words that a paragraph begins with, without what stands before them."""
    if not isinstance(paragraph, nodes.paragraph) or not paragraph.children:
        return ""
    first = paragraph[0]
    marks = ("", *ANSWERS)  # Markdown leaves an empty text before bold words that begin a line
    if isinstance(first, nodes.Text) and first.astext().strip() in marks and len(paragraph) > 1:
        first = paragraph[1]
    return first.astext() if isinstance(first, nodes.strong) else ""


def box(name: str, *children: nodes.Node) -> nodes.container:
    """Return a ``div`` with a class of its own; docutils' bare containers carry none else."""
    return nodes.container("", *children, classes=[name], is_div=True)


def head(document: nodes.document) -> None:
    """Put objectives, time and needs of a chapter into one box, and set its number apart."""
    section = next(document.findall(nodes.section), None)
    if section is None:
        return
    title = section[0]
    if found := NUMBER.match(title.astext()):
        number = nodes.inline("", found[0], classes=["chapter-number"])
        title[0:1] = [number, nodes.Text(title[0].astext()[found.end() :])]
    if not any(strong(child) == HEAD[0] for child in section):
        return
    start = next(i for i, child in enumerate(section) if strong(child) == HEAD[0])
    lists = (nodes.enumerated_list, nodes.bullet_list)
    kept = list(
        takewhile(lambda c: strong(c) in HEAD or isinstance(c, lists), section.children[start:])
    )
    for child in kept:
        section.remove(child)
    section.insert(start, box("chapter-head", *kept))
    for goal in section[start].findall(nodes.Text):
        if found := TRACK.search(goal):
            label = nodes.inline("", found[1], classes=["track-label"])
            goal.parent.replace(goal, [nodes.Text(goal[: found.start()] + found[2]), label])


def rule_cards(document: nodes.document) -> None:
    """Make a small card of each quote that begins ``**规则卡　[名称](…)**：``, its source set apart."""
    for quote in list(document.findall(nodes.block_quote)):
        if not quote.children or not strong(quote[0]).startswith(RULE):
            continue
        *_, title = (part for part in quote[0] if isinstance(part, nodes.strong))
        says = quote[0].children[quote[0].index(title) + 1 :]
        says[0] = nodes.Text(says[0].astext().removeprefix("："))
        title[0] = nodes.Text(title[0].astext().removeprefix(RULE))
        label = nodes.inline("", RULE.strip(), classes=["rule-label"])
        name = nodes.paragraph("", "", label, nodes.Text(" "), title, classes=["rule-name"])
        card = box("rule-card", name, nodes.paragraph("", "", *says), *quote.children[1:])
        end = card[-1][-1].astext()
        if found := NOTED.search(end):
            card[-1][-1] = nodes.Text(end[: found.start()])
            card += nodes.paragraph("", found[1], classes=["rule-source"])
        quote.replace_self(card)


def talk(document: nodes.document) -> None:
    """Make bubbles of each quote in which every paragraph begins with a speaker in bold."""
    for quote in list(document.findall(nodes.block_quote)):
        lines = [line for child in quote if (line := bubble(child)) is not None]
        if lines and len(lines) == len(quote.children):
            quote.replace_self(box("chat", *lines))


def bubble(line: nodes.Node) -> nodes.paragraph | None:
    """Return a line of talk, ``✗ **小满**：……`` or ``**客人“甲”** ★★★：……``, as a bubble."""
    speaker = strong(line)
    if not speaker:
        return None
    rest = list(line.children)
    mark = rest.pop(0).astext().strip() if isinstance(rest[0], nodes.Text) else ""
    found = SPEAKER_END.match(rest[1].astext()) if len(rest) > 1 else None
    if found is None:
        return None
    rest[1:2] = [nodes.Text(rest[1].astext()[found.end() :])]
    return said(speaker, rest[1:], mark=mark, stars=found[1].strip())


def said(
    speaker: str, words: Sequence[nodes.Node], *, mark: str = "", stars: str = ""
) -> nodes.paragraph:
    """Return one bubble: who speaks, and what."""
    classes = ["said", "guest" if speaker.startswith(GUEST) else "shop"]
    classes += {"✗": ["bad"], "✓": ["good"]}.get(mark, [])
    name = nodes.inline("", "", *([nodes.strong("", speaker)] if speaker else []), classes=["who"])
    if mark:
        name.insert(0, nodes.Text(f"{mark} " if speaker else mark))
    if stars:
        name += nodes.inline("", stars, classes=["stars"])
    name += nodes.inline("", "：", classes=["visually-hidden"])
    return nodes.paragraph(
        "", "", name, nodes.inline("", "", *words, classes=["says"]), classes=classes
    )


def cells(row: nodes.Node) -> list[nodes.Element]:
    """Return the cells of a table's row."""
    return list(row.findall(nodes.entry))


def inner(cell: nodes.Element) -> list[nodes.Node]:
    """Return what a table's cell says."""
    return [part for paragraph in cell for part in paragraph.children]


def answers(document: nodes.document) -> None:
    """Make bubbles of each table of good and bad answers, the reason below each."""
    for table in list(document.findall(nodes.table)):
        top, *rows = [cells(row) for row in table.findall(nodes.row)]
        if len(top) != 3 or not rows or any(row[0].astext() not in ANSWERS for row in rows):
            continue
        question = ASKED.fullmatch(top[1].astext())
        first: nodes.Node = nodes.paragraph("", top[1].astext(), classes=["moment"])
        if question:
            first = said(GUEST, [nodes.Text(question[1])])
        lines = [first]
        for mark, words, reason in rows:
            lines.append(said("", inner(words), mark=mark.astext()))
            label = nodes.strong("", f"{top[2].astext()}：")
            lines.append(nodes.paragraph("", "", label, *inner(reason), classes=["why"]))
        table.replace_self(box("chat answers", *lines))


def lines(document: nodes.document) -> None:
    """Name captions of pictures and lines that ask the reader to do something."""
    for paragraph in document.findall(nodes.paragraph):
        begins = strong(paragraph)
        if CAPTION.match(begins):
            paragraph["classes"].append("caption")
        elif isinstance(paragraph.parent, nodes.section) and TRY.match(
            begins or paragraph.astext()
        ):
            paragraph["classes"].append("try")
            for first in paragraph.findall(nodes.strong):
                first["classes"] += ["label"] if begins and first.astext() == begins else []


def forms(document: nodes.document) -> None:
    """Leave out the code of cells that only show questions: a quiz, a guess, statements to judge."""
    for cell in list(document.findall(nodes.container)):
        if cell.get("nb_element") == "cell_code" and any(
            FORM in raw.astext() for raw in cell.findall(nodes.raw)
        ):
            for code in [part for part in cell if "cell_input" in part.get("classes", [])]:
                cell.remove(code)


def parts(document: nodes.document) -> None:
    """Name the parts that all chapters have, and set the stars of an exercise apart."""
    for section in document.findall(nodes.section):
        title = section[0]
        for word, name in PARTS.items():
            if title.astext().startswith(word):
                section["classes"].append(name)
        found = EXERCISE.match(title.astext())
        if found and isinstance(title[0], nodes.Text):
            section["classes"].append("exercise")
            rest = title[0].astext()[found.end() :]
            stars = nodes.inline("", found[2], classes=["stars"])
            title[0:1] = [nodes.Text(f"{found[1]} "), stars, nodes.Text(f" {rest}")]


def shape(app: Sphinx, document: nodes.document) -> None:
    """Give a chapter its shapes, and any other notebook what it asks the reader to do."""
    if book.is_chapter(app.env.docname):
        for step in (head, rule_cards, talk, answers, lines, forms, parts):
            step(document)
    elif app.env.doc2path(app.env.docname).endswith(".ipynb"):
        lines(document)
        parts(document)


class Chapters(SphinxDirective):
    """``chapters``: nested lists of parts and of chapters by number."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the lists, with links to the chapters that are in the book."""
        box = nodes.container("", classes=["chapters"], is_div=True)
        self.state.nested_parse(self.content, self.content_offset, box)
        there = book.written(Path(self.env.srcdir))
        ready = {one.number: str(one.page) for one in there if one.page in self.env.found_docs}
        listed = [p for p in box.findall(nodes.paragraph) if NUMBERED.match(p.astext())]
        for paragraph in listed:
            self.mark(paragraph, ready)
        numbers = {p.astext()[:2] for p in listed}
        if missing := sorted(set(ready) - numbers):
            raise self.error(f"chapters: the list is without {'、'.join(missing)}")
        numbers -= {one.number for one in there if one.practice}
        legend, counted = LEGEND, len(numbers & set(ready))
        if len(numbers) == counted and any(one.practice for one in there):
            legend = ALL_THERE
        legend = legend.format(all=len(numbers), ready=counted)
        return [nodes.paragraph("", legend, classes=["chapters-legend"]), box]

    def mark(self, paragraph: nodes.paragraph, ready: dict[str, str]) -> None:
        """Make a chapter a link, or say that it is being written."""
        found = NUMBERED.fullmatch(paragraph.astext())
        assert found
        number, name = found.groups()
        paragraph.children.clear()
        paragraph += [nodes.inline("", number, classes=["number"]), nodes.Text(" ")]
        if number in ready:
            paragraph += addnodes.pending_xref(
                "", nodes.inline("", name), refdomain="std", reftype="doc", refexplicit=True,
                refwarn=True, refdoc=self.env.docname, reftarget=f"/{ready[number]}",
            )  # fmt: skip
        else:
            paragraph += [nodes.Text(name), nodes.inline("", WRITING, classes=["writing"])]


def dress(app: Sphinx, page: str, *_given: object) -> None:
    """Give the cover a style sheet of its own."""
    if page == app.config.root_doc:
        app.add_css_file("cover.css")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("doctree-read", shape)
    app.add_directive("chapters", Chapters)
    app.connect("html-page-context", dress)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
