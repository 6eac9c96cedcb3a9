"""The finished pages as articles for paper: nothing to click, demos as pictures, answers at the end.

PDF and EPUB are made from what this gives, so both say the same as the pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup, Tag

from kefu.demos.core import STYLE
from tools.paths import ROOT
from web import book

SKIPPED = {"book/gallery", "book/daily", "book/progress"}
"""Pages that are about the screen only."""

GONE = (
    "script, style, link, meta, button, input, select, textarea, noscript, iframe, a.headerlink, "
    ".live-bar, .kefu-ways, .kefu-takeaway, .kefu-offline, .noprint, .kefu-code"
)
CHOICES = (
    ".kefu-demo :is(.kefu-options, .kefu-answers, .kefu-cards, .kefu-cells, .kefu-guess, "
    ".kefu-acts[role=group]) .kefu-press, .kefu-demo .kefu-rule"
)
"""What can be chosen in a demo, as ``print.css`` has it."""
SOLUTION = re.compile("解答")
OPTION = re.compile(r"\s*([A-G])\.\s")
SVG_NAMES = {
    name.lower(): name
    for name in ("viewBox", "preserveAspectRatio", "clipPath", "linearGradient", "textPath",
                 "textLength", "lengthAdjust", "gradientUnits", "markerWidth", "markerHeight",
                 "refX", "refY", "patternUnits", "clipPathUnits", "startOffset")
}  # fmt: skip
"""Names in drawings that the parser writes small."""

FORMS = {
    "quiz": ("小测：答案与理由", "小测答案"),
    "guess": ("先猜一猜：答案", "先猜的答案"),
    "again": ("再判断一次：答案与理由", "判断的答案"),
}
"""What forms of questions are called on paper, and their answers at a chapter's end."""

SIZED = {"svg", "img", "rect", "mspace", "mpadded"}
"""What keeps a width and a height; elsewhere they are the screen's."""

LINK = "book:"
"""How a link inside the book starts until it is known where it leads on paper."""


NAMED_COLOUR = re.compile(r"--([\w-]+):(?:var\([\w-]+,)*(#\w{6})")


def chart_rules() -> str:
    """Return how demos' charts are drawn, from the demos' own sheet, in plain colours on white."""
    colours = dict(NAMED_COLOUR.findall(STYLE.splitlines()[0])) | {"paper": "#ffffff"}
    rules = [rule for rule in STYLE.splitlines() if rule.startswith(".kefu-demo svg.kefu-chart")]
    return re.sub(r"var\(--([\w-]+)\)", lambda hit: colours[hit[1]], "\n".join(rules)) + "\n"


@dataclass(frozen=True)
class Article:
    """A page: its name below the site, its short name, its part's title, its title, its contents."""

    name: str
    slug: str
    part: str
    title: str
    body: Tag


def contents(root: Path = ROOT) -> list[tuple[str, str]]:
    """Return the pages of the book in order, each with its part's title; not the cover, nor what is for teachers."""
    return [
        (part, page)
        for part, page in book.contents(root)
        if page not in SKIPPED and not book.for_teachers(page)
    ]


def slug(name: str) -> str:
    """Return a page's short name, which may stand in an address.

    >>> slug("notebooks/presales/02_preparation")
    'p02_preparation'
    """
    return "p" + re.sub(r"[^\w-]", "-", name.rpartition("/")[2])


def articles(site: Path, *, drawn: bool, files: bool) -> list[Article]:
    """Return the articles of a built site.

    ``drawn`` formulas are pictures, others are MathML. Links lead to places of one document, or
    with ``files`` to places of one file for each article.
    """
    listed = contents()
    inside = {name: slug(name) for _, name in listed}
    if len({*inside.values()}) != len(inside):
        raise ValueError(f"two pages of the same short name: {sorted(inside.values())}")
    made = [article(site, part, name, inside, drawn=drawn) for part, name in listed]
    places = {str(part["id"]) for one in made for part in one.body.select("[id]")}
    for one in made:
        for link in one.body.select(f"a[href^='{LINK}']"):
            to, _, there = str(link["href"]).removeprefix(LINK).partition("#")
            end = there if there in places else ""
            link["href"] = f"{to}.xhtml" + (f"#{end}" if end else "") if files else f"#{end or to}"
    return made


