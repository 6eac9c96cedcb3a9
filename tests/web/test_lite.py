"""The whole notebook in the browser: it opens from the built site, runs, and asks no other host."""

from __future__ import annotations

import json
import re
import shutil
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Browser, Page, Route, expect

import tools.site
from tests.live.living import talked_through
from tests.visit import WAIT, until
from tools.paths import NODE_MODULES, ROOT
from tools.serve import QuietHandler, served
from web import book, build, lite
from web.extensions import ways as links
from web.lite import startup

CHAPTER = "notebooks/presales/02_preparation"
START = 3 * WAIT
"""How long the first cell may take, in ms: JupyterLite starts its Python only then, and brings all its packages."""
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
            timeout=START
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
    handle = demo.locator(".kefu-range").first
    handle.wait_for(timeout=WAIT)
    before = demo.inner_text()
    handle.focus()
    for _ in range(12):
        notebook.page.keyboard.press("ArrowRight")
    notebook.page.wait_for_function(
        "before => document.querySelector('.jp-OutputArea-output .kefu-demo').innerText !== before",
        arg=before,
    )


def test_a_conversation_is_led_to_its_good_end(notebook):
    notebook.run('from kefu import demos\ndemos.talk("新疆不包邮")')
    talk = notebook.page.locator(".kefu-demo.widget-box", has_text="对话演练：新疆不包邮")
    talked_through(talk, "新疆不包邮")


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


def test_a_compiled_wheel_comes_from_pyodides_own_host_and_one_that_does_not_is_told(notebook):
    assert notebook.abroad == []
    told = notebook.run("import pandas")
    assert told == startup._TOLD.format("pandas")
    hosts = {url.split("/")[2] for url in notebook.abroad}
    assert hosts == {lite.PYODIDE_CDN_URL.split("/")[2]}
    notebook.abroad.clear()


def test_a_module_that_nobody_has_is_told_by_python(notebook):
    assert "No module named 'kufe'" in notebook.run("import kufe")


def test_what_runs_before_the_reader_leaves_him_no_names():
    assert [name for name in vars(startup) if not name.startswith("_")] == []


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
    told = re.search(r'<div class="kefu-ways".*?</details>', html, re.S)[0]
    assert "lite/notebooks/index.html?path=presales/02_preparation.ipynb" in told
    for name in links.borrowed(ROOT / f"{CHAPTER}.ipynb"):
        assert name in told
    assert "Pyodide项目自己的网站" in told


# the row above the notebook, and new editions


class Proxy(QuietHandler):
    """Serves the site under whatever host's name a browser asks for."""

    def do_GET(self) -> None:
        self.path = urlsplit(self.path).path
        super().do_GET()


PLAIN = "http://book.school/"
"""An address that is not this machine's own and has no https: browsers refuse it service workers."""
PATH = "presales/02_preparation.ipynb"
NOTEBOOK = f"{PLAIN}lite/notebooks/index.html?path={PATH}"


