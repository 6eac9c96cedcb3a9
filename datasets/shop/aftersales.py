"""After the parcel: returns, disputes, reviews and the survey. Money is fen."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from datasets.shop import goods
from datasets.shop.calendar import DAY, END, HOUR, awake, shown, stamp
from datasets.shop.chance import Wheel, between
from datasets.shop.goods import yuan
from datasets.shop.people import Person
from datasets.shop.trade import Order
from datasets.shop.truths import planted
from datasets.words import reviews as words

CHANGED_MIND = 0.012  # refunds before the parcel is sent
SIZED = 0.05
REASONS = {"不喜欢": 0.016, "七天无理由": 0.02, "与描述不符": 0.006, "发错漏发": 0.006}
FAULT = {"质量问题": "卖家", "发错漏发": "卖家", "与描述不符": "卖家", "物流问题": "物流"}
PROOF = {
    "质量问题": Wheel({"图片": 6, "视频": 4, "无": 1}),
    "发错漏发": Wheel({"图片": 6, "视频": 1, "无": 2}),
    "与描述不符": Wheel({"图片": 6, "无": 4}),
    "物流问题": Wheel({"签收底单": 6, "图片": 4}),
}
KINDS = {
    "质量问题": Wheel({"退货退款": 60, "换货": 25, "仅退款": 15}),
    "尺码不合": Wheel({"换货": 50, "退货退款": 50}),
    "发错漏发": Wheel({"换货": 45, "仅退款": 30, "退货退款": 25}),
    "物流问题": Wheel({"仅退款": 80, "换货": 20}),
}
DISPUTE_OF = {"质量问题": "质量", "物流问题": "物流"}


@dataclass
class Return:
    """One request about one line; the times are those of what will have happened."""

    line: int
    requested: int
    kind: str
    reason: str
    fault: str
    evidence: str
    decision: str  # 同意, 拒绝 or 撤销
    amount: int
    freight_payer: str
    approved: int | None = None
    sent_back: int | None = None
    received: int | None = None
    closed: int | None = None

    @property
    def completed(self) -> bool:
        """Whether it will have been agreed to and done."""
        return self.decision == "同意"

    @property
    def status(self) -> str:
        """The state at the end of the year."""
        if self.closed is not None and self.closed < END:
            return {"同意": "已完成", "拒绝": "已拒绝", "撤销": "已撤销"}[self.decision]
        if self.approved is None or self.approved >= END:
            return "待处理"
        return "待寄回" if self.sent_back is None or self.sent_back >= END else "待收货"


def share(made: Order, line: int) -> int:
    """Return what of the amount paid for goods falls to a line; the last takes the rest."""
    paid = made.goods - made.discount
    parts = [part.amount * paid // made.goods for part in made.lines]
    parts[-1] = paid - sum(parts[:-1])
    return parts[line - 1]


def request(
    rng: random.Random, made: Order, line: int, reason: str, moment: int, kind: str = ""
) -> Return:
    """Return a request with its whole course."""
    fault = FAULT.get(reason, "买家")
    proof = PROOF[reason].spin(rng) if reason in PROOF else "无"
    kind = kind or (KINDS[reason].spin(rng) if reason in KINDS else "退货退款")
    if made.parcel and fault == "买家" and rng.random() < 0.1:
        decision = rng.choice(("拒绝", "撤销"))
    elif fault == "卖家" and proof == "无":
        decision = "拒绝"
    else:
        decision = "同意"
    payer = "卖家" if fault != "买家" else "各付各程" if made.freight == 0 else "买家"
    amount = share(made, line) if kind != "换货" and decision == "同意" else 0
    made_request = Return(line, moment, kind, reason, fault, proof, decision, amount, payer)
    answered = awake(moment + int(rng.triangular(0.3, 24, 4) * HOUR))
    if decision != "同意":
        made_request.closed = answered
        return made_request
    made_request.approved = closed = answered
    if kind != "仅退款":
        made_request.sent_back = awake(answered + int(rng.triangular(0.2, 6, 1.5) * DAY))
        made_request.received = awake(made_request.sent_back + int(rng.triangular(1.5, 6, 3) * DAY))
        closed = made_request.received
    made_request.closed = awake(closed + int(rng.triangular(0.2, 30, 5) * HOUR))
    return made_request


def before_shipping(rng: random.Random, made: Order) -> list[Return]:
    """Return the requests of a buyer who wants the money back before the parcel is sent."""
    assert made.paid is not None
    moment = made.paid + int(rng.triangular(0.1, 6, 1) * HOUR)
    kinds = [request(rng, made, n + 1, "不喜欢", moment, "仅退款") for n in range(len(made.lines))]
    made.closed, made.reason = max(r.closed or 0 for r in kinds), "全额退款"
    return kinds


def reason_of(rng: random.Random, made: Order, line: int) -> str:
    """Return why a delivered line comes back, or an empty text."""
    part, parcel = made.lines[line - 1], made.parcel
    values = planted("faulty_batch")
    bad = goods.faulty(part.sku.product, part.batch)
    if rng.random() < (values["rate"] if bad else values["usual"]):
        return "质量问题"
    if parcel and parcel.problem == "丢失破损" and rng.random() < 0.5:
        return "物流问题"
    if part.sku.chart and rng.random() < SIZED:
        return "尺码不合"
    return next((name for name, odds in REASONS.items() if rng.random() < odds), "")


def after_delivery(rng: random.Random, made: Order) -> list[Return]:
    """Return the requests about a parcel that was sent, and close the order where all is refunded.

    A quarter of the buyers confirm the receipt first: their order stays 交易成功.
    """
    assert made.parcel is not None
    numbers = range(1, len(made.lines) + 1)
    if made.parcel.signed is None:
        moment = (made.parcel.promised + 2) * DAY + int(rng.triangular(8, 22, 12) * HOUR)
        asked = [request(rng, made, n, "物流问题", moment, "仅退款") for n in numbers]
    else:
        moment = awake(made.parcel.signed + int(rng.triangular(0.1, 6.5, 1) * DAY))
        reasons = {n: reason_of(rng, made, n) for n in numbers}
        asked = [request(rng, made, n, why, moment) for n, why in reasons.items() if why]
    if not asked:
        return asked
    made.refunded = {r.line: r.amount for r in asked if r.completed and r.kind != "换货"}
    last = max(r.closed or 0 for r in asked)
    if made.parcel.signed is not None and rng.random() < 0.25:
        made.closed = rng.randint(made.parcel.signed, moment)
    elif len(made.refunded) == len(made.lines):
        made.closed, made.reason = last, "全额退款"
    else:
        made.closed = awake(last + int(rng.triangular(0.1, 4, 1) * DAY))
    return asked


def return_row(asked: Return, made: Order, return_id: str) -> dict[str, object]:
    """Return the row of the table ``returns``."""
    done = asked.status == "已完成"
    return {
        "return_id": return_id,
        "order_id": made.order_id,
        "line": asked.line,
        "requested_at": stamp(asked.requested),
        "kind": asked.kind,
        "reason": asked.reason,
        "fault": asked.fault,
        "evidence": asked.evidence,
        "status": asked.status,
        "refund_amount": yuan(asked.amount if done else 0),
        "freight_payer": asked.freight_payer,
        "approved_at": shown(asked.approved),
        "sent_back_at": shown(asked.sent_back),
        "received_at": shown(asked.received),
        "closed_at": shown(asked.closed),
    }


OUTCOMES = {
    "纠纷": Wheel({"支持买家": 30, "支持卖家": 25, "和解": 35, "撤销": 10}),
    "投诉": Wheel({"支持买家": 45, "支持卖家": 25, "和解": 20, "撤销": 10}),
}


def disputes(
    rng: random.Random, made: Order, asked: list[Return]
) -> Iterator[tuple[int, str, str]]:
    """Yield the disputes and complaints about an order: when, kind, cause."""
    assert made.paid is not None
    for one in asked:
        if one.decision == "拒绝" and one.closed and rng.random() < 0.55:
            cause = DISPUTE_OF.get(one.reason, "期望")
            yield one.closed + int(rng.triangular(1, 60, 10) * HOUR), "纠纷", cause
    parcel = made.parcel
    if parcel is None:
        return
    if parcel.shipped - made.paid > 2 * DAY and made.kind == "现货" and rng.random() < 0.06:
        yield made.paid + 2 * DAY + int(rng.triangular(0.1, 3, 0.5) * DAY), "投诉", "延迟发货"
    if parcel.late and rng.random() < 0.05:
        yield (parcel.promised + 1) * DAY + int(rng.triangular(9, 47, 20) * HOUR), "纠纷", "物流"
    for kind, cause, odds in (
        ("纠纷", "服务", 0.0025),
        ("投诉", "违背承诺", 0.0015),
        ("投诉", "恶意骚扰", 0.0004),
    ):
        if parcel.signed is not None and rng.random() < odds:
            yield parcel.signed + int(rng.triangular(1, 96, 20) * HOUR), kind, cause


def dispute_row(
    rng: random.Random, made: Order, opened: int, kind: str, cause: str, outcome: str = ""
) -> dict[str, object]:
    """Return the row of the table ``disputes``, without its key."""
    opened = awake(opened)
    closed = awake(opened + int(rng.triangular(1, 12, 4) * DAY))
    result = outcome or OUTCOMES[kind].spin(rng)
    due = {"支持买家": 0.3, "和解": 0.12}.get(result, 0.0)
    compensation = int(between(5_00, made.goods * due, 100_00)) if due and closed < END else 0
    return {
        "order_id": made.order_id,
        "opened_at": stamp(opened),
        "kind": kind,
        "cause": cause,
        "outcome": result if closed < END else "",
        "compensation": yuan(compensation),
        "closed_at": shown(closed),
    }


def cause_of(rng: random.Random, made: Order, line: int, slow: bool, asked: list[Return]) -> str:
    """Return what a buyer complains of in a review, or an empty text.

    Each cause has its own hazard, which what happened to the order raises.
    """
    values = planted("bad_reviews")
    part, parcel = made.lines[line - 1], made.parcel
    assert parcel is not None
    defect = any(one.line == line and one.reason == "质量问题" for one in asked)
    carriage = (values["late"] if parcel.late else 0) + (values["problem"] if parcel.problem else 0)
    hazard = dict(values["hazard"])
    hazard["质量"] += values["defect"] if defect else 0
    hazard["服务"] += values["slow_service"] if slow else 0
    hazard["尺码"] *= bool(part.sku.chart)
    hazard["色差"] *= bool(part.sku.colour)
    hazard["物流"] = carriage
    return next((cause for cause, odds in hazard.items() if rng.random() < odds), "")


def review_row(
    rng: random.Random,
    voice: random.Random,
    made: Order,
    person: Person,
    line: int,
    cause: str,
    moment: int,
) -> dict[str, object]:
    """Return the row of the table ``reviews``, without its key."""
    malicious = cause == "恶意"
    title = made.lines[line - 1].sku.title
    if malicious:
        stars = rng.choice((1, 1, 2))
    else:
        stars = rng.choice((1, 2, 3, 3)) if cause else rng.choice((4, 5, 5, 5, 5, 5))
    replied = awake(moment + int(rng.triangular(0.2, 50, 6) * HOUR))
    answered = replied < END and rng.random() < (0.85 if cause else 0.1)
    again = awake(moment + int(rng.triangular(1, 25, 6) * DAY))
    follows = again < END and rng.random() < (0.8 if malicious else 0.18 if cause else 0.04)
    return {
        "order_id": made.order_id,
        "sku": made.lines[line - 1].sku.sku,
        "customer_id": person.customer_id,
        "at": stamp(moment),
        "stars": stars,
        "text": words.review(voice, stars, cause, title),
        "cause": cause,
        "reply": words.reply(voice, stars, cause, title) if answered else "",
        "replied_at": stamp(replied) if answered else "",
        "follow_up": words.follow_up(voice, stars, cause, title) if follows else "",
        "follow_up_at": stamp(again) if follows else "",
        "has_photo": str(not malicious and rng.random() < (0.35 if cause else 0.2)).lower(),
    }


ASPECTS = ("goods", "logistics", "service", "price", "after")


def survey_row(
    rng: random.Random,
    voice: random.Random,
    made: Order,
    person: Person,
    cause: str,
    slow: bool,
    asked: list[Return],
) -> dict[str, object] | None:
    """Return the row of the table ``survey``, without its key: expectation and experience."""
    assert made.closed is not None
    sent = awake(made.closed + int(rng.triangular(1, 30, 12) * HOUR))
    answered = awake(sent + int(rng.triangular(0.2, 70, 4) * HOUR))
    if sent >= END:
        return None
    row: dict[str, object] = {
        "customer_id": person.customer_id,
        "order_id": made.order_id,
        "sent_at": stamp(sent),
    }
    columns = [f"{side}_{aspect}" for aspect in ASPECTS for side in ("expect", "feel")]
    if answered >= END or rng.random() < 0.45:
        return row | dict.fromkeys(["answered_at", *columns, "csat", "nps", "comment"], "")
    hurt = {
        "goods": 3.0 if cause in ("质量", "色差", "描述不符", "尺码") else 0.0,
        "logistics": 3.2 if made.parcel and (made.parcel.late or made.parcel.problem) else 0.0,
        "service": 2.5 if slow or cause == "服务" else 0.0,
        "price": 0.0,
        "after": 1.5 if any(not one.completed for one in asked) else 0.0,
    }
    level, gaps, scores = rng.gauss(7.6, 0.9), [], []
    for aspect in ASPECTS:
        expect = int(between(1, round(level + rng.gauss(0, 0.8)), 10))
        feel = int(between(1, round(expect + 0.2 - hurt[aspect] + rng.gauss(0, 0.9)), 10))
        scores += [expect, feel]
        gaps.append(feel - expect)
    mean = sum(gaps) / len(gaps) + 0.5 * min(gaps)
    csat = int(between(1, round(4.6 + 0.55 * mean + rng.gauss(0, 0.4)), 5))
    nps = int(between(0, round(8.9 + 1.1 * mean + rng.gauss(0, 1.0)), 10))
    remark = words.comment(voice, csat) if rng.random() < 0.5 else ""
    return (
        row
        | {"answered_at": stamp(answered)}
        | dict(zip(columns, scores, strict=True))
        | {"csat": csat, "nps": nps, "comment": remark}
    )
