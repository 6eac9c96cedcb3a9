"""Questions after the sale: parcels, returns, disputes, late shipment, public replies (chapters 05 to 08)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Literal

from kefu.aftersales import complaints, disputes, replies, returns, tracking
from kefu.amounts import plain
from kefu.practice.making import said, troubled, yuan_in
from kefu.practice.public import FIND, KNOWN, PUBLIC, THANKS
from kefu.practice.question import (
    NOTHING,
    DeskAnswer,
    DeskQuestion,
    Lesson,
    distinct,
    facts,
    four,
    owing,
    ranked,
)
from kefu.presales import promises

# 05 tracking

NOTES: tuple[tuple[tracking.Happening | Literal[""], str], ...] = (
    ("异常", "连日暴雨，道路中断"), ("异常", "外包装破损，待处理"), ("异常", "包裹遗失登记"),
    ("异常", "收件人电话无人接听"), ("异常", "地址不详，联系不上"), ("异常", "节假日网点放假，延迟派送"),
    ("代收", "门卫室代收"), ("签收", ""), ("", ""), ("", ""),
)  # fmt: skip


NEAR = ("收件人", "地址", "网点")
"""What a note is about that is written where a parcel is delivered."""


def ask_track(draw: Random, now: datetime) -> DeskQuestion:
    """Ask what becomes of a parcel that has not come (`tracking.triage`)."""
    start = now - timedelta(hours=draw.randrange(70, 130))
    last = start + timedelta(hours=draw.randrange(20, 50))
    city = draw.choice(("成都转运中心", "武汉分拨中心", "西安转运中心", "沈阳分拨中心"))
    event, note = draw.choice(NOTES)
    scans = [tracking.Scan(start, "揽收", "浙江嘉兴"), tracking.Scan(last, "到达", city)]
    if event:
        near = event in ("代收", "签收") or any(word in note for word in NEAR)
        at = last + timedelta(hours=draw.randrange(3, 15))
        scans.append(tracking.Scan(at, event, "派送网点" if near else city, note))
    elif draw.random() < 0.4:
        since = (now - last) // timedelta(hours=1)
        sent = now - timedelta(hours=draw.randrange(3, min(30, since)))
        scans.append(tracking.Scan(sent, "发出", city))
    case = tracking.Trace(tuple(scans), now, denied=event == "签收")
    action = tracking.triage(case)
    lines = {}
    for one, (hours, _, _) in tracking.WAYS.items():
        by = tracking.said_at(tracking.answer_by(now, hours))
        then = HANDLED[one][1].format(by=by)
        lines[one] = (HANDLED[one][0].format(then=then), then)
    right = lines[action.way][0]
    ways = [one for one in tracking.WAYS if one != action.way]
    draw.shuffle(ways)
    wrong = [(lines[one][0], f"轨迹上看，是“{action.cause}”，不走“{one}”这条路") for one in ways]
    told = facts(
        轨迹="；".join(f"{said(s.at)} {s.event} {s.place}{'，' + s.note if s.note else ''}" for s in scans),
        客人说="没有收到", 没有新消息=f"{case.silence.now:.0f}小时" if case.silence.now else "",
    )  # fmt: skip
    says, upset, needs = troubled(draw, *WHERE)
    return DeskQuestion(
        "查件", Lesson("05", "五因，五种凭据"), says, told,
        owing(four(draw, right, wrong, upset=upset), dict(lines.values())), f"{action.evidence}：{action.do}",
        "看最后几行轨迹：快递写了原因没有，有没有人签收，静了多少小时。", needs,
        thanks=("好，那我等你回话。", "行，到点我来看消息。", "有个准时间就好，我等着。"),
    )  # fmt: skip


WHERE = (
    ("我的包裹到底在哪？等好几天了！", "都几天了，我的东西呢？急用！", "物流半天不更新，是不是丢了？急人！",
     "我那件到现在没收到，怎么回事？！", "天天刷物流，就是收不到，急死人！", "这件还到不到了？你们倒是查一查！"),
    ("有空帮我看看，包裹走到哪了？", "不急，想问问我那件怎么还没收到。", "麻烦查一下物流，我这几天在家。",
     "快递还没来，帮忙看看是什么情况，谢谢。", "包裹没到，顺路问一句，走到哪一站了？"),
)  # fmt: skip
"""How the upset and how the others ask."""
HANDLED: Mapping[tracking.Handling, tuple[str, str]] = {
    "告知，等或取消": ("这条路断着，想退我现在就退；愿等，{then}。", "我{by}前再报一次"),
    "问到派送日": ("过节派送慢一些，{then}。", "我这就去问排在哪天，{by}前告诉您"),
    "补发，向快递索赔": ("快递登记丢了，补发退款您选，{then}。", "选补发，{by}前给您新单号"),
    "看货拍照，退换任选": ("到了先看货拍照，坏了退换您选，{then}。", "我{by}前再来问一声"),
    "核对后改派": ("麻烦您再核对一下地址电话，{then}。", "我{by}前转给快递重新派送"),
    "查底单，问代收点": ("您先看看门卫和代收点，{then}。", "我查是谁签收的，{by}前回您"),
    "催快递，先告诉客人": ("这一件很久没有扫描了，{then}。", "我请快递去查，{by}前回您"),
    "报一声走到哪了": ("包裹还在路上走着，{then}。", "我{by}前再看一次，有变化告诉您"),
}
"""What is said of each way, and what is promised with it."""


# 06 returns


def ask_return(draw: Random, now: datetime) -> DeskQuestion:
    """Ask what becomes of a return (`returns.decide`)."""
    while True:
        signed = now.date() - timedelta(draw.randrange(1, 12))
        day = returns.day_number(signed, now.date())
        reason: returns.Reason = draw.choice(
            ("不喜欢", "尺码不合", "质量问题", "与描述不符", "物流问题", "发错")
        )
        proof: frozenset[returns.Proof] = frozenset({"照片或视频"} if draw.random() < 0.5 else ())
        price = Decimal(draw.choice((49, 58, 89, 119, 169)))
        case = returns.Case(
            "退货退款", reason, day=day, intact=draw.random() < 0.8, evidence=proof,
            told_in_24h=draw.random() < 0.6, bill=returns.Bill(returned=price, back=Decimal(8), outward=Decimal(8)),
        )  # fmt: skip
        found = returns.decide(case)
        right = _decided(found)
        tried = []
        for change, slip in (
            ({"day": max(day - 1, 0)}, "签收那天也数进去了，或者少数了一天"),
            ({"day": day + 8}, "把第七天当成过期了"),
            ({"reason": "不喜欢"}, "没看是谁的错"),
            (
                {"reason": "质量问题", "evidence": frozenset({"照片或视频"})},
                "没有错，或没有凭证，就认了",
            ),
            ({"evidence": frozenset[returns.Proof]()}, "照片已经有了，又要一遍"),
            ({"intact": True, "day": 1}, "商品还完好不完好没有看"),
            ({"intact": False}, "完好的当成不完好"),
            ({"reason": "与描述不符", "evidence": frozenset[returns.Proof]()}, "这个理由不用照片"),
            (
                {
                    "reason": "物流问题",
                    "evidence": frozenset[returns.Proof](),
                    "told_in_24h": False,
                },
                "没过24小时，或不是物流的事，用不着证明",
            ),
        ):
            fields = {name: getattr(case, name) for name in FIELDS}
            other = returns.Case("退货退款", **(fields | change), bill=case.bill)
            tried.append((_decided(returns.decide(other)), slip))
        slip = (
            "钱和运费归谁，没有算对"
            if found.outcome not in ("拒绝", "补证")
            else "不够的条件当成够了"
        )
        tried += [(_paid(back, pays), slip) for back in (price, price - 8)
                  for pays in (PAYS["卖家"], PAYS["各付各程"])]  # fmt: skip
        choices = distinct(tried, right)
        if len(choices) >= 3:
            break
    draw.shuffle(choices)
    told = facts(
        要办="退货退款", 理由=reason, 签收=f"{signed.month}月{signed.day}日",
        今天=f"{now.month}月{now.day}日",
        货=f"{'完好' if case.intact else '洗过、吊牌剪了'}，付了{plain(price)}元，包邮",
        照片="有" if proof else "没有",
        报损=("签收24小时内报的" if case.told_in_24h else "过了24小时才报的") if reason == "物流问题" else "",
    )  # fmt: skip
    says, upset, needs = troubled(draw, *BACK)
    return DeskQuestion(
        "退换", Lesson("06", "三道门"), says.format(want=WANT.get(reason, "这件不对")), told,
        owing(four(draw, right, choices, upset=upset), {LOOKS: LOOKS}),
        f"今天是签收后第{day}天。{found.rule.title}：{_told(found.rule.text)}",
        "先问是谁的错、有没有凭证；没有错才数七天，签收第二天算第一天；再看运费几段归谁。",
        needs, thanks=("好，知道怎么办了。", "行，按你说的来。", "嗯，说清楚了就好。"),
    )  # fmt: skip


BACK = (
    ("气人，这个我要退，给不给退？运费谁出？！", "{want}，能退吗？！来回的钱别想叫我出！", "东西退得了退不了？给句话！",
     "我要退货！你们收不收？邮费谁掏？", "退货怎么算？别让我白出运费！", "这件要退！行不行，钱退多少？"),
    ("你好，{want}，想问问能不能退，来回的钱怎么算。", "请问这件能退吗？运费是哪边出？",
     "想退一件，麻烦帮我看看退多少，邮费归谁。",
     "问一下退货的事：这件退得了吗，运费怎么说？", "不急，这件我想退，您看怎么办合适？"),
)  # fmt: skip
"""How the upset and how the others ask."""
WANT = {"不喜欢": "我不要了", "尺码不合": "我不要了"}
"""What he says who returns a thing that is as it should be."""
PAYS: Mapping[str, str] = {
    "卖家": "运费店里出", "买家": "运费您出", "各付各程": "寄回的运费您出", "无": "没有运费",
}  # fmt: skip
"""What is said of who pays the freight."""
FIELDS = ("reason", "day", "intact", "told_in_24h", "evidence")
"""What of a case is looked at wrongly."""
LOOKS = "收到后10分钟内回您"


def _told(rule: str) -> str:
    """Return a rule's text without the sentence that leads to another rule's number."""
    return "。".join(part for part in rule.split("。") if "见R" not in part)


def _decided(one: returns.Decision) -> str:
    if one.outcome == "拒绝":
        return f"这件退不了，依据是“{one.rule.title}”。"
    if one.outcome == "补证":
        return f"请先补{'或'.join(one.evidence_needed)}，{LOOKS}。"
    return _paid(one.money.refund, PAYS[one.freight_payer], one.outcome)


def _paid(yuan: Decimal, pays: str, outcome: str = "退货退款") -> str:
    return f"可以{outcome}，退{plain(yuan)}元，{pays}。"


# 07 disputes, late shipment


def ask_dispute(draw: Random, now: datetime) -> DeskQuestion:
    """Ask who will be upheld (`disputes.judge`)."""
    claim = draw.choice(list(disputes.CLAIMS.values()))
    shown = [one.name for one in claim.proofs if draw.random() < 0.55]
    found = disputes.judge(shown, claim)
    other: disputes.Side = "卖家" if claim.burden == "买家" else "买家"
    right = _ruled(found)
    tried = [(_ruled(disputes.judge(shown, replace(claim, burden=other))), "谁该证明，弄反了")]
    for one in claim.proofs:
        seen = [name for name in shown if name != one.name]
        if one.name in shown:
            tried.append((_ruled(disputes.judge(seen, claim)), f"漏看了{one.name}"))
        else:
            tried.append(
                (
                    _ruled(disputes.judge([*shown, one.name], claim)),
                    f"没有交的“{one.name}”也算进去了",
                )
            )
    for _ in range(SETS):
        seen = [one.name for one in claim.proofs if draw.random() < 0.55]
        tried.append((_ruled(disputes.judge(seen, claim)), "没照现在交的凭证判"))
    swapped = "卖家" if found.upheld == "买家" else "买家"
    tried.append((f"会判给{swapped}：{found.why}。", "凭证看对了，判反了"))
    wrong = distinct(tried, right)
    draw.shuffle(wrong)
    wrong = wrong[:3]
    told = facts(
        主张=claim.says, 该谁证明=f"{claim.burden}（{claim.rule.title}）",
        买家交了="、".join(one.name for one in claim.of("买家") if one.name in shown) or "什么也没有",
        卖家交了="、".join(one.name for one in claim.of("卖家") if one.name in shown) or "什么也没有",
    )  # fmt: skip
    return DeskQuestion(
        "判案", Lesson("07", "动手：你来坐庭"),
        f"青禾问你：平台介入了，“{claim.says}”照现在交的凭证，会判给谁？", told,
        four(draw, right, wrong, inner=True), f"判{found.upheld}：{found.why}",
        "先看该谁证明；每边只看最硬的那一张：第三方留的最硬，自己写的、嘴上说的都不够。",
        thanks=("嗯，我也这么看。", "好，我照这个准备。", "行，心里有数了。"),
    )  # fmt: skip


SETS = 12
"""So many other sets of proofs are ruled on, for what one may say who has read the wrong ones."""


def _ruled(one: disputes.Ruling) -> str:
    return f"会判给{one.upheld}：{one.why}。"


LATE = complaints.LateRules(
    Decimal("0.05"),
    Decimal("0.1"),
    Decimal(5),
    Decimal(60),
    Decimal(24),
    "本书举的例子",
    date(2026, 1, 6),
)
"""The terms of chapter 07's example; they stand among the facts of the question."""


