"""What games of many cards have in common: the way on, the clock, the board of marks and the end card."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from kefu.demos.hands import attribute, press

LATE = "没来得及"
"""The answer that is given where the time runs out."""


def following(at: int, given: Collection[int], size: int) -> int | None:
    """Return the next place from ``at`` on, round the line, that has no answer; ``None`` where all have."""
    return next((n for n in (*range(at + 1, size), *range(at)) if n not in given), None)


def ways(at: int, given: Collection[int], size: int, one: str) -> list[str]:
    """Return the buttons from a card to others and to the end; ``one`` is what cards are counted in."""
    to = following(at, given, size)
    buttons = [press(f"‹ 上一{one}", {"number": at})] if at else []
    if to is not None and at not in given:
        buttons.append(press("跳过 ›", {"number": to + 1}))
    if to is not None and given:
        buttons.append(press("看成绩", {"number": size + 1}))
    return buttons


def around(
    at: int, given: Collection[int], size: int, one: str, clocks: Mapping[str, int], seconds: int
) -> str:
    """Return the ways from a card, and before its answer the clock to choose.

    ``clocks`` are the seconds of each clock by name.
    """
    buttons = "".join(ways(at, given, size, one))
    row = f"<div class='kefu-acts'>{buttons}</div>" if buttons else ""
    if at in given:
        return row
    choices = "".join(press(name, {"clock": name}, on=n == seconds) for name, n in clocks.items())
    return f"{row}<div class='kefu-acts' role='group' aria-label='限时'>{choices}</div>"


def onward(text: str, wanted: Mapping[str, object]) -> str:
    """Return the button that leads on."""
    return press(text, wanted, name="kefu-press kefu-onward")


def timed(seconds: int, late: Mapping[str, object]) -> str:
    """Return the attributes by which a page gives the answer ``late`` after so many seconds; 0: never."""
    if not seconds:
        return ""
    return f" data-clock='{seconds}' data-late=\"{attribute(late)}\""


def board(marks: Iterable[str], label: str, note: str) -> str:
    """Return the marks of all cards in their order, and a note that is HTML."""
    items = "".join(f"<li>{n}{mark}</li>" for n, mark in enumerate(marks, 1))
    return (
        f"<ol class='kefu-board' style='list-style:none' aria-label='{label}'>{items}</ol>"
        f"<p class='kefu-note'>{note}</p>"
    )


def end_card(
    score: str, small: str, word: str, *, on: str = "",
    again: Iterable[tuple[str, Mapping[str, object]]] = (), asked: str = "", read: str = "",
) -> str:  # fmt: skip
    """Return the end of a game: its score, the way on while cards are left, and what to see again.

    ``again`` are the cards to see again as (text, wanted), ``read`` says what to read; both are HTML.
    """
    parts = [f"<p class='kefu-big'>{score}<small>　{small}</small></p>", f"<p>{word}</p>", on]
    buttons = "".join(press(text, wanted) for text, wanted in again)
    if buttons:
        parts += [
            f"<p class='kefu-question'>{asked}</p><div class='kefu-answers'>{buttons}</div>",
            f"<p class='kefu-note'>{read}</p>",
        ]
    return "".join(parts)
