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
from kefu.practice.making import dated, said, troubled, yuan_in
from kefu.practice.question import (
    NOTHING,
    TAILS,
    DeskAnswer,
    DeskQuestion,
    Lesson,
    distinct,
    facts,
    four,
    owing,
    ranked,
)

# 13, 14 the robot


def ask_takeover(draw: Random, now: datetime) -> DeskQuestion:
    """Ask for the first words to whom the robot handed over (`handover.decide`, `handover.Packet`).

    Right is who has read what came along and does what is asked, at once.
    """
    probe = draw.choice([one for one in handover.TRIALS if one.right == "立刻转"])
    route = handover.decide(probe.moment, handover.Switches())
    whole = probe.packet
    assert not whole.missing()
    does, known, *others = DONE[whole.problem]
    bare = replace(whole, talk=(), problem="")
    hello = f"{whole.who}您好，我是小满，真人客服。"
    read = whole.who + "，" + whole.opening().removeprefix(hello).partition("您说的是")[0]
    right = DeskAnswer(read + does, True)
    wrong = [DeskAnswer(read + text, False, slip) for text, slip in others]

    def made() -> list[DeskAnswer]:
        asks = whole.who + "，" + bare.opening().removeprefix(hello)
        again = DeskAnswer(asks + draw.choice(AGAIN), False,
                           f"单子上写着的又问了一遍：{'、'.join(bare.missing())}")  # fmt: skip
        idle = DeskAnswer(read + draw.choice(IDLE), False, "话接住了，他要的那件事没有办")
        kept = [right, *draw.sample(wrong, 2), draw.choice((again, idle))]
        return [replace(one, text=one.text + tail)
                for one, tail in zip(kept, draw.sample(TAILS[:SHORT], 4), strict=True)]  # fmt: skip

    told = facts(
        暖暖转来=f"{whole.who}：“{whole.talk[-1]}”", 为什么转=route.reason, 要办的事=whole.problem,
        办到哪一步=whole.ticket, 资料=known, 您已经说了=hello,
    )  # fmt: skip
    return DeskQuestion(
        "接手", Lesson("13", "五种立刻转，一种先问"), probe.moment.said, told,
        owing(ranked(draw, made), {SOON: SOON}), f"{probe.why}；看过交接单，第一句就把事办了：{does}",
        "交接单四样看齐，不叫他再说；再看他要的是什么，当场办的就当场办。",
        who=whole.who, thanks=("总算来了个真人，好。", "好，有人管就好。", "嗯，不用再说一遍，省心。"),
    )  # fmt: skip