def ask_late(draw: Random, now: datetime) -> DeskQuestion:
    """Ask what late shipment costs (`complaints.late_shipment`)."""
    while True:
        paid = (now - timedelta(hours=draw.randrange(50, 90), minutes=draw.randrange(60))).replace(
            second=0
        )
        promise = promises.ship_promise(paid)
        goods = Decimal(draw.choice((69, 119, 149, 199, 298, 399, 688)))
        number = draw.choice((None, paid + timedelta(hours=draw.randrange(3, 24))))
        picked = draw.choice((None, paid + timedelta(hours=draw.randrange(46, 50))))
        if picked and (picked > now or (number and number > picked)):
            continue
        found = complaints.late_shipment(
            complaints.Shipment(promise, goods, now, number, picked), LATE
        )
        break
    late, false = (LATE.owed(goods, kind) for kind in ("延迟发货", "虚假发货"))
    right = _owed(found.owed)
    in_time = "" if found.owed else "没过最晚时刻就揽收了，没有晚"
    wrong = [
        (_owed(late), in_time or "传了单号一天多没揽收，该按虚假发货算"),
        (_owed(false), in_time or "没有早传单号，不算虚假发货"),
        (_owed(NOTHING), "晚了就要赔，看的是快递的首次揽收"),
        (_owed(goods * LATE.late_share * 2 + 5), in_time or "照几成赔没有看对，最少、最多也没有看"),
        (_owed(LATE.most), in_time or "按最多的赔了"),
    ]
    choices = distinct(wrong, right)
    draw.shuffle(choices)
    gives = [max(yuan_in(text) - found.owed, NOTHING) for text, _ in choices]
    told = facts(
        付款=f"{said(paid)}，现货（48小时内发），货款{plain(goods)}元", 传单号=said(number) if number else "没有传",
        首次揽收=said(picked) if picked else f"到{said(now)}还没有",
        平台规则=f"过了最晚时刻才揽收，算晚：延迟发货赔货款5%，传号{plain(LATE.scan_within)}小时还没揽收的算虚假发货，"
        f"赔10%；两样都占，照虚假发货赔；最少{plain(LATE.least)}元，最多{plain(LATE.most)}元（{LATE.source}）",
        怎么赔="回了他，再点“补钱”，给算出来的数",
    )  # fmt: skip
    amounts = sorted({found.owed, late, false, LATE.most, LATE.least} - {NOTHING})
    says, upset, needs = troubled(draw, *OVERDUE)
    return DeskQuestion(
        "晚发", Lesson("07", "晚发了，赔多少"), says, told,
        four(draw, right, choices, upset=upset, away=gives), "".join(found.steps),
        "看两个时刻：说好的最晚时刻，快递系统的首次揽收；传了单号不揽收的另算。该赔的，点“补钱”给他。",
        needs, found.owed, tuple(map(plain, amounts)),
        thanks=("好，认账就行。", "行，算得清楚。") if found.owed else ("哦，那是我算错了时间。", "没晚就算了。"),
    )  # fmt: skip


