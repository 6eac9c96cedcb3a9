"""The whole notebook in the browser: it opens from the built site, runs, and asks no other host."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

import tools.site
from tests.visit import WAIT
from tools.paths import NODE_MODULES, ROOT
from tools.serve import served
from web import lite
from web.extensions import ways as links

CHAPTER = "notebooks/presales/02_preparation"
IDLE = ".jp-Notebook-ExecutionIndicator[data-status=idle]"


class Notebook:
    """A notebook open in the browser, with every host that it asked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.abroad: list[str] = []
        page.context.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), self.refuse)

    def refuse(self, route: Route) -> None:
        self.abroad.append(route.request.url)
        route.abort()

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=WAIT)
        self.page.wait_for_selector(IDLE, timeout=WAIT)

    def run(self, code: str) -> str:
        """Insert a cell above the first one, run it, and return the text that it shows.

        Each key waits for what the one before has done: one that comes too early is lost.
        """
        first = self.page.locator(".jp-Notebook .jp-Cell").first
        command = self.page.locator(".jp-Notebook.jp-mod-commandMode")
        self.page.keyboard.press("Escape")
        first.click(position={"x": 4, "y": 4})
        self.page.keyboard.press("Escape")
        expect(first).to_have_class(re.compile("jp-mod-active"))
        expect(command).to_have_count(1)
        self.page.keyboard.press("a")
        cell = self.page.locator(".jp-Notebook .jp-CodeCell.jp-mod-active")
        expect(cell.locator(".cm-content")).to_have_text("")
        self.page.keyboard.press("Enter")
        expect(cell.locator(".cm-content")).to_be_focused()
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Control+Enter")
        cell.locator(".jp-InputPrompt").filter(has_text=re.compile(r"\[\d+\]")).wait_for(
            timeout=WAIT
        )
        return cell.locator(".jp-OutputArea").inner_text().strip()


@pytest.fixture(scope="module")
def notebook(address: str, chromium: Browser) -> Iterator[Notebook]:
    """Open the chapter's notebook as a reader does: by the link on its page."""
    context = chromium.new_context(service_workers="allow", viewport={"width": 1280, "height": 900})
    opened = Notebook(context.new_page())
    opened.page.goto(f"{address}{CHAPTER}.html")
    opened.open(opened.page.locator(".kefu-ways a").first.evaluate("link => link.href"))
    yield opened
    context.close()


def test_the_kernel_has_the_books_package(notebook):
    assert "18.00" in notebook.run(
        'from kefu.presales.freight import Tariff\nTariff(1,10,1,4).fee("2.4")'
    )
    assert notebook.run('from kefu import data\nprint(len(data.rows("orders")) > 100)') == "True"


def test_the_kernel_runs_the_pages_pyodide(notebook, site):
    wanted = json.loads((NODE_MODULES / "pyodide" / "package.json").read_text())["version"]
    assert notebook.run("import pyodide_js\nprint(pyodide_js.version)") == wanted
    engine = (site / "lite" / "static" / "pyodide" / "pyodide.asm.mjs").read_bytes()
    for page_engine in site.glob("_static/live/*/pyodide.asm.mjs"):
        assert page_engine.read_bytes() == engine


def test_a_demo_is_alive_and_answers(notebook):
    notebook.run("from kefu import demos\ndemos.freight()")
    demo = notebook.page.locator(".jp-OutputArea-output .kefu-demo").first
    handle = demo.locator(".noUi-handle").first
    handle.wait_for(timeout=WAIT)
    before = demo.inner_text()
    handle.focus()
    for _ in range(12):
        notebook.page.keyboard.press("ArrowRight")
    notebook.page.wait_for_function(
        "before => document.querySelector('.jp-OutputArea-output .kefu-demo').innerText !== before",
        arg=before,
    )


def test_a_notebook_reads_the_files_beside_it(notebook):
    assert (
        notebook.run('from kefu import demos\ndemos.quiz("02_quiz.json")\nprint("read")') == "read"
    )


def test_the_interface_is_chinese(notebook):
    menus = notebook.page.locator(".lm-MenuBar-itemLabel").all_inner_texts()
    assert {"文件", "编辑", "内核"} <= set(menus)
    assert notebook.page.evaluate("document.documentElement.lang").startswith("zh")


def test_no_other_host_was_asked(notebook):
    assert notebook.abroad == []


def test_no_package_index_is_asked(notebook):
    assert "PyPI fallback is disabled" in notebook.run(
        "import piplite\nawait piplite.install('cowsay')"
    )
    assert notebook.abroad == []


