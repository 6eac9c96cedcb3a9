"""Live demos: one function a demo, each returning a ``Demo`` over a model; no rule lives here."""

from kefu.demos.check import check
from kefu.demos.core import Demo
from kefu.demos.expectations import expectations
from kefu.demos.freight import freight
from kefu.demos.kano import kano
from kefu.demos.promises import promise_clock
from kefu.demos.quiz import quiz
from kefu.demos.satisfaction import satisfaction
from kefu.demos.topup import topup

__all__ = [
    "Demo",
    "check",
    "expectations",
    "freight",
    "kano",
    "promise_clock",
    "quiz",
    "satisfaction",
    "topup",
]
