"""The ways into a chapter's notebook: the row on its page, and the copies, which run as they are."""

from __future__ import annotations

import json
import os
import re
import shutil
import site as python_site
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup, Tag
from nbformat.v4 import new_code_cell
from playwright.sync_api import Browser, Page, expect
from sphinx.config import Config

from tools import lab
from tools.paths import ROOT
from web import book as contents
from web.extensions import ways
from web.extensions.ways import copies
from web.paper import kit

CHAPTERS = [one.page for one in contents.written()]
CHAPTER = "notebooks/presales/02_preparation"
FOLDER = Path(copies.KIT).stem
NAME = f"{Path(CHAPTER).name}.ipynb"
SETTINGS = {"ways_repository": "someone/book", "ways_branch": "main", "ways_site_branch": "pages"}


def row(site: Path, chapter: str) -> Tag:
    page = BeautifulSoup((site / f"{chapter}.html").read_text(encoding="utf-8"), "html.parser")
    (found,) = page.select(".kefu-ways")
    return found


@pytest.fixture
def config() -> Config:
    """Return settings with a public repository."""
    config = Config()
    for name, value in SETTINGS.items():
        config.add(name, value, "html", ())
    return config


# the row


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_chapter_opens_in_the_browser_downloads_and_says_the_local_commands(site, chapter):
    ways_in = row(site, chapter)
    lite, copy, kit, how = (link["href"] for link in ways_in.select("a"))
    page = site / f"{chapter}.html"
    assert (page.parent / kit).resolve() == site / "downloads" / copies.KIT
    explained, _, place = how.partition("#")
    assert f'id="{place}"' in (page.parent / explained).resolve().read_text(encoding="utf-8")
    app, _, path = lite.partition("?path=")
    assert (page.parent / app).resolve().is_file()
    assert (ROOT / "notebooks" / unquote(path)).is_file()
    assert (page.parent / copy).resolve().is_file()
    first, second = (block.get_text() for block in ways_in.select("pre"))
    assert first == f"make lab CHAPTER={Path(chapter).name[:2]}"
    assert lab.first_chapter(first.partition("=")[2]) == Path(f"{chapter}.ipynb")
    assert second.splitlines()[-1] == f"jupyter lab {Path(chapter).name}.ipynb"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_reading_on_the_page_is_the_first_way_and_the_notebook_the_second(site, chapter):
    first, second = (part for part in row(site, chapter).children if isinstance(part, Tag))
    assert first.get_text() == "在这一页读就行：演示能拨，代码能改。"
    assert second.name == "details"
    assert not second.has_attr("open")


def test_no_other_host_is_named_without_a_public_repository(site):
    assert not [
        link["href"]
        for chapter in CHAPTERS
        for link in row(site, chapter).select("a")
        if urlsplit(link["href"]).scheme
    ]


def test_a_public_repository_adds_binder_colab_and_source(config):
    assert ways.elsewhere(config, CHAPTER) == {
        "Binder": f"https://mybinder.org/v2/gh/someone/book/main?urlpath=lab/tree/{CHAPTER}.ipynb",
        "Colab": "https://colab.research.google.com/github/someone/book/blob/pages/_sources/"
        f"{CHAPTER}.ipynb",
        "源码": f"https://github.com/someone/book/blob/main/{CHAPTER}.ipynb",
        "报个错": "https://github.com/someone/book/issues/new?template=1-mistake.yml&page="
        f"{CHAPTER}.ipynb",
    }


def test_a_chapter_that_is_not_there_ends_in_one_line():
    with pytest.raises(SystemExit, match=r"^kefu: number: expected one of 01, .*got '99'$"):
        lab.first_chapter("99")


# the copies


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_copy_is_the_notebook_after_what_it_needs(site, chapter):
    notebook = nbformat.read(ROOT / f"{chapter}.ipynb", as_version=4)
    copy = nbformat.read(site / copies.FOLDER / f"{chapter}.ipynb", as_version=4)
    nbformat.validate(copy)
    added = len(copy.cells) - len(notebook.cells)
    assert copy.cells[added:] == notebook.cells
    (setup,) = copy.cells[:added]
    names = {"__name__": "copy"}
    exec(setup.source.partition("\n\n\n")[0], names)
    assert (site / names["WHEEL"]).is_file()
    for module in ways.imported(ROOT / f"{chapter}.ipynb") - {"kefu", *sys.stdlib_module_names}:
        assert copies.DISTRIBUTIONS.get(module, module) in names["NEEDS"]


