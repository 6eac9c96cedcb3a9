"""Parallel worlds: dots are the model's fates, pressing a band sends or not, the lot tells what a shop sees."""

from __future__ import annotations

import re
from itertools import product

import pytest

from kefu import data
from kefu.demos import Demo, parallel_worlds
from kefu.demos.parallel_worlds import ANYWAY, COUPON, GROUPS, LOST, MOVED, PEOPLE, TEXTS, groups_of
from kefu.operations.audience import experiment, uplift, worlds
from tests.demos.reading import Drawing, bold, cells, hand, parsed, press, run_code, set_to

ROUND = {"M03": COUPON, "M04": TEXTS}


def text(demo: Demo, where: str = "p") -> str:
    return "\n".join(found.get_text() for found in parsed(demo.result()).select(where))


@pytest.mark.parametrize(
    ("tool", "sent"), [*product((COUPON, TEXTS), product((True, False), repeat=4))]
)
def test_dots_and_sentence_are_the_model_s(tool: str, sent: tuple[bool, ...]) -> None:
    demo = set_to(parallel_worlds(), tool=tool, **dict(zip(GROUPS, sent, strict=True)))
    groups = groups_of(tool, 20)
    chosen = [one.name for one, on in zip(groups, sent, strict=True) if on]
    money = {"coupon": 20.0} if tool == COUPON else {"coupon": 0.0, "message": 0.05}
    found = worlds(groups, chosen, margin=76.16, **money)
    drawing = Drawing(demo.result())
    drawing.assert_labels_inside()
    circles = [e for e in drawing.root.iter("circle")]
    squares = [e for e in drawing.root.iter("rect") if e.attrib.get("class") == "then"]
    crosses = [e for e in drawing.root.iter("path") if e.attrib.get("class") == "span"]
    legend = {"then": tool == COUPON, "span": tool == TEXTS}
    assert len(squares) - legend["then"] == found.more
    assert len(crosses) - legend["span"] == found.fewer
    assert len(circles) + found.more + found.fewer == 200
    filled = sum(e.attrib["class"] == "now" for e in circles)
    anyway = sum(one.anyway for one in groups)
    assert filled == anyway + anyway - found.fewer
    assert f"有{tool}：{anyway + found.uplift}位买" in {one for one, *_ in drawing.texts()}
    if chosen:
        assert f"发给{found.sent}位，买的{found.bought}位里，{found.anyway}位本来就会买" in text(
            demo
        )
        word = "净赚" if found.gain >= 0 else "净亏"
        assert f"{word}{abs(found.gain):.0f}元" in text(demo)
    else:
        assert "两个世界一模一样" in text(demo)
    assert run_code(demo)[1] == found


def test_a_band_is_pressed_to_send_or_not() -> None:
    demo = parallel_worlds()
    spots = parsed(demo.parts()[0]).select(".kefu-spot")
    assert [one["aria-pressed"] for one in spots] == ["true"] * 4
    hand(demo, often=False)
    assert demo.controls["often"].value is False
    assert parsed(demo.parts()[0]).select(".kefu-spot")[0]["aria-pressed"] == "false"
    assert "醒着的常客27位：不发" in demo.parts()[0]


def test_sending_only_to_the_sleeping_earns_more_with_the_same_uplift() -> None:
    everybody, few = parallel_worlds(), set_to(parallel_worlds(), often=False, once=False)
    assert bold(everybody.parts()[1])[:2] == ["9单", "365元"]
    assert bold(few.parts()[1])[:2] == ["9单", "465元"]


