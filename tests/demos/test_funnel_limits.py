"""漏斗: points and limits are the p-chart's; a point, the centre line and the second pass move them."""

from __future__ import annotations

from itertools import product

import pytest

from kefu import data
from kefu.demos import Demo, funnel_limits
from kefu.demos.funnel_limits import FIRST, LEGGINGS, OWN, SECOND
from kefu.stats import centre_line, p_chart, within_limits
from tests.demos.reading import Drawing, bold, grips, hand, parsed, presses, run_code, set_to


def said(demo: Demo) -> str:
    return parsed(demo.result()).select("p.kefu-formula")[0].get_text()


@pytest.mark.parametrize(
    ("centre", "which", "faults", "sigmas"),
    [*product((FIRST, SECOND, OWN), ("B2411", "B2503", "B2509"), (0, 4, 60), (1, 3, 4))],
)
def test_what_lies_outside_is_what_the_p_chart_says(
    centre: str, which: str, faults: int, sigmas: int
) -> None:
    demo = set_to(funnel_limits(), sigmas=sigmas, which=which)
    demo.controls["faults"].value = faults
    faults = demo.controls["faults"].value  # not more than there are
    set_to(demo, centre=centre)
    groups = {**LEGGINGS, which: (faults, LEGGINGS[which][1])}
    usual = {
        FIRST: centre_line(groups),
        SECOND: centre_line(within_limits(groups, sigmas) or groups),
        OWN: demo.controls["usual"].value / 100,
    }[centre]
    points = p_chart(groups, sigmas, usual=usual)
    out = [point for point in points if point.out]
    assert bold(demo.result()) == [f"{len(out)}点" if out else "没有一点出界"]
    assert f"中线{100 * usual:.2f}%" in said(demo)
    drawing = Drawing(demo.result())
    drawing.assert_labels_inside()
    dots = [e.attrib["d"].count("h0") for e in drawing.root.iter("path")
            if e.attrib.get("class", "").startswith("many")]  # fmt: skip
    assert sum(dots) == len(points) + 2  # and the legend's
    one = next(point for point in points if point.name == which)
    x, y = drawing.data(drawing.dot)
    assert x == pytest.approx(one.pieces, abs=1)
    assert y == pytest.approx(100 * one.rate, abs=0.5)
    assert demo.controls["usual"].value == pytest.approx(100 * usual, abs=0.0051)


def test_the_second_pass_leaves_out_the_batch_and_narrows_the_funnel() -> None:
    demo = funnel_limits()
    assert "中线4.30%" in said(demo)
    assert [(text, on) for text, _, on in presses(demo.result())] == [
        (FIRST, "true"), (SECOND, "false"),
    ]  # fmt: skip
    hand(demo, **presses(demo.result())[1][1])
    assert "中线0.79%" in said(demo)
    assert "B2509（23/124，上限3.2%）" in said(demo)


def test_a_hand_on_the_centre_line_makes_it_his_own_and_stays_when_a_point_moves() -> None:
    demo = funnel_limits()
    hand(demo, usual=7.52)
    assert demo.controls["centre"].value == OWN
    assert demo.controls["usual"].value == 7.52
    hand(demo, faults=3)
    assert demo.controls["usual"].value == 7.52
    hand(demo, centre=FIRST)
    assert demo.controls["usual"].value == round(100 * 7 / 628, 2)


def test_another_point_is_taken_and_the_former_goes_back() -> None:
    demo = funnel_limits()
    hand(demo, faults=0)
    assert "没有一点出界" in said(demo)
    set_to(demo, which="B2411")
    assert (demo.controls["faults"].value, demo.controls["faults"].max) == (0, 5)
    assert "B2509（23/124" in said(demo)
    assert set(grips(demo.result())) == {"usual", "faults"}


def test_a_chapter_gives_its_own_groups_centre_and_words() -> None:
    groups = {"<甲>": (3, 40), "乙": (1, 900), "丙": (90, 1000)}
    demo = funnel_limits(groups, 2.0, what="超时", one="单")
    assert demo.controls["centre"].value == OWN
    assert "中线2.00%" in said(demo)
    assert demo.controls["which"].value == "丙"
    assert "<甲>" not in demo.picture()
    set_to(demo, which="<甲>")
    assert said(demo).endswith("7.5%；只凭运气，大多在0.0%到8.6%之间。")
    assert "<甲>：超时3单，共40单" in said(demo)
    assert "<甲>" not in demo.picture()
    hand(demo, faults=40)
    assert "出界的2点：<甲>（40/40" in said(demo)
    assert "<甲>" not in demo.picture()
    set_to(demo, which="丙")
    Drawing(demo.result()).assert_labels_inside()
    printed, _ = run_code(demo)
    expected = [p for p in p_chart(groups, usual=0.02)]
    assert printed.splitlines() == [f"{p.name} {p.rate} {p.upper} {p.out}" for p in expected]


def test_of_many_points_only_those_outside_are_named() -> None:
    many = {f"第{n}批": (n % 3, 100 + n) for n in range(40)} | {"坏批": (60, 150)}
    demo = funnel_limits(many)
    texts = [text for text, *_ in Drawing(demo.result()).texts()]
    assert "坏批" in texts
    assert "第7批" not in texts


def test_the_leggings_are_those_of_the_tables() -> None:
    lines, orders, returns = (data.load(name) for name in ("order_lines", "orders", "returns"))
    sold = lines.merge(orders.loc[orders.paid_at.notna(), ["order_id"]])
    both = sold.merge(returns, on=["order_id", "line"], how="left")
    own = both[both.sku.str.startswith("NX20")].assign(bad=lambda d: d.reason == "质量问题")
    sums = own.groupby("batch").bad.agg(["sum", "size"])
    assert {batch: (int(k), int(n)) for batch, k, n in sums.itertuples()} == LEGGINGS


def test_the_words_of_a_count_become_no_markup() -> None:
    html = funnel_limits({"甲": (3, 40), "乙": (1, 9)}, what="<i>错</i>", one="<b>").result()
    assert "<i>" not in html
    assert "<b>错" not in html
    assert "<i>错</i>3<b>，共40<b>" in said(set_to(funnel_limits({"甲": (3, 40), "乙": (1, 9)},
        what="<i>错</i>", one="<b>"), which="甲"))  # fmt: skip


@pytest.mark.parametrize("usual", [0.004, 1.234, 100.0])
def test_a_usual_rate_is_the_one_that_was_given(usual: float) -> None:
    demo = funnel_limits(usual=usual)
    assert demo.controls["usual"].value == usual
    printed, _ = run_code(demo)
    assert printed.count("True") == sum(p.out for p in p_chart(LEGGINGS, usual=usual / 100))


@pytest.mark.parametrize("bad", [{}, {"甲": (3, 2)}, {"甲": (0, 0)}])
def test_groups_that_are_none_are_told(bad: dict[str, tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="应为"):
        funnel_limits(bad)


def test_a_part_of_a_fault_and_a_rate_beyond_100_are_told() -> None:
    with pytest.raises(TypeError, match=r"甲应为不小于0的整数，收到1\.5"):
        funnel_limits({"甲": (1.5, 20)})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="中线（%）应为0到100的数，收到120"):
        funnel_limits(usual=120)
