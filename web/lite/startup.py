"""What JupyterLite's Python runs first (as ``PYTHONSTARTUP``): it says in Chinese that a package did not come.

pandas and matplotlib come from Pyodide's own host when a cell imports them; without a network, or where
that host cannot be reached, Python would only say in English that there is no such module. It runs among
the names of the reader's notebook, and so has none that shows.
"""

from types import TracebackType as _Frames
from typing import Any as _Any

_TOLD = (
    "没取到{}：它要联网，从Pyodide项目的网站下载。连上网，再运行这一格和它下面的格子；"
    "没有网时，演示、对话和小测照常能用，别的结果在书里的那一页上看。"
)


def _absent(
    shell: _Any,
    kind: type[ModuleNotFoundError],
    error: ModuleNotFoundError,
    frames: _Frames,
    tb_offset: int | None = None,
) -> None:
    """Show one line where the package is Pyodide's, else what IPython shows."""
    from pyodide_js import lockfile

    name = (error.name or "").partition(".")[0]
    listed = lockfile.to_py()["packages"].values()
    if any(name in package["imports"] for package in listed):
        lines = [_TOLD.format(name)]
    else:
        lines = shell.InteractiveTB.structured_traceback(kind, error, frames, tb_offset)
    shell._showtraceback(kind, error, lines)


if __name__ == "__main__":
    from IPython import get_ipython

    get_ipython().set_custom_exc((ModuleNotFoundError,), _absent)