def article(site: Path, part: str, name: str, inside: dict[str, str], *, drawn: bool) -> Article:
    """Return one page as an article."""
    html = (site / f"{name}.html").read_text(encoding="utf-8")
    start, end = html.find('<article class="bd-article'), html.rfind("</article>")
    page = BeautifulSoup(html[start:end], "html.parser")
    body = page.select_one("article")
    title = body and body.select_one("h1")
    if start < 0 or not body or not title:
        raise ValueError(f"{name}: a page without an article or a title")
    own = inside[name]
    set_formulas(body, drawn)
    keep_choices(body)
    lay_out_talks(body)
    for gone in body.select(GONE):
        gone.decompose()
    answers = [*collect_forms(page, body), *collect_solutions(page, body, own)]
    open_folds(body)
    if answers:
        add_answers(page, body, own, answers)
    mend_drawings(body)
    tidy(body)
    name_places(site, name, body, inside)
    return Article(name, own, part, title.get_text().strip(), body)


def element(page: BeautifulSoup, tag: str, text: str = "", **attributes: str) -> Tag:
    """Return a new element; ``class_`` is its class."""
    made = page.new_tag(tag, attrs={key.rstrip("_"): value for key, value in attributes.items()})
    if text:
        made.string = text
    return made


def set_formulas(body: Tag, drawn: bool) -> None:
    """Let each formula be either its picture or its MathML alone."""
    for formula in body.select(".formula"):
        math, drawing = formula.select_one("math"), formula.select_one("svg")
        if math is None or drawing is None:
            continue
        if drawn:
            drawing["aria-label"] = math.get_text()
            drawing["role"] = "img"
            del drawing["aria-hidden"]
            (math.find_parent(class_="visually-hidden") or math).decompose()
            continue
        math["xmlns"] = "http://www.w3.org/1998/Math/MathML"
        if formula.name == "div":
            math["display"] = "block"
        number = formula.select_one(".eqno")
        formula.clear()
        formula.append(math)
        if number:
            formula.append(number)


def collect_forms(page: BeautifulSoup, body: Tag) -> list[Tag]:
    """Take the answers out of quizzes, guesses and judgements; return them, each kind under its heading.

    A question keeps its options, in their order; at the end stands what each of them would have told.
    """
    taken: list[Tag] = []
    for form in body.select("[data-questions]"):
        kind = str(form.get("data-as", "quiz"))
        for name in [key for key in form.attrs if key.startswith("data-")]:
            del form[name]
        if kind == "truths":
            continue  # nothing is told there
        title, heading = FORMS[kind]
        if shown := form.select_one(".kefu-title"):
            shown.string = f"{title}在本章末"
        if not any(one.get_text() == heading for one in taken):
            taken.append(element(page, "p", heading, class_="answers-of"))
        answer = element(page, "div", class_="answer")
        for part in form.select(".kefu-question, details.kefu-option"):
            summary = part.select_one("summary")
            label = summary.get_text(strip=True) if summary else part.get_text()
            if part.name != "details" or kind == "again":
                number = label.partition(".")[0]
                told = f"第{number}题" if kind == "quiz" else label
                answer = element(page, "div", class_="answer")
                answer.append(element(page, "p", told, class_="answer-number"))
                taken.append(answer)
            if part.name != "details":
                continue
            if summary:
                summary.extract()
            letter = OPTION.match(label)
            said = element(page, "div", class_="answer-text")
            for child in list(part.children):
                said.append(child.extract())
            if letter and (first := said.find("p")):
                first.insert(0, f"{letter[1]} ")
            answer.append(said)
            if letter or kind == "again":
                part.replace_with(element(page, "p", label, class_="option"))
            else:
                part.decompose()
    return taken


def collect_solutions(page: BeautifulSoup, body: Tag, own: str) -> list[Tag]:
    """Take the exercises' solutions out; return them, each under its exercise's name."""
    taken: list[Tag] = []
    for found in body.select(".tag_solution, details"):
        summary = found.select_one("summary")
        if "tag_solution" not in found.get_attribute_list("class") and not (
            summary and SOLUTION.search(summary.get_text())
        ):
            continue
        if found.find_parent(class_="solution"):
            continue
        heading = found.find_previous(["h2", "h3", "h4"])
        before = found.find_previous_sibling()
        if isinstance(before, Tag) and SOLUTION.match(before.get_text(strip=True)[2:]):
            before.decompose()
        pointer = element(page, "p", class_="pointer")
        pointer.append(element(page, "a", "参考解答在本章末", href=f"#{own}-answers"))
        found.replace_with(pointer)
        for fold in [found, *found.select("details")]:
            if fold.name == "details":
                fold.name = "div"
                fold.attrs = {}
        for fold_summary in found.select("summary"):
            fold_summary.decompose()
        title = heading.get_text(strip=True) if heading else "练习"
        solution = element(page, "div", class_="solution")
        solution.append(element(page, "p", title, class_="answers-of"))
        solution.append(found)
        taken.append(solution)
    return taken