OVERDUE = (
    ("说好48小时发货，我这单晚了！赔我多少？", "发货超时了吧？！按规则该赔我几块？",
     "你们晚发，赔不赔？赔多少？给句痛快话！",
     "页面写48小时发，你们守了吗？怎么赔？！", "我付款都多久了！超时赔付呢？"),
    ("请问我这单算不算晚发？规则里有赔付吗？", "帮我看看，这单发货超时没有，超了补多少？",
     "不急着要货，想问问晚发是怎么个补法。",
     "听说晚发有补偿，麻烦算算我这单有没有。"),
)  # fmt: skip
"""How the upset and how the others ask."""


def _owed(yuan: Decimal) -> str:
    return f"照规则该补您{plain(yuan)}元。" if yuan else "没有晚，这一单照规则不用赔。"


# 08 public replies


def ask_reply(draw: Random, now: datetime) -> DeskQuestion:
    """Ask which reply to write under a review (`replies.read_reply`)."""
    occasion = draw.choice(replies.occasions())
    read = {
        one: replies.read_reply(f"{THANKS[0]}{one}{FIND[0]}", occasion)
        for one in PUBLIC[occasion.name]
    }
    good = [DeskAnswer(text, True) for text, one in read.items() if one.good]
    bad = [DeskAnswer(text, False, _spoilt(one)) for text, one in read.items() if not one.good]

    def made() -> list[DeskAnswer]:
        kept = [draw.choice(good), *draw.sample(bad, 3)]
        ends = zip(draw.sample(THANKS, 4), draw.sample(FIND, 4), strict=True)
        return [replace(one, text=f"{thanks}{one.text}{find}")
                for one, (thanks, find) in zip(kept, ends, strict=True)]  # fmt: skip

    told = facts(
        评价=f"{occasion.stars}星：{occasion.text}",
        店里查到=KNOWN[occasion.name],
        写给="后来看评价的人",
        最长=f"{replies.LONGEST}个字",
    )
    return DeskQuestion(
        "公评", Lesson("08", "动手：写一条"), f"评价区新来一条{occasion.stars}星：“{occasion.text}”，回哪一句？",
        told, ranked(draw, made),
        "六步都在：称呼、点出事、认、一句事实、做了什么哪天、哪里找",
        "六步一步一步对；再查六灯：隐私、返现、顶嘴、指人、粘贴、只写已处理。",
    )  # fmt: skip


def _spoilt(reading: replies.ReplyReading) -> str:
    """Return what is wrong with a reply: a fault that can be seen in it, else the steps that it lacks."""
    fault = next((one for one in reading.faults if one.on and one.name != replies.PASTED), None)
    if fault:
        return f"{fault.name}：{fault.why}"
    lacks = [f"“{one.name}”" for one in reading.steps if not one.on]
    return f"六步少了{'、'.join(lacks[:2])}{'等' * (len(lacks) > 2)}"
