"""Questions about the robot, the team and the live show: hand-over, knowledge, numbers, promises (13 to 16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Literal

from kefu import data
from kefu.amounts import plain
from kefu.intelligence import (
    grounded,
    handover,
    inventor,
    knowledge,
    on_air,
    promise_book,
    staffing,
)
from kefu.intelligence.lamps import LAMPS, Lantern
from kefu.practice.making import UPSET, said, yuan_in
from kefu.practice.question import (
    NOTHING,
    TAILS,
    DeskAnswer,
    DeskQuestion,
    Lesson,
    distinct,
    facts,
    four,
    ranked,
)

# 13, 14 the robot


def ask_takeover(draw: Random, now: datetime) -> DeskQuestion:
    """Ask for the first words to whom the robot handed over (`handover.decide`, `handover.Packet`)."""
    probe = draw.choice([one for one in handover.TRIALS if one.right == "立刻转"])
    route = handover.decide(probe.moment, handover.Switches())
    whole = probe.packet
    bare = handover.Packet(whole.who, (), "", whole.ticket)
    lost = handover.Packet(whole.who, whole.talk, "", "")
    nobody = handover.Packet("", whole.talk, whole.problem, whole.ticket)
    assert not whole.missing()
    tried = [(bare.opening(), f"单子上写着的又问了一遍：{'、'.join(bare.missing())}"),
             (lost.opening(), "要办的事转过来了，又叫他说一遍"),
             (nobody.opening(), "不知道是谁，又要他报订单号")]  # fmt: skip
    ways = [
        DeskAnswer(whole.opening(), True),
        *(DeskAnswer(t, False, s) for t, s in distinct(tried, whole.opening())),
    ]
    ways += [
        DeskAnswer(
            f"{whole.who}您好，暖暖答错了不算数，您当没听见。", False, "机器人的话也是店铺的话"
        )
    ]
    right, *wrong = ways

    def made() -> list[DeskAnswer]:
        longer = draw.randrange(4)
        kept = [replace(one, text=one.text + (AGAIN[n] if n < longer else ""))
                for n, one in enumerate(draw.sample(wrong, 3))]  # fmt: skip
        tails = draw.sample(TAILS, 4)
        return [replace(one, text=one.text + tail)
                for one, tail in zip([right, *kept], tails, strict=True)]  # fmt: skip

    told = facts(
        暖暖转来=f"{whole.who}：“{whole.talk[-1]}”", 为什么转=route.reason, 要办的事=whole.problem,
        办到哪一步=whole.ticket,
    )  # fmt: skip
    return DeskQuestion(
        "接手", Lesson("13", "五种立刻转，一种先问"), probe.moment.said, told, ranked(draw, made),
        f"{probe.why}；交接单上四样都有，第一句就接着办", "交接单四样看齐，第一句让他听出你都看过了。",
    )  # fmt: skip


AGAIN = (
    "前面跟暖暖说过的我这边都没有，请您从头到尾再说一遍，越细越好，我一样一样记。",
    "暖暖那边的对话我看不到，麻烦您把聊过的截图都重发一次，等我从头看完再回您。",
    "您先别急着发，等我忙完手上这几位再来看；要是等得久，您就重新排一次队，别掉线。",
)  # fmt: skip


def ask_review(draw: Random, now: datetime) -> DeskQuestion:
    """Ask which of the robot's entries may not be used without looking (`knowledge.KnowledgeEntry.due`)."""
    rows = [
        row
        for row in data.rows("knowledge")
        if 6 <= len(row["question"]) <= 14 and row["question"].endswith("？")
    ]
    today = now.date()
    picked = draw.sample(rows, 4)
    days = [
        today - timedelta(draw.randrange(1, 40)),
        *(today + timedelta(draw.choice((0, 1, 12, 45))) for _ in "abc"),
    ]
    entries = [
        knowledge.KnowledgeEntry(
            row["entry_id"], row["topic"], row["question"], row["answer"], "小满",
            updated_on=today - timedelta(200), review_by=day,
        )
        for row, day in zip(picked, days, strict=True)
    ]  # fmt: skip
    due = [one for one in entries if one.due(today)]
    assert len(due) == 1
    right = f"“{due[0].question}”这条先别照答。"
    wrong = [
        (f"“{one.question}”这条先别照答。", "还没过复核日，那一天当天也还算数")
        for one in entries
        if not one.due(today)
    ]
    told = facts(今天=str(today), **{f"{n}": f"{one.question}　复核日{one.review_by}" for n, one in
                                  _numbered(draw, entries)})  # fmt: skip
    return DeskQuestion(
        "知识", Lesson("14", "三、诊断：缺什么，旧什么"), "青禾问你：暖暖这四条答案，哪一条今天不能照着答？", told,
        four(draw, right, wrong, inner=True), f"复核日{due[0].review_by}已经过了", "复核日在今天以前的，先问过人再答。",
    )  # fmt: skip


def _numbered(
    draw: Random, entries: Sequence[knowledge.KnowledgeEntry]
) -> list[tuple[str, knowledge.KnowledgeEntry]]:
    mixed = draw.sample(list(entries), len(entries))
    return [(f"第{n}条", one) for n, one in enumerate(mixed, 1)]


