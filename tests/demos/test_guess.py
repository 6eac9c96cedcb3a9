from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from kefu.demos import guess, truths
from tests.demos.reading import parsed, tags
from tests.demos.test_quiz import NASTY, WIDGET, texts
from tools.paths import ROOT
from tools.wheel import beside
from web import book

FILES = [one.guesses for one in book.written()]
GOOD: dict[str, Any] = {
    "truths": [
        {"id": f"t{n}", "ask": f"第{n}句。", "right": n % 2 == 0, "why": f"理由{n}。"}
        for n in range(1, 6)
    ],
    "guesses": [
        {"id": "step", "kind": "single", "ask": "变不变？", "shows": "其实不变。", "options": [
            {"text": "变", "right": False, "why": "同一级。"},
            {"text": "不变", "right": True, "why": "还在这一级。"}]},
        {"id": "fee", "kind": "number", "ask": "多少元？", "shows": "其实是30元。", "answer": 30,
         "tolerance": 2, "unit": "元", "why": "按体积重。", "traps": [{"value": 18, "why": "只看了实重。"}]},
        {"id": "layers", "kind": "order", "ask": "先后？", "shows": "其实从里往外。", "why": "逐层减。",
         "items": ["单品", "满减", "券"]},
    ],
}  # fmt: skip


def stored(folder: Path, said: Any = GOOD) -> Path:
    path = folder / "07_guesses.json"
    path.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return path


def shown(form: Any) -> Any:
    return parsed(form._repr_html_())


def test_a_guess_is_told_only_on_a_click_with_what_is_so_and_why(tmp_path: Path) -> None:
    page = shown(guess(stored(tmp_path), "step"))
    assert texts(page, ".kefu-question") == ["变不变？"]
    assert texts(page, "summary") == ["A. 变", "B. 不变"]
    assert texts(page, "details p") == [
        "✗ 不对。其实不变。同一级。",
        "✓ 对。其实不变。还在这一级。",
    ]
    assert page.select("details[open]") == []


def test_a_number_and_an_order_are_told_on_a_click_too(tmp_path: Path) -> None:
    page = shown(guess(stored(tmp_path), "fee"))
    assert texts(page, "details p") == ["✓ 30元。其实是30元。按体积重。", "✗ 18元：只看了实重。"]
    page = shown(guess(stored(tmp_path), "layers"))
    assert texts(page, "details li") == ["单品", "满减", "券"]
    assert texts(page, "details p") == ["其实从里往外。逐层减。"]


def test_the_statements_at_the_beginning_tell_nothing(tmp_path: Path) -> None:
    html = truths(stored(tmp_path))._repr_html_()
    page = parsed(html)
    assert texts(page, ".kefu-still li") == [one["ask"] for one in GOOD["truths"]]
    assert "理由" not in html  # in what the script gets neither
    assert page.select("details") == []


def test_the_statements_at_the_end_tell_what_is_true_and_why(tmp_path: Path) -> None:
    page = shown(truths(stored(tmp_path), again=True))
    assert texts(page, "summary") == [f"{n}. 第{n}句。" for n in range(1, 6)]
    assert texts(page, "details p") == [
        f"{'✓ 对。' if n % 2 == 0 else '✗ 不对。'}理由{n}。" for n in range(1, 6)
    ]


def test_each_form_tells_the_script_what_it_is(tmp_path: Path) -> None:
    path = stored(tmp_path)
    forms = [guess(path, "step"), truths(path), truths(path, again=True)]
    places = [shown(form).select_one("[data-questions]") for form in forms]
    assert [place["data-as"] for place in places] == ["guess", "truths", "again"]
    assert {place["data-quiz"] for place in places} == {"07"}
    assert json.loads(places[0]["data-questions"]) == GOOD["guesses"][:1]
    assert json.loads(places[2]["data-questions"]) == GOOD["truths"]


def test_a_guess_brings_style_and_script_alive_and_stores_neither(tmp_path: Path) -> None:
    asked = guess(stored(tmp_path), "step")
    bundle = asked._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {WIDGET, "text/html", "text/plain"}
    assert bundle["text/plain"] == "<Guess 07: 1 questions>"
    assert not {"script", "style"} & {name for name, _ in tags(bundle["text/html"])}
    assert "enliven();" in asked.live().outputs[0]["data"]["text/html"]


def test_all_text_is_escaped(tmp_path: Path) -> None:
    said = copy.deepcopy(GOOD)
    said["truths"][0]["ask"] += NASTY
    said["guesses"][0]["ask"] += NASTY
    said["guesses"][0]["shows"] = f"其实{NASTY}。"
    path = stored(tmp_path, said)
    for form in (guess(path, "step"), truths(path), truths(path, again=True)):
        assert "script" not in {name for name, _ in tags(form._repr_html_())}
        assert NASTY in shown(form).select_one(".kefu-still").get_text()


@pytest.mark.parametrize(
    ("part", "change", "told"),
    [
        ("truths", {"right": "yes"}, "truths 1 right: expected true or false, got 'yes'"),
        ("truths", {"why": ""}, "truths 1 why: expected some text"),
        ("truths", {"id": "T"}, "truths 1 id: expected small letters"),
        ("truths", {"id": "t2"}, "truths 2 id: expected an id of its own, got 't2'"),
        ("truths", {"more": 1}, "truths 1: expected id, ask, right and why"),
        ("guesses", {"id": "t1"}, "guesses 1 id: expected an id of its own, got 't1'"),
        ("guesses", {"shows": "不变。"}, "guesses 1 shows: expected a sentence beginning “其实”"),
        ("guesses", {"shows": None}, "guesses 1 shows: expected a sentence"),
        ("guesses", {"kind": "multiple"}, "guesses 1 kind: expected one of single, number, order"),
        ("guesses", {"options": []}, "guesses 1 options: expected 2 to 6 options"),
    ],
)  # fmt: skip
def test_what_is_unsound_is_named(
    tmp_path: Path, part: str, change: dict[str, Any], told: str
) -> None:
    said = copy.deepcopy(GOOD)
    said[part][0].update(change)
    with pytest.raises(ValueError) as raised:
        truths(stored(tmp_path, said))
    assert str(raised.value).startswith(told)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ([], "file: expected truths and guesses"),
        ({"truths": []}, "file: expected truths and guesses"),
        ({**GOOD, "guesses": {}}, "guesses: expected a list"),
        ({**GOOD, "truths": GOOD["truths"][:4]}, "truths: expected 5 statements, got 4"),
        ({**GOOD, "guesses": ["?"]}, "guesses 1: expected a question"),
    ],
)
def test_a_file_of_another_form_is_named(tmp_path: Path, said: Any, told: str) -> None:
    with pytest.raises(ValueError) as raised:
        truths(stored(tmp_path, said))
    assert str(raised.value).startswith(told)


def test_an_id_that_no_guess_has_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError) as raised:
        guess(stored(tmp_path), "steps")
    assert str(raised.value).startswith("name: expected one of step, fee, layers, got 'steps'")


def test_the_wheel_carries_the_guesses_of_every_chapter() -> None:
    assert {*FILES} <= {*beside(ROOT / "notebooks")}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_shipped_guesses_are_sound(path: Path) -> None:
    assert len(truths(path).questions) == 5
    assert b"\\u" not in path.read_bytes()
