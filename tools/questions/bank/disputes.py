"""Chapter 07 asked again: expectations by division, what late shipping and fraud cost, heat, the judge, intervals."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from kefu.aftersales.complaints import LateRules, Shipment, fraud, last_day, late_shipment
from kefu.aftersales.disputes import BOXES, CLAIMS, FIRMNESS, Side, heat, judge
from kefu.clock import SHANGHAI
from kefu.demos.quiz import Question
from kefu.presales.promises import ship_promise
from kefu.stats import wilson
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


@of("07-02", "易")
def expectation(d: Draw) -> Question:
    """What a customer expected, by the ratio model turned round."""
    felt, share = d.of(
        [
            (72, "0.9"),
            (72, "0.6"),
            (60, "0.8"),
            (84, "0.7"),
            (90, "0.75"),
            (66, "0.55"),
            (48, "0.6"),
        ]
    )
    wanted = felt / Decimal(share)
    d.note(felt=felt, share=share)
    return number(
        f"用本章的比值公式：客户的期望值＝实际感受÷满意度。一位客人的实际感受{felt}分，满意度{share}，他的期望值是多少分？",
        wanted, "分", f"{felt}÷{share}＝{said(wanted)}分。感受一样，想得越高，满意度越低。",
        [(felt * Decimal(share), "乘反了。满意度小于1，期望该比感受高。"),
         (felt - Decimal(share), "那是第10章的差值，这里用的是比值。"),
         (felt, "这是感受，还要除以满意度。")],
        0.005,
    )  # fmt: skip


@of("07-05", "难")
def too_late(d: Draw) -> Question:
    """What a late shipment costs: by which clock, of which kind, within which bounds."""
    name = d.of(["羊毛围巾", "水洗棉四件套", "宽松针织开衫", "珊瑚绒毯", "轻暖羽绒服"])
    worth = goods(name)[name]
    paid = datetime(2026, 1, d.between(5, 8), d.between(9, 20), tzinfo=SHANGHAI)
    late = d.between(2, 9)
    uploaded = paid + timedelta(hours=d.of([6, 12, 40]))
    picked = paid + timedelta(hours=48 + late)
    rules = LateRules(
        Decimal("0.05"),
        Decimal("0.10"),
        Decimal(3),
        Decimal(30),
        Decimal(24),
        "例子",
        date(2026, 1, 1),
    )
    found = late_shipment(
        Shipment(
            ship_promise(paid),
            worth,
            picked + timedelta(hours=1),
            uploaded=uploaded,
            picked_up=picked,
        ),
        rules,
    )
    other = rules.owed(worth, "延迟发货" if found.kind == "虚假发货" else "虚假发货")
    raw = worth * rules.part(found.kind)
    d.note(
        worth=str(worth),
        paid=paid.isoformat(),
        uploaded=uploaded.isoformat(),
        picked=picked.isoformat(),
    )

    def told(moment: datetime) -> str:
        return f"{moment.month}月{moment.day}日{moment:%H:%M}"

    gap = int((picked - uploaded).total_seconds() // 3600)
    return number(
        f"现货{name}{said(worth)}元，{told(paid)}付款。{told(uploaded)}上传单号，快递公司系统里{told(picked)}才首次揽收。"
        "这家平台的规则（例子）：延迟发货赔货款的5%，单号上传后超过24小时没有揽收算虚假发货，赔10%，都是最少3元、最多30元。赔多少元？",
        found.owed, "元",
        f"付款48小时后才揽收，晚了{late}小时；单号到揽收隔了{gap}小时，"
        + (f"超过24小时，算虚假发货，{said(worth)}×10%。" if found.kind == "虚假发货" else f"没超过24小时，算延迟发货，{said(worth)}×5%。")
        + f"不低于3元、不高于30元，赔{said(found.owed)}元。看的是快递系统的时间，不是上传的时间。",
        [(other, f"种类看单号到揽收隔了多久：{gap}小时，{'超' if found.kind == '虚假发货' else '没超'}过24小时。"),
         (raw, "算出来的数还要夹在3元和30元之间。"),
         (0, "单号传得再早，也要看快递公司系统里的首次揽收。"),
         (worth, "不是货款全赔，按比例赔。")],
        0.006,
    )  # fmt: skip


@of("07-05", "中")
def cheated(d: Draw) -> Question:
    """What a customer gets back in all, where there was fraud."""
    name, paid = d.of(
        [
            ("棉麻桌布", 58),
            ("羊毛围巾", 129),
            ("珊瑚绒毯", 99),
            ("宽松针织开衫", 169),
            ("水洗棉四件套", 199),
            ("轻暖羽绒服", 399),
            ("免烫衬衫", 119),
        ]
    )
    found = fraud(paid)
    d.note(paid=paid)
    return number(
        f"{name}{paid}元，被认定欺诈。退款连同增加的赔偿，客人一共拿回多少元？",
        found.total, "元",
        f"退{paid}元，再增加三倍{3 * paid}元{'，不足500元按500元' if 3 * paid < 500 else ''}，合计{said(found.total)}元。",
        [(found.extra, "漏了退的货款：三倍是在退款之外增加的。"),
         (3 * paid + paid, "三倍不足500元，要按500元。") if 3 * paid < 500
         else (paid + 500, "500元是不足时的底线，三倍比它高，按三倍。"),
         (2 * paid, "只增加了一倍，法律写的是三倍。"),
         (3 * paid - paid, "货款要退，不能从赔偿里扣回去。")],
        0.006,
    )  # fmt: skip


@of("07-04", "易")
def in_which_box(d: Draw) -> Question:
    """How long each of the five steps may take."""
    step = d.of(["分析", "解决", "记录", "跟踪"])
    words = {
        "倾听": "15分钟",
        "分析": "听完2分钟内",
        "解决": "24小时",
        "记录": "8小时内，当天",
        "跟踪": "3天内",
    }
    box = BOXES[step]  # type: ignore[index]
    d.note(step=step, seconds=box.total_seconds())
    what = {"分析": "归纳话里的事实，找到起因，复述给他听", "解决": "先安抚，再解释，最后给方案；要查的先应一声",
            "记录": "起因、责任认定、方案，写全", "跟踪": "办完还要查效果，问客人一声"}[step]  # fmt: skip
    return single(
        d, f"五步的时间盒由本店定。“{step}”这一步——{what}，最长多久？",
        (words[step], f"本店定的是{words[step]}。时间盒到了没有动，单子自己往上走。"),
        [(time, f"那是“{name}”的时间盒。") for name, time in words.items() if name != step],
    )  # fmt: skip


@of("07-04", "难")
def anger(d: Draw) -> Question:
    """How angry a customer is after some moves, by the chapter's teaching model."""
    start = d.of([20, 30, 40])
    wrong = d.of([True, False])
    path = (
        ["解释", "倾听", "分析", "安抚", "方案"]
        if wrong
        else ["倾听", "分析", "安抚", "解释", "方案"]
    )
    felt = heat(path, start)  # type: ignore[arg-type]
    end = felt[-1].heat
    d.note(start=start, path=path)
    shown = "、".join(path)
    return single(
        d, f"照本章的教学模型，一位客人来时火气{start}，客服依次做了：{shown}。方案给出来的时候，火气还剩多少，谈得成吗？",
        (f"{end}，{'谈得成' if end <= 20 else '谈不成'}",
         f"一步一步走：{'、'.join(str(one.heat) for one in felt)}。方案之后{end}，20以下才谈得成。" + ("先解释，头一步火气就翻倍。" if wrong else "")),
        [(f"{start - 34}，谈得成" if start > 34 else "0，谈得成", "火气不是一步到位，要一步一步算。"),
         (f"{felt[0].heat}，谈不成", "这是只做了头一步的。"),
         (f"{end}，{'谈不成' if end <= 20 else '谈得成'}", "20以下谈得成，方向反了。"),
         (f"{start}，谈不成", "这是他来的时候，五步都还没做。")],
    )  # fmt: skip


