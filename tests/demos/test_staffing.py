"""The demo of chapter 15: every control moved through its range, against the model."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

from kefu import demos
from kefu.intelligence.staffing import served_share
from tests.demos.reading import Drawing, alert, bold, hand, run_code


def test_every_setting_shows_the_models_rate() -> None:
    demo = demos.staffing()
    for asked, served in product((1, 3, 40, 100), (0, 1, 30, 100)):
        demo.controls["asked"].value, demo.controls["served"].value = asked, served
        if served > asked:
            assert f"at most {asked}, got {served}" in alert(demo.result())
        else:
            (percent,) = bold(demo.result())
            shown = Decimal(percent.removesuffix("%"))
            assert abs(shown - served_share(asked, served).rate * 100) <= Decimal("0.05")


def test_the_bar_is_dragged_to_the_customers_served() -> None:
    demo = hand(demos.staffing(), served=12.4)
    assert demo.controls["served"].value == 12
    assert Drawing(demo.result()).label == "来问40位，接待12位"


def test_the_code_shown_gives_the_same_rate() -> None:
    printed, _ = run_code(demos.staffing(asked=40, served=30))
    assert printed.strip() == "0.75"