SHORT = 7
"""So many of the tails are short enough for a line that is long already."""
SOON = "10分钟内回您"
DONE: Mapping[str, tuple[str, str, tuple[str, str], tuple[str, str]]] = {
    "四件套掉不掉色": (
        "四件套预洗过，深色的头一次单独洗。", "水洗棉四件套已经预洗过，深色头一次请单独洗",
        ("四件套一点不掉色，混着洗也行。", "资料写着深色头一次单独洗"),
        ("头三次都得单独洗，才不掉色。", "资料写的是头一次，不是头三次"),
    ),
    "两张券能不能一起用": (
        "店铺券、平台券各用一张，能一起用。", "店铺券、平台券每单各用一张，满减先减，再看够不够券的门槛",
        ("一单只能用一张，您挑大的那张。", "店铺券、平台券各能用一张"),
        ("能用，有几张就叠几张，都减掉。", "同一种券一单只用一张"),
    ),
    "有人冒充客服": (
        "店里不问验证码，您别报，也别点他的链接。", "店里任何人都不问验证码；有人问，别报，别点链接",
        ("您把验证码发我，我核对是不是同事发的。", "验证码谁也不能问，我们也不能"),
        ("也许是同事核对订单，您先问他的工号。", "店里没有人会问验证码，工号骗子也报得出"),
    ),
    "用毯子后起红疹": (
        "毯子先别盖了，拍张照；痒得厉害先看医生。", "伤到人的，先请客人停用，再留照片，看过医生的留单据",
        ("新毯子有浮绒，您先洗一遍再盖盖看。", "伤到人了，先停用，不能叫他再试"),
        ("我先给您办退货，您收拾好了寄回来。", "货可以慢慢退，人要紧：先停用"),
    ),
    "退货到没到仓": (
        f"我现在拿单号查物流，{SOON}。", "退货有单号，物流走到哪里，店里自己查得到",
        ("仓库没登记就是没到，您再等两天看看。", "没登记不等于没到，先查退货单号的物流"),
        ("您把退货的底单拍给我，我再去找仓库。", "先自己查单号的物流，再向客人要底单"),
    ),
}  # fmt: skip
"""By what the robot hands over: what is to be done at once, where that stands, and two ways to miss it."""
AGAIN = (
    "前面的对话我这边还没有刷出来，您从头说一遍，我好一样一样记。",
    "暖暖那边聊过的，麻烦您截几张图发过来，我看完就回您。",
    "您慢慢说，越细越好，我一边听一边记。",
)  # fmt: skip
IDLE = (
    "您先忙，我看一看。",
    "您稍坐一会儿，我手上这位办完就来。",
    "您放宽心，这事记在我这里了，有变化会有人找您。",
)


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
        (f"“{one.question}”这条先别照答。", f"它的复核日{one.review_by}还没过，当天也算数")
        for one in entries
        if not one.due(today)
    ]
    told = facts(今天=str(today), **{f"{n}": f"{one.question}　复核日{one.review_by}" for n, one in
                                  _numbered(draw, entries)})  # fmt: skip
    return DeskQuestion(
        "知识", Lesson("14", "三、诊断：缺什么，旧什么"), draw.choice(STALE), told,
        four(draw, right, wrong, inner=True), f"“{due[0].question}”的复核日{due[0].review_by}已经过了",
        "复核日在今天以前的，先问过人再答。",
    )  # fmt: skip


STALE = (
    "青禾问你：暖暖这四条答案，哪一条今天不能照着答？",
    "青禾问你：知识库这四条，今天得先停哪一条？",
)


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
        "核稿", Lesson("14", "四盏灯"), draw.choice(DRAFTS), told,
        four(draw, LAMPED[wanted], wrong, inner=True),
        f"“{reds}”灯红在“{seen}”，改发资料的原文" if reds else "句句有出处，数、能不能、谁出谁办都没变",
        "草稿和资料一句一句对：有没有多的话，数一样不一样，“不”字在不在，谁出谁办。",
    )  # fmt: skip


DRAFTS = (
    "青禾问你：暖暖照资料起了一句草稿，能发吗？哪盏灯红？",
    "青禾问你：这句暖暖的草稿，你看四盏灯亮的什么？",
)


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
        "排班", Lesson("15", "五、每半小时要几个人"), draw.choice(ROSTER), told,
        four(draw, _people(need), choices, inner=True), f"负荷{load:.1f}，第一个过八成的人数是{need}",
        "来量乘每位的时间，除以并发系数，是负荷；再看第一个够八成的人数。",
    )  # fmt: skip


ROSTER = ("老板问你：零点那半小时，要几位在岗？", "老板问你：明晚照这个来量，排几个人够？")


def _people(number: int) -> str:
    return f"要{number}位在岗。"


# 16 live

HOST = (
    "家人们放心拍，今晚下单明天必到", "拍两件送抱枕套，备注我的名字就行", "下播就恢复原价，现在拍再减五块",
    "买贵了三十天内降价补差价", "我们尽量今晚发", "闭眼入，不会错的", "掉色包退，穿过也给你退",
    "这个颜色真的显白", "前一百单今晚一定发走", "不喜欢七天随便退", "现货五百件，拍了就有",
)  # fmt: skip


