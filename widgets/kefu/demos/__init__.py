"""Live demos: one function a demo, each returning a ``Demo`` over a model; no rule lives here."""

from kefu.demos.bots import bot_chat, rule_editor, threshold_explorer
from kefu.demos.check import check
from kefu.demos.core import Demo
from kefu.demos.exchange import exchange_offer
from kefu.demos.expectations import expectations
from kefu.demos.freight import freight
from kefu.demos.kano import kano
from kefu.demos.opening import promise_chat
from kefu.demos.promises import promise_clock
from kefu.demos.quiz import quiz
from kefu.demos.return_cases import return_game
from kefu.demos.returns import return_judge
from kefu.demos.satisfaction import satisfaction
from kefu.demos.topup import topup

__all__ = [
    "Demo",
    "bot_chat",
    "check",
    "exchange_offer",
    "expectations",
    "freight",
    "kano",
    "promise_chat",
    "promise_clock",
    "quiz",
    "return_game",
    "return_judge",
    "rule_editor",
    "satisfaction",
    "threshold_explorer",
    "topup",
]
