"""The night has no rule of its own: which chapter's model is called where, and that none is bypassed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from random import Random
from typing import Any

import pytest

from kefu.practice import cases, night, question, scenes, shift

# Chapter, the model, and the module of kefu.practice that calls it. What another module has imported by its
# name is replaced there: the part before the colon.
CALLED = (
    ("01", "presales.wording:sayings", "ask_before"),
    ("02", "presales.freight:compare", "ask_before"),
    ("02", "presales.freight:buyer_pays", "ask_before"),
    ("02", "presales.promises:ship_promise", "ask_before"),
    ("02", "presales.promises:status", "ask_before"),
    ("02", "presales.promotions:checkout", "ask_before"),
    ("03", "practice.score:service_times", "score"),
    ("03", "presales.desk:Inbox.arrive", "state"),
    ("03", "presales.desk:Inbox.queue", "state"),
    ("03", "presales.desk:Inbox.claim", "state"),
    ("03", "presales.desk:Inbox.answer", "state"),
    ("03", "presales.desk:Inbox.transfer", "state"),
    ("03", "presales.desk:Inbox.close", "state"),
    ("03", "presales.desk:Phrase.fill", "state"),
    ("03", "presales.desk:Phrase.objections", "state"),
    ("04", "presales.greeting:judge_greeting", "ask_before"),
    ("04", "presales.sizing:recommend", "ask_before"),
    ("05", "aftersales.tracking:triage", "ask_after"),
    ("06", "aftersales.returns:decide", "ask_after"),
    ("07", "aftersales.disputes:judge", "ask_after"),
    ("07", "aftersales.complaints:late_shipment", "ask_after"),
    ("08", "aftersales.replies:read_reply", "ask_after"),
    ("09", "operations.customers:similarity", "ask_people"),
    ("09", "operations.customers:clean", "ask_people"),
    ("10", "operations.expectations:wait", "ask_people"),
    ("11", "operations.membership:Programme.missing", "ask_people"),
    ("11", "operations.membership:PointsLedger.running_out", "ask_people"),
    ("12", "operations.rfm:RfmCuts.segment", "ask_people"),
    ("12", "operations.audience:gate", "ask_people"),
    ("12", "operations.clv:probability_alive", "ask_people"),
    ("12", "operations.audience:uplift", "ask_people"),
    ("13", "intelligence.bots:shop_bot", "night"),
    ("13", "intelligence.handover:decide", "night, ask_machines"),
    ("13", "intelligence.handover:told", "state"),
    ("13", "intelligence.handover:Packet.opening", "state, ask_machines"),
    ("14", "intelligence.knowledge:KnowledgeEntry.due", "ask_machines"),
    ("14", "intelligence.grounded:check", "ask_machines"),
    ("14", "intelligence.inventor:invent", "ask_machines"),
    ("15", "intelligence.routing:from_minutes", "night"),
    ("15", "intelligence.routing:House", "night, state"),
    ("15", "intelligence.routing:simulate", "afterwards"),
    ("15", "intelligence.staffing:agents_needed", "ask_machines"),
    ("15", "intelligence.staffing:chats_to_load", "ask_machines"),
    ("16", "intelligence.live:rates", "night"),
    ("16", "intelligence.promise_book:hear", "ask_machines"),
    ("16", "intelligence.promise_book:due", "ask_machines"),
    ("16", "intelligence.on_air:price_protection", "ask_machines"),
    ("对话", "practice.scenes:play", "scenes"),
    ("对话", "practice.question:lint", "question"),
)


def owner(name: str) -> tuple[Any, str]:
    """Return what holds a model, and its name there."""
    module, _, path = name.partition(":")
    holder: Any = import_module(f"kefu.{module}")
    *classes, last = path.split(".")
    for one in classes:
        holder = getattr(holder, one)
    return holder, last


def forget() -> None:
    night.night.cache_clear()
    question.heard.cache_clear()
    scenes.told.cache_clear()


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    forget()
    yield
    forget()


def test_every_chapter_is_there() -> None:
    chapters = {chapter for chapter, _, _ in CALLED}
    assert {f"{n:02}" for n in range(1, 17)} <= chapters
    assert set(scenes.SCENES) == {f"{n:02}" for n in range(1, 17)}


def test_every_model_of_a_maker_is_in_the_list() -> None:
    listed = {name.replace(":", ".") for _, name, _ in CALLED}
    assert {model for made in cases.MAKERS.values() for model in made.models} <= listed


def test_no_model_is_bypassed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each model is replaced by a spy; a few nights are played; every spy has been called."""
    called: set[str] = set()

    def spy(name: str, real: Any) -> Any:
        def told(*args: Any, **more: Any) -> Any:
            called.add(name)
            return real(*args, **more)

        return told

    for _, name, _ in CALLED:
        holder, last = owner(name)
        monkeypatch.setattr(holder, last, spy(name, getattr(holder, last)))
    for seed in range(1, 5):
        state = shift.played(shift.night(seed, 3), "good")
        shift.report(state)
    shift.second_agent(state)
    fresh = shift.start(shift.night(1, 1))
    while not fresh.queue or "hand" not in shift.allowed(fresh, fresh.queue[0].who):
        fresh = shift.tick(fresh, shift.next_event(fresh))
        for one in fresh.queue:
            fresh = shift.step(fresh, shift.NightMove(fresh.now, "take", one.who))
        able = [one.who for one in fresh.windows if "hand" in shift.allowed(fresh, one.who)]
        if able:
            fresh = shift.step(fresh, shift.NightMove(fresh.now, "hand", able[0], "1"))
            break
    assert {name for _, name, _ in CALLED} - called == set()


class Asked(Exception):
    """A model was asked."""


@pytest.mark.parametrize(
    ("kind", "model"),
    [(kind, model) for kind, made in cases.MAKERS.items() for model in made.models],
)
def test_no_question_is_made_without_its_model(
    kind: str, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a model that only fails, no question of its kind comes about: nothing else says what is right."""

    def fails(*_: Any, **__: Any) -> Any:
        raise Asked

    name = next(name for _, name, _ in CALLED if name.replace(":", ".") == model)
    holder, last = owner(name)
    made = cases.MAKERS[kind]
    made.make(Random("before"), shift.moment(3600))  # tables are read
    monkeypatch.setattr(holder, last, fails)
    maybe = model.endswith("promise_book.due")  # asked only of what counts as a promise
    raised = 0
    for seed in range(12):
        try:
            made.make(Random(f"{seed}"), shift.moment(3600))
        except Asked:
            raised += 1
    assert raised == 12 if not maybe and not model.endswith("customers.clean") else raised
