"""The court: every order that a hand can press, every proof of every claim, against the model."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.aftersales.disputes import (
    CALM,
    CLAIMS,
    FIRMNESS,
    GONE,
    MOVES_OF_TALK,
    START,
    agreed,
    heat,
    judge,
)
from kefu.demos import Demo, court
from kefu.demos.court import SEP
from tests.demos.reading import (
    HOSTILE,
    Drawing,
    bold,
    cells,
    parsed,
    press,
    presses,
    run_code,
    set_to,
)
from tests.demos.reading import settings as shown


def assert_talk_agrees(demo: Demo, moves: tuple[str, ...], start: int = START) -> None:
    felt = heat(moves, start)  # type: ignore[arg-type]
    html = demo.result()
    drawing = Drawing(html)
    drawing.assert_labels_inside()
    said = "".join(f"，{one.move}后{one.heat}" for one in felt)
    assert drawing.label == f"火气：来时{start}{said}"
    line = drawing.line("line")
    assert len(line) == len(felt) + 1
    heats = [start, *(one.heat for one in felt)]
    for (_, y), value in zip(line, heats, strict=True):
        assert 150 - y == pytest.approx(value * 1.24, abs=0.06)
    gone = bool(felt) and felt[-1].heat == GONE
    assert ("✓ 谈成了" in html) is (agreed(moves, start) and not gone)  # type: ignore[arg-type]
    assert ("✗ 谈不成" in html) is (gone or ("方案" in moves and not agreed(moves, start)))  # type: ignore[arg-type]
    left = [text for text, _, _ in presses(html) if text in MOVES_OF_TALK]
    assert left == ([] if gone else [one for one in MOVES_OF_TALK if one not in moves])
    if felt:
        assert " → ".join(map(str, heats)) in bold(html)
        if not gone:
            assert felt[-1].says in parsed(html).get_text()
    numbers, result = run_code(demo)[1]
    assert (numbers, result) == ([one.heat for one in felt], agreed(moves, start))  # type: ignore[arg-type]


def chosen(demo: Demo, name: str) -> list[str]:
    """The buttons of the picture that set a control, the chosen one in brackets."""
    return [
        f"[{text}]" if on == "true" else text
        for text, wanted, on in presses(demo.parts()[0])
        if list(wanted) == [name]
    ]


def test_it_opens_with_heat_and_moves_and_no_control_beside_them() -> None:
    demo = court()
    assert list(shown(demo.picture())) == []
    assert chosen(demo, "start") == ["20", "[40]", "60"]
    assert_talk_agrees(demo, ())


def test_the_heat_to_come_with_is_pressed_and_the_same_moves_stay() -> None:
    demo = press(court(), "解释", "倾听", "分析", "安抚", "方案")
    assert "✗ 谈不成" in demo.result()
    press(demo, "20")
    assert chosen(demo, "start") == ["[20]", "40", "60"]
    assert_talk_agrees(demo, ("解释", "倾听", "分析", "安抚", "方案"), 20)
    assert "✓ 谈成了" in demo.result()


def test_each_claim_is_opened_by_its_button() -> None:
    demo = court("上庭")
    for name, claim in CLAIMS.items():
        press(demo, name)
        assert f"[{name}]" in chosen(demo, "case")
        assert claim.says in parsed(demo.parts()[0]).get_text()
    assert [one.strip("[]") for one in chosen(demo, "case")] == list(CLAIMS)


@settings(max_examples=25, deadline=None)
@given(st.permutations(MOVES_OF_TALK), st.integers(0, 7), st.sampled_from([20, 40, 60]))
def test_every_order_is_the_models(order: list[str], size: int, start: int) -> None:
    demo, made = set_to(court(), start=start), []
    for move in order[:size]:
        if made and heat(made, start)[-1].heat == GONE:
            break
        press(demo, move)
        made.append(move)
    assert_talk_agrees(demo, tuple(made), start)


def test_the_discovery_explaining_first_doubles_and_the_five_steps_agree() -> None:
    demo = press(court(), "解释")
    assert "解释后80" in Drawing(demo.result()).label
    demo = press(court(), "解释", "倾听", "分析", "安抚", "方案")
    assert f"火气50，要到{CALM}以下" in demo.result()
    assert "✓ 谈成了" in press(court(), "倾听", "分析", "安抚", "解释", "方案").result()


def test_a_step_back_and_from_the_start() -> None:
    demo = press(court(), "倾听", "分析", "退一步")
    assert_talk_agrees(demo, ("倾听",))
    assert_talk_agrees(press(demo, "从头"), ())


def test_who_does_not_agree_leads_to_court_and_back() -> None:
    demo = press(court(), "解释", "方案", "上庭 ›")
    assert demo.controls["half"].value == "上庭"
    assert list(shown(demo.picture())) == []
    assert "✗ 谈不成" in press(demo, "‹ 回到谈").result()


def test_who_leaves_hears_no_more() -> None:
    demo = set_to(court(), start=60)
    press(demo, "解释")
    assert "（挂了，点了平台介入）" in demo.result()
    assert "他走了。" in demo.result()


@pytest.mark.parametrize("name", CLAIMS)
def test_every_pair_of_proofs_is_ruled_as_the_model_rules(name: str) -> None:
    claim = CLAIMS[name]
    names = [one.name for one in claim.proofs]
    for some in [(), *combinations(names, 1), *combinations(names, 2), tuple(names)]:
        demo = press(court("上庭", name), *some)
        ruling = judge(some, claim)
        text = parsed(demo.result()).get_text()
        assert f"支持{ruling.upheld}" in bold(demo.result())
        assert ruling.why in text
        drawing = Drawing(demo.result())
        drawing.assert_labels_inside()
        assert f"支持{ruling.upheld}" in drawing.label
        handed = {
            t for t, wanted, on in presses(demo.result()) if on == "true" and "shown" in wanted
        }
        assert handed == set(some)
        assert (claim.known in text) is bool(some)
        assert ("相反" in text) is (bool(some) and ruling.upheld != claim.truth)
        assert run_code(demo)[1] == (ruling.upheld, ruling.why)
        assert [row[2] for row in cells(demo.result())] == [
            FIRMNESS[one.firmness] if one.name in some else "交了才看得见" for one in claim.proofs
        ]
        assert claim.rule.text in text


def test_the_beam_sinks_to_the_firmer_side() -> None:
    def ends(demo: Demo) -> tuple[float, float]:
        beam = next(e for e in Drawing(demo.result()).root.iter("path") if e.get("class") == "span")
        left, right = (float(p.split(",")[1]) for p in str(beam.get("d"))[1:].split(" L"))
        return left, right

    level = ends(court("上庭"))
    assert level[0] == level[1]
    buyer = ends(press(court("上庭"), "签收底单"))
    assert buyer[0] > level[0] > buyer[1]
    both = ends(press(court("上庭"), "签收底单", "仓库登记册"))
    assert both[0] - both[1] < buyer[0] - buyer[1]


def test_a_proof_is_taken_back_by_a_second_press_and_another_claim_begins_empty() -> None:
    demo = press(court("上庭"), "签收底单", "仓库登记册", "签收底单")
    assert demo.controls["shown"].value == "仓库登记册"
    set_to(demo, case="开线的裤子")
    assert demo.controls["shown"].value == ""
    assert "先交一样，再看实情" in demo.result()


@pytest.mark.parametrize("text", [*HOSTILE, f"签收底单{SEP}没有这一样{SEP}签收底单"])
def test_what_no_press_gives_is_left_out(text: str) -> None:
    demo = set_to(court("上庭"), shown=text)
    assert "kefu-error" not in demo.result()
    assert "kefu-error" not in set_to(court(), moves=text).result()


@pytest.mark.parametrize(("half", "case"), [("和解", "退货没收到"), ("上庭", "没有的案")])
def test_words_that_it_has_not_are_refused(half: str, case: str) -> None:
    with pytest.raises(ValueError):
        court(half, case)  # type: ignore[arg-type]
