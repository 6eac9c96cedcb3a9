"""The computed questions of the night: facts are drawn, a chapter's model says what is right.

Each maker draws facts, asks the model, and makes the wrong answers by the mistakes that are usually made,
computed with the same model. Nothing here is a rule: where a number is a term of some platform (what late
shipment costs), it stands among the facts that the player sees. `MAKERS` says which maker asks which model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kefu.practice import ask_after, ask_before, ask_machines, ask_people
from kefu.practice.making import Maker


@dataclass(frozen=True)
class Recipe:
    """A maker with the models that it asks, by their full names, and when in the night such people come."""

    make: Maker
    models: tuple[str, ...]
    stage: str = "售前"
    opens: bool = False
    """Whether somebody says it first and then asks what he came for: while a person is at the desk, until midnight."""
    goods: bool = False
    """Whether it can be asked of a product that has been talked of."""
    most: int = 4
    """So many of them come in a night at most."""


MAKERS: Mapping[str, Recipe] = {
    "能不能说": Recipe(ask_before.ask_wording, ("presales.wording.sayings",), "同事"),
    "第一句": Recipe(ask_before.ask_greeting, ("presales.greeting.judge_greeting",), opens=True, goods=True),
    "运费": Recipe(ask_before.ask_freight, ("presales.freight.compare", "presales.freight.buyer_pays"), goods=True),
    "发货": Recipe(ask_before.ask_promise, ("presales.promises.ship_promise", "presales.promises.status")),
    "到手价": Recipe(ask_before.ask_price, ("presales.promotions.checkout",), goods=True),
    "尺码": Recipe(ask_before.ask_size, ("presales.sizing.recommend",), goods=True),
    "查件": Recipe(ask_after.ask_track, ("aftersales.tracking.triage",), "售后"),
    "退换": Recipe(ask_after.ask_return, ("aftersales.returns.decide",), "售后"),
    "判案": Recipe(ask_after.ask_dispute, ("aftersales.disputes.judge",), "同事"),
    "晚发": Recipe(ask_after.ask_late, ("aftersales.complaints.late_shipment",), "售后"),
    "公评": Recipe(ask_after.ask_reply, ("aftersales.replies.read_reply",), "评价"),
    "认人": Recipe(ask_people.ask_person, ("operations.customers.similarity", "operations.customers.clean"), "同事"),
    "几天到": Recipe(ask_people.ask_wait, ("operations.expectations.wait",), "售后"),
    "会员": Recipe(ask_people.ask_level, ("operations.membership.Programme.missing",)),
    "积分": Recipe(ask_people.ask_points, ("operations.membership.PointsLedger.running_out",)),
    "没收到": Recipe(ask_people.ask_lot, ("operations.audience.gate",)),
    "人群": Recipe(ask_people.ask_rfm, ("operations.rfm.RfmCuts.segment",), "同事"),
    "发不发": Recipe(ask_people.ask_gate, ("operations.audience.gate",), "同事"),
    "还在": Recipe(ask_people.ask_quiet, ("operations.clv.probability_alive",), "同事"),
    "增量": Recipe(ask_people.ask_uplift, ("operations.audience.uplift",), "同事"),
    "接手": Recipe(ask_machines.ask_takeover, ("intelligence.handover.decide",), "暖暖"),
    "知识": Recipe(ask_machines.ask_review, ("intelligence.knowledge.KnowledgeEntry.due",), "同事"),
    "核稿": Recipe(ask_machines.ask_draft, ("intelligence.grounded.check",), "同事"),
    "排班": Recipe(ask_machines.ask_agents, ("intelligence.staffing.agents_needed",
                            "intelligence.staffing.chats_to_load"), "同事"),
    "公屏": Recipe(ask_machines.ask_host, ("intelligence.promise_book.hear", "intelligence.promise_book.due"), "公屏"),
    "价保": Recipe(ask_machines.ask_gap, ("intelligence.on_air.price_protection",), "公屏", most=3),
}  # fmt: skip
"""The kinds of computed questions; names are below ``kefu``."""

assert {one.stage for one in MAKERS.values()} <= {"售前", "售后", "同事", "评价", "暖暖", "公屏"}