@pytest.fixture(scope="module")
def plain(site: Path, chromium: Browser) -> Iterator[Notebook]:
    """Open the notebook as in a school's own net, over plain http."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Proxy, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        at = f"http://127.0.0.1:{server.server_port}"
        context = chromium.new_context(service_workers="allow", proxy={"server": at})
        opened = Notebook(context.new_page())
        context.unroute_all()
        opened.open(NOTEBOOK)
        yield opened
        context.close()
        server.shutdown()


def test_without_a_service_worker_a_notebook_finds_its_quiz(plain):
    assert plain.page.evaluate("[isSecureContext, 'serviceWorker' in navigator]") == [False, False]
    said = plain.run('from kefu import demos\nprint(demos.quiz("02_quiz.json"))')
    assert said.startswith("<Quiz 02: ")


def test_a_row_leads_back_to_the_page_and_covers_nothing(plain, site):
    bar = plain.page.get_by_role("navigation", name="这本书")
    back = bar.get_by_role("link").first
    assert back.inner_text().replace("　", "") == "← 回到书里：第02章售前准备：营销、付款与物流"
    assert back.evaluate("link => link.href") == f"{PLAIN}{CHAPTER}.html"
    for link in bar.get_by_role("link").all():
        path = urlsplit(link.evaluate("link => link.href")).path
        assert (site / path[1:]).is_file()
    assert plain.page.locator("#main").bounding_box()["y"] == bar.bounding_box()["height"]


def show(notebook: Notebook, first: str) -> None:
    """Wait until a notebook is open whose first cell says so."""
    cell = notebook.page.locator(".jp-Notebook .jp-Cell").first
    expect(cell).to_contain_text(first)


def test_a_new_edition_shows_and_what_was_typed_is_kept(plain, site):
    page, context = plain.page, plain.page.context
    plain.run('print("这是我写的")')
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-NotebookCheckpoint")).to_contain_text("检查点")
    listed = json.loads((site / "lite" / "editions.json").read_text())
    served = json.loads((site / "lite" / "files" / PATH).read_text())
    assert listed[PATH]["edition"] == served["metadata"]["kefu"]["edition"]
    served["cells"][0]["source"] = "# 新版的第一格"
    now = lite.edition(nbformat.reads(json.dumps(served), as_version=4))
    listed[PATH]["edition"] = served["metadata"]["kefu"]["edition"] = now
    for name, now in ((f"files/{PATH}", served), ("editions.json", listed)):
        context.route(f"**/{name}*", lambda route, _, now=now: route.fulfill(json=now))

    page.goto(NOTEBOOK)
    page.get_by_role("button", name="先用我改的那份").click()
    show(plain, "这是我写的")
    page.goto(NOTEBOOK)  # not asked again, but told
    page.get_by_role("button", name="有新版").click()
    page.get_by_role("button", name="打开新版").click()
    show(plain, "新版的第一格")
    assert page.get_by_role("button", name="有新版").count() == 0

    mine = page.get_by_role("link", name="我的旧稿：02_preparation-我的.ipynb")
    mine.click()
    show(plain, "这是我写的")
    page.get_by_role("link", name="书上的这一本").click()
    show(plain, "新版的第一格")


def test_the_way_out_saves_and_the_books_own_comes_back_beside_what_was_typed(plain):
    page = plain.page
    page.goto(NOTEBOOK)
    show(plain, "新版的第一格")
    plain.run('print("改乱了")')
    page.get_by_role("link", name="← 回到书里").click()  # the browser asks nothing
    page.wait_for_url(f"{PLAIN}{CHAPTER}.html")
    page.goto(NOTEBOOK)
    show(plain, "改乱了")
    page.get_by_role("button", name="换回原样", exact=True).click()
    page.get_by_role("button", name="不换").click()
    show(plain, "改乱了")
    page.get_by_role("button", name="换回原样", exact=True).click()
    page.get_by_role("button", name="换回原样，我改的那份留着").click()
    show(plain, "新版的第一格")
    page.get_by_role("link", name="我的旧稿：02_preparation-我的2.ipynb").click()
    show(plain, "改乱了")


KEPT = """path => new Promise(done => {
    indexedDB.open("JupyterLite Storage - /lite/").onsuccess = ({target: {result}}) => {
        result.transaction("files").objectStore("files").getKey(path).onsuccess = ({target}) => {
            result.close();
            done(target.result !== undefined);
        };
    };
})"""


def test_a_copy_in_which_nothing_was_typed_makes_way_unasked(plain):
    page = plain.page
    page.goto(NOTEBOOK)
    show(plain, "新版的第一格")
    text = page.evaluate("path => fetch(`../files/${path}`).then(r => r.text())", PATH)
    served = json.loads(text)
    served["metadata"]["kefu"]["edition"] = lite.edition(nbformat.reads(text, as_version=4))
    page.context.route(f"**/files/{PATH}*", lambda route: route.fulfill(json=served))
    page.reload()
    show(plain, "新版的第一格")
    page.keyboard.press("Control+s")
    until(page, lambda: page.evaluate(KEPT, PATH))
    told = {PATH: {"edition": 8, "page": "", "title": ""}}
    page.context.route("**/editions.json*", lambda route: route.fulfill(json=told))
    page.goto(NOTEBOOK)
    show(plain, "新版的第一格")
    assert page.get_by_role("dialog").count() == 0
    assert not page.evaluate(KEPT, PATH)


SAYS = """
globalThis.location = {href: "http://x/lite/notebooks/index.html"};
const {edition, verdict, ownName} = await import(process.argv[2]);
const {readFileSync} = await import("node:fs");
const {notebook, served, taken} = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify([edition(notebook), verdict(notebook, served), ownName("a/b.ipynb", taken)]));
"""


def says(tmp_path: Path, notebook: nbformat.NotebookNode, served: int, taken: list[str]) -> list:
    """Return what the row's script makes of a saved notebook where the site serves another edition."""
    script = tmp_path / "says.mjs"
    script.write_text(SAYS)
    bar = Path(shutil.copy(lite.HERE / "bar.js", tmp_path / "bar.mjs"))
    given = {"notebook": notebook, "served": served, "taken": taken}
    return json.loads(build.node(script, bar.as_uri(), given=given))


