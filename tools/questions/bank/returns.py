"""Chapter 06 asked again: the last day, who decides, who pays which leg, evidence, which batch is out."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from kefu.aftersales.exchange import Terms, balance
from kefu.aftersales.returns import TERMS, Bill, Case, CaseState, decide, last_day
from kefu.demos.quiz import Question
from kefu.stats import p_chart
from tools.questions.bank.draw import (
    Draw,
    goods,
    multiple,
    number,
    of,
    order,
    percent,
    said,
    single,
    which,
)


def day(one: date) -> str:
    """Return a day as it is said."""
    return f"{one.month}月{one.day}日"


@of("06-01", "易")
def seven_days(d: Draw) -> Question:
    """The last day of the seven, the day after signing being the first."""
    signed = date(2026, d.between(1, 11), d.between(3, 25))
    last = last_day(signed)
    d.note(signed=signed.isoformat())
    return single(
        d, f"客人{day(signed)}签收，最晚哪天能申请七天无理由退货？",
        (day(last), f"签收次日起算：{day(signed + timedelta(days=1))}是第1天，{day(last)}是第7天。"),
        [(day(last - timedelta(days=1)), "把签收当天算成了第1天。"),
         (day(last + timedelta(days=1)), "这是第8天，过了一天。"),
         (day(signed + timedelta(days=10)), "从寄出或者数成十天了。"),
         (day(signed), "那天才签收，还没开始数。")],
    )  # fmt: skip


@of("06-06", "中")
def broken_threshold(d: Draw) -> Question:
    """What is refunded when the order falls below the threshold of free shipping."""
    back, kept = (
        d.of([("羊毛围巾", 129), ("宽松针织开衫", 169), ("不锈钢保温杯", 69), ("直筒牛仔裤", 149)]),
        d.of([("中筒袜", 20), ("香薰蜡烛", 39), ("帆布手提包", 55), ("棉麻桌布", 58)]),
    )
    outward, told = d.of([12, 14, 16]), d.of([True, True, False])
    bill = Bill(
        Decimal(back[1]),
        Decimal(kept[1]),
        Decimal(0),
        Decimal(88),
        told,
        Decimal(outward),
        Decimal(10),
    )
    money = decide(Case(reason="不喜欢", bill=bill)).money
    refund = money.refund
    d.note(back=back[1], kept=kept[1], outward=outward, told=told)
    words = "页面事先写明过" if told else "页面没有写明过"
    return number(
        f"满88元包邮的店，“{d.person()}”买了{back[0]}（{back[1]}元）和{kept[0]}（{kept[1]}元），现在只退{back[0]}，"
        f"留下{kept[0]}。发货运费{outward}元，{words}退货可能破了包邮门槛。退他多少元？",
        refund, "元",
        (f"留下{kept[1]}元不到88元，写明过，扣回发货运费：{back[1]}－{outward}＝{said(refund)}元。"
         if told else f"留下{kept[1]}元不到88元，可没有事先写明，一分不扣，退{back[1]}元。") + "寄回的运费买家另付给快递。",
        [(back[1], "写明过，可以扣回发货运费。" if told else "没有写明过，不能扣。"),
         (back[1] - outward, f"写明过的是{outward}元，要扣。" if told else "没有事先写明，不能扣。"),
         (back[1] - outward - 10, "寄回的运费买家直接付给快递，不从退款里再扣。"),
         (kept[1], "退的是退回来那一件的钱。")],
        0.005,
    )  # fmt: skip


LEGS = {
    "寄回、再发都归卖家": "卖家有错，来回都归卖家。",
    "寄回归买家，再发归卖家": "卖家没错、包邮的：各付各程。",
    "寄回、再发都归买家": "卖家没错、不包邮的：退换费用客户承担。",
    "寄回归买家，没有再发": "退货退款不再发货，只有寄回这一程。",
}


@of("06-06", "易")
def whose_freight(d: Draw) -> Question:
    """Who pays which leg, by whose fault it is and whether it was free of freight."""
    return which(
        d, "{}。寄回和再发，运费各由谁付？",
        [("包邮店，客人嫌开衫颜色不喜欢，要退货退款", "寄回归买家，没有再发", "卖家没错，包邮包的是发出。"),
         ("包邮店，客人要把M换成L，尺码没挑准", "寄回归买家，再发归卖家", "卖家没错，换货再发归店里。"),
         ("收到的毯子有一道划痕，客人要换一条", "寄回、再发都归卖家", "货有问题，来回都归卖家。"),
         ("不包邮的小店，客人穿了嫌大，要换小一码", "寄回、再发都归买家", "卖家没错又不包邮，退换费用客户承担。"),
         ("店里发错了颜色，客人要换成他拍的那一个", "寄回、再发都归卖家", "发错是店里的错，来回都归卖家。"),
         ("不包邮的小店，客人穿过一次不喜欢，吊牌还在，要退款", "寄回归买家，没有再发", "卖家没错，寄回归买家；退款没有再发这一程。")],
        LEGS,
    )  # fmt: skip


@of("06-04", "中")
def whose_proof(d: Draw) -> Question:
    """Who has to bring which proof, by what is argued about."""
    kinds = {
        "买家交快递单或签收底单": "争没收到退货，才由买家交底单。",
        "卖家交物流公司盖公章的证明": "卖家有疑义、要拒签，才由卖家拿证明。",
        "平台核实地址": "争地址有没有给错，才由平台核实。",
        "买家交照片或视频": "争货有没有问题，才由买家拍照。",
        "谁也不用交，卖家退款": "没有人有错、货已到，才不用举证。",
    }  # fmt: skip
    return which(
        d, "{}。按本章的举证，该谁拿什么？",
        [("客人说退货寄到了，仓库说登记册上没有", "买家交快递单或签收底单", "没收到退货，由买家出示底单。"),
         ("退货到了，仓库嫌盒子旧，不肯签收", "卖家交物流公司盖公章的证明", "拿不出就是没有正当理由，退款，运费卖家付。"),
         ("客人说地址是你们给错的，寄到了别处", "平台核实地址", "地址有没有给错，由平台核实。"),
         ("客人说打底裤开线，要退", "买家交照片或视频", "说有问题要有照片。"),
         ("客人交了签收底单，地址正是店里给的那个", "谁也不用交，卖家退款", "他的事做完了，由卖家自己去找物流公司。")],
        kinds, 4,
    )  # fmt: skip


@of("06-03", "难")
def six_principles(d: Draw) -> Question:
    """What becomes of a case under way, by the model's own rules."""
    cases = [
        ("同意退货以后，客人过了时限一直没寄", Case(step="买家逾期未寄")),
        (
            "同意换货，客人寄来了，店里收到以后一直没再发",
            Case(kind="换货", step="卖家收货后逾期不办"),
        ),
        ("跨境的货，店里没有按时给退货地址", Case(step="卖家没按时给地址", cross_border=True)),
        (
            "退货路上湿透，快递公司给了盖公章的证明",
            Case(step="退货途中损毁", evidence=frozenset({"物流公章证明"})),
        ),
        ("退货到了，仓库嫌包装旧拒签，拿不出证明", Case(step="卖家拒签退货")),
        ("双方商定退货，货已经到了店里给的地址", Case(step="卖家签收退货")),
    ]
    words = {"打款给卖家": "货款打给卖家", "退款": "退款给买家", "不退货退款": "不用寄回，退款给买家",
             "退回买家": "货退回给买家", "再发": "卖家再发货"}  # fmt: skip
    only = {"打款给卖家": "买家逾期没寄、或无理由拒收退回件，才打款给卖家。", "退款": "卖家没动、动错了，或货已送到，才退款给买家。",
            "不退货退款": "跨境因卖家的缘故退不了，才不用寄回。", "退回买家": "有物流公司的证明，损毁、拒签的才退回买家。",
            "再发": "换货收到了、还没过期，才轮到卖家再发。"}  # fmt: skip
    shown, case = d.of(cases)
    outcome = decide(case).outcome
    d.note(step=case.step, kind=case.kind, abroad=case.cross_border, stamped=bool(case.evidence))
    why = {
        "买家逾期未寄": "买家逾期没寄回，该动的人没动，打款给卖家。",
        "卖家收货后逾期不办": "换货卖家逾期没再发，平台有权退款，运费卖家付。",
        "卖家没按时给地址": "跨境退不了是卖家的缘故，不用寄回，钱照退。",
        "退货途中损毁": "有物流公司的证明，损毁的退货退回给买家。",
        "卖家拒签退货": "没有盖公章的证明，拒签就没有正当理由，退款，运费卖家付。",
        "卖家签收退货": "货已送到店里给的地址，平台有权退款。",
    }[case.step]
    return single(
        d, f"{shown}。六条原则里，结果是哪一个？",
        (words[outcome], why),
        [(words[other], only[other])
         for other in words if other != outcome],
    )  # fmt: skip


