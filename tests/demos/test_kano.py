from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import pytest

from kefu.demos import Demo, kano
from kefu.demos.kano import MEANING, NOT_YET, SERVICES, TONES, UNSAID
from kefu.operations.satisfaction import ANSWERS, Kano, kano_profile
from kefu.operations.satisfaction import kano as classify
from tests.demos.reading import Drawing, bold, cells, hand, parsed, presses, run_code, settings

PAIRS = list(product(ANSWERS, repeat=2))
GUESSES = [NOT_YET, *(kind.value for kind in Kano)]


def set_to(**values: Any) -> Demo:
    demo = kano()
    for name, value in values.items():
        demo.controls[name].value = value
    return demo


def asked(one: str, other: str, guess: str) -> Demo:
    return set_to(functional=one, dysfunctional=other, guess=guess)


def votes(demo: Demo, *pairs: tuple[str, str]) -> Demo:
    """The demo after each pair was pressed and its vote cast."""
    for one, other in pairs:
        hand(demo, functional=one, dysfunctional=other)
        hand(demo, **pressed(demo, "记下这一票"))
    return demo


def pressed(demo: Demo, text: str) -> dict[str, Any]:
    """What the button of that text gives."""
    (wanted,) = (wanted for word, wanted, _ in presses(demo.result()) if word == text)
    return wanted


def lit(demo: Demo) -> list[str]:
    """The texts of the cells that are set off."""
    found = parsed(demo.result()).select(".kefu-cells [aria-pressed=true]")
    return [cell.get_text() for cell in found]


def curves(demo: Demo) -> Drawing:
    return Drawing(demo._tell())


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_each_pair_of_answers_gets_the_models_class(one: str, other: str) -> None:
    kind = classify(one, other)
    demo = asked(one, other, kind.value)
    html = demo.result()
    assert bold(html) == [kind.value]
    assert MEANING[kind] in html
    assert "✓ 猜对了" in html
    assert lit(demo) == [kind.value]
    assert cells(html)[ANSWERS.index(one)][ANSWERS.index(other)] == kind.value
    drawing = curves(demo)
    drawing.assert_labels_inside()
    strong = [e.text for e in drawing.root.iter("text") if e.attrib.get("class") == "strong"]
    thick = [e for e in drawing.root.iter("polyline") if "chosen" in e.attrib["class"]]
    assert strong == ([] if kind is Kano.QUESTIONABLE else [kind.value])
    assert len(thick) == len(strong)


@pytest.mark.parametrize("guess", GUESSES)
@pytest.mark.parametrize(
    ("one", "other"), [("喜欢", "不喜欢"), ("理应如此", "不喜欢"), ("喜欢", "喜欢")]
)
def test_a_guess_is_judged_and_none_gives_nothing_away(one: str, other: str, guess: str) -> None:
    kind = classify(one, other)
    demo = asked(one, other, guess)
    html = demo.result()
    if guess == NOT_YET:
        assert bold(html) == []
        assert "✓" not in html
        assert lit(demo) == ["？"]
        assert not [e for e in curves(demo).root.iter("polyline") if "chosen" in e.attrib["class"]]
        return
    assert ("✓ 猜对了" in html) is (guess == kind.value)
    assert (f"✗ 不是{guess}" in html) is (guess != kind.value)
    page = parsed(html)
    assert [b.get_text() for b in page.select("button.kefu-right")] == [f"✓{kind.value}"]
    wrong = [] if guess == kind.value else [f"✗{guess}"]
    assert [b.get_text() for b in page.select("button.kefu-wrong")] == wrong


def test_each_cell_gives_both_its_answers_and_each_class_the_guess() -> None:
    demo = kano()
    cells_ = presses(demo.result())
    assert [wanted for _, wanted, _ in cells_] == [
        {"functional": one, "dysfunctional": other} for one, other in PAIRS
    ]
    hand(demo, **cells_[4][1])
    assert (demo.controls["functional"].value, demo.controls["dysfunctional"].value) == PAIRS[4]
    assert lit(demo) == ["？"]
    hand(demo, guess="必备")
    assert "✗ 不是必备" in demo.result()
    guesses = [wanted for _, wanted, _ in presses(demo.result()) if "guess" in wanted]
    assert guesses == [{"guess": kind.value} for kind in Kano]


def test_another_answer_or_service_is_guessed_anew() -> None:
    demo = asked("喜欢", "无所谓", "魅力")
    demo.controls["dysfunctional"].value = "不喜欢"
    assert demo.controls["guess"].value == NOT_YET
    demo = votes(asked("喜欢", "无所谓", "魅力"), ("喜欢", "无所谓"))
    hand(demo, functional="喜欢", dysfunctional="无所谓")
    hand(demo, guess="魅力")
    assert "猜对了" in demo.result()
    demo.controls["service"].value = SERVICES[5]
    assert demo.result() == kano(SERVICES[5]).result()
    assert "猜" not in demo._draw()
    assert {demo.controls[name].value for name in ("functional", "dysfunctional")} == {UNSAID}


