"""Chinese charts anywhere: the shipped font, one palette, crisp SVG, and no missing glyph unnoticed."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"

INK, TEAL, PERSIMMON, GOLD, PLUM, GREY = (
    "#2a2622", "#1d6770", "#cb5420", "#a9761a", "#7a3e6d", "#857c72",
)  # fmt: skip
"""The book's palette: teal for the subject, persimmon for the point to see."""

PAPER, LINE, ACCENT = "#fffdf9", "#ddd2c0", "#a8410f"
"""What charts are drawn on, the lines of their grids, and what is said in words about the point."""


def draw_compact() -> None:
    """Let matplotlib write SVG by ``kefu.compact``, wherever a figure is saved or shown."""
    from matplotlib.backend_bases import register_backend
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.cbook import file_requires_unicode, open_file_cm

    from kefu.compact import compact

    class Canvas(FigureCanvasSVG):
        def print_svg(
            self,
            filename: Any,
            *,
            bbox_inches_restore: Any = None,
            metadata: Any = None,
            **_for_others: Any,
        ) -> None:
            whole = io.StringIO()
            super().print_svg(  # type: ignore[no-untyped-call]
                whole, bbox_inches_restore=bbox_inches_restore, metadata=metadata
            )
            with open_file_cm(filename, "w", encoding="utf-8") as file:
                text = compact(whole.getvalue())
                file.write(text if file_requires_unicode(file) else text.encode())

    register_backend("svg", Canvas)


def use() -> None:
    """Set matplotlib up for the book: call it once at the top of a notebook.

    Charts use the shipped Noto Sans SC subset, whatever fonts the machine has; a character that
    the font lacks raises ``UserWarning`` as an error instead of drawing an empty box.
    """
    import matplotlib as mpl
    from cycler import cycler
    from matplotlib import font_manager
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    manager = (
        font_manager.fontManager
    )  # forget the machine's own Noto Sans SC, whatever its version
    manager.ttflist = [font for font in manager.ttflist if font.name != "Noto Sans SC"]
    for path in sorted(FONTS.glob("*.ttf")):
        manager.addfont(path)
    mpl.rcParams.update(
        {
            "font.family": ["Noto Sans SC"],
            "axes.unicode_minus": False,
            "axes.prop_cycle": cycler(color=[TEAL, PERSIMMON, GOLD, PLUM, GREY]),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.edgecolor": GREY,
            "axes.labelcolor": INK,
            "axes.titlesize": 14,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.grid": True,
            "axes.axisbelow": True,
            "grid.color": LINE,
            "grid.linewidth": 0.6,
            "figure.facecolor": PAPER,
            "axes.facecolor": PAPER,
            "text.color": INK,
            "xtick.color": INK,
            "ytick.color": INK,
            "font.size": 12,
            "legend.frameon": False,
            "figure.figsize": (6.0, 3.8),  # so that its text can be read on a phone
            "figure.constrained_layout.use": True,
            "svg.hashsalt": "kefu",
            "svg.fonttype": "path",
        }
    )
    draw_compact()
    set_matplotlib_formats("svg", metadata={"Date": None})
    warnings.filterwarnings("error", message=r"Glyph .* missing")