def test_page_shows_no_cell_of_the_copy(site):
    assert "PackageNotFoundError" not in (site / f"{CHAPTER}.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reader(chromium: Browser, address: str) -> Iterator[Page]:
    page = chromium.new_page()
    page.goto(f"{address}{CHAPTER}.html")
    yield page
    page.close()


@pytest.fixture(scope="module")
def downloaded(reader: Page, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Download the chapter's notebook as a reader does, into an empty folder."""
    with reader.expect_download() as saved:
        reader.get_by_text("打开笔记本").click()
        reader.get_by_role("link", name="下载这一本").click()
    assert saved.value.suggested_filename == NAME
    target = tmp_path_factory.mktemp("mine") / NAME
    saved.value.save_as(target)
    return target


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a Python with Jupyter and the tests' packages, but without ``kefu``.

    The packages are linked from the tests' own environment, so that nothing is fetched.
    """
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False)
    place = next(folder.glob("lib/python*/site-packages"))
    for package in Path(python_site.getsitepackages()[0]).iterdir():
        if "kefu" not in package.name and package.suffix != ".pth":
            (place / package.name).symlink_to(package)
    return folder / "bin" / "python"


def test_downloaded_copy_knows_the_books_address(downloaded, address):
    setup = nbformat.read(downloaded, as_version=4).cells[0].source
    assert f'BOOK = "{address}"' in setup


RUN = """
import sys, nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
notebook = nbformat.read(sys.argv[1], as_version=4)
try:
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
except CellExecutionError as error:
    sys.exit(str(error)[-1500:])
print(notebook.cells[0].outputs[-1].text)
"""


def run(python: Path, notebook: Path) -> subprocess.CompletedProcess[str]:
    """Run all cells of a notebook in its folder, on a kernel of the given Python."""
    kernel = notebook.parent / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True, exist_ok=True)
    start = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": start, "display_name": "Python 3", "language": "python"}
    (kernel / "kernel.json").write_text(json.dumps(spec))
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [python, "-c", RUN, notebook.name], cwd=notebook.parent, capture_output=True, text=True,
        timeout=400, env={**env, "JUPYTER_PATH": str(kernel.parents[1])},
    )  # fmt: skip


def test_downloaded_copy_runs_in_an_empty_folder_without_kefu(downloaded, bare_python):
    assert subprocess.run([bare_python, "-c", "import kefu"], capture_output=True).returncode
    done = run(bare_python, downloaded)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "准备好了"
    where = "import kefu; from kefu import data; print(kefu.__file__, data.folder())"
    told = subprocess.run([bare_python, "-c", where], capture_output=True, text=True, check=True)
    assert told.stdout.count(str(bare_python.parents[1])) == 2


def test_copy_that_knows_no_address_says_what_to_do(site, bare_python, tmp_path):
    notebook = nbformat.read(site / copies.FOLDER / f"{CHAPTER}.ipynb", as_version=4)
    notebook.cells = notebook.cells[:1]
    assert 'BOOK = ""' in notebook.cells[0].source
    subprocess.run([bare_python, "-m", "pip", "uninstall", "-yq", "kefu"], capture_output=True)
    nbformat.write(notebook, tmp_path / NAME)
    told = run(bare_python, tmp_path / NAME)
    assert "放在这本笔记本旁边" in told.stderr
    wheel = site / copies.project()[1]
    shutil.copy(wheel, tmp_path)
    assert run(bare_python, tmp_path / NAME).stdout.strip() == "准备好了"


def test_the_headers_download_gives_the_same_copy(reader, address):
    link = reader.locator(".btn-download-source-button").first
    href = link.evaluate("link => link.href")
    assert href == reader.locator(".kefu-ways a[download]").first.evaluate("link => link.href")


def test_without_javascript_the_link_gives_the_copy(chromium, address):
    page = chromium.new_page(java_script_enabled=False)
    page.goto(f"{address}{CHAPTER}.html")
    with page.expect_download() as saved:
        page.get_by_text("打开笔记本").click()
        page.get_by_role("link", name="下载这一本").click()
    assert json.loads(saved.value.path().read_text())["cells"][0]["id"] == "kefu-setup"
    page.close()


def test_local_commands_open_on_a_click_and_copy(reader):
    reader.reload()
    summary = reader.locator(".kefu-ways summary")
    block = reader.locator(".kefu-ways pre").first
    expect(block).to_be_hidden()
    summary.click()
    expect(block).to_be_visible()
    button = reader.locator(".kefu-ways .highlight").first.locator("button.copybtn")
    button.focus()
    expect(button).to_be_visible()


# the zip for a reader's own computer


def test_the_zip_unpacks_into_one_folder_that_windows_can_read(site):
    with zipfile.ZipFile(site / "downloads" / copies.KIT) as archive:
        names = archive.namelist()
        told = archive.read(f"{FOLDER}/{kit.SAYS}")
    assert {name.partition("/")[0] for name in names} == {FOLDER}
    assert {f"{FOLDER}/{Path(page).relative_to('notebooks')}.ipynb" for page in CHAPTERS} < {*names}
    assert not [name for name in names if re.search(r'[<>:"|?*\\]|[. ]/|[. ]$', name)]
    assert told.startswith(b"\xef\xbb\xbf")
    assert told.count(b"\n") == told.count(b"\r\n")


def test_the_zip_and_the_page_say_the_same_commands():
    page = (ROOT / "book" / "how-to-use.md").read_text(encoding="utf-8")
    commands = [line.strip() for line in kit.STEPS.splitlines() if " -m " in line]
    assert len(commands) == 6
    assert [line for line in commands if line not in page] == []
    assert not [line for line in commands if re.search("make|git", line)]


def test_the_zip_is_the_same_from_the_same_site(site, tmp_path):
    wheel = copies.project()[1]
    (tmp_path / wheel).parent.mkdir(parents=True)
    shutil.copy(site / wheel, tmp_path / wheel)
    kit.build(tmp_path)
    name = f"downloads/{copies.KIT}"
    assert (tmp_path / name).read_bytes() == (site / name).read_bytes()


def test_the_zip_s_commands_make_a_python_that_runs_its_notebooks(site, bare_python, tmp_path):
    with zipfile.ZipFile(site / "downloads" / copies.KIT) as archive:
        archive.extractall(tmp_path)
    folder, pip = tmp_path / FOLDER, [bare_python, "-m", "pip"]
    subprocess.run([*pip, "uninstall", "-yq", "kefu"], capture_output=True)
    subprocess.run(  # what else is needed, this Python has: nothing is fetched
        [*pip, "install", "-q", "--no-index", "-r", "requirements.txt"], cwd=folder, check=True
    )
    path = folder / Path(CHAPTER).relative_to("notebooks").with_suffix(".ipynb")
    notebook = nbformat.read(path, as_version=4)
    first = [cell for cell in notebook.cells if cell.cell_type == "code"][:2]
    quiz = [cell for cell in notebook.cells if "demos.quiz(" in cell.source]
    asks = new_code_cell("import kefu\nprint(kefu.__file__)")
    notebook.cells = [asks, *first, *quiz]
    nbformat.write(notebook, path)
    done = run(bare_python, path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(bare_python.parents[1]))


# Binder's environment


def pinned(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", (ROOT / lock).read_text(), re.M))


def test_binder_has_what_the_chapters_need_at_the_books_own_versions():
    binder, book = pinned(".binder/requirements.txt"), pinned("requirements.txt")
    assert {name: book.get(name) for name in binder} == binder
    wanted = {"jupyterlab", "hatchling", "editables"}  # what postBuild needs
    for chapter in CHAPTERS:
        notebook = nbformat.read(ROOT / f"{chapter}.ipynb", as_version=4)
        sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        wanted |= copies.needs(sources).keys()
    assert wanted - binder.keys() == set()


def test_binder_starts_from_files_that_it_understands():
    post = ROOT / ".binder" / "postBuild"
    assert os.access(post, os.X_OK)
    assert subprocess.run(["bash", "-n", post]).returncode == 0
    assert (ROOT / ".binder" / "runtime.txt").read_text() == "python-3.12\n"
