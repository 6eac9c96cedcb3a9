"""What a hand moves: sliders as wide as their card, and a picture whose parts can be taken and pressed.

They are ipywidgets whose front end is ``hands.js``, by anywidget's protocol: JupyterLab shows them by
anywidget's extension, a page of the book by ``web/extensions/live``. A script that works over the
standard controls from outside was the other way; it would have to guess when a value has changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib import resources
from numbers import Real
from typing import Any

import ipywidgets as widgets
from traitlets import Bool, Dict, Unicode

from kefu.errors import need

NUMBER, HANDS = (
    resources.files("kefu.demos").joinpath(name).read_text(encoding="utf-8")
    for name in ("number.js", "hands.js")
)


def in_page() -> bool:
    """Tell whether this Python runs in a page of the book, which has the sheet and all scripts.

    Elsewhere a live output brings them along. No picture does: it is stored, and reads well bare.
    """
    return "LIVE_PAGE" in os.environ


def script() -> str:
    """Return the front end as one module; a page of the book has it already."""
    return "" if in_page() else NUMBER + HANDS.split("\n", 1)[1]  # without its import


class Hand(widgets.DOMWidget):  # type: ignore[misc]
    """A widget that anywidget's front end shows with ``hands.js``."""

    _model_name = Unicode("AnyModel").tag(sync=True)
    _model_module = Unicode("anywidget").tag(sync=True)
    _model_module_version = Unicode("~0.11.0").tag(sync=True)
    _view_name = Unicode("AnyView").tag(sync=True)
    _view_module = Unicode("anywidget").tag(sync=True)
    _view_module_version = Unicode("~0.11.0").tag(sync=True)
    _anywidget_id = Unicode("kefu.hands").tag(sync=True)
    _esm = Unicode().tag(sync=True)

    front = staticmethod(script)
    """What gives the front end as one module."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(_esm=self.front(), **traits)


class Slider(Hand):
    """What both sliders share: made with a value that they cannot have, they raise ``ValueError``.

    ipywidgets makes the nearest of it that there is, and a demo would be about another number than the
    one that was asked for. A hand that goes beyond the ends later stays within, as ever.
    """

    def __init__(self, **traits: Any) -> None:
        number = isinstance(traits.get("value", 0), Real)
        super().__init__(**{key: one for key, one in traits.items() if number or key != "value"})
        given: Any = traits.get("value", self.value)
        whole = isinstance(self, widgets.IntSlider)
        english, chinese = ("whole number", "整数") if whole else ("number", "数")
        need(self.description, number and float(given) == self.value,
             f"a {english} from {self.min:g} to {self.max:g}",
             f"{self.min:g}到{self.max:g}的{chinese}", given)  # fmt: skip


class IntSlider(Slider, widgets.IntSlider):  # type: ignore[misc]
    """ipywidgets' slider of whole numbers with a wide track, − and +, and its value as a field."""


class FloatSlider(Slider, widgets.FloatSlider):  # type: ignore[misc]
    """ipywidgets' slider of decimal numbers with a wide track, − and +, and its value as a field."""


class Line(Hand, widgets.Text):  # type: ignore[misc]
    """A line of text with a button that sends it, for a phone whose keyboard shows no Enter."""

    send = Unicode("发送").tag(sync=True)
    whole = Bool(False).tag(sync=True)
    """Whether it is sent by its button or Enter alone, and not when the field is left."""

    def __init__(self, **traits: Any) -> None:
        given = traits.get("value") or ""
        need(traits.get("description", "value"), isinstance(given, str), "text", "文字", given)
        super().__init__(**traits)


class Picture(Hand):
    """Markup of our own in which parts can be taken (`grip`) and pressed (`press`).

    What a hand does is told as ``moved``: the wanted value of each control by the control's name, and
    under the empty name a count, so that the same twice is told twice. When all of it is done, the
    message ``{"done": count}`` says so: a key that comes before goes on from what was wanted.
    """

    html = Unicode().tag(sync=True)
    moved = Dict().tag(sync=True)


SLIDING = (widgets.IntSlider, widgets.FloatSlider)