LAMPED: Mapping[Lantern | Literal[""], str] = {
    "": "四盏灯都绿，照草稿发。", "覆盖": "覆盖灯红：多说了资料里没有的。",
    "数字": "数字灯红：有个数和资料不一样。", "否定": "否定灯红：能和不能说反了。",
    "角色": "角色灯红：谁出谁办弄反了。",
}  # fmt: skip
SPOILS: Mapping[Lantern, inventor.Slip] = {
    "覆盖": "编承诺", "数字": "改数字", "否定": "翻否定", "角色": "换角色",
}  # fmt: skip
"""How a draft is spoilt so that one lamp may see it."""
ROUNDS = 60
SHORTEST_SOURCE, LONGEST_SOURCE = 14, 70


@data.cached
def _sources() -> list[dict[str, str]]:
    """Return the entries of the knowledge base that are short enough to be read in a window."""
    return [row for row in data.rows("knowledge")
            if row["kind"] != "关键词" and SHORTEST_SOURCE <= len(row["answer"]) <= LONGEST_SOURCE]  # fmt: skip


def ask_draft(draw: Random, now: datetime) -> DeskQuestion:
    """Ask whether the robot's draft may be sent (`grounded.check`): four lamps, one of which may be red."""
    honest = inventor.honest("调试")
    while True:
        wanted: Lantern | Literal[""] = draw.choice(("", *LAMPS))
        for _ in range(ROUNDS):
            row = draw.choice(_sources())
            answer = row["answer"]
            draft = honest.get(row["entry_id"], answer) if draw.random() < 0.5 else answer
            if wanted:
                draft = inventor.invent(draft, SPOILS[wanted], turn=draw.randrange(4))
            red = grounded.check(draft, answer, row["question"]).red if draft else LAMPS
            if red == ((wanted,) if wanted else ()):
                break
        else:
            continue
        break
    reds = "、".join(red)
    wrong = [
        (text, f"红的是“{reds}”" if reds else "四盏灯都绿，换了说法，意思没变")
        for lamp, text in LAMPED.items()
        if lamp != wanted
    ]
    draw.shuffle(wrong)
    seen = "；".join(
        word for one in grounded.check(draft, answer, row["question"]).findings for word in one.seen
    )
    told = facts(
        客人问=row["question"], 资料=f"{row['entry_id']}　{answer}", 暖暖的草稿=draft,
        四盏灯="覆盖：句句资料里有；数字：数都对得上；否定：能不能没说反；角色：谁出谁办没换",
    )  # fmt: skip
    return DeskQuestion(
        "核稿", Lesson("14", "四盏灯"), "青禾问你：暖暖照资料起了一句草稿，能发吗？哪盏灯红？", told,
        four(draw, LAMPED[wanted], wrong, inner=True),
        f"“{reds}”灯红在“{seen}”，改发资料的原文" if reds else "句句有出处，数、能不能、谁出谁办都没变",
        "草稿和资料一句一句对：有没有多的话，数一样不一样，“不”字在不在，谁出谁办。",
    )  # fmt: skip


# 15 how many people


def ask_agents(draw: Random, now: datetime) -> DeskQuestion:
    """Ask how many agents the next half hour needs (`staffing.chats_to_load`, `staffing.agents_needed`)."""
    while True:
        chats, handling, at_once = (
            draw.randrange(30, 130, 10),
            draw.choice((100, 120, 150, 180)),
            draw.choice((2, 3, 4)),
        )
        load = staffing.chats_to_load(chats / 30, handling / 60, at_once)
        need = staffing.agents_needed(load, handling, 0.8, 20)
        alone = staffing.agents_needed(
            staffing.chats_to_load(chats / 30, handling / 60, 1), handling, 0.8, 20
        )
        by_head = staffing.agents_needed(chats / 30 * handling / 60 / at_once, handling, 0.8, 20)
        wrong = [(alone, "没算同时接几位"), (by_head, "同时接几位就当快几倍，系数没有查"),
                 (max(int(load), 1), "负荷当成了人数，没留余地"), (need + 3, "多算了几位")]  # fmt: skip
        choices = distinct([(_people(n), why) for n, why in wrong], _people(need))
        if load >= 1.5 and len(choices) >= 3:
            break
    draw.shuffle(choices)
    curve = {
        n: staffing.service_level(load, n, handling, 20) for n in range(int(load) + 1, need + 3)
    }
    told = facts(
        半小时来量=f"{chats}位", 每位要=f"{handling}秒（一次一位）",
        同时接=f"{at_once}位，系数{staffing.factor(at_once):g}",
        要求="20秒内接起八成", 负荷=f"{load:.1f}爱尔兰",
        接起率="；".join(f"{n}位{share:.0%}" for n, share in curve.items()),
    )  # fmt: skip
    return DeskQuestion(
        "排班", Lesson("15", "五、每半小时要几个人"), "老板问你：零点那半小时，要几位在岗？", told,
        four(draw, _people(need), choices, inner=True), f"负荷{load:.1f}，第一个过八成的人数是{need}",
        "来量乘每位的时间，除以并发系数，是负荷；再看第一个够八成的人数。",
    )  # fmt: skip


