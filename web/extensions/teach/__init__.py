"""Sphinx extension: pages for teachers, one beside each chapter, ``NN_teach.md``, and the teacher's room.

A chapter leads to its page for teachers at its end, where no student stumbles over it, and that page
back to the chapter. The room, ``book/teach``, has what they all say in one place, read from them at
each build (``sources.py``), by directives:

=============  =======================================================================
``teachers``   a list of the pages for teachers that are there
``calendar``   a term: each line ``WEEK CHAPTER 一 二 机房`` or ``WEEK HOURS what | is handed in | is brought``
``roles``      each chapter's role cards and its observer's table, to print and cut
``rubrics``    how each chapter is graded
``cards``      each chapter's card to print, one a sheet
=============  =======================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from web import book, build
from web.extensions.teach import sources

CLIENT = Path(__file__).parent / "client"
LAB = "机房"
LINE = re.compile(r"(\d+)\s+(?:(\d\d)((?:\s+(?:一|二|机房))+)|(\d)\s+(.+))")
HEAD = "| 周 | 学时 | 内容 | 课上做什么 | 交什么 | 学生准备什么 |\n|---|---|---|---|---|---|"
PRINT = (
    '<p class="card-bar noprint"><button type="button" class="teach-print">只印这一章</button></p>'
)


def leading(document: str, page: str, words: str) -> nodes.Node:
    """Return a link from a document to a page of the book."""
    return addnodes.pending_xref(
        "", nodes.inline("", words), refdomain="std", reftype="doc", refexplicit=True,
        refwarn=True, refdoc=document, reftarget=f"/{page}",
    )  # fmt: skip


def lead(app: Sphinx, document: nodes.document) -> None:
    """Put the links between a chapter and its page for teachers."""
    here, top = app.env.docname, next(document.findall(nodes.section), None)
    if top is None:
        return
    for one in book.written(Path(app.srcdir)):
        chapter, teach = str(one.page), one.teach
        if teach not in app.env.found_docs:
            continue
        if here == chapter:
            words = leading(here, teach, "这一章的教师页")
            line = nodes.paragraph(
                "", "给老师：", words, nodes.Text("。"), classes=["for-teachers"]
            )
            top.append(line)
        elif here == teach:
            words = leading(here, chapter, f"{one.label}　{one.title}")
            line = nodes.paragraph(
                "", "配合这一章：", words, nodes.Text("。"), classes=["for-teachers"]
            )
            top.insert(1, line)


class Teachers(SphinxDirective):
    """``teachers``: a list of the pages for teachers that are there."""

    def run(self) -> list[nodes.Node]:
        """Return the list, or a line that there is none yet."""
        here, found = self.env.docname, nodes.bullet_list("", bullet="-")
        for one in book.written(Path(self.env.srcdir)):
            if one.teach in self.env.found_docs:
                words = leading(here, one.teach, f"{one.label}　{one.title}")
                found += nodes.list_item("", nodes.paragraph("", "", words))
        return [found if found.children else nodes.paragraph("", "各章的教师页还在写。")]


class Gathered(SphinxDirective):
    """A directive that makes what the chapters say into parts of a page of the room."""

    def chapters(self) -> Iterator[tuple[book.Chapter, str]]:
        """Yield the chapters whose pages for teachers are in the book, with the text of these."""
        root = Path(self.env.srcdir)
        for one in book.written(root):
            if one.teach in self.env.found_docs:
                page = root / f"{one.teach}.md"
                self.env.note_dependency(str(page))
                yield one, page.read_text(encoding="utf-8")

    def parsed(self, text: str) -> list[nodes.Node]:
        """Return what a piece of Markdown is in this page."""
        made = nodes.Element()
        self.state.nested_parse(StringList(text.splitlines(), ""), 0, made)
        return list(made.children)

    def link(self, one: book.Chapter, words: str) -> str:
        """Return a link to a chapter's page for teachers, as Markdown."""
        return f"[{words}](/{one.teach}.md)"

    def section(self, one: book.Chapter, *children: nodes.Node) -> nodes.section:
        """Return a part of the page with a chapter's title."""
        title = nodes.title("", f"{one.label}　{one.title}")
        name = f"{self.name}-{one.number}"
        made = nodes.section("", title, *children, ids=[name], names=[name])
        made["classes"].append("teach-part")
        return made


def box(name: str, *children: nodes.Node) -> nodes.container:
    """Return a ``div`` with a class of its own."""
    return nodes.container("", *children, classes=[name], is_div=True)