@of("07-03", "中")
def the_judge(d: Draw) -> Question:
    """Whom a platform upholds: by the burden and the firmest proof of each side."""
    claim = CLAIMS[d.of(list(CLAIMS))]
    mine = [one for one in claim.proofs if one.speaks_for == claim.burden]
    theirs = [one for one in claim.proofs if one.speaks_for != claim.burden]
    handed = [*d.some(mine, d.between(0, len(mine))), *d.some(theirs, d.between(0, len(theirs)))]
    ruling = judge([one.name for one in handed], claim)
    d.note(claim=claim.name, handed=[one.name for one in handed])
    parts = []
    for side in (claim.burden, "卖家" if claim.burden == "买家" else "买家"):
        names = [f"“{one.name.strip('“”')}”" for one in handed if one.speaks_for == side]
        parts.append(f"{side}{'交了' + '、'.join(names) if names else '什么也没有交'}")
    shown = "，".join(parts)
    other: Side = "卖家" if claim.burden == "买家" else "买家"
    firm = {
        side: f"最硬的是“{FIRMNESS[place]}”" if place >= 0 else "什么也没有交"
        for side, place in ruling.firmness.items()
    }
    strong = max((one.firmness for one in mine), default=0) >= 2
    return single(
        d, f"案子：{claim.says}该{claim.burden}证明。现在{shown}。照本章的法官，支持谁？",
        (f"支持{ruling.upheld}", f"{claim.burden}{firm[claim.burden]}，{other}{firm[other]}。"
         f"{'该证明的一方证明到了' if ruling.upheld == claim.burden else '该证明的一方没有证明到，或对方的更硬'}，支持{ruling.upheld}。"),
        [(f"支持{other if ruling.upheld == claim.burden else claim.burden}", "只看两边最硬的那一样，和该谁证明，不看嗓门、不看谁说的是真话。"),
         ("两边各退一半", "平台要判一方，不和稀泥。"),
         ("谁交得多支持谁", "十张自己写的，还是自己写的。"),
         ("让双方再补，先不判", "到期拿不出，按没有处理。" if strong else "手上有什么判什么。")],
    )  # fmt: skip