def _people(number: int) -> str:
    return f"要{number}位在岗。"


# 16 live

HOST = (
    "家人们放心拍，今晚下单明天必到", "拍两件送抱枕套，备注我的名字就行", "下播就恢复原价，现在拍再减五块",
    "买贵了三十天内降价补差价", "我们尽量今晚发", "闭眼入，不会错的", "掉色包退，穿过也给你退",
    "这个颜色真的显白", "前一百单今晚一定发走", "不喜欢七天随便退",
)  # fmt: skip


def ask_host(draw: Random, now: datetime) -> DeskQuestion:
    """Ask whether what the host said is owed, and by whom (`promise_book.hear`, `promise_book.due`)."""
    words = draw.choice(HOST)
    found = promise_book.hear(words)
    spoken = now.replace(second=0)
    until = promise_book.due(words, spoken) if found.counts else None

    def line(counts: bool, kind: str, keeper: str) -> str:
        return f"算数，记作“{kind}”，{keeper}兑现。" if counts else f"这句不算承诺，是“{kind}”。"

    kinds = [one for one in promise_book.PLEDGE_KINDS if one != found.kind]
    draw.shuffle(kinds)
    keeper = promise_book.KEEPERS
    if found.counts:
        kind = next(one for one in promise_book.PLEDGE_KINDS if one == found.kind)
        right = line(True, kind, keeper[kind])
        wrong = [(line(False, "夸赞", ""), "说定了的事，客人照着要就得给"),
                 (line(False, "留了余地", ""), "话里没有“尽量”，没留余地")]  # fmt: skip
    else:
        right = line(False, found.kind, "")
        wrong = [
            (line(False, one, ""), "种类听错了")
            for one in ("夸赞", "留了余地", "问句")
            if one != found.kind
        ]
    wrong += [(line(True, one, keeper[one]), "没有的事也登记，或登错了种类") for one in kinds[:2]]
    draw.shuffle(wrong)
    told = facts(
        主播在直播间说=words,
        时刻=said(spoken),
        谁兑现="；".join(f"{k}：{v}" for k, v in keeper.items()),
    )
    owes = (
        f"登记簿：{said(until)}前兑现"
        if until
        else "登记簿：记下原话、时刻、谁兑现"
        if found.counts
        else ""
    )
    return DeskQuestion(
        "公屏", Lesson("16", "动手：听写主播的话"), f"主播刚说“{words}”，这话算数吗？", told,
        four(draw, right, wrong), f"{found.words or words}：{found.why}",
        "有没有说定一件能照着要的事：问句、留余地、夸赞都不算；算的登记是哪一种、谁兑现。", owes=owes,
    )  # fmt: skip


def ask_gap(draw: Random, now: datetime) -> DeskQuestion:
    """Ask what price protection gives back (`on_air.price_protection`)."""
    paid = Decimal(draw.choice((119, 149, 169, 189, 399)))
    keeps = draw.choice((7, 15, 30))
    bought = (now - timedelta(days=draw.randrange(3, 29), hours=draw.randrange(20))).replace(
        second=0
    )
    lower, lowest = paid - draw.choice((10, 20)), paid - draw.choice((30, 40))
    early = bought - timedelta(days=draw.randrange(1, 4))
    later = bought + (now - bought) * draw.choice((0.4, 0.9))
    seen = [(early, lowest), (later, lower)]
    found = on_air.price_protection(paid, bought, seen, keeps)
    right = _back(found.refund)
    wrong = [
        (_back(paid - lowest), "付款以前的低价不算"), (_back(paid - lower), "降价过了价保的日子"),
        (_back(NOTHING), "价保期里降过价，要退差价"), (_back((paid - lower) * 2), "两次的差加在一起了"),
        (_back(paid - lower + 5), "差价减错了"),
    ]  # fmt: skip
    choices = distinct(wrong, right)
    draw.shuffle(choices)
    gives = [max(yuan_in(text) - found.refund, NOTHING) for text, _ in choices]
    told = facts(
        付款=f"{said(bought)}，{plain(paid)}元", 价保=f"付款后{keeps}天（页面写明）",
        别的价=f"{said(early)}直播价{plain(lowest)}元；{said(later)}降到{plain(lower)}元", 现在=said(now),
    )  # fmt: skip
    return DeskQuestion(
        "价保", Lesson("16", "六、超卖、限时价、原价"), "我买完又降价了，差价退不退？退多少？", told,
        four(draw, right, choices, upset=True, away=gives), f"{found.why}：退{plain(found.refund)}元",
        "只看付款以后、价保期以内的最低价，和付款价相减。", UPSET,
        "退差价已登记，跟到到账" if found.refund else "",
    )  # fmt: skip


def _back(yuan: Decimal) -> str:
    return f"退您差价{plain(yuan)}元。" if yuan else "这一次没有差价可退。"
