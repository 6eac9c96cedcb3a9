"""Read a finished page's own text: its headings and terms, and the texts under each.

One pass over the HTML that readers get, so that search knows just what a page shows. A text is what
stands in one paragraph, cell, line of a list, label of a drawing or block of code; nothing is found
across two of them. Answers that the page folds stand apart, so that the search can tell them last. Left out
are scripts, styles, the marks behind headings, and drawings that a screen reader is not told of,
such as a formula's, whose words stand beside it in MathML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

INLINE = frozenset(
    str.split(
        "a abbr b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span"
        " strong sub sup time tspan tt u var math semantics mrow mi mo mn ms mtext mspace mfrac"
        " msup msub msubsup msqrt mroot mover munder munderover mstyle mpadded menclose"
    )
)
VOID = frozenset(str.split("area base br col embed hr img input link meta source track wbr"))
ANSWERS = frozenset(("kefu-option", "tag_solution"))
"""Classes of what holds an answer: a question's option with its feedback, a cell with a solution."""
TOLD = re.compile("参考|答案|解答|评分")
"""What the name of a fold says where it hides an answer."""
CONTROLS = frozenset(("headerlink", "tracks", "card-bar"))
"""Classes of what a page has to be pressed, not to be read."""
UNREAD = frozenset(("script", "style", "template"))
HEADINGS = {f"h{level}": level for level in range(1, 7)}
TERM = 7
"""The level of a glossary's term, below all headings."""


@dataclass(eq=False)
class Section:
    """A place of a page: its anchor, "" for the top; its heading and level; the texts under it, and folded answers."""

    anchor: str
    level: int
    heading: str = ""
    texts: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)


@dataclass
class Element:
    """An open element; whether it is an answer; the section that is current again behind it."""

    tag: str
    unread: bool
    answer: bool = False
    before: Section | None = None


class Reader(HTMLParser):
    """Collects the sections of the page's article."""

    def __init__(self) -> None:
        super().__init__()
        self.sections: list[Section] = []
        self.open: list[Element] = []
        self.anchor: str | None = None
        self.current = Section("", 0)
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element of the article."""
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        if not self.open and not (tag == "article" and "bd-article" in classes):
            return
        if tag in VOID:
            self.text.append(" " if tag == "br" else "")
            return
        hidden = tag == "svg" and given.get("aria-hidden") == "true"
        unread = tag in UNREAD or hidden or bool(CONTROLS & {*classes})
        unread = unread or (bool(self.open) and self.open[-1].unread)
        if tag not in INLINE and not unread:
            self.flush()
        self.open.append(Element(tag, unread))
        self.open[-1].answer = bool(ANSWERS & {*classes})
        if tag == "section":
            self.open[-1].before = self.current
            self.anchor = given.get("id")
        elif tag == "dl":
            self.open[-1].before = self.current
        elif (tag in HEADINGS and self.anchor) or (tag == "dt" and given.get("id")):
            self.begin((given.get("id") if tag == "dt" else self.anchor) or "", tag)

    def begin(self, anchor: str, tag: str) -> None:
        """Begin a section at its heading or term."""
        self.current = Section(anchor, HEADINGS.get(tag, TERM))
        self.sections.append(self.current)
        self.anchor = None

    def handle_endtag(self, tag: str) -> None:
        """Leave an element; a section or list of terms gives back what was current before it."""
        if all(element.tag != tag for element in self.open):
            return
        if tag not in INLINE and not self.open[-1].unread:
            self.flush(heading=tag in HEADINGS or tag == "dt")
        while (element := self.open.pop()).tag != tag:
            pass
        if element.before is not None:
            self.current = element.before

    def handle_data(self, data: str) -> None:
        """Take a piece of text."""
        if self.open and not self.open[-1].unread:
            self.text.append(data)

    def flush(self, heading: bool = False) -> None:
        """End a text: it is the section's heading or stands under it."""
        text = " ".join("".join(self.text).split())
        self.text = []
        if (
            heading
            and self.sections
            and self.current is self.sections[-1]
            and not self.current.heading
        ):
            self.current.heading = text
        elif text:
            named = next((e for e in reversed(self.open) if e.tag == "summary"), None)
            if named and TOLD.search(text):
                self.open[self.open.index(named) - 1].answer = True
            answer = not named and any(element.answer for element in self.open)
            (self.current.answers if answer else self.current.texts).append(text)
            if self.current not in self.sections:
                self.sections.append(self.current)


def sections(html: str) -> list[Section]:
    """Return the sections of a finished page, in its order; the first has the page's title.

    >>> sections('<article class="bd-article"><section id="a"><h1>退货<a class="headerlink">#</a></h1>'
    ...          '<p>七<b>天</b>无理由</p></section></article>')
    [Section(anchor='a', level=1, heading='退货', texts=['七天无理由'], answers=[])]
    >>> sections('<article class="bd-article"><details><summary>参考解答</summary>18元</details></article>')
    [Section(anchor='', level=0, heading='', texts=['参考解答'], answers=['18元'])]
    >>> sections('<article class="bd-article"><p>和<svg aria-hidden="true"><g></g></svg>m同单位</p></article>')[0].texts
    ['和m同单位']
    """
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.sections
