"""The one shape of every demo: controls over a model, with a picture that stands anywhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import time
from decimal import Decimal
from html import escape
from importlib import resources
from typing import Any

import ipywidgets as widgets

STYLE = resources.files("kefu.demos").joinpath("demo.css").read_text(encoding="utf-8")


def in_page() -> bool:
    """Tell whether this Python runs in a page of the book, which has the sheet and all scripts.

    Elsewhere a live output brings them along. No picture does: it is stored, and reads well bare.
    """
    return "LIVE_PAGE" in os.environ


class Demo(widgets.VBox):  # type: ignore[misc]
    """An ipywidgets box that also carries a static HTML picture of its present state.

    ``controls`` maps short English names to labelled value widgets; ``view`` returns the HTML of
    the result and ``code`` the Python lines that give the same result, both from the controls'
    present values. A ``ValueError`` from the model is shown in place of the result, and whatever
    the reader typed is escaped by ``view``.
    """

    def __init__(
        self,
        title: str,
        controls: Mapping[str, widgets.ValueWidget],
        view: Callable[[], str],
        code: Callable[[], str],
    ) -> None:
        self.title_text = title
        self.controls = dict(controls)
        self._view, self._code = view, code
        self._result = widgets.HTML()
        self._source = widgets.HTML()
        for control in self.controls.values():
            control.style.description_width = "8em"
            control.layout.width = "auto"
            control.observe(self._refresh, "value")
        grid = widgets.GridBox(
            list(self.controls.values()),
            layout=widgets.Layout(
                grid_template_columns="repeat(auto-fit, minmax(min(100%, 280px), 1fr))"
            ),
        )
        source = widgets.Accordion([self._source], titles=["看代码"], selected_index=None)
        style = "" if in_page() else f"<style>{STYLE}</style>"
        head = widgets.HTML(f"{style}<div class='kefu-title'>{escape(title)}</div>")
        super().__init__([head, grid, self._result, source])
        self.add_class("kefu-demo")
        self._refresh()

    def result(self) -> str:
        """Return the HTML of the result for the controls' present values."""
        try:
            return self._view()
        except ValueError as error:
            return f"<p class='kefu-error' role='alert'>{escape(str(error))}</p>"

    def source(self) -> str:
        """Return the HTML of the code that gives the present result."""
        return f"<pre class='kefu-code'>{escape(self._code())}</pre>"

    def picture(self) -> str:
        """Return the whole demo as static HTML: title, settings, result, code."""
        settings = "".join(map(setting, self.controls.values()))
        return (
            "<div class='kefu-demo live-picture'>"
            f"<div class='kefu-title'><b>{escape(self.title_text)}</b></div>"
            f"<dl class='kefu-settings'>{settings}</dl>{self.result()}"
            f"<details><summary>看代码</summary>{self.source()}</details></div>"
        )

    def _refresh(self, _change: object = None) -> None:
        self._result.value = self.result()
        self._source.value = self.source()

    def __repr__(self) -> str:
        return f"<Demo {self.title_text}>"

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle: dict[str, Any] = super()._repr_mimebundle_(**options)
        return {**bundle, "text/html": self.picture()}


def setting(control: widgets.ValueWidget) -> str:
    """Return a control as static HTML: its name and value, drawn as what it will be."""
    looks = ""
    if isinstance(control, (widgets.IntSlider, widgets.FloatSlider)):
        along = (control.value - control.min) / (control.max - control.min)
        looks = f" class='kefu-slider' style='--along:{along:.3f}'"
    elif isinstance(control, widgets.Dropdown):
        looks = " class='kefu-choice'"
    wide = " class='kefu-wide'" if isinstance(control, widgets.Textarea) else ""
    name, value = escape(control.description), escape(shown(control))
    return f"<div{wide}><dt>{name}</dt><dd{looks}>{value}</dd></div>"


def shown(control: widgets.ValueWidget) -> str:
    """Return a control's present value as a reader says it."""
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


def plain(value: Decimal) -> str:
    """Return a number without needless zeros: 18.00 as 18, 18.50 as 18.5, 2.40 as 2.4."""
    return f"{value.normalize():f}"


def signed(value: Decimal) -> str:
    """Return a difference or balance with its sign, as a formula writes it: +5, 0, −10."""
    return "0" if not value else f"{'+' if value > 0 else '−'}{plain(abs(value))}"
