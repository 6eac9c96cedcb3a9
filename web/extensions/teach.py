"""Sphinx extension: pages for teachers, one beside each chapter, ``NN_teach.md``.

The directive ``teachers`` lists those that are there. A chapter leads to its own at its end, where no
student stumbles over it, and that page back to the chapter.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from web import book


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


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("doctree-read", lead)
    app.add_directive("teachers", Teachers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
