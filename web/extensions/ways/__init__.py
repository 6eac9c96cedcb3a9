"""Sphinx extension: the ways into a chapter, in one row under its title.

The page itself is the first; the notebook, folded, the second: in the browser (JupyterLite, built by
``web/lite``), as a download, in JupyterLab, and, where ``ways_repository`` names the book's public
repository, in Binder, in Colab and as source.
Every link to another host is an ordinary link: nothing is asked before the reader opens it. What
the browser has to fetch from Pyodide's own host is said before the reader opens the notebook.
"""

from __future__ import annotations

import json
import os
import re
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from tools.paths import NODE_MODULES, ROOT
from web import book, build

from . import copies

LOCK = NODE_MODULES / "pyodide" / "pyodide-lock.json"
WHEELS = ROOT / "web" / "lite.txt"
ABOUT = "不用安装也不用登录，约需半分钟；改动只留在你的浏览器里。"
BORROWS = "其中{}由浏览器从Pyodide项目自己的网站下载。"
ROW = """
<div class="kefu-ways" role="group" aria-label="读法">
<p class="kefu-ways-note">在这一页读就行：演示能拨，代码能改。</p>
<details><summary class="kefu-way">打开笔记本</summary>
<div class="kefu-ways-lab">
<p><a class="kefu-way" href="{lite}">在浏览器里打开</a> {about}{borrows}</p>
<p><a class="kefu-way" href="{copy}" download>下载这一本</a> 第一格会把缺的包装好。</p>
<p><a class="kefu-way" href="{kit}" download>下载全部笔记本</a>
在自己的电脑上学，Windows也行，只要有Python：<a href="{how}">三行命令</a>。</p>
{elsewhere}<p>有这本书的源码，在它的文件夹里运行：</p>
<div class="highlight"><pre>{lab}</pre></div>
<p>只有下载的这一本，在它所在的文件夹里运行：</p>
<div class="highlight"><pre>pip install jupyterlab
jupyter lab {name}</pre></div>
</div></details>
</div>"""
LINK = '<a class="kefu-way" href="{}" rel="noopener">{}</a>\n'


def imported(notebook: Path) -> set[str]:
    """Return the top-level names of the modules that a notebook imports."""
    cells = nbformat.read(notebook, as_version=4).cells
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    return {name.partition(".")[0] for one in sources for name in build.imported(one)}


def borrowed(notebook: Path) -> list[str]:
    """Return the packages that a notebook imports and that only Pyodide's own host has."""
    packages = json.loads(LOCK.read_text(encoding="utf-8"))["packages"]
    own = set(re.findall(r"^([\w.-]+)==", WHEELS.read_text(encoding="utf-8"), re.M))
    given = os.environ.get("KEFU_PYODIDE_WHEELS")
    names = imported(notebook)

    def served(name: str) -> bool:
        package = packages[name]
        here = name in own or (given and (Path(given) / package["file_name"]).is_file())
        return bool(here) and all(map(served, package["depends"]))

    wanted = {name for name, package in packages.items() if names & set(package["imports"])}
    return sorted(name for name in wanted - own if not served(name))


def elsewhere(config: Config, page: str) -> dict[str, str]:
    """Return the ways on other hosts, each with its address; none without a public repository.

    Binder builds the repository, whose ``.binder`` has ``kefu`` installed. Colab has nothing of the
    book, so it opens the copy, which the branch that holds the built site has.
    """
    if not config.ways_repository:
        return {}
    repository, file = config.ways_repository, quote(f"{page}.ipynb")
    hub, colab = "https://github.com", "https://colab.research.google.com/github"
    binder = f"https://mybinder.org/v2/gh/{repository}/{quote(config.ways_branch, safe='')}"
    return {
        "Binder": f"{binder}?urlpath=lab/tree/{file}",
        "Colab": f"{colab}/{repository}/blob/{config.ways_site_branch}/{copies.FOLDER}/{file}",
        "源码": f"{hub}/{repository}/blob/{config.ways_branch}/{file}",
        "报个错": f"{hub}/{repository}/issues/new?template=1-mistake.yml&page={file}",
    }


def settle(_app: Sphinx, config: Config) -> None:
    """Take the public repository from ``KEFU_REPOSITORY`` where ``_config.yml`` names none."""
    config.ways_repository = config.ways_repository or os.environ.get("KEFU_REPOSITORY", "")


def show(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Put the row under the title of a page that is a chapter's notebook."""
    if doctree is None or not book.is_chapter(page):
        return
    notebook = Path(app.env.doc2path(page))
    path = quote(page.removeprefix("notebooks/") + ".ipynb")
    lab = f"make lab CHAPTER={notebook.name.partition('_')[0]}"
    if repository := app.config.ways_repository:
        folder = repository.rpartition("/")[2]
        lab = f"git clone https://github.com/{repository}\ncd {folder}\n{lab}"
    missing = borrowed(notebook)
    row = ROW.format(
        lite=escape(f"{context['pathto']('lite/notebooks/index.html', 1)}?path={path}"),
        copy=escape(context["pathto"](f"{copies.FOLDER}/{page}.ipynb", 1)),
        kit=escape(context["pathto"](f"downloads/{copies.KIT}", 1)),
        how=escape(context["pathto"]("book/how-to-use")) + "#on-your-machine",
        elsewhere="".join(LINK.format(escape(address), name)
                          for name, address in elsewhere(app.config, page).items()),
        lab=escape(lab),
        name=escape(notebook.name),
        about=ABOUT,
        borrows=BORROWS.format("、".join(missing)) if missing else "",
    )  # fmt: skip
    title, end, rest = context["body"].partition("</h1>")
    context["body"] = title + end + row + rest
    app.add_css_file("ways.css")
    app.add_js_file("ways.js", type="module")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the extension."""
    app.add_config_value("ways_repository", "", "html")  # owner/name on GitHub; empty: none yet
    app.add_config_value("ways_branch", "main", "html")  # where the sources are
    app.add_config_value("ways_site_branch", "gh-pages", "html")  # where the built site is
    app.connect("config-inited", settle)
    build.bring(app, Path(__file__).parent / "assets")
    app.connect("html-page-context", show)
    build.after(app, copies.publish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
