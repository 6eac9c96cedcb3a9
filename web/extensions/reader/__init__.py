"""What a reader has done, kept in the reader's own browser and nowhere else.

A Sphinx extension. Every page remembers what was read, the place last read and the reader's own
changes of live cells; ``book/progress`` shows all of it, with export, import and erasure. Stored
demos and quizzes are bare HTML: their style and the quizzes' script stand in the site once.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

CLIENT = Path(__file__).parent / "client"
WEB = Path(__file__).parents[2]
DEMOS = WEB.parent / "widgets" / "kefu" / "demos"
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
    return [*sorted(CLIENT.iterdir()), WEB / "store.js", *own]


def folder() -> str:
    """Return the scripts' folder below the site's static files: its name changes with them."""
    seen = hashlib.sha256()
    for path in sources():
        seen.update(path.name.encode() + path.read_bytes())
    return f"reader/{seen.hexdigest()[:16]}"


def chapters(env: BuildEnvironment) -> list[dict[str, Any]]:
    """Return every chapter of the book: its page, its title, its quiz and how many questions."""
    found = []
    for page in sorted(env.found_docs, key=lambda name: name.rpartition("/")[2]):
        if page.startswith("notebooks/"):
            number = page.rpartition("/")[2].partition("_")[0]
            file = Path(env.doc2path(page)).with_name(f"{number}_quiz.json")
            asked = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
            ids = [question["id"] for question in asked]
            title = env.titles[page].astext()
            found.append({"page": page, "title": title, "quiz": number, "questions": ids})
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


def publish(app: Sphinx, failure: Exception | None) -> None:
    """Put the scripts into the site."""
    if failure is None and app.builder.format == "html":
        target = Path(app.outdir) / "_static" / folder()
        target.mkdir(parents=True, exist_ok=True)
        for path in sources():
            shutil.copy(path, target)


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx."""
    app.connect("html-page-context", link)
    app.connect("build-finished", publish, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