def add_answers(page: BeautifulSoup, body: Tag, own: str, answers: list[Tag]) -> None:
    """Put the answers at the end of the chapter."""
    section = element(page, "section", id=f"{own}-answers", class_="answers")
    section.append(element(page, "h2", "本章的答案与解答"))
    for answer in answers:
        section.append(answer)
    (body.select_one("section") or body).append(section)


def keep_choices(body: Tag) -> None:
    """Print what can be chosen in a demo as text, each sentence on a line of its own."""
    for choice in body.select(CHOICES):
        around = choice.parent.get_attribute_list("class") if choice.parent else []
        line = "kefu-options" in around or "kefu-rule" in choice.get_attribute_list("class")
        choice.name = "p" if line else "span"
        choice.attrs = {"class": "kefu-option"}


def lay_out_talks(body: Tag) -> None:
    """Print of a conversation how it begins, what can be said, and the best path."""
    for talk in body.select(".kefu-converse"):
        for part in talk.select(".kefu-settings, .kefu-told > .kefu-note"):
            part.decompose()
        for summary in talk.select(".kefu-best > summary"):
            summary.string = "最好的走法"


def open_folds(body: Tag) -> None:
    """Leave out code that the page hides and calls that only show a demo; open what else is folded."""
    for demo in body.select(".cell_output .kefu-demo"):
        cell = demo.find_parent(class_="cell")
        if cell and (call := cell.select_one(".cell_input")):
            call.decompose()
    for fold in body.select(".tag_hide-input details, .kefu-demo details:not(.kefu-best)"):
        fold.decompose()
    for fold in body.select("details"):
        summary = fold.select_one("summary")
        if summary:
            summary.name = "p"
            summary.attrs = {"class": "fold-title"}
        fold.name = "div"
        fold.attrs = {"class": "fold"}


def mend_drawings(body: Tag) -> None:
    """Give drawings the names that XML wants."""
    for drawing in body.select("svg"):
        drawing["xmlns"] = "http://www.w3.org/2000/svg"
        for part in [drawing, *drawing.find_all(True)]:
            part.name = SVG_NAMES.get(part.name, part.name)
            part.attrs = {SVG_NAMES.get(key, key): value for key, value in part.attrs.items()}


def tidy(body: Tag) -> None:
    """Drop attributes that only the screen needs, and boxes around tables."""
    for part in body.find_all(True):
        for key in list(part.attrs):
            sized = key in ("width", "height") and part.name not in SIZED
            if sized or key in ("border", "tabindex") or key.startswith(("data-", "on")):
                del part[key]
    for box in body.select(".pst-scrollable-table-container"):
        box.unwrap()
    for image in body.select("img"):
        image.attrs = {
            key: image[key] for key in ("src", "alt", "width", "height") if key in image.attrs
        }


def name_places(site: Path, name: str, body: Tag, inside: dict[str, str]) -> None:
    """Give every place a name of its own in the whole book, and pictures their place in the site.

    A link to what is not on paper (the live notebook, the search) stays as plain text.
    """
    root, own = site.resolve(), inside[name]
    folder = (root / name).parent

    def below(path: str) -> str:
        found = (folder / unquote(path)).resolve()
        return found.relative_to(root).as_posix() if root in found.parents else ""

    for part in body.select("[id]"):
        if not str(part["id"]).startswith(f"{own}-"):
            part["id"] = f"{own}-{part['id']}"
    for link in body.select("a"):
        parts = urlsplit(str(link.get("href", "")))
        if parts.scheme in ("http", "https", "mailto"):
            link.attrs = {"href": parts.geturl()}
            continue
        to = inside.get(below(parts.path).removesuffix(".html")) if parts.path else own
        if to is None or "href" not in link.attrs:
            link.unwrap()
            continue
        there = unquote(parts.fragment).removeprefix(f"{to}-")
        link.attrs = {"href": f"{LINK}{to}#{to}-{there}" if there else f"{LINK}{to}#"}
    for image in body.select("img"):
        image["src"] = below(str(image["src"]))
