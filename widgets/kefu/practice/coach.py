"""The coach of the first level: names the chapter and the section, and where to look, never the answer.

Who comes first is said by `lead` alone, which asks `state.whom`; `advice` is about the matter of one window.
"""

from __future__ import annotations

from dataclasses import dataclass

from kefu.practice import scenes
from kefu.practice.question import Lesson
from kefu.practice.score import FIRST, TASKS
from kefu.practice.state import OPEN, WAITING, NightState, whom

NEEDS = {"情绪": "先说出他的难处", "事实": "把事实说全", "下一步": "说清接下来做什么、最晚几时"}


@dataclass(frozen=True)
class CoachAdvice:
    """What the coach says about somebody: the section, and a sentence or two."""

    lesson: Lesson
    text: str


def lead(state: NightState) -> CoachAdvice | None:
    """Return what the coach says of whom to look at first; None above the first level."""
    if state.night.level != 1 or state.over:
        return None
    who = whom(state)
    if who:
        person = state.people[who]
        if person.where == WAITING:
            return CoachAdvice(FIRST, f"先接{who}：队里等得最久的先接。")
        if state.inbox.window(who).waiting_since:
            return CoachAdvice(FIRST, f"先回{who}：窗口里没应过的那几句，数这一位等得最久。")
        return CoachAdvice(FIRST, f"回{who}：一声“稍等”只管一会儿。")
    if state.inbox.queue():
        return CoachAdvice(FIRST, "队里有人，五个窗口都开着：结束一个办完的，再接。")
    typing = [one.who for one in state.windows if one.since is not None]
    if typing:
        return CoachAdvice(TASKS, f"{'、'.join(typing)}还在打字，先别结束。")
    if state.windows:
        return CoachAdvice(TASKS, "没有人在等：该补的补，该记的记，办完的结束。")
    return CoachAdvice(FIRST, "手上没有人。来了先接进来，一分钟以内应一声。")


def advice(state: NightState, who: str) -> CoachAdvice | None:
    """Return what the coach says of somebody's matter; None above the first level, or who is not at the desk."""
    person = state.people.get(who)
    if (
        state.night.level != 1
        or person is None
        or state.over
        or person.where not in (OPEN, WAITING)
    ):
        return None
    if person.where == WAITING:
        return CoachAdvice(FIRST, "先接等得最久的那位；手上满了五个，先结束办完的。")
    if person.since is None:
        if person.due > person.given:
            return CoachAdvice(
                person.picks[-1].question.lesson, "该赔的还没给：点“补钱”，给照规则算出来的那个数。"
            )
        if person.owes:
            return CoachAdvice(TASKS, f"你说了“{person.owes}”，先记待办，再结束。")
        return CoachAdvice(FIRST, "这一位答完了，可以结束。")
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
