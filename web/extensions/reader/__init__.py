"""What a reader has done, kept in the reader's own browser and nowhere else.

A Sphinx extension. Every page remembers what was read, the place last read and the reader's own
changes of live cells; ``book/progress`` shows all of it, with export, import and erasure. Quizzes
bring their behaviour along for JupyterLab; a page has it once, as a script of the site.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

CLIENT = Path(__file__).parent / "client"
QUIZ = Path(__file__).parents[3] / "widgets" / "kefu" / "demos" / "quiz.js"
CARRIED = re.compile(r"<script type='module' class='kefu-quiz-script'>.*?</script>", re.S)
PROGRESS = "book/progress"
EARLY = 400
"""Before the live cells' script, which tells of each cell as it finds it."""


def sources() -> list[Path]:
    """Return the files that go into the site."""
    return [*sorted(CLIENT.iterdir()), QUIZ]


def folder() -> str:
    """Return the scripts' folder below the site's static files: its name changes with them."""
    seen = hashlib.sha256()
    for path in sources():
        seen.update(path.name.encode() + path.read_bytes())
    return f"reader/{seen.hexdigest()[:16]}"


def unload(_app: Sphinx, doctree: nodes.document) -> None:
    """Take the script that a quiz carries out of a page: the site has it once for all pages."""
    for node in doctree.findall(nodes.raw):
        text = node.astext()
        if CARRIED.search(text):
            node[:] = [nodes.Text(CARRIED.sub("", text))]


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
    """Link the scripts; the page of progress also gets the list of chapters."""
    app.add_js_file(f"{folder()}/reader.js", type="module", priority=EARLY)
    app.add_css_file(f"{folder()}/reader.css")
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
    app.connect("doctree-read", unload)
    app.connect("html-page-context", link)
    app.connect("build-finished", publish, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
