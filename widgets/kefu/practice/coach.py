"""The coach of the first level: names the chapter and the section, and where to look, never the answer."""

from __future__ import annotations

from dataclasses import dataclass

from kefu.practice import scenes
from kefu.practice.question import Lesson
from kefu.practice.score import FIRST, TASKS
from kefu.practice.state import OPEN, WAITING, NightState

NEEDS = {"情绪": "先说出他的难处", "事实": "把事实说全", "下一步": "说清接下来做什么、最晚几时"}


@dataclass(frozen=True)
class CoachAdvice:
    """What the coach says about somebody: the section, and a sentence or two."""

    lesson: Lesson
    text: str


def advice(state: NightState, who: str) -> CoachAdvice | None:
    """Return what the coach says about somebody now; None above the first level, or who is not at the desk."""
    person = state.people.get(who)
    if (
        state.night.level != 1
        or person is None
        or state.over
        or person.where not in (OPEN, WAITING)
    ):
        return None
    if person.where == WAITING:
        return CoachAdvice(FIRST, "先接等得最久、最快要走的那位；手上满了五个，先结束办完的。")
    if person.since is None:
        if person.due > person.given:
            return CoachAdvice(
                person.picks[-1].question.lesson, "该赔的还没给：点“补钱”，给照规则算出来的那个数。"
            )
        if person.owes:
            return CoachAdvice(TASKS, f"你说了“{person.owes}”，先记待办，再结束。")
        return CoachAdvice(FIRST, "答完了，可以结束这个窗口，好接下一位。")
    talk = person.talk
    if talk:
        needs = talk.scenario.turns[talk.at].needs
        text = "；".join(NEEDS[one] for one in NEEDS if one in needs)
        return CoachAdvice(
            scenes.lesson(person.customer.scene),
            f"{text or '看清他问的是哪一件'}。要办到：{talk.scenario.goal}",
        )
    question = person.question
    assert question is not None
    return CoachAdvice(question.lesson, question.advice)
