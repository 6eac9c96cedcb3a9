"""Sphinx extension: the first use of a glossary term in a page says what the term means.

Any Sphinx glossary will do: a term's name is what stands before its bracket, its meaning the first
paragraph of its definition. The link leads to the glossary without JavaScript, on paper and in
readers of e-books; with it, a card shows the meaning where the reader is (static/terms.js).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.writers.html5 import HTML5Translator

from web import build

STATIC = Path(__file__).parent / "static"
QUIET = (
    nodes.title, nodes.reference, nodes.literal, nodes.literal_block, nodes.math, nodes.math_block,
    nodes.raw, nodes.thead, nodes.image, addnodes.glossary, addnodes.pending_xref, nodes.comment,
    nodes.system_message,
)  # fmt: skip
"""Where no term is explained: headings, links, code, formulas, table heads, demos' pictures."""
LATIN = r"[A-Za-z0-9]"
BOOK = r"《[^》]*》"
"""The title of a book or law, whose words are no terms of ours."""


class term_link(nodes.reference):  # type: ignore[misc]  # docutils has no types
    """A link to a term of the glossary, which knows the meaning; a plain link for most writers."""


@dataclass(frozen=True)
class Entry:
    """A term of the glossary: where it is explained, and in what words."""

    document: str
    place: str
    full: str
    meaning: str


def entries(env: BuildEnvironment) -> dict[str, Entry]:
    """Return all terms of the book's glossaries by their names."""
    objects = env.get_domain("std").get_objects()
    found: dict[str, Entry] = {}
    for document in sorted({docname for _, _, kind, docname, _, _ in objects if kind == "term"}):
        for item in env.get_doctree(document).findall(nodes.definition_list_item):
            meaning = next(item.findall(nodes.paragraph), None)
            for name in item.findall(nodes.term):
                full = name.astext()
                if name["ids"] and meaning is not None:
                    entry = Entry(document, name["ids"][0], full, meaning.astext())
                    found[re.split("[（(]", full)[0].strip()] = entry
    return found


def pattern(names: list[str]) -> re.Pattern[str]:
    """Return what finds titles of books, and any of the names as group 1.

    The longest name wins, and a Latin one stands alone.

    >>> pattern(["包邮", "包邮门槛", "NPS"]).findall("包邮门槛、包邮与NPS，不是NPSX和《包邮》")
    ['包邮门槛', '包邮', 'NPS', '']
    """
    parts = []
    for name in sorted(names, key=lambda name: (-len(name), name)):
        before = rf"(?<!{LATIN})" if re.match(LATIN, name) else ""
        after = rf"(?!{LATIN})" if re.search(f"{LATIN}$", name) else ""
        parts.append(before + re.escape(name) + after)
    return re.compile(f"{BOOK}|({'|'.join(parts) or '(?!)'})")


def quiet(text: nodes.Text) -> bool:
    """Whether a text stands where no term is explained; code cells and their outputs are such."""
    node: Any = text.parent
    while node is not None:
        if isinstance(node, QUIET) or node.get("nb_element"):
            return True
        node = node.parent
    return False


def explain(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn the first use of each term in a page into a link that knows the meaning."""
    if not hasattr(app.env, "kefu_terms"):
        found = entries(app.env)
        app.env.kefu_terms = found, pattern(list(found))  # type: ignore[attr-defined]
    known, names = app.env.kefu_terms  # type: ignore[attr-defined]
    if docname in {app.config.root_doc, *(entry.document for entry in known.values())}:
        return  # a cover invites, and the glossary says it all
    seen: set[str] = set()
    for text in list(doctree.findall(nodes.Text)):
        if quiet(text):
            continue
        parts: list[nodes.Node] = []
        last, said = 0, text.astext()
        for hit in names.finditer(said):
            name = hit[1]
            if name is None or name in seen:
                continue
            seen.add(name)
            entry = known[name]
            address = app.builder.get_relative_uri(docname, entry.document) + f"#{entry.place}"
            link = term_link("", name, refuri=address, internal=True, entry=entry)
            parts += [nodes.Text(said[last : hit.start()]), link]
            last = hit.end()
        if parts:
            parts.append(nodes.Text(said[last:]))
            text.parent.replace(text, [part for part in parts if part.astext()])
    if seen and app.builder.format == "html":
        app.env.metadata[docname]["terms"] = "yes"


def visit(self: HTML5Translator, node: term_link) -> None:
    """Write the link with its meaning, for the card."""
    entry: Entry = node["entry"]
    self.body.append(
        f'<a class="kefu-term" href="{escape(node["refuri"])}" data-term="{escape(entry.full)}"'
        f' data-meaning="{escape(entry.meaning)}">'
    )


def depart(self: HTML5Translator, _node: term_link) -> None:
    """Close the link."""
    self.body.append("</a>")


def add_script(
    app: Sphinx, page: str, _template: str, _context: dict[str, Any], _tree: nodes.document | None
) -> None:
    """Load the cards' script in a page that has terms, and in no other."""
    if app.env.metadata.get(page, {}).get("terms"):
        app.add_js_file("terms.js", type="module")


def forget(app: Sphinx, env: BuildEnvironment) -> None:
    """Let a build read the glossary afresh."""
    if hasattr(env, "kefu_terms"):
        del env.kefu_terms


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.add_node(term_link, html=(visit, depart))
    build.bring(app, STATIC)
    app.connect("env-updated", forget)
    app.connect("doctree-resolved", explain)
    app.connect("html-page-context", add_script)
    app.add_css_file("reference.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