@pytest.mark.parametrize(
    ("kept", "typed", "verdict"),
    [("this", False, "same"), ("this", True, "same"), ("older", False, "drop"),
     ("older", True, "ask"), ("none", False, "ask")],
)  # fmt: skip
def test_only_a_changed_copy_of_an_older_edition_is_asked_about(tmp_path, kept, typed, verdict):
    notebook = new_notebook(
        cells=[new_markdown_cell("# 运费\n\n18元"), new_code_cell("fee = 18 # 😀")]
    )
    now = lite.edition(notebook)
    if kept != "none":
        notebook.metadata["kefu"] = {"edition": now}
    if typed:
        notebook.cells[1].source = "fee = 20"
    served = now if kept == "this" else now + 1
    own = lite.edition(notebook)
    assert says(tmp_path, notebook, served, [])[:2] == [own, verdict]


def test_a_copy_kept_before_notebooks_said_their_edition_is_known_by_its_cells(tmp_path):
    notebook = new_notebook(cells=[new_code_cell("fee = 18")])
    assert says(tmp_path, notebook, lite.edition(notebook), [])[1] == "same"


def test_no_copy_takes_the_name_of_another(tmp_path):
    taken = ["a/b.ipynb", "a/b-我的.ipynb", "a/b-我的2.ipynb"]
    assert says(tmp_path, new_notebook(), 1, taken[:1])[2] == "a/b-我的.ipynb"
    assert says(tmp_path, new_notebook(), 1, taken)[2] == "a/b-我的3.ipynb"


def test_every_chapter_has_its_edition_and_its_page(site):
    listed = json.loads((site / "lite" / "editions.json").read_text())
    assert {f"notebooks/{path}".removesuffix(".ipynb") for path in listed} == {
        one.page for one in book.written()
    }
    for path, told in listed.items():
        assert (site / told["page"]).is_file()
        served = nbformat.read(site / "lite" / "files" / path, as_version=4)
        assert served.metadata["kefu"]["edition"] == told["edition"] == lite.edition(served)


def test_a_reader_puts_a_file_of_his_own_beside_the_notebook(plain, tmp_path):
    page = plain.page
    page.goto(NOTEBOOK)
    page.get_by_role("link", name="文件", exact=True).click()
    page.get_by_text("presales", exact=True).dblclick()
    (tmp_path / "我的表.csv").write_text("重量\n2.4\n", encoding="utf-8")
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name="上传").click()
    chosen.value.set_files(tmp_path / "我的表.csv")
    expect(page.get_by_text("我的表.csv", exact=True)).to_be_visible()
    assert page.evaluate(KEPT, "presales/我的表.csv")


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
