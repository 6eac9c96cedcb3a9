"""The cover's demo: both sliders moved through their whole range, against the models."""

from __future__ import annotations

import json
from itertools import product

from kefu import demos
from kefu.demos.core import plain, signed
from kefu.demos.opening import LEAVE, LOOK, PRAISE, USUAL
from kefu.operations.expectations import promise_outcome, wait
from tests.demos.reading import bold, parsed, run_code

DAYS = range(1, 11)


def test_every_promise_and_delivery_is_the_models() -> None:
    demo = demos.promise_chat()
    for word, fact in product(DAYS, DAYS):
        demo.controls["promised"].value, demo.controls["actual"].value = word, fact
        one = wait(USUAL, word, fact)
        orders = promise_outcome(word, USUAL, [fact], leave=LEAVE).orders
        page = parsed(demo.result())
        talk = [p.get_text() for p in page.select(".kefu-talk p")]
        crowd = page.select(".kefu-crowd i")
        assert [("gone" in i.get_attribute_list("class")) for i in crowd] == [
            n >= orders for n in range(100)
        ]
        assert page.select(".kefu-crowd")[0]["data-now"] == LOOK[one.verdict]
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


def test_every_state_made_at_the_build_is_the_models() -> None:
    demo = demos.promise_chat()
    states = demo.states()
    assert states is not None
    assert len(states["rows"]) == 100
    for (word, fact), row in zip(product(DAYS, DAYS), states["rows"], strict=True):
        told = {name: states["texts"][at] for name, at in zip(states["slots"], row, strict=True)}
        one = wait(USUAL, word, fact)
        orders = promise_outcome(word, USUAL, [fact], leave=LEAVE).orders
        assert told == {
            "word": str(word), "fact": str(fact), "orders": plain(orders), "look": LOOK[one.verdict],
            "praise": PRAISE[one.verdict], "verdict": one.verdict.value, "gap": f"{signed(one.gap)}分",
            "experience": plain(one.experience), "expectation": plain(one.expectation),
        }  # fmt: skip


def test_making_the_states_leaves_the_demo_as_it_was() -> None:
    demo = demos.promise_chat(promised=6, actual=4)
    before = demo.picture()
    states = demo.states()
    assert states is not None
    assert demo.picture() == before
    assert [(c["name"], c["value"], c["min"], c["max"]) for c in states["controls"]] == [
        ("promised", 6, 1, 10), ("actual", 4, 1, 10)
    ]  # fmt: skip
    assert len(json.dumps(states, ensure_ascii=False)) < 5000


def test_each_slot_of_the_picture_is_one_that_the_states_fill() -> None:
    demo = demos.promise_chat()
    states = demo.states()
    assert states is not None
    shown = parsed(demo.picture())
    named = {str(part["data-slot"]) for part in shown.select("[data-slot]")}
    looks = {
        str(part[kind])
        for kind in ("data-first", "data-look")
        for part in shown.select(f"[{kind}]")
    }
    assert named | looks == set(states["slots"])


def test_a_demo_without_slots_has_no_states() -> None:
    assert demos.freight().states() is None