@of("06-07", "中")
def exchange_worth(d: Draw) -> Question:
    """What asking for an exchange once earns a request, by the model."""
    price, cost = d.of([(119, 52), (129, 58), (169, 76), (99, 45), (189, 84), (60, 50)])
    gift = d.of([0, 5, 10])
    terms = Terms(price=Decimal(price), cost=Decimal(cost))
    gain = balance(terms, gift).gain
    worth = gain > 0
    d.note(price=price, cost=cost, gift=gift)
    return single(
        d, f"照本章的教学模型：售价{price}元，进货{cost}元，劝换一次送{gift}元小礼，肯换的人里一成还会再退，"
        f"不肯的里头有人被惹恼。劝一次，平均每件比直接退款{'多' if worth else '少'}赚{said(abs(gain))}元。怎么办？",
        (("劝一次，退路敞开" if worth else "不劝，直接退"),
         f"每件{'多' if worth else '少'}赚{said(abs(gain))}元，{'值得劝一次，反复劝会把人惹恼' if worth else '留住的毛利不够再发一程'}。"),
        [("不劝，直接退" if worth else "劝一次，退路敞开", f"模型说每件{'多' if worth else '少'}赚{said(abs(gain))}元，方向反了。"),
         ("劝到他肯为止", "反复劝，每劝一次都在消耗好感。"),
         ("送得越多越好，先送20元", "肯换的比例有上限，送到顶以后再送就白送了。"),
         ("只要退款率降下来就行", "只压退款率，会劝出第二次退货。")],
    )  # fmt: skip


