from __future__ import annotations

import io
import re
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest

mpl.use("agg")  # no window, whatever the machine has

from fontTools.ttLib import TTFont
from matplotlib import font_manager
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib_inline import backend_inline

from kefu import charts

FONT = charts.FONTS / "NotoSansSC-Regular.ttf"


@pytest.fixture(autouse=True)
def formats(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """Give each test a machine without any font, and put everything back afterwards."""
    asked: list[Any] = []
    monkeypatch.setattr(
        backend_inline, "set_matplotlib_formats", lambda *a, **more: asked.append((a, more))
    )
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.resetwarnings()  # as in a notebook: a warning is a warning
        yield asked
    plt.close("all")
    vars(font_manager.FontManager)["_findfont_cached"].cache_clear()


def resolved(**style: Any) -> Path:
    """The font file that matplotlib takes for its present family."""
    wanted = font_manager.FontProperties(family=mpl.rcParams["font.family"], **style)
    return Path(str(font_manager.findfont(wanted, fallback_to_default=False)))


def figure(title: str = "客单价（元）：门槛88元") -> Figure:
    fig, ax = plt.subplots()
    ax.bar(["一", "二", "三"], [-5, 2, 3], label="每客利润")
    ax.set(title=title, xlabel="星期", ylabel="元")
    ax.legend()
    return fig


def svg(fig: Figure) -> bytes:
    out = io.BytesIO()
    fig.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()


@pytest.mark.parametrize(
    ("weight", "name"),
    [("regular", "NotoSansSC-Regular.ttf"), ("bold", "NotoSansSC-Bold.ttf")],
)
def test_the_shipped_font_is_used_on_a_machine_without_fonts(weight: str, name: str) -> None:
    with pytest.raises(ValueError, match="Failed to find font"):
        resolved(weight=weight)
    charts.use()
    assert resolved(weight=weight) == charts.FONTS / name


def test_the_shipped_font_wins_over_one_of_the_same_name_on_the_machine(tmp_path: Path) -> None:
    font_manager.fontManager.addfont(shutil.copy(FONT, tmp_path / "machine.ttf"))
    charts.use()
    assert resolved() == FONT


def test_a_chart_in_chinese_draws_without_a_warning(recwarn: pytest.WarningsRecorder) -> None:
    charts.use()
    svg(figure("运费阶梯：首重1 kg，续重4元——“满88元包邮”"))
    assert not recwarn.list


@pytest.mark.parametrize("text", ["笑脸🙂", "𠮷野家", "한국어"])
def test_a_missing_glyph_is_an_error(text: str) -> None:
    charts.use()
    with pytest.raises(UserWarning, match=r"Glyph .* missing"):
        svg(figure(text))


def test_other_warnings_stay_warnings() -> None:
    charts.use()
    with pytest.warns(UserWarning, match="something else"):
        warnings.warn("something else", stacklevel=1)


def test_the_minus_sign_of_the_axis_is_drawn() -> None:
    charts.use()
    fig = figure()
    svg(fig)
    ticks = [label.get_text() for label in fig.axes[0].get_yticklabels()]
    minus = [tick for tick in ticks if tick.startswith(("-", "\u2212"))]
    assert minus
    glyphs = TTFont(FONT).getBestCmap()
    assert all(ord(character) in glyphs for tick in ticks for character in tick)


def test_two_saves_of_a_figure_are_byte_identical() -> None:
    charts.use()
    fig = figure()
    first = svg(fig)
    assert svg(fig) == first
    assert svg(figure()) == first
    assert b"<dc:date>" not in first


def test_a_saved_chart_needs_no_font_of_the_reader() -> None:
    charts.use()
    drawing = svg(figure()).decode()
    assert "<text" not in drawing
    assert "font-family" not in drawing
    assert re.search(r"<path[^>]*id=\"NotoSansSC-(Regular|Bold)-", drawing)


def test_notebooks_are_told_to_draw_undated_svg(formats: list[Any]) -> None:
    charts.use()
    assert formats == [(("svg",), {"metadata": {"Date": None}})]


def test_use_may_be_called_twice() -> None:
    charts.use()
    first = svg(figure())
    charts.use()
    assert svg(figure()) == first


def test_the_palette_is_distinct_and_used_in_order() -> None:
    charts.use()
    palette = [charts.TEAL, charts.PERSIMMON, charts.GOLD, charts.PLUM, charts.GREY]
    assert mpl.rcParams["axes.prop_cycle"].by_key()["color"] == palette
    assert len(set(palette)) == len(palette)
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in [*palette, charts.INK])


@pytest.mark.parametrize("name", ["NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"])
def test_the_shipped_fonts_have_every_character_of_the_book(name: str) -> None:
    glyphs = TTFont(charts.FONTS / name).getBestCmap()
    root = Path(__file__).parents[1]
    texts = [*root.glob("notebooks/**/*.ipynb"), *root.glob("datasets/*.csv")]
    used = {
        c for path in texts for c in path.read_text(encoding="utf-8") if "\u4e00" <= c <= "\u9fff"
    }
    assert used
    assert sorted(c for c in used if ord(c) not in glyphs) == []
