"""The cover's demo: both sliders moved through their whole range, against the models."""

from __future__ import annotations

from itertools import product

from kefu import demos
from kefu.demos.core import plain, signed
from kefu.demos.opening import LEAVE, PRAISE, USUAL
from kefu.operations.expectations import promise_outcome, wait
from tests.demos.reading import bold, parsed, run_code

DAYS = range(1, 11)


def test_every_promise_and_delivery_is_the_models() -> None:
    demo = demos.promise_chat()
    for word, fact in product(DAYS, DAYS):
        demo.controls["promised"].value, demo.controls["actual"].value = word, fact
        one = wait(USUAL, word, fact)
        orders = promise_outcome(word, USUAL, [fact], leave=LEAVE).orders
        talk = [p.get_text() for p in parsed(demo.result()).select(".kefu-talk p")]
        assert talk[1] == f"{word}天到。"
        assert f"，{plain(orders)}位下了单；第{fact}天" in talk[2]
        assert talk[3] == PRAISE[one.verdict]
        assert bold(demo.result()) == [f"{signed(one.gap)}分"]


def test_the_demo_opens_on_the_case_that_the_chapter_tells() -> None:
    demo = demos.promise_chat()
    assert "低于期望" in demo.result()
    demo.controls["promised"].value = 6
    assert "超出期望" in demo.result()


def test_the_code_shown_gives_the_same_numbers() -> None:
    printed, _ = run_code(demos.promise_chat(promised=6, actual=4))
    assert printed.split() == ["2", "70.0"]
