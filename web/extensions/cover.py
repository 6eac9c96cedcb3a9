"""Sphinx extension: the cover's style sheet, and its table of chapters, which says what can be read now.

The directive ``chapters`` holds a list of parts with their chapters, such as ``02　售前准备``. A chapter
whose page is in the book becomes a link to it; the others are marked as being written.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

NUMBERED = re.compile(r"(\d\d)\s(.+)")
CHAPTER = re.compile(r"(?:^|/)(\d\d)_[^/]+$")
LEGEND = "{all}章里，{ready}章现在就能读，其余的正在写。"
WRITING = "编写中"


def numbered(pages: set[str]) -> dict[str, str]:
    """Return the pages of chapters by their numbers.

    >>> numbered({"book/data", "notebooks/presales/02_preparation"})
    {'02': 'notebooks/presales/02_preparation'}
    """
    return {found[1]: page for page in sorted(pages) if (found := CHAPTER.search(page))}


class Chapters(SphinxDirective):
    """``chapters``: nested lists of parts and of chapters by number."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the lists, with links to the chapters that are in the book."""
        box = nodes.container("", classes=["chapters"], is_div=True)
        self.state.nested_parse(self.content, self.content_offset, box)
        ready = numbered(self.env.found_docs)
        listed = [p for p in box.findall(nodes.paragraph) if NUMBERED.match(p.astext())]
        for paragraph in listed:
            self.mark(paragraph, ready)
        numbers = {p.astext()[:2] for p in listed}
        if missing := sorted(set(ready) - numbers):
            raise self.error(f"chapters: the list is without {'、'.join(missing)}")
        legend = LEGEND.format(all=len(listed), ready=len(numbers & set(ready)))
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
    """Register the directive and the cover's style sheet."""
    app.add_directive("chapters", Chapters)
    app.connect("html-page-context", dress)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