@of("06-12", "易")
def check_parcel(d: Draw) -> Question:
    """What holds when a parcel is opened and something lacks."""
    name = d.of(["马克杯", "袜子", "抱枕套", "收纳箱"])
    return multiple(
        d, f"客人开箱，说少了一件{name}。验货和补发，下面哪些说法对？",
        [("对照送货单点数，再看称重和发货记录", True, "先核实是不是漏发，再定退差还是补寄。"),
         ("收到以后24小时内来说，时限上没有问题", True, "缺少、破损，24小时内用聊天或电话告知。"),
         ("补寄的运费由店里出", True, "漏发多出来的费用卖家承担。"),
         ("拆封验货不算商品不完好", True, "为查看拆封，不能拿来拒收。"),
         ("缺少、破损的，可以拒签或当场退回", True, "当面验货，缺了坏了可以拒收。"),
         ("让他先把没少的寄回来再补", False, "少的是店里的事，不用他先寄。"),
         ("称重一件不少，就不用再听他说", False, "称重是一样凭据，还要看送货单和他说的哪一件。"),
         ("先算他退一件，补不补再看", False, "退差还是补寄由客人挑，先核实再给他两条路。"),
         ("过了24小时，怎么说都不办", False, "过了24小时说途中破损，要物流公司公章的证明，不是一概不办。")],
        4,
    )  # fmt: skip


@of("06-05", "中")
def which_refund(d: Draw) -> Question:
    """What to look at first in a request for money."""
    return which(
        d, "客人说：{}先查什么，再说怎么办？",
        [("“拍错了，不要了。”", "先看发了没有：没发全额退，发了先拦截", "没发就核对未出库，全额退；发了先拦，拦不下等拒收或签收后退。"),
         ("“只退其中一件。”", "先看优惠怎么摊：说清退哪件、退多少", "退哪一件，退它的实付。"),
         ("“我付了两次款。”", "先看收款流水：核实后原路退", "两笔都在，才能原路退一笔。"),
         ("“钱怎么还没到账？”", "先看退到哪、几时退的：给退款记录和到账时间", "退出去了就告诉他在哪一步。"),
         ("“到货是坏的。”", "先看照片、几时通知的：换新或退款", "先要照片，再定换新还是退，店铺向快递索赔。")],
        {"先看发了没有：没发全额退，发了先拦截": "拍错了、不要了，才先看发没发。",
         "先看优惠怎么摊：说清退哪件、退多少": "一单里只退一件，才先看优惠怎么摊。",
         "先看收款流水：核实后原路退": "说付了两次，才先查流水。",
         "先看退到哪、几时退的：给退款记录和到账时间": "问钱到没到，才先查退款记录。",
         "先看照片、几时通知的：换新或退款": "说到货是坏的，才先要照片。"},
    )  # fmt: skip