@of("07-01", "易")
def which_root(d: Draw) -> Question:
    """Which of the four causes a dispute has."""
    return which(
        d, "{}。按四类成因，先归哪一类？",
        [("毯子到的时候外箱压扁，边上磨出一个洞", "第三方物流：货进了物流，店铺的控制力就弱了", "事情出在路上，先给客人办，再找快递。"),
         ("页面写“加厚”，收到的毯子比他想的薄", "客户期望：说得好、想得高，拿到的差一截", "想得比拿到的高。若真不够厚，就是与描述不符。"),
         ("客人说不要了，客服还连着推了五样", "服务：态度差、推销不当、素养不够、过度推销", "过度推销，是服务的四种样子之一。"),
         ("开衫洗标写冷水手洗，他机洗缩了一圈", "商品或服务质量：不达标、包装致损，误用也归这里", "归类看事情出在哪，不等于认错，洗标就是凭证。"),
         ("杯子的包装太薄，到手缺了一个口", "商品或服务质量：不达标、包装致损，误用也归这里", "包装不当弄坏的，也归质量类。"),
         ("客服回得又慢又冲，还说“您自己没看清”", "服务：态度差、推销不当、素养不够、过度推销", "态度差，是服务的四种样子之一。")],
        {"第三方物流：货进了物流，店铺的控制力就弱了": "路上坏了、慢了、丢了，才归物流。",
         "客户期望：说得好、想得高，拿到的差一截": "想得比拿到的高，才归期望。",
         "服务：态度差、推销不当、素养不够、过度推销": "人的态度、推销、本事，才归服务。",
         "商品或服务质量：不达标、包装致损，误用也归这里": "货坏了、不达标，误用也归这里。"},
    )  # fmt: skip


@of("07-04", "中")
def five_steps(d: Draw) -> Question:
    """The five steps in order, with what belongs to each."""
    return order(
        d, "一位客人火气正大，从接住到了结，先后怎么排？",
        ["倾听：不打断，让他把气出完", "分析：归纳事实，2分钟内复述给他听", "解决：先安抚",
         "解决：再解释，求理解", "解决：提方案，带时间", "记录：起因、责任、方案写全", "跟踪：3天内回访，办完还要查效果"],
        "倾听、分析、解决（安抚→解释→方案）、记录、跟踪。次序就是本事：先解释，火气翻倍。", 6,
    )  # fmt: skip


@of("07-13", "中")
def serious(d: Draw) -> Question:
    """Which things are one of the three serious complaints."""
    return multiple(
        d, "林姐翻一周的投诉记录，哪些够得上三类严重投诉？",
        [("客人说了“别再打了”，客服还一天三个电话", True, "恶意骚扰：用恶劣手段骚扰、妨害买家。"),
         ("聊天里答应补寄的抱枕，过后说没货了", True, "违背承诺：拒绝提供自己承诺过的服务。"),
         ("现货付款三天，快递公司系统里还没有揽收", True, "延迟发货看快递公司系统的时间。"),
         ("预售约好1月20日发，25日还没有发", True, "预售没在约定的时间发，也是延迟发货。"),
         ("说好5号中午12点前回话，到6号还没有一个字", True, "“12点前回您”也是承诺，没回就是违背。"),
         ("客人给的满意度打了一星", False, "这是服务评价，要改，不在三类里。"),
         ("客人嫌运费贵，来争两句", False, "还能商量，不是投诉。"),
         ("客人申请七天无理由，说不喜欢", False, "不喜欢也能退，这是一般售后。"),
         ("快递把货放进柜子，客人没接到电话", False, "先查签收底单，是售后，不是投诉。")],
    )  # fmt: skip


