"""What a reader has done, kept in the reader's own browser and nowhere else.

A Sphinx extension. Every page remembers what was read, the place last read and the reader's own
changes of live cells; ``book/progress`` shows all of it, with export, import and erasure. Stored
demos and quizzes are bare HTML: their style and the quizzes' script stand in the site once.
``book/daily`` has three customers a day, drawn from the whole book (``daily``).
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from tools.paths import ROOT
from web import book, build
from web.extensions.reader import daily

CLIENT = Path(__file__).parent / "client"
DEMOS = ROOT / "widgets" / "kefu" / "demos"
STYLES = {"kefu-demo": "demo.css", "data-questions": "quiz.css", "kefu-shift": "shift.css"}
"""Style sheets of the package, each by what is in the page that needs it."""
DRAWN = ("demo.css", "quiz.css")
"""Those that the daily page's customers need, whom a script draws."""
PROGRESS = "book/progress"
DAILY = "book/daily"
EARLY = 400
"""Before the live cells' script, which tells of each cell as it finds it."""
LATE = 850
"""Behind the theme's style sheets and the book's own."""


def sources() -> list[Path]:
    """Return the files that go into the site."""
    own = [DEMOS / name for name in (*STYLES.values(), "quiz.js", "number.js")]
    return [*sorted(CLIENT.iterdir()), ROOT / "web" / "store.js", *own]


def folder() -> str:
    """Return the scripts' folder below the site's static files: its name changes with them."""
    return f"reader/{build.digest_files(sources(), ROOT)[:16]}"


def chapters(env: BuildEnvironment) -> list[dict[str, Any]]:
    """Return what progress tells of every chapter that is there.

    Its page, title and number; the ids of its questions, guesses and statements to judge; its
    conversations; its live cells' places by their ids.
    """
    found = []
    for one in book.written(Path(env.srcdir)):
        asked = json.loads(one.quiz.read_text(encoding="utf-8")) if one.quiz.is_file() else []
        guessed = json.loads(one.guesses.read_text("utf-8")) if one.guesses.is_file() else {}
        talks = tomllib.loads(one.talks.read_text("utf-8")) if one.talks.is_file() else {"talk": {}}
        page = str(one.page)
        cells = json.loads(env.metadata.get(page, {}).get("live", "[]"))
        found.append({"page": page, "title": env.titles[page].astext(), "quiz": one.number,
                      "questions": [question["id"] for question in asked],
                      **{part: [question["id"] for question in guessed.get(part, [])]
                         for part in ("guesses", "truths")},
                      "talks": list(talks["talk"]),
                      "cells": {cell["id"]: cell["index"] for cell in cells}})  # fmt: skip
    return found


def link(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None
) -> None:
    """Link the scripts, and the styles where they are needed; progress gets the list of chapters."""
    context["metatags"] += f'\n<meta name="kefu-edition" content="{book.edition()}">'
    app.add_js_file(f"{folder()}/reader.js", type="module", priority=EARLY)
    app.add_css_file(f"{folder()}/reader.css")
    for name, sheet in STYLES.items():
        if name in context.get("body", "") or (page == DAILY and sheet in DRAWN):
            app.add_css_file(f"{folder()}/{sheet}", priority=LATE)
    if page == PROGRESS:
        listed = json.dumps(chapters(app.env), ensure_ascii=False).replace("<", "\\u003c")
        context["body"] += (
            f'<script type="application/json" id="chapters" data-edition="{book.edition()}">{listed}</script>'
        )
        app.add_js_file(f"{folder()}/progress.js", type="module", priority=EARLY)

    if page == DAILY:
        address = context["pathto"](f"_static/{items(app)}", 1)
        context["body"] += (
            f'<link id="daily-items" rel="preload" as="fetch" crossorigin href="{address}">'
        )
        app.add_css_file(f"{folder()}/daily.css", priority=LATE)
        app.add_js_file(f"{folder()}/daily.js", type="module", priority=EARLY)


def items(app: Sphinx) -> str:
    """Return the place below the site's static files of what the daily customers are drawn from."""
    return f"reader/items-{build.digest(daily.packed(Path(app.srcdir)))[:16]}.json"


def publish(app: Sphinx) -> None:
    """Put the scripts into the site, and what the daily customers are drawn from."""
    place = Path(app.outdir) / "_static" / items(app)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(daily.packed(Path(app.srcdir)), encoding="utf-8")
    for path in sources():
        build.publish(app, path, f"{folder()}/{path.name}")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("html-page-context", link)
    build.after(app, publish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
