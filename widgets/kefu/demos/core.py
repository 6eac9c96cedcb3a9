"""The one shape of every demo: controls over a model, with a picture that stands anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import time
from decimal import Decimal
from html import escape
from importlib import resources
from itertools import product
from typing import Any

import ipywidgets as widgets

from kefu.amounts import plain as plain
from kefu.demos.hands import SLIDING, Line, Picture, in_page, put

STYLE = resources.files("kefu.demos").joinpath("demo.css").read_text(encoding="utf-8")
FIRST = 3
"""How many controls a demo opens with; the others wait behind 更多设置."""


class Demo(widgets.VBox):  # type: ignore[misc]
    """An ipywidgets box led by its picture, that also carries a static HTML of its present state.

    ``controls`` maps short English names to labelled value widgets, the first three of which stand
    open; ``draw`` returns the HTML of the picture, ``tell`` that of what is said below the controls,
    and ``code`` the Python lines that give the same result, all from the controls' present values.
    ``idle`` names the controls that have no effect now: they are not shown. What a hand moves or
    presses in the picture moves the control of that name. A ``ValueError`` from the model is shown
    in place of the picture, and whatever the reader typed is escaped by ``draw`` and ``tell``.
    ``slots``, of a demo of few sliders, are the texts that change, by the names of their places
    (`slot`): all states of such a demo are known at the build, and a page plays them before Python.
    ``look`` is a class of its own for the sheet; ``scene`` a picture with a front end of its own.
    """

    _held = False

    def __init__(
        self,
        title: str,
        controls: Mapping[str, widgets.ValueWidget],
        draw: Callable[[], str],
        tell: Callable[[], str],
        code: Callable[[], str],
        *,
        idle: Callable[[], Collection[str]] = tuple,
        slots: Callable[[], Mapping[str, str]] | None = None,
        look: str = "",
        scene: Picture | None = None,
    ) -> None:
        self.title_text = title
        self.controls = dict(controls)
        self._draw, self._tell, self._code, self._idle = draw, tell, code, idle
        self._slots, self._look = slots, look
        self._picture, self._said, self._source = scene or Picture(), widgets.HTML(), widgets.HTML()
        for name, control in self.controls.items():
            control.add_class(f"kefu-c-{name}")
            control.style.description_width = "8em"
            control.layout.width = "auto"
            control.observe(self._refresh, "value")
        self._picture.observe(self._moved, "moved")
        every = list(self.controls.values())
        self._later = frozenset(list(self.controls)[FIRST:])
        first, others = widgets.Box(every[:FIRST]), widgets.Box(every[FIRST:])
        self._more = widgets.Accordion([others], selected_index=None)
        source = widgets.Accordion([self._source], titles=["看代码"], selected_index=None)
        for part, name in (
            (self._picture, "scene"), (first, "first"), (others, "others"),
            (self._more, "more"), (self._said, "told"), (source, "source"),
        ):  # fmt: skip
            part.add_class(f"kefu-{name}")
        style = "" if in_page() else f"<style>{STYLE}</style>"
        head = widgets.HTML(f"{style}<div class='kefu-title'>{escape(title)}</div>")
        head.add_class("kefu-headline")
        super().__init__([head, self._picture, first, self._more, self._said, source])
        for name in ("kefu-demo", *look.split()):
            self.add_class(name)
        self._refresh()

    def shown_controls(self) -> dict[str, widgets.ValueWidget]:
        """Return the controls that have an effect now, by name, in order."""
        idle = self._idle()
        return {name: one for name, one in self.controls.items() if name not in idle}

    def parts(self) -> tuple[str, str]:
        """Return the HTML of the picture and of what is said below; of an error, the error alone."""
        try:
            return self._draw(), self._tell()
        except ValueError as error:
            return f"<p class='kefu-error' role='alert'>{escape(str(error))}</p>", ""

    def shown_parts(self) -> tuple[str, str]:
        """Return the HTML of both parts as they stand, made when a control was last moved."""
        return self._picture.html, self._said.value

    def result(self) -> str:
        """Return the HTML of the whole result for the controls' present values."""
        return "".join(self.parts())

    def source(self) -> str:
        """Return the HTML of the code that gives the present result."""
        return f"<pre class='kefu-code'>{escape(self._code())}</pre>"

    def picture(self) -> str:
        """Return the whole demo as static HTML: title, picture, settings, result, code."""
        drawn, said = self.parts()
        shown = self.shown_controls()
        first, later = (
            [setting(name, one) for name, one in shown.items() if (name in self._later) is late]
            for late in (False, True)
        )
        more = "".join(later)
        rest = (
            f"<details class='kefu-more'><summary>更多设置（{len(later)}）</summary>"
            f"<dl class='kefu-settings'>{more}</dl></details>"
        )
        return (
            f"<div class='kefu-demo live-picture{self._look and f' {self._look}'}'>"
            f"<div class='kefu-title'><b>{escape(self.title_text)}</b></div>"
            f"<div class='kefu-scene'>{drawn}</div><dl class='kefu-settings'>{''.join(first)}</dl>"
            f"{rest if more else ''}<div class='kefu-told'>{said}</div>"
            f"<details class='kefu-source'><summary>看代码</summary>{self.source()}</details></div>"
        )

    def states(self) -> dict[str, Any] | None:
        """Return every state of a demo of few sliders as a page plays it; none where it has no slots.

        ``rows`` hold, for each state, where in ``texts`` each slot's text is; the last slider's value
        changes from row to row.
        """
        if self._slots is None:
            return None
        sliders = list(self.controls.values())
        now = [one.value for one in sliders]
        names = list(self._slots())
        texts: dict[str, int] = {}
        rows = []
        with self.hold_refresh():
            for values in product(*(range(one.min, one.max + 1) for one in sliders)):
                for one, value in zip(sliders, values, strict=True):
                    one.value = value
                rows.append([texts.setdefault(said, len(texts)) for said in self._slots().values()])
            for one, value in zip(sliders, now, strict=True):
                one.value = value
        told = ("description", "min", "max", "step", "value", "readout_format")
        controls = [
            {"name": name, "front": one._anywidget_id} | {part: getattr(one, part) for part in told}
            for name, one in self.controls.items()
        ]
        return {"controls": controls, "slots": names, "texts": list(texts), "rows": rows}

    def _moved(self, _change: object) -> None:
        wanted = {name: value for name, value in self._picture.moved.items() if name}
        try:
            with self.hold_refresh():
                for name, value in wanted.items():
                    put(self.controls[name], value)
        finally:
            self._picture.send({"done": self._picture.moved.get("")})

    @contextmanager
    def hold_refresh(self) -> Iterator[None]:
        """Show once what several controls give together."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        self._refresh()

    def _refresh(self, _change: object = None) -> None:
        if self._held:
            return
        self._picture.html, self._said.value = self.parts()
        self._source.value = self.source()
        shown = self.shown_controls()
        for name, control in self.controls.items():
            control.layout.display = None if name in shown else "none"
        more = len(shown.keys() & self._later)
        self._more.titles = [f"更多设置（{more}）"]
        self._more.layout.display = None if more else "none"

    def __repr__(self) -> str:
        return f"<Demo {self.title_text}>"

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        return {**bundle, "text/html": self.picture()}


def slot(texts: Mapping[str, str], name: str) -> str:
    """Return the place of a text that changes, with its present text; see ``Demo``'s ``slots``."""
    return f"<span data-slot='{name}'>{escape(texts[name])}</span>"


