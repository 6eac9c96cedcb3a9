from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import pytest

from kefu.demos import Demo, kano
from kefu.demos.kano import MEANING, NOT_YET, SERVICES
from kefu.operations.satisfaction import ANSWERS, Kano
from kefu.operations.satisfaction import kano as classify
from tests.demos.reading import Drawing, bold, cells, marked, parsed, run_code

PAIRS = list(product(ANSWERS, repeat=2))
GUESSES = [NOT_YET, *(kind.value for kind in Kano)]


def set_to(**values: Any) -> Demo:
    demo = kano()
    for name, value in values.items():
        demo.controls[name].value = value
    return demo


def asked(one: str, other: str, guess: str) -> Demo:
    return set_to(functional=one, dysfunctional=other, guess=guess)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_each_pair_of_answers_gets_the_models_class(one: str, other: str) -> None:
    kind = classify(one, other)
    html = asked(one, other, kind.value).result()
    assert bold(html) == [kind.value]
    assert MEANING[kind] in html
    assert "✓ 猜对了" in html
    place = ANSWERS.index(other) + 1
    assert marked(html)[place] == f"✓{kind.value[:2]}"
    assert [row for row in cells(html) if any("✓" in cell for cell in row)] == [marked(html)]
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    strong = [e.text for e in drawing.root.iter("text") if e.attrib.get("class") == "strong"]
    assert strong == ([] if kind is Kano.QUESTIONABLE else [kind.value])


@pytest.mark.parametrize("guess", GUESSES)
@pytest.mark.parametrize(
    ("one", "other"), [("喜欢", "不喜欢"), ("理应如此", "不喜欢"), ("喜欢", "喜欢")]
)
def test_a_guess_is_judged_and_none_gives_nothing_away(one: str, other: str, guess: str) -> None:
    kind = classify(one, other)
    html = asked(one, other, guess).result()
    if guess == NOT_YET:
        assert bold(html) == []
        assert "✓" not in html
        assert not parsed(html).select(".kefu-mark")
        assert not Drawing(html).root.findall(".//*[@class='line']")
    else:
        assert ("✓ 猜对了" in html) is (guess == kind.value)
        assert (f"✗ 你猜的是{guess}" in html) is (guess != kind.value)


@pytest.mark.parametrize("service", SERVICES)
def test_the_question_names_the_service(service: str) -> None:
    html = set_to(service=service).result()
    assert f"“{service}”：有它，你喜欢；没有它，你无所谓。" in parsed(html).get_text()


def test_each_control_changes_the_result_whatever_it_is_moved_to() -> None:
    for name, control in kano().controls.items():
        results = [set_to(**{"guess": "魅力", name: option}).result() for option in control.options]
        assert all(one != other for one, other in pairwise(results)), name


def test_the_table_of_all_25_pairs_is_the_models() -> None:
    for one, row in zip(ANSWERS, cells(kano().result()), strict=True):
        assert row[1:] == [classify(one, other).value[:2] for other in ANSWERS]


def test_the_words_of_a_service_are_no_markup() -> None:
    demo = kano()
    demo.controls["service"].options = ("<script>alert(1)</script>",)
    assert "<script" not in demo.result()
    assert "<script>alert(1)</script>" in parsed(demo.picture()).get_text()


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_shown_code_runs_and_prints_the_models_class(one: str, other: str) -> None:
    printed, _ = run_code(asked(one, other, NOT_YET))
    assert printed.strip() == classify(one, other).value