def test_there_is_nothing_to_guess_before_both_questions_are_answered() -> None:
    demo = kano()
    for name, value in (("functional", "喜欢"), ("dysfunctional", "喜欢")):
        assert demo.controls["guess"].layout.display == "none"
        assert list(settings(demo.picture())) == ["哪项服务", "有它你觉得", "没它你觉得"]
        demo.controls[name].value = value
    assert demo.controls["guess"].layout.display is None
    assert "我猜它属于" in settings(demo.picture())


def test_the_votes_of_a_class_stack_up_and_are_the_models() -> None:
    cast = [("喜欢", "无所谓"), ("喜欢", "能忍受"), ("无所谓", "无所谓"), ("喜欢", "喜欢")]
    demo = votes(kano(), *cast)
    profile, drawing = kano_profile(cast), Drawing(demo.result())
    drawing.assert_labels_inside()
    words = [text for text, *_ in drawing.texts()]
    assert words == [
        word
        for kind, count in profile.counts.items()
        for word in (kind.value, f"{count}票")
        if count
    ]
    blocks = [e.attrib["d"].count("h") for e in drawing.root.iter("path")]
    assert blocks == [count for count in profile.counts.values() if count]
    assert f"共4票，归到{profile.kind.value}属性" in demo.result()
    assert demo.controls["functional"].value == UNSAID  # the next in the class is asked anew
    assert demo.controls["ballots"].layout.display == "none"
    hand(demo, **pressed(demo, "撤回一票"))
    assert "共3票" in demo.result()
    for _ in range(3):
        hand(demo, **pressed(demo, "撤回一票"))
    assert demo.result() == kano().result()


def test_many_votes_stay_inside_the_drawing() -> None:
    drawing = Drawing(votes(kano(), *[("喜欢", "无所谓")] * 60).result())
    drawing.assert_labels_inside()
    (path,) = drawing.root.iter("path")
    starts = [float(part.split(",")[0]) for part in path.attrib["d"].split("M")[1:]]
    assert len(starts) == 60
    assert max(starts) < 352


@pytest.mark.parametrize("service", SERVICES)
def test_the_question_names_the_service(service: str) -> None:
    demo = set_to(service=service)
    assert f"“{service}”：有它，你觉得怎样？" in parsed(demo.result()).get_text()
    hand(demo, functional="喜欢", dysfunctional="无所谓")
    words = parsed(demo.result()).get_text()
    assert f"“{service}”：有它，你喜欢；没有它，你无所谓。" in words


def test_each_control_changes_the_result_whatever_it_is_moved_to() -> None:
    for name, control in kano().controls.items():
        if name == "ballots":
            continue
        around = {"functional": "喜欢", "dysfunctional": "喜欢"} if name != "service" else {}
        results = [set_to(**around | {name: option}).result() for option in control.options]
        assert all(one != other for one, other in pairwise(results)), name


def test_the_table_of_all_25_pairs_is_the_models() -> None:
    for one, row in zip(ANSWERS, cells(kano().result()), strict=True):
        assert row == [classify(one, other).value for other in ANSWERS]


def test_each_class_has_one_colour_in_the_table_and_on_its_curve() -> None:
    demo = kano()
    for cell in parsed(demo.result()).select(".kefu-cells button"):
        kind = Kano(cell.get_text())
        tones = [name for name in cell.get_attribute_list("class") if str(name).startswith("tone-")]
        assert tones == ([TONES[kind]] if kind in TONES else [])
    drawn = curves(demo)
    for kind, tone in TONES.items():
        (line,) = (e for e in drawn.root.iter("polyline") if tone in e.attrib["class"])
        x, y = (float(part) for part in line.attrib["points"].split()[-1].split(","))
        (label,) = (found for found in drawn.texts() if found[0] == kind.value)
        assert label[1] > x  # beside its line, not on it
        assert abs(label[2] - y) < 13
    assert len(set(TONES.values())) == 5


def test_the_words_of_a_service_are_no_markup() -> None:
    demo = kano()
    demo.controls["service"].options = ("<script>alert(1)</script>",)
    assert "<script" not in demo.result()
    assert "<script>alert(1)</script>" in parsed(demo.picture()).get_text()
    hand(demo, functional="喜欢", dysfunctional="喜欢")
    assert "<script" not in demo.result()


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_shown_code_runs_and_prints_the_models_class(one: str, other: str) -> None:
    printed, _ = run_code(asked(one, other, NOT_YET))
    assert printed.strip() == classify(one, other).value


def test_before_an_answer_the_shown_code_prints_the_whole_table() -> None:
    printed, _ = run_code(kano())
    assert [line.split() for line in printed.splitlines()] == [
        [one, *(classify(one, other).value for other in ANSWERS)] for one in ANSWERS
    ]
