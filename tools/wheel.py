"""Hatchling's hook: the wheel of ``kefu`` carries the files that lie beside the notebooks.

A notebook that runs where they are not finds them there: see ``kefu.beside``. The editable package of
a clone needs none, for there they lie beside the notebooks. It also carries what JupyterLite's Python
runs first, as ``kefu/lite.py``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MAKERS = (".ipynb", ".yml", ".md")
"""Kinds that no notebook reads: notebooks, the makers' lists, notes for teachers."""


def beside(notebooks: Path) -> list[Path]:
    """Return the files that the chapters' notebooks read from their own folders."""
    found = notebooks.glob("*/[0-9][0-9]_*.*")
    return sorted(path for path in found if path.is_file() and path.suffix not in MAKERS)


class Beside(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the files as ``kefu/chapters``, and JupyterLite's beginning."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files that the wheel takes in beside the package's own."""
        if version != "editable":
            build_data["force_include"][str(Path(self.root) / "web/lite/startup.py")] = (
                "kefu/lite.py"
            )
            for path in beside(Path(self.root) / "notebooks"):
                build_data["force_include"][str(path)] = f"kefu/chapters/{path.name}"