def ask_host(draw: Random, now: datetime) -> DeskQuestion:
    """Ask whether what the host said is owed, and by whom (`promise_book.hear`, `promise_book.due`)."""
    words = draw.choice(HOST)
    found = promise_book.hear(words)
    spoken = now.replace(second=0)
    until = promise_book.due(words, spoken) if found.counts else None
    heard = found.words.replace(",", "，") or words  # the model hears half-width marks

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
    by = f"，{said(until)}前" if until else ""
    pledge = f"主播说的“{words}”{by}由{keeper[kind]}兑现" if found.counts else ""
    return DeskQuestion(
        "公屏", Lesson("16", "动手：听写主播的话"), draw.choice(AIRED).format(words=words), told,
        four(draw, right, wrong), f"“{heard}”：{found.why}",
        "有没有说定一件能照着要的事：问句、留余地、夸赞都不算；算的登记是哪一种、谁兑现。", pledge=pledge, about=words,
        thanks=("好，有你这句话就行，我拍了。", "行，那我记住了。") if found.counts
        else ("哦，那我不当真。", "懂了，听听就好。"),
    )  # fmt: skip


AIRED = (
    "主播刚说“{words}”，这话算数吗？",
    "“{words}”，直播间说的，你们认不认？",
    "刚听见主播喊“{words}”，真的假的？",
)


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
    trap = draw.choice(("买前", "过期", "两回"))
    end = bought + timedelta(days=keeps)
    if trap == "过期" and end < now:
        seen = [(bought + (end - bought) / 2, lower), (end + (now - end) / 2, lowest)]
    elif trap == "两回":
        seen = [(bought + (min(end, now) - bought) * part, price)
                for part, price in ((0.3, lower), (0.8, lowest))]  # fmt: skip
    else:
        seen = [(early, lowest), (later, lower)]
    found = on_air.price_protection(paid, bought, seen, keeps)
    by = dated(now.date() + timedelta(1))
    right = _back(found.refund, by)
    slip = {"买前": "付款以前的低价不算", "过期": "降价过了价保的日子"}
    less = "价保期里还有更低的价" if found.refund else "降价过了价保的日子"
    wrong = [
        (_back(paid - lowest, by), slip["买前" if seen[0][0] < bought else "过期"]), (_back(paid - lower, by), less),
        (_back(NOTHING, by), "价保期里降过价，要退差价"), (_back(paid * 2 - lower - lowest, by), "两次的差加在一起了"),
        (_back(paid - lower + 5, by), "差价减错了"),
    ]  # fmt: skip
    choices = distinct(wrong, right)
    draw.shuffle(choices)
    gives = [max(yuan_in(text) - found.refund, NOTHING) for text, _ in choices]
    told = facts(
        付款=f"{said(bought)}，{plain(paid)}元", 价保=f"付款后{keeps}天里降过价，就退差价（页面写明）",
        别的价="；".join(f"{said(when)}卖{plain(price)}元" for when, price in seen), 他问的时刻=said(now),
    )  # fmt: skip
    says, upset, needs = troubled(draw, *CHEAPER)
    return DeskQuestion(
        "价保", Lesson("16", "六、超卖、限时价、原价"), says, told,
        owing(four(draw, right, choices, upset=upset, away=gives),
              {text: text.rstrip("。") for text in (right, *(text for text, _ in choices)) if text != NONE}),
        f"{found.why}：退{plain(found.refund)}元",
        "只看付款以后、价保期以内的最低价，和付款价相减。", needs,
        thanks=("好，那我等退款。", "行，到账我看一眼。") if found.refund
        else ("哦，原来是这样算的。", "行吧，算我没赶上。"),
    )  # fmt: skip


CHEAPER = (
    ("我买完又降价了！差价退不退？退多少？", "买完没多久就便宜了，当我好骗？差价呢？！",
     "才看见降过价，气死！我这单补不补差价？",
     "降价了！你们不是有价保吗？退我几块？", "早知道晚点买，亏死了！差的钱给不给退？",
     "同一件后来便宜了，我亏的能要回来吗？！"),
    ("看到降价了，想问问我这单有没有差价可退。", "请问价保怎么算？我这单能退几块？", "不急，帮我看看这单在不在价保里。",
     "这件好像便宜过，麻烦查查有没有差价。"),
)  # fmt: skip
"""How the upset and how the others ask."""
NONE = "这一次没有差价可退，价保里没有降过。"


def _back(yuan: Decimal, by: str) -> str:
    return f"退差价{plain(yuan)}元，{by}18点前到账。" if yuan else NONE