@pytest.mark.parametrize(("control", "each", "seed"), [*product((5, 20, 50), (1, 100), (1, 7))])
def test_the_lot_shows_what_a_shop_sees(control: int, each: int, seed: int) -> None:
    demo = set_to(parallel_worlds(), control=control, each=each, seed=seed)
    pair = experiment(
        groups_of(COUPON, 20), list(GROUPS.values()), control / 100, seed=seed, each=each
    )
    got = uplift(*pair)
    (k1, n1), (k0, n0) = pair
    said = text(demo)
    assert f"发了的{n1}位里{k1}位买，留着的{n0}位里{k0}位买" in said
    assert ("看得清" if got.sure else "还看不清") in said
    picture = parsed(demo.parts()[0]).get_text()
    assert f"发的{n1}位买{k1}位，留的{n0}位买{k0}位，差" in picture, (
        "the slider shows in the picture"
    )
    assert "净赚365元" in picture
    assert bold(demo.parts()[1])[2] == f"{100 * got.difference:+.1f}个百分点".replace("-", "−")


def test_without_control_a_shop_sees_a_conversion_only() -> None:
    demo = parallel_worlds()
    assert "转化率16%" in text(demo)
    assert "增量算不出来" in text(demo)
    assert {"each", "seed"}.isdisjoint(demo.shown_controls())
    again = set_to(demo, control=20)
    assert {"each", "seed"} <= set(again.shown_controls())
    press(again, "再抽一次")
    assert again.controls["seed"].value == 2
    again.controls["seed"].value = 20
    press(again, "再抽一次")
    assert again.controls["seed"].value == 1


def test_ten_thousand_settle_what_a_hundred_do_not() -> None:
    few, many = (set_to(parallel_worlds(), control=50, each=each) for each in (1, 100))
    assert "还看不清" in text(few)
    assert "看得清" in text(many)


def test_a_smaller_coupon_moves_fewer_and_texts_have_none() -> None:
    demo = set_to(parallel_worlds(), coupon=10)
    assert bold(demo.parts()[1])[0] == f"{round(3 * 0.5) + round(6 * 0.5)}单"
    set_to(demo, coupon=0)
    assert bold(demo.parts()[1])[:2] == ["0单", "0元"]
    set_to(demo, tool=TEXTS)
    assert "coupon" not in demo.shown_controls()
    assert re.search(r"4位本来要买，收到反而不买了", text(demo))


def test_the_table_is_the_fates_by_group() -> None:
    rows = cells(parallel_worlds().parts()[1])
    assert [row[0] for row in rows] == list(GROUPS.values())
    assert sum(int(row[1]) for row in rows) == 100
    assert [row[3] for row in rows] == ["0", "+3", "0", "+6"]


# The hundred customers are the experiments' in small


@pytest.mark.parametrize("campaign", ["M03", "M04"])
def test_the_hundred_are_in_step_with_the_experiment(campaign: str) -> None:
    import pandas as pd

    orders, members = data.load("orders"), data.load("campaign_members")
    starts = data.load("campaigns").set_index("campaign_id").starts_on[campaign]
    start = starts.tz_localize("Asia/Shanghai")
    before = orders[orders.paid_at.notna() & (orders.created_at < start)]
    known = before.groupby("customer_id").created_at.agg(["max", "size"])
    rows = members[members.campaign_id == campaign].merge(
        known, left_on="customer_id", right_index=True
    )
    asleep = start - rows["max"] > pd.Timedelta(days=60)
    rows["key"] = [
        {(True, False): "often", (True, True): "asleep", (False, False): "once"}.get(pair, "gone")
        for pair in zip(rows["size"] > 1, asleep, strict=True)
    ]
    tool = ROUND[campaign]
    for key in GROUPS:
        part = rows[rows.key == key]
        kept = part[part.arm == "对照"].converted.mean()
        sent = part[part.arm == "实验"].converted.mean()
        if campaign == "M03":
            assert PEOPLE[key] == pytest.approx(100 * len(part) / len(rows), abs=0.8)
        assert ANYWAY[tool][key] == pytest.approx(PEOPLE[key] * kept, abs=0.7)
        moved = MOVED.get(key, 0) if tool == COUPON else -LOST.get(key, 0)
        assert moved == pytest.approx(PEOPLE[key] * (sent - kept), abs=1.0)
    treated = rows[(rows.arm == "实验") & rows.converted.astype(bool)]
    if campaign == "M03":
        assert treated.spent.mean() == pytest.approx(136, abs=0.5)