class Roles(Gathered):
    """``roles``: the role cards of all chapters, with the observers' tables."""

    def run(self) -> list[nodes.Node]:
        """Return a part for each chapter."""
        return [self.part(one, sources.roles(text)) for one, text in self.chapters()]

    def part(self, one: book.Chapter, found: sources.Roles) -> nodes.section:
        """Return a chapter's cards, a pair half a sheet, and the table, half a sheet too."""
        pairs = [
            box("teach-pair", *(self.card(one, card) for card in pair)) for pair in found.pairs
        ]
        head = f"{one.label}　观察表　　客人▁▁▁▁▁▁　客服▁▁▁▁▁▁　观察员▁▁▁▁▁▁"
        told = "\n\n".join(filter(None, (found.how, found.before, found.watch)))
        watch = box(
            "teach-watch", nodes.paragraph("", head, classes=["teach-of"]), *self.parsed(told)
        )
        return self.section(one, nodes.raw("", PRINT, format="html"), *pairs, watch)

    def card(self, one: book.Chapter, card: sources.Card) -> nodes.container:
        """Return one card with whose it is on top."""
        head = f"{card.kind}{f'　{card.name}' if card.name else ''}"
        side = "teach-guest" if card.kind == sources.GUEST else "teach-shop"
        top = nodes.paragraph("", "", nodes.strong("", head), nodes.Text(f"　{one.label}"))
        top["classes"].append("teach-of")
        made = box("teach-card", top, *self.parsed(card.text))
        made["classes"].append(side)
        return made


class Rubrics(Gathered):
    """``rubrics``: how each chapter is graded, as its page for teachers says."""

    def run(self) -> list[nodes.Node]:
        """Return a part for each chapter."""
        return [
            self.section(one, *self.parsed(sources.part(text, "评分")))
            for one, text in self.chapters()
        ]


class Cards(Gathered):
    """``cards``: each chapter's card to print."""

    def run(self) -> list[nodes.Node]:
        """Return a part for each chapter."""
        return [self.part(one) for one, _ in self.chapters()]

    def part(self, one: book.Chapter) -> nodes.section:
        """Return a chapter's card."""
        assert one.path
        self.env.note_dependency(str(one.path))
        name = nodes.paragraph("", f"{one.label}　{one.title}　工位卡", classes=["card-of"])
        card = box("desk-card", name, *self.parsed(sources.desk_card(one.path)))
        return self.section(
            one, card, nodes.raw("", PRINT.replace("这一章", "这一张"), format="html")
        )


class Calendar(Gathered):
    """``calendar``: a term's weeks, from lines that say which lessons are in which week."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        told = {one.number: (one, text) for one, text in self.chapters()}
        rows, week, brought = [HEAD], "", "每人一部手机，先打开这本书"
        for line in self.content:
            if not (found := LINE.fullmatch(line.strip())):
                raise self.error(
                    f"calendar: expected WEEK CHAPTER 一 二 机房, or WEEK HOURS what; got {line}"
                )
            when, number, chosen, hours, other = found.groups()
            if number:
                if number not in told:
                    raise self.error(f"calendar: expected one of {'、'.join(told)}, got {number}")
                hours, cells, brought = self.lesson(*told[number], chosen.split(), brought)
            else:
                what, does, gives, brings = (
                    *(part.strip() for part in other.split("|")),
                    "",
                    "",
                    "",
                )[:4]
                cells = f"{what} | {does} | {gives} | {brings}"
            rows.append(f"| {when if when != week else ''} | {hours} | {cells} |")
            week = when
        return [box("teach-term", *self.parsed("\n".join(rows)))]

    def lesson(
        self, one: book.Chapter, text: str, chosen: list[str], brought: str
    ) -> tuple[str, str, str]:
        """Return hours, cells of a row, and what students bring to the chapter after."""
        names = dict(zip("一二", sources.lessons(text), strict=True))
        tasks = sources.tasks(text)
        does = [f"第{n}节《{names[n]}》" for n in chosen if n in names]
        gives = ["出门条"] if does else []
        if "二" in chosen:
            gives.append(sources.first(tasks.get("必做") or tasks["基础"]))
        if LAB in chosen:
            does.append("机房课：进阶的格子，选做的练习")
            gives.append("做过的笔记本")
        brings = [brought] if "一" in chosen else []
        brings += ["开得了JupyterLab的电脑"] if LAB in chosen else []
        kinds = [kind for kind in tasks if kind.startswith(("课前小任务", "调查"))]
        after = f"{one.label}的“{kinds[0].partition('（')[0]}”" if kinds else ""
        title = f"{self.link(one, one.label)}　{one.title}"
        return (
            str(len(chosen)),
            f"{title} | {'；'.join(does)} | {'；'.join(gives)} | {'；'.join(filter(None, brings))}",
            after,
        )


def dress(app: Sphinx, page: str, *_given: object) -> None:
    """Give the pages of the room their looks and the buttons that print a part."""
    if page.startswith(book.ROOM):
        app.add_css_file(f"{app.config.teach_folder}/teach.css")
        app.add_js_file(f"{app.config.teach_folder}/teach.js", type="module")


def bring(app: Sphinx) -> None:
    """Publish script and style under a name that changes with them."""
    if build.pages_made(app):
        app.config.teach_folder = f"teach/{build.digest_files(CLIENT.iterdir(), CLIENT)[:12]}"
        build.publish(app, CLIENT, app.config.teach_folder)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_config_value("teach_folder", "", "")
    app.connect("doctree-read", lead)
    app.connect("builder-inited", bring)
    app.connect("html-page-context", dress)
    for name, kind in (("teachers", Teachers), ("calendar", Calendar), ("roles", Roles),
                       ("rubrics", Rubrics), ("cards", Cards)):  # fmt: skip
        app.add_directive(name, kind)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
