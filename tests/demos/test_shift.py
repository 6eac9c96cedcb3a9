"""The night as a game: what its three pictures say, what a move answers, what is kept, against the model."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu import beside, demos
from kefu.demos.shift import LAST_SEED, SEED, Shift, night_of
from kefu.practice import own, score
from kefu.practice import shift as model
from kefu.practice.shift import CLOSES, LEVELS, MOVES, SCORES, SECONDS, NightMove, NightState
from tests.demos.reading import MARKUP, Drawing, parsed, presses, tags

of = import_module("kefu.demos.shift")  # whose name in kefu.demos is the function


class Played:
    """A demo as its script has it: what it asks, and what it is told."""

    def __init__(self, level: int = 1, seed: int = SEED, *, quiet: bool = False) -> None:
        self.demo: Shift = demos.shift(seed, level)
        self.demo.controls["quiet"].value = quiet
        self.told: list[dict[str, Any]] = []
        self.demo._picture.send = self.told.append

    def ask(self, **wanted: Any) -> dict[str, Any]:
        self.demo._picture.moved = {**wanted, "": len(self.told) + 1}
        assert self.told[-1].pop("done") == len(self.told)
        return self.told[-1]

    def make(self, move: NightMove) -> dict[str, Any]:
        return self.ask(do=move.what, who=move.who, choice=move.choice, at=move.at)

    @property
    def state(self) -> NightState:
        assert self.demo.state is not None
        return self.demo.state

    @property
    def page(self) -> BeautifulSoup:
        return parsed(self.demo.drawn())


def good(level: int = 1, seed: int = SEED) -> tuple[NightMove, ...]:
    return model.played(night_of(seed, level), "good").moves


def at_desk(level: int = 1, moves: int = 12) -> Played:
    """A night in which so many moves were made, and somebody sits in a window."""
    played = Played(level)
    played.ask(go=1)
    for move in good(level)[:moves]:
        played.make(move)
    while not played.state.windows:
        played.make(good(level)[len(played.state.moves)])
    return played


# At the door


def test_the_door_tells_who_comes_when_and_lets_level_night_and_clock_be_chosen() -> None:
    played = Played()
    night = night_of(SEED, 1)
    assert (
        f"{len(night.customers)}位要人接，{len(night.robot)}位由暖暖答完"
        in Drawing(played.demo.drawn()).label
    )
    for wanted, name, value in (
        ({"level": 3}, "level", 3),
        ({"quiet": True}, "quiet", True),
        ({"seed": "7"}, "seed", 7),
    ):
        played.ask(**wanted)
        assert played.demo.controls[name].value == value
    chosen = [text for text, _, on in presses(played.demo.drawn()) if on == "true"]
    assert chosen == [f"3 {model.LEVEL_NAMES[3]}", "换一夜（7）", "安静版"]
    assert "▶ 上班" in [text for text, _, _ in presses(played.demo.drawn())]


@pytest.mark.parametrize(
    "seed", ["", " ", "x", MARKUP, "-1", "1.5", "٣", str(LAST_SEED + 1), "9" * 400, None, [], {}]
)
def test_a_seed_that_there_is_not_changes_nothing(seed: object) -> None:
    played = Played()
    played.ask(seed=seed)
    assert played.demo.controls["seed"].value == SEED


@pytest.mark.parametrize("level", [0, 4, "1", 2.5, None])
def test_a_level_that_there_is_not_is_an_error(level: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        demos.shift(SEED, level)


def test_the_stored_picture_has_a_drawing_and_says_what_it_is() -> None:
    page = parsed(demos.shift().picture())
    assert page.find("svg")
    assert "五个窗口" in page.get_text()
    assert page.select("[data-screen=door]")


# At the desk


@pytest.mark.parametrize("level", LEVELS)
def test_a_night_played_by_presses_is_the_model_s_own(level: int) -> None:
    played = Played(level)
    played.ask(go=1)
    for move in good(level):
        answer = played.make(move)
        assert answer["moves"] == [[move.at, move.what, move.who, move.choice]]
        assert not played.page.select("[role=alert]")
    assert played.state.moves == good(level)
    played.ask(tick=CLOSES)
    assert played.state == model.finish(model.play(night_of(SEED, level), good(level)))
    assert played.page.select("[data-screen=end]")
    assert own.mine().state == played.state


def test_an_answer_has_only_the_parts_that_changed_and_is_small() -> None:
    played = Played(3)
    played.ask(go=1)
    shown = dict(played.demo._sent)
    sizes = []
    for move in good(3)[:80]:
        answer = played.make(move)
        for name, html in answer.get("parts", {}).items():
            assert shown.get(name) != html
            shown[name] = html
        there = {one.who for one in played.state.windows}
        now = {
            name: html
            for name, html in shown.items()
            if not name.startswith("w:") or name[2:] in there
        }
        assert now == played.demo.parts_now()  # what the page shows is what would be drawn anew
        assert [one["who"] for one in answer["desk"]] == [one.who for one in played.state.windows]
        sizes.append(len(json.dumps(answer, ensure_ascii=False).encode()))
    assert sorted(sizes)[len(sizes) // 2] < 12_000


def test_ticks_bring_who_comes_and_change_no_record() -> None:
    played = Played()
    clock = played.ask(go=1)["clock"]
    assert (clock["now"], clock["next"]) == (0, model.next_event(model.start(night_of(SEED, 1))))
    answer = played.ask(tick=clock["next"])
    first = night_of(SEED, 1).customers[0]
    assert first.who in parsed(answer["parts"]["queue"]).get_text()
    assert "来了" in answer["parts"]["news"]
    assert answer["moves"] == []
    (press,) = presses(answer["parts"]["queue"])
    assert press[1] == {"do": "take", "who": first.who}


def test_a_window_shows_its_conversation_papers_and_the_ways_in_the_model_s_order() -> None:
    played = at_desk()
    one = played.state.windows[0]
    window = parsed(played.demo.parts_now()[f"w:{one.who}"])
    assert [p.get_text() for p in window.select(".night-facts dd")] == [
        value for _, value in one.facts
    ]
    assert [b["data-key"] for b in window.select("[data-key]")] == [
        c.key for c in (one.ask.choices if one.ask else ())
    ]
    for line in one.lines:
        assert line.text.rpartition("问你：")[2] in window.select_one(".night-lines").get_text()  # type: ignore[union-attr]
    may = model.allowed(played.state, one.who)
    does = {wanted["do"] for _, wanted, _ in presses(str(window))}
    assert does == set(may)


@pytest.mark.parametrize("level", LEVELS)
def test_the_coach_speaks_at_the_first_level_alone_and_reasons_as_the_level_says(
    level: int,
) -> None:
    played = Played(level)
    played.ask(go=1)
    coached = told = 0
    for move in model.played(night_of(SEED, level), "middling").moves:
        played.make(move)
        html = "".join(played.demo.parts_now().values())
        coached += "night-coach" in html
        told += "kefu-ruling" in html
        if played.state.told is not None:
            assert (level, played.state.told.right) != (2, True)
            assert played.state.told.lesson.said in html
    assert bool(coached) is (level == 1)
    assert bool(told) is (level < 3)


def test_a_lesson_leads_to_the_chapter_in_a_page_and_to_its_notebook_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lesson = model.Lesson("03", "二、五个窗口，先回谁")
    assert "../presales/03_desk.ipynb#" in of.link(lesson)
    monkeypatch.setenv("LIVE_PAGE", "1")
    assert "../presales/03_desk.html#go-to=" in of.link(lesson)
    assert json.loads(str(parsed(of.link(lesson)).a["data-lesson"])) == {  # type: ignore[index]
        "page": "presales/03_desk", "section": lesson.section,
    }  # fmt: skip


def test_what_cannot_be_done_is_said_in_chinese_and_nothing_is_lost() -> None:
    played = at_desk()
    before = played.state.moves
    answer = played.ask(do="answer", who="没有这个人", choice="1", at=played.state.now)
    assert played.state.moves == before
    assert answer["moves"] == []
    alert = parsed(answer["parts"]["news"]).select_one("[role=alert]")
    assert alert is not None
    assert not set(alert.get_text()) & set("abcdefghijklmnopqrstuvwxyz")


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "do",
                "who",
                "choice",
                "at",
                "tick",
                "wait",
                "look",
                "hand",
                "name",
                "number",
                "end",
                "level",
                "seed",
                "quiet",
                "x",
            ]
        ),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(-(10**9), 10**9),
            st.text(max_size=8),
            st.sampled_from(list(MOVES)),
            st.lists(st.integers(), max_size=2),
        ),
    )
)
@settings(max_examples=60, deadline=None)  # fmt: skip
def test_whatever_a_script_asks_leaves_a_night_that_can_be_played(wanted: dict[str, Any]) -> None:
    played = at_desk(moves=4)
    before = played.state.now
    played.ask(**wanted)
    assert played.state.now >= before
    assert model.play(played.state.night, played.state.moves).moves == played.state.moves
    assert played.page.select("[data-screen]")


@pytest.mark.parametrize("level", LEVELS)
def test_what_an_answer_brings_into_its_window_is_spoken_once(level: int) -> None:
    """The conversation is no live region, since all of it is drawn anew: its new lines are told in the news."""
    it = Played(level, quiet=True)
    it.ask(go=1)
    it.ask(wait=1)
    who = it.state.queue[0].who
    it.ask(do="take", who=who, choice="", at=0)
    told = it.ask(do="answer", who=who, choice="1", at=0)
    spoken = BeautifulSoup(told["parts"]["news"], "html.parser").select(".kefu-spoken")
    (words,) = [one.get_text() for one in spoken]
    last = [one for one in it.state.people[who].lines if one.sender == "客人"][-1]
    assert words.startswith(f"{who}：")
    assert last.text in words
    assert ("不对" in words or "答对了" in words) == (it.state.told is not None)
    folded = parsed(it.demo.parts_now()[f"w:{who}"]).select_one("details.night-facts")
    if folded:
        assert folded.has_attr("open") == (it.state.ask(who) is not None)
    assert "kefu-spoken" not in it.ask(wait=1)["parts"]["news"]


def test_in_the_quiet_version_a_move_takes_the_time_of_a_hand() -> None:
    played = Played(quiet=True)
    played.ask(go=1)
    answer = played.ask(wait=1)
    first = night_of(SEED, 1).customers[0]
    assert answer["clock"]["now"] == first.at
    played.ask(do="take", who=first.who, at=9999)
    assert played.state.now == first.at + SECONDS["take"]
    assert not played.page.select("[data-speed]")
    assert "等下一件事" in [text for text, _, _ in presses(played.demo.drawn())]


@pytest.mark.parametrize("quiet", [False, True])
def test_the_way_to_the_next_thing_has_one_name(quiet: bool) -> None:
    played = Played(quiet=quiet)
    played.ask(go=1)
    waits = [text for text, told, _ in presses(played.demo.drawn()) if "wait" in told]
    assert waits == [of.WAIT]
    assert of.WAIT in of.KEYS
    assert of.WAIT in of.ABOUT_QUIET


def test_who_is_said_to_wait_is_not_said_to_have_come_besides() -> None:
    called = 0
    for seed in range(1, 5):
        played = Played(seed=seed, quiet=True)
        played.ask(go=1)
        told = parsed(played.ask(wait=1)["parts"]["news"]).get_text()
        who = played.state.queue[0].who
        called += f"{who}在队里等" in told
        assert f"{who}来了" not in told
    assert called == 4


def seated(channel: str) -> tuple[NightState, str]:
    """Return the desk with somebody of a channel in a window, and his name."""
    for seed in range(1, 60):
        state = model.start(night_of(seed, 2))
        who = next((one.who for one in state.night.customers if one.channel == channel), "")
        at = next(one.at for one in state.night.customers if one.who == who) if who else CLOSES
        state = model.tick(state, at)
        if who and not state.over:
            return model.step(state, NightMove(state.now, "take", who)), who
    raise AssertionError(channel)


@pytest.mark.parametrize(("channel", "called"), [("同事", ("青禾", "老板")), ("咨询", ("客人",))])
def test_a_colleague_speaks_by_name(channel: str, called: tuple[str, ...]) -> None:
    state, who = seated(channel)
    (window,) = [one for one in state.windows if one.who == who]
    asked = parsed(of.window(state, window, "")).select_one(
        ".night-lines .kefu-asked:not(.night-robot)"
    )
    assert asked
    name = asked.find(["small", "span"])
    assert name
    assert name.get_text().rstrip("：") in called
    assert (name.name == "small") == (channel == "同事")
    assert "问你：" not in asked.get_text()  # his name stands before it


def test_an_old_conversation_says_of_which_day_it_is() -> None:
    """Its days are its own: they are said beside its name, and with what was promised in it."""
    state, who = seated("旧案")
    (window,) = [one for one in state.windows if one.who == who]
    assert f"旧案，{window.day}的事" in parsed(of.window(state, window, "")).header.get_text()
    assert window.day.startswith("202")
    for level in LEVELS:
        end = model.finish(model.play(night_of(SEED, level), good(level)))
        made = [each for one in end.people.values() if one.customer.scene for each in one.promises]
        assert all("的旧案）：" in each.said for each in made)


def test_a_move_while_the_clock_stands_takes_the_time_of_a_hand() -> None:
    played = Played()
    played.ask(go=1)
    first = night_of(SEED, 1).customers[0]
    played.ask(tick=first.at)
    played.ask(do="take", who=first.who, at=first.at, still=True)
    assert played.state.now == first.at + SECONDS["take"]


def test_a_move_before_the_present_second_is_made_now() -> None:
    played = Played()
    played.ask(go=1)
    first = night_of(SEED, 1).customers[0]
    played.ask(tick=first.at + 30)
    played.ask(do="take", who=first.who, at=2)
    assert played.state.moves[-1].at == first.at + 30


def test_texts_of_the_model_stay_text() -> None:
    played = at_desk()
    one = played.state.windows[0]
    plain = of.window(played.state, one, "")
    hostile = replace(
        one, scene=MARKUP, facts=((MARKUP, MARKUP),),
        lines=(model.SpokenLine(0, "客人", MARKUP), model.SpokenLine(0, "系统", MARKUP)),
        ask=model.OpenAsk(MARKUP, (model.Choice("1", MARKUP),)), given=Decimal(5),
    )  # fmt: skip
    harmless = replace(
        hostile, scene="景", facts=(("名", "值"),),
        lines=(model.SpokenLine(0, "客人", "话"), model.SpokenLine(0, "系统", "话")),
        ask=model.OpenAsk("问", (model.Choice("1", "答"),)),
    )  # fmt: skip
    assert "img" not in [name for name, _ in tags(plain)]
    shown = of.window(played.state, hostile, "")
    assert tags(shown) == tags(of.window(played.state, harmless, ""))
    assert parsed(shown).get_text().count(MARKUP) == 6


# Whom to look at, what wants the player, what an answer was worth


@pytest.mark.parametrize("level", LEVELS)
def test_waiting_for_the_next_thing_stops_at_whoever_wants_the_player_and_says_who(
    level: int,
) -> None:
    it = Played(level, quiet=True)
    it.ask(go=1)
    it.ask(wait=1)
    first = it.state.queue[0].who
    assert f"{first}在队里等" in parsed(it.demo.parts_now()["news"]).get_text()
    now = it.state.now
    it.ask(wait=1)  # passed over her before, to whoever came next
    assert it.state.now == now
    assert f"{first}在队里等" in parsed(it.demo.parts_now()["news"]).get_text()
    it.ask(do="take", who=first, choice="", at=0)
    it.ask(do="answer", who=first, choice="1", at=0)
    while (since := it.state.people[first].since) is not None:
        it.ask(wait=1)
        assert it.state.now == since  # she has written, and is the next thing
        assert f"{first}等你回" in parsed(it.demo.parts_now()["news"]).get_text()
        it.ask(do="answer", who=first, choice="1", at=0)
    it.ask(do="close", who=first, choice="", at=0)
    while not it.state.over:
        it.ask(wait=1)
        assert it.state.over or model.wanting(it.state)
        for one in it.state.queue:
            it.ask(do="take", who=one.who, choice="", at=0)
        for window in it.state.windows:
            it.ask(do="close", who=window.who, choice="", at=0)


def test_all_marks_of_what_is_urgent_and_the_coach_name_the_same_one() -> None:
    it = Played()
    it.ask(go=1)
    seen = set()
    for move in model.played(night_of(SEED, 1), "middling").moves:
        answer = it.make(move)
        parts = it.demo.parts_now()
        first = model.whom(it.state)
        lead = parsed(parts["lead"])
        assert not first or f"{first}：" in lead.get_text()
        assert "第" in lead.select("a")[0].get_text()  # chapter and section
        cards = parsed(parts["queue"]).select("button:has(.night-first)")
        marked = [json.loads(str(card["data-press"]))["who"] for card in cards]
        marked += [one["who"] for one in answer["desk"] if one["first"]]
        assert marked == ([first] if first else [])
        windows = "".join(html for name, html in parts.items() if name.startswith("w:"))
        assert "先看这一窗" not in windows
        seen |= {it.state.people[first].where if first else ""}
    assert seen == {"", "排队", "窗口"}
    other = at_desk(2)
    assert "night-first" not in other.page.select_one("[data-part=queue]").decode()  # type: ignore[union-attr]
    assert not any(one["first"] for one in of.windows(other.state))


def test_why_an_answer_was_right_stays_until_the_next_one_in_that_window() -> None:
    it = Played(quiet=True)
    it.ask(go=1)
    it.ask(wait=1)
    who = it.state.queue[0].who
    it.ask(do="take", who=who, choice="", at=0)
    it.ask(do="answer", who=who, choice="1", at=it.state.now)
    why = it.state.told.why  # type: ignore[union-attr]
    it.ask(tick=it.state.now + 1)  # took the reason away before it could be read
    assert it.state.told is None
    assert why in parsed(it.demo.parts_now()[f"w:{who}"]).get_text()


def test_trust_is_explained_at_the_first_line_of_an_old_conversation_and_folded_afterwards() -> (
    None
):
    it = Played()
    it.ask(go=1)
    folds = []
    for move in good():
        it.make(move)
        if move.what == "answer" and it.state.people[move.who].said:
            fold = parsed(it.demo.parts_now()[f"w:{move.who}"]).select_one(".night-feels")
            assert fold is not None
            folds.append(fold.has_attr("open"))
            assert all(word in fold.get_text() for word in ("信任", "疑虑", "耐心"))
    assert folds == [True, *[False] * (len(folds) - 1)]
    assert len(folds) > 3


def test_how_little_the_rest_of_a_wrong_answer_counts_is_said_in_one_way() -> None:
    parts = {0.25: "四分之一"}[score.WRONG]
    said = [SCORES["准"], beside.find("17_guesses.json").read_text(encoding="utf-8")]
    assert all(f"只算{parts}" in text for text in said)
    assert not any("一角" in text for text in said)


@pytest.mark.parametrize("what", ["end", "again"])
def test_leaving_asks_once_in_its_place_and_says_what_is_lost(what: str) -> None:
    it = at_desk()
    (way,) = [b for b in it.page.select("[data-press]") if what in json.loads(str(b["data-press"]))]
    fold = way.find_parent("details", class_="night-leave")
    assert fold is not None
    assert not fold.has_attr("open")  # before, one tap ended the night
    assert fold.select_one("[data-act=stay]")
    told = parsed(it.demo.parts_now()[what]).get_text()
    coming = len(it.state.night.customers) - len(it.state.people)
    assert (f"{coming}位要来" if what == "end" else f"{len(it.state.moves)}步") in told
    it.make(good()[len(it.state.moves)])
    assert what == "end" or f"{len(it.state.moves)}步" in it.demo.parts_now()[what]


def test_without_a_clock_nothing_speaks_of_one() -> None:
    it = Played(quiet=True)
    said = parsed(it.demo.drawn() + it.demo.told()).get_text()
    it.ask(go=1)
    it.ask(wait=1)
    said += parsed(it.demo.drawn() + it.demo.told()).get_text()
    assert "没有钟" in said
    for word in ("钟走", "钟就停", "停着", "一刻钟", "P停", "快慢"):
        assert word not in said
    assert not it.page.select("[role=timer]")


# Kept, taken up, handed in


def test_a_kept_night_goes_on_in_a_new_python_where_it_was() -> None:
    played = at_desk(2)
    text = model.keep(played.state)
    again = Played()
    answer = again.ask(hello=text)
    assert again.state == model.resume(text)
    assert again.demo.controls["level"].value == 2
    assert len(answer["moves"]) == len(played.state.moves)
    assert again.page.select("[data-screen=desk]")
    for move in good(2)[len(played.state.moves) :]:
        again.make(move)
    assert again.state.moves == good(2)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"seed":1}', '{"seed":618,"level":9,"now":1,"moves":[]}',
                                  '{"seed":618,"level":1,"now":1,"moves":[[1,"take","没有",""]]}',
                                  '{"seed":618,"level":1,"now":"x","moves":[]}'])  # fmt: skip
def test_a_record_that_cannot_be_read_leaves_the_door_open(text: str) -> None:
    played = Played()
    answer = played.ask(hello=text)
    assert played.demo.state is None
    assert bool(answer.get("fault")) is bool(text)


def test_the_head_tells_who_left() -> None:
    it = Played(1)
    it.ask(go=1)
    assert "走了" not in parsed(it.demo.parts_now()["head"]).get_text()
    while not it.state.counts["走了"]:
        it.ask(tick=model.next_event(it.state))
    assert f"走了{it.state.counts['走了']}" in parsed(it.demo.parts_now()["head"]).get_text()


@pytest.mark.parametrize("quiet", [True, False])
def test_a_night_without_a_clock_goes_on_without_one(quiet: bool) -> None:
    it = Played(2, quiet=quiet)
    it.ask(go=1)
    kept = json.loads(model.keep(it.state)) | {"quiet": quiet}
    other = Played(2)
    other.ask(hello=json.dumps(kept), whole=True)
    assert other.demo.quiet is quiet
    assert ("data-speed" in other.demo._picture.html) is not quiet
    other.ask(hello=model.keep(it.state), whole=True)  # kept before there was such a word


def test_a_cell_that_names_another_night_offers_the_kept_one() -> None:
    text = model.keep(at_desk().state)
    other = Played(3, 5)
    assert other.ask(hello=text)["offer"] == {"over": False}
    assert other.demo.state is None
    other.ask(hello=text, whole=True)
    assert other.state.night.seed == SEED


def test_a_night_that_is_over_is_offered_and_can_be_seen_again() -> None:
    text = model.keep(model.played(night_of(SEED, 1), "good"))
    played = Played()
    assert played.ask(hello=text)["offer"] == {"over": True}
    played.ask(hello=text, whole=True)
    assert played.page.select("[data-screen=end]")


def test_a_press_on_the_stored_picture_takes_no_kept_night_away() -> None:
    text = model.keep(at_desk().state)
    played = Played()
    played.ask(hello=text)
    played.ask(go=1)
    assert played.state == model.resume(text)


def test_the_file_is_sound_and_asks_for_name_and_number() -> None:
    played = Played()
    played.ask(go=1)
    played.ask(end=1)
    assert "学号和姓名" in played.ask(hand=1, name=" ", number="1")["parts"]["handed"]
    found = model.verify(played.ask(hand=1, name=MARKUP, number="20260601")["file"])
    assert found.sound
    assert found.record is not None
    assert (found.record.name, found.record.number) == (MARKUP, "20260601")


# At the end


@pytest.mark.parametrize("level", LEVELS)
def test_the_report_draws_the_six_scores_and_names_what_cost_most(level: int) -> None:
    played = Played(level)
    played.ask(go=1)
    for move in model.played(night_of(SEED, level), "middling").moves:
        played.make(move)
    played.ask(tick=CLOSES)
    report = model.report(played.state)
    drawn = Drawing(played.demo.drawn())
    texts = [text for text, *_ in drawn.texts()]
    assert texts == [
        text for name, points in report.scores.items() for text in (name, f"{points:.1f}")
    ]
    assert f"{report.total:g}分" in played.page.get_text()
    for one in report.costly:
        assert one.what in played.page.get_text()
        assert one.lesson.said in played.page.get_text()
        wanted = {"look": one.at, "who": one.who}
        assert wanted in [told for _, told, _ in presses(played.demo.drawn())]
        look = parsed(played.ask(**wanted)["parts"]["look"])
        assert look.select_one("b").get_text() == model.clock(one.at)  # type: ignore[union-attr]
        lines = played.demo.at(one.at).people[one.who].lines
        last = [line.text for line in lines if line.at <= one.at][-1]
        assert last.rpartition("问你：")[2] in look.get_text()
    assert all(name in played.demo.told() for name in SCORES)
    assert not played.page.select("[data-press] img")


@pytest.mark.parametrize("level", LEVELS)
def test_what_was_promised_is_listed_folded_and_stands_on_the_sheet_at_the_end(level: int) -> None:
    played = Played(level)
    played.ask(go=1)
    assert played.demo.parts_now()["promises"] == ""
    seen = 0
    for move in model.played(night_of(SEED, level), "middling").moves:
        played.make(move)
        made = [each for one in played.state.people.values() for each in one.promises]
        told = parsed(played.demo.parts_now()["promises"])
        assert len(told.select("li")) == len(made)
        if made:
            seen += 1
            lacking = sum(each.noted is None for each in made)
            assert f"{len(made)}件" in told.summary.get_text()  # type: ignore[union-attr]
            assert (f"{lacking}件没记" in told.get_text()) == bool(lacking)
            assert not told.details.has_attr("open")  # type: ignore[union-attr]
    assert seen
    played.ask(tick=CLOSES)
    page = played.page.get_text()
    assert "交班单" in page
    assert all(row.what in page for row in model.report(played.state).sheet)


def test_a_window_is_handed_over_with_one_of_three_notes() -> None:
    played = at_desk(moves=1)
    one = played.state.windows[0]
    page = parsed(played.demo.parts_now()[f"w:{one.who}"])
    notes = page.select(".night-hands button")
    assert [json.loads(each["data-press"])["choice"] for each in notes] == ["1", "2", "3"]
    played.ask(do="hand", who=one.who, choice="2", at=played.state.now)
    assert played.state.moves[-1].listed()[1:] == ["hand", one.who, "2"]


@pytest.mark.parametrize("taken_up", [False, True])
def test_a_moment_of_the_night_that_is_over_is_the_desk_at_that_second(taken_up: bool) -> None:
    played = Played()
    if taken_up:
        played.ask(
            hello=model.keep(model.finish(model.play(night_of(SEED, 1), good()))), whole=True
        )
    else:
        played.ask(go=1)
        for move in good():
            played.make(move)
        played.ask(tick=CLOSES)
    for at in (0, 1800, good()[20].at, 9000, CLOSES):
        before = [move for move in good() if move.at <= at]
        want = model.tick(model.play(night_of(SEED, 1), before), at)
        assert played.ask(look=at)["parts"]["look"] == of.moment(want, at)


def test_back_at_the_door_another_night_can_be_chosen() -> None:
    played = at_desk()
    played.ask(again=1)
    assert played.demo.state is None
    assert played.page.select("[data-screen=door]")


def test_its_script_and_sheet_are_brought_where_there_is_no_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = of.NightDesk()
    assert "export default" in desk._esm
    assert (
        "import " not in desk._esm.split("const VERSION")[0].replace("// ", "").splitlines()[0][:7]
    )
    assert ".night-bar" in desk._css
    monkeypatch.setenv("LIVE_PAGE", "1")
    assert (of.NightDesk()._esm, of.NightDesk()._css) == ("", "")


# What a newcomer at the desk must see, and what stays true after it was kept


def test_what_the_robot_said_stands_above_and_the_papers_beside_the_question() -> None:
    state = model.start(night_of(SEED, 2))
    while not (state.queue and state.queue[0].robot):
        state = model.tick(state, model.next_event(state))
    who = state.queue[0].who
    state = model.step(state, NightMove(state.now, "take", who))
    (one,) = [each for each in state.windows if each.who == who]
    page = parsed(of.window(state, one, ""))
    lines = page.select(".night-lines > p")
    robot = ["night-robot" in (line["class"] or []) for line in lines]
    assert robot == sorted(robot, reverse=True)
    assert {line.text for line in one.lines} == {
        line.text for line in one.lines if any(line.text in each.get_text() for each in lines)
    }
    assert page.select("div.night-facts dl")
    assert not page.select("details.night-facts")  # there is nothing to unfold while it is needed


def test_the_canned_reply_takes_little_room_of_the_papers() -> None:
    for channel in ("咨询", "同事", "旧案"):
        state, who = seated(channel)
        state = model.step(state, NightMove(state.now, "hold", who))
        state = model.step(state, NightMove(state.now, "answer", who, "1"))
        (one,) = [each for each in state.windows if each.who == who]
        said = parsed(of.window(state, one, "")).select(".night-lines .kefu-said")
        assert ["night-hold" in line["class"] for line in said] == [True, False]


@pytest.mark.parametrize("level", LEVELS)
def test_the_curve_of_a_mood_is_the_model_s_at_every_second(level: int) -> None:
    falls = 0
    for seed in range(1, 5):
        state = model.tick(
            model.start(night_of(seed, level)), night_of(seed, level).customers[0].at
        )
        who = state.queue[0].who
        state = model.step(state, NightMove(state.now, "take", who))
        (window,) = of.windows(state)
        curve = window["moods"]
        assert curve[0] == (state.now, model.mood(state.people[who], state.now))
        until = state.people[who].until
        for at in range(state.now, until):
            known = [mood for second, mood in curve if second <= at][-1]
            assert known // 10 == model.mood(state.people[who], at) // 10
            assert of.faced(known) == of.faced(model.mood(state.people[who], at))
        falls += curve[-1][1] < 10
    assert falls == 4  # whoever waits to the end is as cross as can be


def test_who_leaves_is_named_until_the_next_move() -> None:
    it = Played()
    it.ask(go=1)
    while not it.state.counts[model.LEFT]:
        it.ask(tick=model.next_event(it.state))
    who = of.walked(it.state)[0]
    for _ in range(3):
        assert f"{who}等不及，走了" in parsed(it.demo.parts_now()["news"]).select("b")[0].get_text()
        it.ask(tick=it.state.now + 1)
    while not it.state.queue:
        it.ask(tick=model.next_event(it.state))
    it.ask(tick=it.state.now)
    it.ask(do="take", who=it.state.queue[0].who, choice="", at=it.state.now)
    assert f"{who}等不及" not in parsed(it.demo.parts_now()["news"]).get_text()


@pytest.mark.parametrize("level", LEVELS)
def test_the_strip_is_the_same_when_a_kept_night_is_taken_up(level: int) -> None:
    played = Played(level)
    played.ask(go=1)
    for n, move in enumerate(model.played(night_of(SEED, level), "middling").moves):
        while (then := model.next_event(played.state)) < move.at:  # as the page's clock asks
            played.ask(tick=then)
        played.make(move)
        if n in (10, 60):
            again = Played(level)
            again.ask(hello=model.keep(played.state), whole=True)
            assert again.demo.parts_now()["strip"] == played.demo.parts_now()["strip"]
    played.ask(tick=CLOSES)
    again = Played(level)
    again.ask(hello=model.keep(played.state), whole=True)
    strips = [one.page.select_one("svg.kefu-chart:has(.night-cursor)") for one in (played, again)]
    assert strips[0] == strips[1]
    assert len(strips[0].select("rect")) > 5  # type: ignore[union-attr]


def test_a_bar_of_the_strip_is_the_longest_queue_of_its_minutes() -> None:
    state = model.played(night_of(SEED, 3), "middling")
    longest: dict[int, int] = {}
    for at in range(0, CLOSES, 5):
        waits = sum(
            one.customer.at <= at < (one.taken if one.taken is not None else one.ended or CLOSES)
            for one in state.people.values()
        )
        longest[at // of.SLOT] = max(longest.get(at // of.SLOT, 0), waits)
    bars = dict(of.bars(state))
    assert bars.keys() == longest.keys()
    assert all(bars[slot] >= many for slot, many in longest.items())
    assert sum(bars[slot] == many for slot, many in longest.items()) > 0.8 * len(longest)


@pytest.mark.parametrize("level", LEVELS)
def test_the_sheet_goes_by_when_a_promise_is_due_and_an_old_case_has_its_own_days(
    level: int,
) -> None:
    kinds = set()
    for seed in range(1, 9):
        state = model.played(night_of(seed, level), "good")
        report = model.report(state)
        for kind in of.HANDED_ON:
            rows = [row for row in report.sheet if row.kind == kind and kind != "没办完"]
            keys = [of.hung(state, row) for row in rows]
            for row, (old, key, said) in zip(rows, keys, strict=True):
                assert old == bool(state.people[row.who].customer.scene)
                assert said.startswith("旧案") == old
                if key[0] != "9":
                    year = "2026年" if old and "2026年" in row.what else ""
                    assert year in said
                    assert "月" in said
                    assert "日" in said
                kinds.add((old, key[0] != "9", "已过点" in said))
            drawn = parsed(of.sheet(state, rows))
            names = [li.b.get_text() for li in drawn.select("li")]  # type: ignore[union-attr]
            assert names == [
                f"{said} {row.who}"
                for (_, _, said), row in sorted(
                    zip(keys, rows, strict=True), key=lambda pair: pair[0][:2]
                )
            ]
    assert {(False, True, False), (True, True, False)} <= kinds
    assert not any(old and past for old, _, past in kinds)


def test_what_cannot_be_noted_says_why() -> None:
    for channel, word in (("咨询", "还没有答"), ("旧案", "还没有答")):
        state, who = seated(channel)
        (one,) = [each for each in state.windows if each.who == who]
        (button,) = parsed(of.window(state, one, "")).select("[data-why]")
        assert button.get_text() == "记待办"
        assert word in str(button["data-why"])
        assert button["aria-disabled"] == "true"
    said = set()
    for choice in "123":
        state, who = seated("旧案")
        state = model.step(state, NightMove(state.now, "answer", who, choice))
        (one,) = [each for each in state.windows if each.who == who]
        button = parsed(of.window(state, one, "")).select_one("[data-why]")
        assert (button is None) == ("note" in model.allowed(state, who))
        said |= {str(button["data-why"])} if button else set()
    assert any("当场兑现" in one for one in said)


def test_the_report_keeps_the_choice_of_time_counts_its_title_and_says_closed_is_not_right() -> (
    None
):
    for quiet in (True, False):
        it = Played(quiet=quiet)
        it.ask(
            hello=json.dumps(
                json.loads(model.keep(model.played(night_of(SEED, 1), "middling")))
                | {"quiet": quiet}
            ),
            whole=True,
        )
        root = it.page.select_one("[data-screen=end]")
        assert json.loads(str(root["data-night"]))["quiet"] is quiet  # type: ignore[index]
        costly = model.report(it.state).costly
        assert f"最贵的{'几一两三'[len(costly)]}下" in it.page.get_text()
        done = [r for r in model.rows(it.state) if r["how"] == model.DONE]
        wrong = sum(r["right"] != r["questions"] for r in done)
        assert wrong
        assert f"办结{len(done)}位（其中{wrong}位没有全答对）" in it.page.get_text()
        it.ask(again=1)
        assert it.demo.quiet is quiet


def test_a_moment_that_cost_marks_the_line_and_shows_the_right_one() -> None:
    it = Played()
    it.ask(hello=model.keep(model.played(night_of(SEED, 1), "middling")), whole=True)
    marked = 0
    for one in model.report(it.state).costly:
        page = parsed(it.ask(look=one.at, who=one.who)["parts"]["look"])
        assert one.right in page.select_one(".night-right").get_text()  # type: ignore[union-attr]
        assert page.select("[data-act=list]")
        slips = page.select(".night-slip")
        answered = [
            m for m in it.state.moves if (m.at, m.who, m.what) == (one.at, one.who, "answer")
        ]
        assert len(slips) == len(answered)
        marked += len(slips)
    assert marked
    assert "night-right" not in it.ask(look=600)["parts"]["look"]


def test_a_review_is_a_task_and_no_customer_s_own_words() -> None:
    state, who = seated("评价")
    (one,) = [each for each in state.windows if each.who == who]
    asked = parsed(of.window(state, one, "")).select_one(".night-lines .kefu-asked")
    assert "客人：" not in asked.get_text()  # type: ignore[union-attr]
