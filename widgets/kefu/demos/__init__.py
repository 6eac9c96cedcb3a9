"""Live demos: one function a demo, each returning a ``Demo`` over a model; no rule lives here."""

from kefu.demos.bot_rules import rule_editor
from kefu.demos.bots import bot_chat
from kefu.demos.bucket import bucket
from kefu.demos.care_sms import care_sms
from kefu.demos.check import check
from kefu.demos.coin_flips import coin_flips
from kefu.demos.core import Demo
from kefu.demos.court import court
from kefu.demos.detective import detective
from kefu.demos.erlang import erlang
from kefu.demos.exchange import exchange_offer
from kefu.demos.expectations import expectations
from kefu.demos.explore import explore
from kefu.demos.fines import fines
from kefu.demos.five_windows import five_windows
from kefu.demos.fluent import next_word
from kefu.demos.freight import freight
from kefu.demos.funnel_limits import funnel_limits
from kefu.demos.greeting import greeting
from kefu.demos.guess import guess, truths
from kefu.demos.handover import handover
from kefu.demos.kano import kano
from kefu.demos.ladder import ladder
from kefu.demos.late_pay import late_pay
from kefu.demos.live_room import live_room
from kefu.demos.midnight import midnight
from kefu.demos.nine_steps import nine_steps
from kefu.demos.offers import offers
from kefu.demos.opening import promise_chat
from kefu.demos.own_questions import own_questions
from kefu.demos.parallel_worlds import parallel_worlds
from kefu.demos.phrase_book import phrase_book
from kefu.demos.programme import programme
from kefu.demos.promise_book import promise_book
from kefu.demos.promises import promise_clock
from kefu.demos.quiz import quiz
from kefu.demos.radar import radar
from kefu.demos.rating import rating
from kefu.demos.remind import remind
from kefu.demos.reply import reply
from kefu.demos.return_cases import return_game
from kefu.demos.returns import return_judge
from kefu.demos.rfm_cube import rfm_cube
from kefu.demos.robot_or_person import robot_or_person
from kefu.demos.roster import roster
from kefu.demos.same_person import same_person
from kefu.demos.sample_bag import sample_bag
from kefu.demos.satisfaction import satisfaction
from kefu.demos.say_or_not import say_or_not
from kefu.demos.seven_days import seven_days
from kefu.demos.shift import shift
from kefu.demos.showcase import showcase
from kefu.demos.sizing import sizing
from kefu.demos.survey_lab import survey_lab
from kefu.demos.talk import talk
from kefu.demos.threshold import threshold_explorer
from kefu.demos.topup import topup
from kefu.demos.triage import triage
from kefu.demos.who_returns import who_returns
from kefu.demos.workbench import workbench

__all__ = [
    "Demo",
    "bot_chat",
    "bucket",
    "care_sms",
    "check",
    "coin_flips",
    "court",
    "detective",
    "erlang",
    "exchange_offer",
    "expectations",
    "explore",
    "fines",
    "five_windows",
    "freight",
    "funnel_limits",
    "greeting",
    "guess",
    "handover",
    "kano",
    "ladder",
    "late_pay",
    "live_room",
    "midnight",
    "next_word",
    "nine_steps",
    "offers",
    "own_questions",
    "parallel_worlds",
    "phrase_book",
    "programme",
    "promise_book",
    "promise_chat",
    "promise_clock",
    "quiz",
    "radar",
    "rating",
    "remind",
    "reply",
    "return_game",
    "return_judge",
    "rfm_cube",
    "robot_or_person",
    "roster",
    "rule_editor",
    "same_person",
    "sample_bag",
    "satisfaction",
    "say_or_not",
    "seven_days",
    "shift",
    "showcase",
    "sizing",
    "survey_lab",
    "talk",
    "threshold_explorer",
    "topup",
    "triage",
    "truths",
    "who_returns",
    "workbench",
]