def setting(name: str, control: widgets.ValueWidget) -> str:
    """Return a control as static HTML: its label and value, drawn as what it will be.

    Each stands clear of the one before: notebooks' own sheets let names float, and long ones wrap.
    """
    kind = style = reach = ""
    if isinstance(control, SLIDING):
        along = (control.value - control.min) / (control.max - control.min)
        kind, style = " kefu-slide", f";--along:{along:.3f}"
        told = {"name": name, "min": control.min, "max": control.max, "inset": 50}
        reach = f" data-range='{escape(json.dumps(told), quote=True)}'"
    elif isinstance(control, widgets.Dropdown):
        kind = " kefu-choice"
    elif isinstance(control, Line):
        kind = " kefu-line"
    elif isinstance(control, widgets.Textarea):
        kind = " kefu-wide"
    label, value = escape(control.description), escape(shown(control))
    return (
        f"<div class='kefu-c-{name}{kind}' style='clear:both{style}'{reach}>"
        f"<dt>{label}</dt><dd>{value}</dd></div>"
    )


def shown(control: widgets.ValueWidget) -> str:
    """Return a control's present value as a reader says it."""
    if isinstance(control, widgets.FileUpload):
        return "、".join(one["name"] for one in control.value) or "没有选"
    value = control.label if isinstance(control, widgets.Dropdown) else control.value
    if value is None:
        return "未填"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, time):
        return value.isoformat("minutes")
    return f"{value:g}" if isinstance(value, float) else str(value)


def table(
    head: list[str], rows: list[list[str]], *, caption: str = "", mark: int | None = None
) -> str:
    """Return an HTML table; cells are escaped, and row ``mark`` is set off."""
    top = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in head)
    body = "".join(
        "<tr class=kefu-mark>"
        + "".join(f"<td><b>{escape(cell)}</b></td>" for cell in row)
        + "</tr>"
        if number == mark
        else "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
        for number, row in enumerate(rows)
    )
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f"<table class='kefu-table'>{title}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def signed(value: Decimal) -> str:
    """Return a difference or balance with its sign, as a formula writes it: +5, 0, −10."""
    return "0" if not value else f"{'+' if value > 0 else '−'}{plain(abs(value))}"
