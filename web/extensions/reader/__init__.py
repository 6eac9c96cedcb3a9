"""What a reader has done, kept in the reader's own browser and nowhere else.

A Sphinx extension. Every page remembers what was read, the place last read and the reader's own
changes of live cells; ``book/progress`` shows all of it, with export, import and erasure. Stored
demos and quizzes are bare HTML: their style and the quizzes' script stand in the site once.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from tools.paths import ROOT
from web import book, build

CLIENT = Path(__file__).parent / "client"
DEMOS = ROOT / "widgets" / "kefu" / "demos"
STYLES = {"kefu-demo": "demo.css", "kefu-quiz": "quiz.css"}
"""Style sheets of the package, each by the class of what needs it."""
PROGRESS = "book/progress"
EARLY = 400
"""Before the live cells' script, which tells of each cell as it finds it."""
LATE = 850
"""Behind the theme's style sheets and the book's own."""


def sources() -> list[Path]:
    """Return the files that go into the site."""
    own = [DEMOS / name for name in (*STYLES.values(), "quiz.js")]
    return [*sorted(CLIENT.iterdir()), ROOT / "web" / "store.js", *own]


def folder() -> str:
    """Return the scripts' folder below the site's static files: its name changes with them."""
    return f"reader/{build.digest_files(sources(), ROOT)[:16]}"


def chapters(env: BuildEnvironment) -> list[dict[str, Any]]:
    """Return every chapter that is there: its page, its title, its quiz and its questions."""
    found = []
    for one in book.written(Path(env.srcdir)):
        asked = json.loads(one.quiz.read_text(encoding="utf-8")) if one.quiz.is_file() else []
        page = str(one.page)
        found.append({"page": page, "title": env.titles[page].astext(), "quiz": one.number,
                      "questions": [question["id"] for question in asked]})  # fmt: skip
    return found


def link(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: nodes.document | None
) -> None:
    """Link the scripts, and the styles where they are needed; progress gets the list of chapters."""
    app.add_js_file(f"{folder()}/reader.js", type="module", priority=EARLY)
    app.add_css_file(f"{folder()}/reader.css")
    for name, sheet in STYLES.items():
        if name in context.get("body", ""):
            app.add_css_file(f"{folder()}/{sheet}", priority=LATE)
    if page == PROGRESS:
        listed = json.dumps(chapters(app.env), ensure_ascii=False).replace("<", "\\u003c")
        context["body"] += f'<script type="application/json" id="chapters">{listed}</script>'
        app.add_js_file(f"{folder()}/progress.js", type="module", priority=EARLY)


def publish(app: Sphinx) -> None:
    """Put the scripts into the site."""
    for path in sources():
        build.publish(app, path, f"{folder()}/{path.name}")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("html-page-context", link)
    build.after(app, publish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