def test_a_compiled_wheel_comes_from_pyodides_own_host(notebook):
    assert notebook.abroad == []
    notebook.run("import pandas")
    hosts = {url.split("/")[2] for url in notebook.abroad}
    assert hosts == {lite.PYODIDE_CDN_URL.split("/")[2]}
    notebook.abroad.clear()


def test_wheels_that_the_builder_has_come_from_the_site(site, chromium, tmp_path, monkeypatch):
    packages = json.loads((lite.PYODIDE / "pyodide-lock.json").read_text())["packages"]
    with zipfile.ZipFile(tmp_path / packages["pytz"]["file_name"], "w") as wheel:
        wheel.writestr("pytz/__init__.py", "own = 'from the site'\n")
        info = f"pytz-{packages['pytz']['version']}.dist-info"
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: pytz\nVersion: 1\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
    monkeypatch.setenv("KEFU_PYODIDE_WHEELS", str(tmp_path))
    copy = Path(shutil.copytree(site / "lite", tmp_path / "site" / "lite"))
    own = [p for p in (copy / "static" / "pyodide").glob("*.whl")]
    moved = [Path(shutil.move(wheel, tmp_path / "site")) for wheel in own]
    lite.lock(copy / "static" / "pyodide", moved)
    context = chromium.new_context(service_workers="allow")
    with served(tmp_path / "site") as address:
        opened = Notebook(context.new_page())
        opened.open(f"{address}lite/notebooks/index.html?path=presales/02_preparation.ipynb")
        assert opened.run("import pytz\nprint(pytz.own)") == "from the site"
        assert opened.abroad == []
    context.close()


def test_the_chapter_says_which_packages_come_from_elsewhere(site):
    html = (site / f"{CHAPTER}.html").read_text(encoding="utf-8")
    told = re.search(r'<div class="kefu-ways".*?kefu-ways-note.*?</p>', html, re.S)[0]
    assert "lite/notebooks/index.html?path=presales/02_preparation.ipynb" in told
    for name in links.borrowed(ROOT / f"{CHAPTER}.ipynb"):
        assert name in told
    assert "Pyodide项目自己的网站" in told


class FinishedBuild:
    """A run of Jupyter Book that has done its work and said nothing."""

    returncode, stdout = 0, ()

    def __init__(self, *given: object, **options: object) -> None: ...

    def __enter__(self) -> FinishedBuild:
        return self

    def __exit__(self, *error: object) -> None: ...


def test_a_folder_of_wheels_leaves_nothing_to_say(tmp_path, monkeypatch):
    chapter = ROOT / f"{CHAPTER}.ipynb"
    assert links.borrowed(chapter) == ["matplotlib", "pandas"]
    for package in json.loads(links.LOCK.read_text())["packages"].values():
        (tmp_path / package["file_name"]).touch()
    monkeypatch.setenv("KEFU_PYODIDE_WHEELS", str(tmp_path))
    assert links.borrowed(chapter) == []
    next(tmp_path.glob("numpy-*")).unlink()
    assert links.borrowed(chapter) == ["matplotlib", "pandas"]


def test_a_folder_of_wheels_that_is_not_there_ends_in_one_line(monkeypatch, tmp_path):
    monkeypatch.setenv("KEFU_PYODIDE_WHEELS", "/nonexistent")
    monkeypatch.setattr(tools.site.subprocess, "Popen", FinishedBuild)
    monkeypatch.setattr(tools.site, "ROOT", tmp_path)
    said = r"^kefu: the book was not built: KEFU_PYODIDE_WHEELS names /nonexistent, [^\n]+$"
    with pytest.raises(SystemExit, match=said):
        tools.site.build(tmp_path)


def test_the_site_is_made_again_only_when_a_source_changes(tmp_path, monkeypatch):
    (tmp_path / "pandas.whl").write_bytes(b"1")
    first = lite.key()
    assert lite.key() == first
    monkeypatch.setenv("KEFU_PYODIDE_WHEELS", str(tmp_path))
    second = lite.key()
    (tmp_path / "pandas.whl").write_bytes(b"2")
    assert len({first, second, lite.key()}) == 3


def test_every_packaged_wheel_matches_its_hash(site):
    folder = site / "lite" / "static" / "pyodide"
    packages = json.loads((folder / "pyodide-lock.json").read_text())["packages"].values()
    local = [p for p in packages if "/" not in p["file_name"]]
    assert {"kefu", "ipywidgets", "comm", "ipython"} <= {p["name"] for p in local}
    for package in local:
        assert lite.digest(folder / package["file_name"]) == package["sha256"]
    assert not list((site / "lite").rglob(".jupyterlite.doit.db"))
