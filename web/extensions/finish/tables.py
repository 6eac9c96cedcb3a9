"""Tables of pandas as a reader wants them: no stray index, numbers on the right, one row of headings.

JupyterLab shows a frame as pandas writes it, and so do the notebooks. On a page the numbers of an index
without a name go, for they only count the rows: an index that says something has a name, which moves
into the one row of headings; what all columns are called becomes the caption. In a column of numbers the
decimal points stand below each other.
"""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Tag

from web.build import Site

FRAME = re.compile(
    r'(?:<style scoped>[^<]*</style>\s*)?(<table border="1" class="dataframe">.*?</table>)', re.S
)
NUMBER = re.compile(r"[+\-−]?\d[\d,]*(?:\.(\d+))?%?")
LONG = {"th": 5, "td": 8}
"""Characters of a heading and of a cell beyond which its words go on in the next line on a phone."""
NOTHING = frozenset(("", "NaN", "NaT", "None", "<NA>", "..."))


def text(cell: Tag) -> str:
    """Return what a cell says."""
    return cell.get_text().strip()


def cells(rows: list[Tag]) -> list[list[Tag]]:
    """Return the cells of rows."""
    return [row.find_all(["th", "td"], recursive=False) for row in rows]


def headed(frame: BeautifulSoup, names: int) -> None:
    """Make one row of headings of pandas' two; the columns' own name, in its corner, becomes the caption."""
    rows = frame.select("thead > tr")
    first, *rest = cells(rows)
    said = text(first[names - 1])
    if rest:
        for place in range(names):
            first[place].string = text(rest[0][place])
        rows[1].decompose()
    else:
        first[names - 1].clear()
    if said and frame.table:
        caption = frame.new_tag("caption")
        caption.string = said
        frame.table.insert(0, caption)


def aligned(column: list[Tag]) -> None:
    """Set a column of numbers to the right, each with the room that its missing decimals would take."""
    found = [(cell, NUMBER.fullmatch(text(cell))) for cell in column[1:]]
    if not any(number for _, number in found):
        return
    if any(number is None and text(cell) not in NOTHING for cell, number in found):
        return
    column[0]["class"] = "text-right"
    most = max(len(number[1] or "") for _, number in found if number)
    for cell, number in found:
        cell["class"] = "text-right"
        own = len(number[1] or "") if number else most
        if own < most:
            cell["data-pad"] = "0" * (most - own) if own else f".{'0' * most}"


def shaped(table: str) -> str:
    """Return a table of pandas in its shape for a page; one with joined cells stays as it is."""
    frame = BeautifulSoup(table, "html.parser")
    body = cells(frame.select("tbody > tr"))
    if not body or frame.select("[colspan], [rowspan]") or len(frame.select("thead > tr")) > 2:
        return table
    for row in frame.select("tr, table"):
        del row["style"], row["border"]
    names = sum(cell.name == "th" for cell in body[0])
    if names:
        headed(frame, names)
    rows = cells(frame.select("tr"))
    counted = (
        names == 1 and not text(rows[0][0]) and all(text(row[0]).isdecimal() for row in rows[1:])
    )
    if counted:
        for line in rows:
            line.pop(0).decompose()
    for column in zip(*rows, strict=True):
        if column[1].name == "td":
            aligned(list(column))
    for cell in [*rows[0], *(cell for row in rows[1:] for cell in row if cell.name == "td")]:
        if len(text(cell)) > LONG[cell.name]:
            cell["class"] = f"{cell.get('class', '')} wraps".strip()
    return str(frame)


def shape(site: Site) -> None:
    """Shape the tables of all pages."""
    site.need(FRAME, "tables")
    site.edit(lambda html: FRAME.sub(lambda hit: shaped(hit[1]), html))