def put(control: widgets.ValueWidget, wanted: Any) -> None:
    """Give a control the value that a hand wanted: the nearest that it can have.

    A slider takes the nearest of its steps; a list the option whose label or value reads so; a box
    to tick takes true or false. What a control cannot have changes nothing.
    """
    if isinstance(control, SLIDING):
        steps = round((float(wanted) - control.min) / control.step)
        value = min(max(control.min + steps * control.step, control.min), control.max)
        whole = isinstance(control, widgets.IntSlider)
        control.value = round(value) if whole else round(value, 9)
    elif isinstance(control, widgets.Dropdown):
        labels, values = control._options_labels, map(str, control._options_values)
        for place, names in enumerate(zip(labels, values, strict=True)):
            if str(wanted) in names:
                control.index = place
                break
    elif isinstance(control, widgets.Checkbox):
        control.value = wanted in (True, "true")
    else:
        control.value = wanted


def attribute(told: Mapping[str, object]) -> str:
    """Return what ``hands.js`` is to read as JSON, for an attribute in double quotes."""
    return escape(json.dumps(dict(told), ensure_ascii=False), quote=True)


@dataclass(frozen=True)
class Along:
    """A control that a handle moves along one axis.

    ``pixel`` turns the control's value into a place in the drawing and must be a straight line.
    ``low`` and ``high`` bound what the hand can reach where the drawing shows less than the control
    has; near one of ``stops`` the hand rests on it.
    """

    name: str
    control: widgets.ValueWidget
    pixel: Callable[[float], float]
    low: float | None = None
    high: float | None = None
    stops: Sequence[float] = ()

    def said(self) -> str:
        """Return the control and its value, as a screen reader says them."""
        return f"{self.control.description}：{self.control.value:g}"

    def told(self) -> str:
        """Return what ``hands.js`` must know, as JSON in an attribute."""
        one = self.control
        low = one.min if self.low is None else max(one.min, self.low)
        high = one.max if self.high is None else min(one.max, self.high)
        known = {"name": self.name, "now": one.value, "step": one.step, "min": low, "max": high,
                 "low": self.pixel(low), "high": self.pixel(high)}  # fmt: skip
        more = {"stops": [stop for stop in self.stops if low <= stop <= high]} if self.stops else {}
        return attribute(known | more)


def grip(shape: str, x: Along | None = None, y: Along | None = None) -> str:
    """Return a drawn shape as a handle that moves one control along each axis.

    The arrow keys move it by a step. Beside it stands the slider of the same value, always.
    """
    axes = "".join(f' data-{axis}="{one.told()}"' for axis, one in (("x", x), ("y", y)) if one)
    moved = [one for one in (x, y) if one]
    said = escape("，".join(one.said() for one in moved), quote=True)
    first = moved[0].control
    return (
        f'<g class="kefu-grip"{axes} tabindex="0" role="slider" aria-label="拖动：{said}"'
        f' aria-valuemin="{first.min:g}" aria-valuemax="{first.max:g}" aria-valuenow="{first.value:g}"'
        f' aria-valuetext="{said}">{shape}</g>'
    )


def press(
    text: str,
    wanted: Mapping[str, object],
    *,
    name: str = "kefu-press",
    on: bool | None = None,
    said: str = "",
) -> str:
    """Return a button in the picture that gives controls the values ``wanted``; its text is HTML.

    ``on`` says whether it stands for what is chosen now, for those that are one of several; ``said`` names it
    to a screen reader where its text is too short.
    """
    state = "" if on is None else f" aria-pressed='{str(on).lower()}'"
    state += f" aria-label='{escape(said, quote=True)}'" if said else ""
    return f"<button type='button' class='{name}' data-press=\"{attribute(wanted)}\"{state}>{text}</button>"


def labelled(label: str, buttons: str, shown: str = "") -> str:
    """Return buttons in a row, beside their label; ``shown`` says it with the present value."""
    return (
        f"<div class='kefu-acts' role='group' aria-label='{label}'>"
        f"<span>{shown or label}</span>{buttons}</div>"
    )


def spot(shape: str, said: str, wanted: Mapping[str, object], *, on: bool | None = None) -> str:
    """Return a drawn shape as a button that gives controls the values ``wanted``, named ``said``.

    ``on`` says whether it stands for what is chosen now, for those that are one of several.
    """
    state = "" if on is None else f' aria-pressed="{str(on).lower()}"'
    return (
        f'<g class="kefu-spot" data-press="{attribute(wanted)}" tabindex="0" role="button"'
        f' aria-label="{escape(said, quote=True)}"{state}>{shape}</g>'
    )
