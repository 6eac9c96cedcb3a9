from __future__ import annotations

import io
import re
import shutil
import warnings
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
import pytest

mpl.use("agg")  # no window, whatever the machine has

from fontTools.ttLib import TTFont
from matplotlib import font_manager
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib_inline import backend_inline

from kefu import charts
from kefu.compact import SVG

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
    assert re.search(r'<path id="[RB]\w+" d="M', drawing)


def whole(fig: Figure) -> str:
    """The figure as matplotlib itself writes it."""
    out = io.StringIO()
    fig.savefig(out, format="svg", metadata={"Date": None}, backend="svg")
    return out.getvalue()


def places(drawing: str) -> list[tuple[float, float]]:
    """Every point that the drawing's paths pass: the chart's in order, then each glyph's in 1/100 em."""
    found: list[tuple[str, float, list[tuple[float, float]]]] = []
    for element in ElementTree.fromstring(drawing).iter(f"{SVG}path"):
        scaled = re.fullmatch(r"scale\((.+)\)", element.get("transform", ""))
        name = element.get("id", "").rpartition("-")[2].lstrip("RB") if scaled else ""
        bold = "B" in element.get("id", "") and scaled is not None
        found.append(
            (
                f"{bold}{name}" if scaled else "",
                float(scaled[1]) if scaled else 1.0,
                passed(element.get("d", "")),
            )
        )
    found.sort(key=lambda one: one[0])
    return [(x * scale, y * scale) for _, scale, points in found for x, y in points]


def passed(data: str) -> list[tuple[float, float]]:
    """The points of a path in absolute coordinates, whichever way it is written."""
    points: list[tuple[float, float]] = []
    here = start = (0.0, 0.0)
    for name, rest in re.findall(r"([A-Za-z])([^A-Za-z]*)", data):
        numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", rest)]
        if name in "hv":
            numbers = [numbers[0], 0.0] if name == "h" else [0.0, numbers[0]]
        if name in "zZ":
            here = start
            continue
        from_x, from_y = (0.0, 0.0) if name.isupper() else here
        step = [(from_x + x, from_y + y) for x, y in batched(numbers, 2)]
        points += step
        here = step[-1]
        start = here if name in "mM" else start
    return points


def batched(numbers: list[float], size: int) -> list[list[float]]:
    return [numbers[n : n + size] for n in range(0, len(numbers), size)]


def test_a_compact_chart_passes_every_point_of_matplotlibs_own() -> None:
    charts.use()
    fig = figure("运费阶梯：首重1 kg，续重4元——“满88元包邮”")
    fig.axes[0].scatter([0.123456, 1.7], [1.0, -3.3])
    fig.axes[0].fill_between([0, 1, 2], [1, 2, 1.5], alpha=0.3)
    old, new = places(whole(fig)), places(svg(fig).decode())
    assert len(old) == len(new) > 1000
    away = [abs(a - b) for pair in zip(old, new, strict=True) for a, b in zip(*pair, strict=True)]
    assert max(away) < 0.06  # half of a thousandth of an em; 0.005 pt in the chart itself


def test_a_compact_chart_is_half_as_large_and_its_lines_are_short() -> None:
    charts.use()
    old, new = whole(figure()), svg(figure()).decode()
    assert len(new) < 0.6 * len(old)
    assert new.count("\n") < old.count("\n") / 10
    assert max(map(len, new.splitlines())) < 2000


def test_a_compact_chart_holds_each_glyph_once_and_no_style_of_the_whole_page() -> None:
    charts.use()
    drawing = svg(figure("满满满88元")).decode()
    names = re.findall(r'id="([RB]\w+)"', drawing)
    assert len(names) == len(set(names)) > 10
    assert {*re.findall(r'xlink:href="#([RB]\w+)"', drawing)} == {*names}
    assert not re.search("<style|<metadata|<!--|<!DOCTYPE", drawing)


def test_one_word_changed_changes_few_lines_of_a_chart() -> None:
    charts.use()
    old, new = (svg(figure(title)).decode().splitlines() for title in ("客单价88元", "客单价98元"))
    changed = [line for line in unified_diff(old, new, n=0) if line[0] in "+-"]
    assert 0 < len(changed) <= 8


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