@of("06-05", "中")
def moves_on(d: Draw) -> Question:
    """How long a case may rest in a state, and what happens then."""
    states: list[CaseState] = ["待寄回", "待收货", "待举证", "待再发"]
    state = d.of(states)
    days, event = TERMS[state]
    words = {
        "待寄回": ("买家还没寄出", "货款打给卖家"), "待收货": ("卖家还没签收", "卖家逾期不办，货款退给买家"),
        "待举证": ("等人交凭证", "逾期没交，按没有处理"), "待再发": ("卖家还没再发", "退款给买家，运费卖家付"),
    }[state]  # fmt: skip
    d.note(state=state)
    other: CaseState = "待举证" if state == "待收货" else "待收货"
    wrong = {
        "待寄回": "退款给买家，运费卖家付",
        "待收货": "货款打给卖家",
        "待举证": "卖家逾期不办，货款退给买家",
        "待再发": "逾期没交，按没有处理",
    }[state]
    return single(
        d, f"一件退换停在“{state}”，{words[0]}。按本书定的期限，过几天会自己往前走，走到哪里？",
        (f"{days}天，{words[1]}", f"本书定{days}天，到期自动“{event}”。流程不能有死胡同。"),
        [(f"{TERMS[other][0]}天，{words[1]}" if TERMS[other][0] != days else f"{days + 3}天，{words[1]}", f"“{state}”是{days}天。"),
         (f"{days}天，{wrong}", "天数对了，往哪走反了：该动的人没动，由他承担。"),
         (f"{days * 2}天，{words[1]}", "没有人动就一直等着，这条流程就死了。"),
         ("一直等到有人来问", "每个没了结的状态，都要有一个到期自动发生的事。")],
    )  # fmt: skip


@of("06-13", "中")
def three_questions(d: Draw) -> Question:
    """What to ask and settle before anything, and in which order."""
    return order(
        d, f"“{d.person()}”说“{d.of(['开衫不想要了', '毯子退了吧', '杯子有点问题'])}”。从接话到了结，先后怎么排？",
        ["问清楚：谁的错，是物流、商品还是主观", "核实：几时签收、吊牌在不在、当初运费谁付",
         "说清各程运费，谁的错谁付", "在后台同意，给退货地址和期限", "买家按发货同样的方式寄回，填单号",
         "当面验货，签收", "退款或再发，告知结果"],
        "原因定责任，责任定运费，所以先问原因；细节核清了才同意，地址给了才有货寄回，收到了才退钱。", 6,
    )  # fmt: skip


@of("06-07", "难")
def which_batch(d: Draw) -> Question:
    """Which batches lie above the limit of a p-chart, and what to do with them."""
    goods_names = list(goods())
    base = 0.012
    groups = {}
    for name in d.some(goods_names, 4):
        pieces = d.between(80, 400, 10)
        bad = max(0, round(pieces * base) + d.between(-1, 1))
        groups[name] = (bad, pieces)
    out = d.of(list(groups))
    pieces = groups[out][1]
    groups[out] = (max(groups[out][0], round(pieces * 0.13)), pieces)
    points = p_chart(groups, usual=base)
    over = [point for point in points if point.out]
    d.note(
        groups={name: pair for name, pair in groups.items()},
        base=base,
        out=[point.name for point in over],
    )
    shown = "；".join(
        f"{point.name}{point.faults}/{point.pieces}笔（{percent(point.faults / point.pieces)}%）"
        for point in points
    )
    limit = "；".join(f"{point.name}上限{percent(point.upper)}%" for point in points)
    return single(
        d, f"平时每件因质量退换1.2%。这四款一批的退货：{shown}。照三倍的控制限（{limit}），怎么看？",
        (f"{over[0].name}出界，先拿去查" if len(over) == 1 else f"{'、'.join(point.name for point in over)}出界，先拿去查",
         "出界是“值得查”，不是定罪：查明原因的先拿开，再画第二遍。"),
        [("都没有出界，平常的波动", f"{out}的率比它的上限高。"),
         (f"{out}出界，马上下架这一款的全部", "出界的是这一批，不是这一款的全部；先抽查再定。"),
         ("最高的两款出界，一起查", "按线看，不按排行：批小的线宽，看着高也许没出界。"),
         ("再等一个月，数多了才看得出", "这一批已经卖出去了，先查比等要便宜。")],
    )  # fmt: skip