@of("07-10", "中")
def price_drop(d: Draw) -> Question:
    """What to say to who bought just before the price fell."""
    name, gap = d.of([("珊瑚绒毯", 10), ("水洗棉四件套", 20), ("羊毛围巾", 15), ("免烫衬衫", 10)])
    days = d.between(2, 5)
    return single(
        d, f"“{d.person()}”{days}天前买的{name}今天便宜了{gap}元，来问：“{days}天就降，你们耍我？”哪一句接得最好？",
        (f"刚买{days}天就便宜了，换我也别扭。我先看您这单有没有价保，十分钟内回您。", "先认这口气，再查，带时间。"),
        [("价格随市场浮动，我们也没办法，您当时买的就是那个价呀。", "句句不错，只是在说他不该来。"),
         ("那您申请退款再拍一次吧，差价就到手了。", "一进一出折腾他，销量和退款率也不真。"),
         ("降价您也享受过呀，别家降得比我们还多。", "跟他辩，还把别家扯进来。"),
         (f"给您加微信转{gap}元，您别给差评。", "私人转账没有凭证，还和评价挂钩，两样都不行。"),
         ("您当时买贵了，说明您喜欢，好东西不怕贵。", "他来说别扭，你在说他该。")],
    )  # fmt: skip


@of("07-09", "易")
def fifteen_days(d: Draw) -> Question:
    """The last day before leaving a request alone counts as stalling on purpose."""
    asked = date(2026, 1, d.between(3, 15))
    last = last_day(asked)
    d.note(asked=asked.isoformat())

    def told(moment: date) -> str:
        return f"{moment.month}月{moment.day}日"

    return single(
        d, f"客人{told(asked)}要求退货，店里一直没有处理。过15日不处理就算故意拖延，最后一天是哪天（规则没写从哪天数，本书从严，提出当天算第1天）？",
        (told(last), "提出当天算第1天，15日内要处理；过了就算故意拖延。早处理为好，别踩这条线。"),
        [(told(last - timedelta(days=1)), "只数了14天。"),
         (told(last + timedelta(days=1)), "按第二天算第1天，就晚了一天。规则没写从哪天起算，照严的走。"),
         (told(asked + timedelta(days=7)), "七日是无理由退货的期限，不是这一条。"),
         (told(asked + timedelta(days=30)), "没有三十天这一说。")],
    )  # fmt: skip


@of("07-12", "难")
def hundred_cases(d: Draw) -> Question:
    """What two shares of disputes won can and cannot say."""
    one_all, two_all = d.between(28, 45), d.between(14, 22)
    one_won = round(one_all * d.of([0.5, 0.55, 0.6]))
    two_won = d.between(1, max(2, round(two_all * 0.5)))
    low_one, high_one = wilson(one_won, one_all)
    low_two, high_two = wilson(two_won, two_all)
    apart = low_one > high_two or low_two > high_one
    d.note(one=(one_won, one_all), two=(two_won, two_all))
    return single(
        d, f"一年的纠纷：期望类{one_all}件，店里赢{one_won}件，95%区间{percent(low_one, 0)}%到{percent(high_one, 0)}%；"
        f"物流类{two_all}件，赢{two_won}件，区间{percent(low_two, 0)}%到{percent(high_two, 0)}%。能说什么？",
        (("两段不碰，说得出期望类赢得多些" if apart else "两段叠着，还看不出哪类好打"),
         f"区间{'不' if apart else ''}叠着，{'这一对说得出高低' if apart else '说不出高低'}；为什么赢，表里没有凭证那一列，仍旧不知道。"),
        [("期望类好打，往后别打物流的", "表说的是一堆，说不了下一件该不该打。"),
         ("把两类加在一起，总的胜率更准", "加在一起，两类就分不开了。"),
         ("赢得少是因为物流类没有凭证", "为什么赢，表里没有凭证那一列。"),
         ("两类一样，差得多半是碰巧" if apart else "期望类赢得多，可以写进汇报", "区间说了另一回事。")],
    )  # fmt: skip
