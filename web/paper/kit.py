"""The notebooks as a zip for a reader's own computer: unpack, ``pip install``, JupyterLab.

It asks for Python alone, no git and no make, so that Windows has a road. The wheel of ``kefu`` is
JupyterLite's and carries the files beside the notebooks; what else they need stands in
requirements.txt, with the lowest versions that the book allows. Names are plain ASCII but for the
page that says what to do, which Windows' own editor opens: it has its mark of UTF-8 and its line ends.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import nbformat

from tools.paths import ROOT
from web import book
from web.extensions.ways import copies
from web.paper import downloads

SAYS = "先读我.txt"
ALWAYS = ("jupyterlab", "jupyterlab-language-pack-zh-CN")
STEPS = """\
网店客服：全部笔记本

先装Python 3.11到3.14（python.org；Windows安装时勾选“Add python.exe to PATH”）。
然后在这个文件夹里打开终端（Windows：在文件夹的地址栏里输入cmd，按回车），照抄三行。
前两行只做一次，约需几分钟；以后每次只要第三行，浏览器会自己打开JupyterLab。

Windows：

    py -m venv mine
    mine\\Scripts\\python -m pip install -r requirements.txt
    mine\\Scripts\\python -m jupyterlab

macOS、Linux：

    python3 -m venv mine
    mine/bin/python -m pip install -r requirements.txt
    mine/bin/python -m jupyterlab

下载慢，就在第二行末尾加一个国内镜像：-i https://pypi.tuna.tsinghua.edu.cn/simple
要中文菜单：Settings → Language → 中文。
在左边打开一个文件夹里的.ipynb文件，从上到下，一格一格按Shift+Enter。
书出了新版：另存一份自己改过的笔记本，重新下载，解压到新的文件夹，再做这三行。
"""


def requirements(wheel: str) -> str:
    """Return what pip has to install: the wheel that lies beside, and what the notebooks need."""
    sources: list[str] = []
    for chapter in book.written():
        cells = nbformat.read(chapter.path, as_version=4).cells
        sources += [cell.source for cell in cells if cell.cell_type == "code"]
    needed = copies.needs(sources)
    lowest = copies.least()
    lines = [f"{name}>={lowest[name]}" if name in lowest else name for name in {*needed, *ALWAYS}]
    return "\n".join([f"./{wheel}", *sorted(lines), ""])


def files(wheel: Path) -> dict[str, bytes]:
    """Return what the zip holds, by name."""
    whole = {
        SAYS: b"\xef\xbb\xbf" + STEPS.replace("\n", "\r\n").encode(),
        "requirements.txt": requirements(wheel.name).encode(),
        wheel.name: wheel.read_bytes(),
    }
    for chapter in book.written():
        if path := chapter.path:
            whole[path.relative_to(ROOT / "notebooks").as_posix()] = path.read_bytes()
    return whole


def build(site: Path) -> None:
    """Write the zip into a built site that has JupyterLite's wheel: one build gives the same twice."""
    with zipfile.ZipFile(downloads.folder(site) / copies.KIT, "w") as archive:
        for name, data in files(site / copies.project()[1]).items():
            info = zipfile.ZipInfo(f"{Path(copies.KIT).stem}/{name}", (2020, 1, 1, 0, 0, 0))
            archive.writestr(info, data, zipfile.ZIP_DEFLATED)
