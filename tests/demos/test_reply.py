"""The reply: every review, every draft and whatever is typed, against the model."""

from __future__ import annotations

import pytest

from kefu.aftersales.replies import FAULTS, STEPS, occasions, read_reply
from kefu.demos import Demo, reply
from kefu.demos.reply import DRAFTS
from tests.demos.reading import (
    HOSTILE,
    Drawing,
    parsed,
    press,
    presses,
    run_code,
    set_to,
    tags,
)


def assert_reply_agrees(demo: Demo) -> None:
    one = occasions()[demo.controls["which"].value]
    text = demo.controls["own"].value
    found = read_reply(text, one)
    scene, drawing = parsed(demo.parts()[0]), Drawing(demo.result())
    there = [lamp.name for lamp in found.steps if lamp.on]
    wrong = [lamp.name for lamp in found.faults if lamp.on]
    assert (
        drawing.label == f"亮了的：{'、'.join(there) or '没有'}；犯忌：{'、'.join(wrong) or '没有'}"
    )
    lit = [e.attrib["class"] for e in drawing.root.iter("circle")]
    assert lit == [
        *("now" if lamp.on else "rest" for lamp in found.steps),
        *("bar2" if lamp.on else "rest" for lamp in found.faults),
    ]
    names = [name for name, *_ in drawing.texts()]
    assert [n for n in names if n in (*STEPS, *FAULTS)] == [*STEPS, *FAULTS]
    drawing.assert_labels_inside()
    head = scene.select_one(".kefu-big").get_text()  # type: ignore[union-attr]
    assert head.startswith(f"{len(there)}步")
    assert f"犯忌{len(wrong)}样" in head
    assert f"{found.size}字" in head
    told = parsed(demo.parts()[1]).get_text()
    for lamp in (*found.steps, *found.faults):
        if lamp.on is (lamp.name in FAULTS):
            assert lamp.name in told
            assert lamp.why in told
    assert ("六步都在，一忌不犯" in told) is found.good
    assert run_code(demo)[1] == [*there, *wrong]


@pytest.mark.parametrize("number", range(len(occasions())))
def test_every_draft_of_every_review_is_as_the_model_hears_it(number: int) -> None:
    demo, one = set_to(reply(), which=number), occasions()[number]
    assert demo.controls["own"].value == one.shop
    assert one.text in demo.result()
    for key, name in DRAFTS.items():
        press(demo, name)
        assert demo.controls["own"].value == getattr(one, key)
        chosen = [text for text, _, on in presses(demo.result()) if on == "true"]
        assert chosen == [name]
        assert_reply_agrees(demo)


@pytest.mark.parametrize("text", ["", "亲，已处理", "谢谢您", *HOSTILE])
def test_what_is_typed_is_read_and_escaped(text: str) -> None:
    clean = tags(set_to(reply(), own="谢谢您").picture())
    demo = reply()
    demo.controls["own"].value = text
    assert {name for name, _ in tags(demo.picture())} <= {name for name, _ in clean} | {
        "b",
        "ul",
        "li",
        "p",
    }
    assert not any("onerror" in names for _, names in tags(demo.picture()))
    demo.source()


def test_another_review_begins_with_what_the_shop_wrote() -> None:
    demo = set_to(reply(), own="自己写的")
    demo.controls["which"].value = 2
    assert demo.controls["own"].value == occasions()[2].shop
    assert_reply_agrees(demo)


def test_too_long_is_told() -> None:
    demo = set_to(reply(), own=occasions()[0].model + "再多说几句话给您听听好不好呀，" * 2)
    assert "超过80字" in demo.result()
    assert "六步都在，一忌不犯" not in demo.result()
