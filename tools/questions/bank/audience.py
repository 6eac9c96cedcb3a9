"""Chapter 12 asked again: four figures, RFM, tags of and, or, not, the gate, uplift and not conversion."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from kefu.demos.quiz import Question
from kefu.operations.audience import Outreach, WorldGroup, gate, tag, uplift, worlds
from kefu.operations.clv import SHOP, RepeatHistory
from kefu.operations.rfm import NAMES, RfmCuts
from tools.questions.bank.draw import (
    Draw,
    multiple,
    number,
    number_of,
    of,
    order,
    percent,
    said,
    single,
    which,
)


@of("12-01", "中")
def four_figures(d: Draw) -> Question:
    """One of the rates of regulars, each with its own denominator."""
    old, visited = d.between(400, 900, 100), d.between(150, 300, 10)
    again = d.between(60, 120, 10)
    money = again * d.between(150, 260, 10)
    asked = d.of(["回访率", "期内复购率", "人均复购额"])
    answers = {
        "回访率": Fraction(100 * visited, old),
        "期内复购率": Fraction(100 * again, old),
        "人均复购额": Fraction(money, again),
    }
    unit = "元" if asked == "人均复购额" else "%"
    d.note(old=old, visited=visited, again=again, money=money, asked=asked)
    how = {
        "回访率": f"回访{visited}÷老客{old}",
        "期内复购率": f"复购{again}÷老客{old}",
        "人均复购额": f"复购金额{money}÷复购{again}",
    }[asked]
    return number(
        f"期初有老客{old}位。这一季{visited}位回来过，其中{again}位又成交，一共付了{money}元。{asked}是多少{'元' if unit == '元' else '（百分之几）'}？保留一位小数。",
        answers[asked], unit, f"{how}＝{said(answers[asked], 1)}{unit}。期内复购率的分母是期初老客，不是回来过的人。",
        [(Fraction(100 * again, visited) if unit == "%" else Fraction(money, old), "分母用了回来过的人。" if unit == "%" else "分母该是复购的人，不是全部老客。"),
         (answers["回访率"] if asked != "回访率" else answers["期内复购率"], "这是另一个率。"),
         (Fraction(money, visited), "这是每位回访的客人摊到几元。") if unit == "元" else (Fraction(money, old), "这是每位老客摊到几元，不是几成。"),
         (again, "这是人数，还要除。")],
        0.06, 1,
    )  # fmt: skip


@of("12-01", "易")
def rfm_class(d: Draw) -> Question:
    """Which of the eight classes a customer is in."""
    cuts = RfmCuts(90, 2, 320)
    days, orders, amount = d.of([20, 75, 130, 200]), d.of([1, 2, 4]), d.of([150, 290, 420, 610])
    name = cuts.segment(days, orders, amount)
    d.note(days=days, orders=orders, amount=amount)
    high = [days <= 90, orders >= 2, amount >= 320]
    shown = "、".join(
        f"{letter}{'高' if up else '低'}" for letter, up in zip("RFM", high, strict=True)
    )
    does = {
        "重要价值": "多给优先",
        "重要发展": "劝他再来一单",
        "重要保持": "先打听缘故",
        "重要挽留": "先问一声",
        "一般价值": "常来，搭配着荐",
        "一般发展": "新来的，先照看好",
        "一般保持": "提醒一次",
        "一般挽留": "别花短信钱",
    }
    near = []
    for place, letter in enumerate("RFM"):
        flags = [up != (at == place) for at, up in enumerate(high)]
        near.append((NAMES[flags[0], flags[1], flags[2]], letter))
    return single(
        d, f"刀口划在90天、2单、320元。一位客人{days}天前来过，买过{orders}单，一共付了{amount}元。她是哪一类？",
        (name, f"{shown}，是{name}：{does[name]}。刀口是人定的，报表先说刀口。"),
        [(other, f"{letter}看反了。") for other, letter in near] + [("看不出，先别分", "三样都有数，照刀口就分得出。")],
    )  # fmt: skip


@of("12-03", "中")
def and_or_not(d: Draw) -> Question:
    """How many of a few customers a formula of tags selects."""
    rows = [
        {"who": name, "orders": orders, "days": days, "sms": sms}
        for name, orders, days, sms in zip(
            d.mixed(["甲", "乙", "丙", "丁", "戊", "己"]),
            [3, 3, 1, 2, 5, 1],
            [120, 20, 90, 150, 70, 10],
            [True, True, True, False, True, False],
            strict=True,
        )
    ]
    often, asleep, agreed = (
        tag("买过两单以上", "orders", ">=", 2),
        tag("60天没来", "days", ">=", 60),
        tag("同意短信", "sms", "==", True),
    )
    name, formula, fits, slips = d.of([
        ("“买过两单以上”且“60天没来”", often & asleep, "两样都要有",
         [(often | asleep, "这是“或”，有一样就算进来了。"), (often, "60天没来的那一样没有看。")]),
        ("“买过两单以上”或“同意短信”", often | agreed, "有一样就算",
         [(often & agreed, "这是“且”，两样都要才算。"), (often, "只同意短信的也算。")]),
        ("“60天没来”且非“同意短信”", asleep & ~agreed, "60天没来，又没同意",
         [(asleep & agreed, "漏了“非”，反了。"), (asleep, "同意的要去掉。")]),
        ("“买过两单以上”且“60天没来”且“同意短信”", often & asleep & agreed, "三样都要有",
         [(often & asleep, "没同意短信的要去掉。"), (often | agreed, "这是“或”，有一样就算进来了。")]),
    ])  # fmt: skip
    chosen = sorted(str(row["who"]) for row in formula.select(rows))
    d.note(
        rows=tuple((row["who"], row["orders"], row["days"], row["sms"]) for row in rows),
        formula=name,
    )
    shown = "；".join(
        f"{row['who']}买过{row['orders']}单、{row['days']}天没来、{'同意' if row['sms'] else '没同意'}短信"
        for row in sorted(rows, key=lambda row: "甲乙丙丁戊己".index(str(row["who"])))
    )
    wrong = [(f"{len(slip.select(rows))}位", why) for slip, why in slips]
    wrong += [
        (f"{n}位", "一位一位对一遍，数错了。")
        for n in (len(chosen) + 1, max(len(chosen) - 1, 0), 6)
    ]
    return single(
        d, f"六位客人：{shown}。照式子{name}去圈，圈得到几位？",
        (f"{len(chosen)}位", f"{fits}，是{'、'.join(chosen)}。先估人数，再定说什么、留谁对照。"),
        [one for one in wrong if one[0] != f"{len(chosen)}位"],
    )  # fmt: skip


@of("12-04", "难")
def the_gate(d: Draw) -> Question:
    """How many a gate lets through, after consent, refusals and the cap."""
    people, sent = [], []
    kinds = {
        "没同意": d.between(3, 6),
        "退订过": d.between(1, 3),
        "这个月收过两条": d.between(1, 4),
        "可以发": d.of([8, 12, 16]),
    }
    for kind, count in kinds.items():
        for n in range(count):
            who = f"{kind}{n}"
            people.append(
                {
                    "customer_id": who,
                    "sms_consent": kind != "没同意",
                    "unsubscribed": kind == "退订过",
                }
            )
            if kind == "这个月收过两条":
                sent += [(who, date(2026, 2, 1)), (who, date(2026, 2, 2))]
    control = d.of([0.5, 0.25])
    found = gate(
        people,
        Outreach("短信", date(2026, 2, 3), "回T退订", control=control, ends=date(2026, 2, 9)),
        sent,
        seed=1,
    )
    d.note(kinds=kinds, control=control)
    through = kinds["可以发"]
    return number(
        f"圈出{len(people)}位老客要发短信：{kinds['没同意']}位没同意收短信，{kinds['退订过']}位退订过，"
        f"{kinds['这个月收过两条']}位30天里已收过两条（上限两条），其余的都能发。抽签留{percent(control, 0)}%做对照。最后发给几位？",
        len(found.send), "位",
        f"过三道闸剩{through}位，抽{len(found.control)}位留作对照，发给{len(found.send)}位。拦下的要说得出名字和原因。",
        [(through, "对照是从这里面抽走的，他们不发。"),
         (len(people), "没同意、退订过、超过次数的，一位也不发。"),
         (through + kinds["这个月收过两条"], "这个月已经够了两条的，也要拦下。"),
         (through + kinds["退订过"], "退订过的不再发。")],
    )  # fmt: skip


@of("12-04", "中")
def which_tool(d: Draw) -> Question:
    """Which of the five tools fits."""
    return which(
        d, "{}。先用哪一个触达工具？",
        [("老客进店逛，想让他一进门就看见新到的花色", "人群海报：进店看得见，先装修相应模块", "人在店里、不急，海报最轻。"),
         ("给三个月没来、同意过短信的人一个回来的理由，而且他不在店里", "短信触达：不在店里又急的，先充值", "不在店里、要个回音，短信付钱、要同意。"),
         ("买过香薰蜡烛的人，点了两个月，快用完了", "复购提醒：复购率较高的商品，经消息盒子", "商品真会用完，才提醒。"),
         ("新客看过没下单，给他一张首单券", "新客触达：还没买过的人，先装修相应模块", "没买过的人，用新客触达。"),
         ("进店的老客，嫌不够便宜", "人群优惠券：进店又要个理由的，先装修相应模块", "进店、要让利，用人群优惠券。")],
        {"人群海报：进店看得见，先装修相应模块": "进店才看得见，不在店里的用不着。",
         "短信触达：不在店里又急的，先充值": "每条付钱、最扰人，不急的别用。",
         "复购提醒：复购率较高的商品，经消息盒子": "几年才买一次的，不用月月提醒。",
         "新客触达：还没买过的人，先装修相应模块": "买过的人用不着新客触达。",
         "人群优惠券：进店又要个理由的，先装修相应模块": "没让利的理由、不在店里，先不发券。"},
    )  # fmt: skip


@of("12-04", "难")
def uplift_not_conversion(d: Draw) -> Question:
    """What a send brought, with a control group drawn by lot."""
    treated, control = d.of([400, 500, 600]), d.of([400, 500])
    control_bought = d.between(20, 40)
    bought = round(treated * control_bought / control) + d.of([4, 8, 30, 40])
    found = uplift((bought, treated), (control_bought, control))
    points = 100 * Fraction(bought, treated) - 100 * Fraction(control_bought, control)
    d.note(treated=(bought, treated), control=(control_bought, control))
    rates = percent(Fraction(bought, treated)), percent(Fraction(control_bought, control))
    return number(
        f"抽签分两组：发券的{treated}位，{bought}位下单；没发的{control}位，{control_bought}位下单。券的增量是几个百分点？保留一位小数。",
        number_of(points, 1), "个百分点",
        f"{rates[0]}%－{rates[1]}%＝{said(points, 1)}个百分点，95%区间{percent(found.low)}到{percent(found.high)}。"
        f"{'这个差站得住。' if found.sure else '这个差还说不准是不是碰巧。'}",
        [(number_of(100 * Fraction(bought, treated), 1), "这是转化率，里面有本来就会买的。"),
         (number_of(100 * Fraction(bought, treated) / Fraction(100 * control_bought, control) * 100 - 100, 1), "多几成是倍数的说法，问的是百分点。"),
         (bought - control_bought, "这是单数，要按人数化成率再减。"),
         (number_of(100 * Fraction(control_bought, control), 1), "这是没发的那一组。")],
        0.06, 1,
    )  # fmt: skip


@of("12-03", "难")
def who_to_send(d: Draw) -> Question:
    """Whom to send to, by two worlds at once."""
    coupon, message, margin = d.of([15, 20]), d.of([0, 1]), d.of([60, 70])
    groups = [
        WorldGroup("醒着的", 40, anyway=20, moved=d.between(1, 3)),
        WorldGroup("睡着的", 40, anyway=2, moved=d.between(6, 10)),
        WorldGroup("从没来的", 20, anyway=0, moved=0),
    ]
    chosen = {
        name: worlds(groups, names, coupon=coupon, message=message, margin=margin)
        for name, names in [
            ("只发给睡着的", ["睡着的"]),
            ("人人都发", [one.name for one in groups]),
            ("只发给醒着的", ["醒着的"]),
            ("睡着的和醒着的都发", ["睡着的", "醒着的"]),
        ]
    }
    best = max(chosen, key=lambda name: chosen[name].gain)
    d.note(
        best=best,
        coupon=coupon,
        message=message,
        margin=margin,
        groups=tuple((one.name, one.people, one.anyway, one.moved) for one in groups),
    )
    shown = "；".join(
        f"{one.name}{one.people}位，本来就会买{one.anyway}位，有券才买{one.moved}位"
        for one in groups
    )
    return single(
        d, f"一张券{coupon}元，每单毛利{margin}元，每发一位花{message}元。{shown}。下单的人人用掉一张券，发给谁最划算？",
        (best, f"净赚{said(chosen[best].gain, 0)}元。醒着的本来就买，券多半白送；最可能买的人，不是最该发的人。"),
        [(name, f"净赚{said(chosen[name].gain, 0)}元。") for name in chosen if name != best],
    )  # fmt: skip


@of("12-01", "难")
def still_there(d: Draw) -> Question:
    """Which quiet customer to call, by how likely he is still there."""
    fast, slow = (
        RepeatHistory(d.between(7, 10), 20.0, 30.0),
        RepeatHistory(d.between(1, 2), 20.0, 30.0),
    )
    late = RepeatHistory(fast.repeats, 29.0, 30.0)
    people = {"甲": fast, "乙": slow, "丙": late}
    alive = {name: SHOP.alive(one) for name, one in people.items()}
    first = min(alive, key=lambda name: alive[name])
    d.note(people={name: (one.repeats, one.last, one.known) for name, one in people.items()})
    lines = "；".join(
        f"{name}首单后又买{one.repeats}次，最近一次在第{one.last:g}周"
        for name, one in people.items()
    )
    return single(
        d, f"认识满30周的三位客人：{lines}。照本章的模型，谁的安静最反常，该先打个电话？",
        (first, f"还在的概率：{'、'.join(f'{name}{percent(alive[name], 0)}%' for name in people)}。买得勤的静下来，最要紧。"),
        [(name, f"模型说还在的概率{percent(alive[name], 0)}%，不是最低的。拿他自己的步子量，不能一把尺子量人人。") for name in people if name != first]
        + [("三位一样，都十周没来", "丙上周才来过；甲跟乙，快慢也不一样。")],
    )  # fmt: skip


@of("12-06", "易")
def which_audience(d: Draw) -> Question:
    """Which of the four kinds of audience one is."""
    return which(
        d, "{}。四类人群里，这是哪一类？",
        [("平台说“这周主推这群人”，直接给到后台", "官方推荐：平台或行业的算法直接给", "算法给的，引导商家投。"),
         ("在达摩盘里圈好了一群，同步过来用", "渠道同步：在别处建好同步来", "达摩盘、数据银行、天猫超市，都是同步来的。"),
         ("行业里按换季做好的“换季人群”", "行业定制：按行业策略做好的", "行业策略做好的。"),
         ("自己拿“买过毛毯”且“满一年没来”交叉出来的", "自定义：自己用标签交叉", "选标签、设内容、筛选、保存、投放。")],
        {"官方推荐：平台或行业的算法直接给": "算法直接给的才是。", "渠道同步：在别处建好同步来": "在别处建好的才是。",
         "行业定制：按行业策略做好的": "按行业策略做好的才是。", "自定义：自己用标签交叉": "自己用标签交叉的才是。"},
    )  # fmt: skip


@of("12-03", "中")
def circle(d: Draw) -> Question:
    """The order of circling an audience."""
    return order(
        d, "圈一群人发券，先后怎么排？",
        ["“人群管理”里点“新建人群圈选”", "在“创建人群”里选标签", "设内容：满一年，而且没再买",
         "筛出人来，看人数跟估的差多少", "点“立即保存人群”", "抽签留一半不发", "投放，写好看几天、到哪天停"],
        "先圈选，后投放：没保存，推广时选不到；没留对照，事后就不知道。", 6,
    )  # fmt: skip


@of("12-04", "难")
def five_questions(d: Draw) -> Question:
    """Whether a campaign is ready to go: the five questions."""
    return multiple(
        d, "618前的一次触达，哪些做法过得了发前五问？",
        [("写明回T退订，退订的当天撤下，名单换家也带着", True, "退得掉，还当天撤。"),
         ("这个月已收过两条的，这回不发", True, "这月第几次，有上限。"),
         ("抽签留一成不发，说好看七天", True, "留对照，何时停。"),
         ("没同意收短信的，进店时给他看海报", True, "没同意不发短信，换海报接着他。"),
         ("圈得越细越好，只剩两位也要做实验", False, "少到个位数，就一个个说话，别谈实验。"),
         ("没留对照，事后找“差不多的人”来比", False, "不抽签，找谁来比都不算数。"),
         ("先发出去，停不停看后天的数再说", False, "何时停要先写好。"),
         ("老客打折比新客少一点，这群人贵一点卖", False, "同样的东西，不能对老客卖得贵。"),
         ("让利给谁不用留名单，转化高就行", False, "转化里有本来就会买的人。")],
    )  # fmt: skip


@of("12-02", "易")
def report(d: Draw) -> Question:
    """What a campaign report may and may not say."""
    bought, sent_to = d.between(30, 60), d.of([600, 800])
    share = percent(Fraction(bought, sent_to))
    return single(
        d, f"周老板又拟了一份战报：“老客券发给{sent_to}位，{bought}位下单，转化{share}%，比没收券的老客高，"
        "结论：618全员发券。”没有抽签留对照。改成哪一句才敢签名？",
        ("没有留对照，券多带来几单，不知道", "收券的人本来就买得勤；没抽签，差多少是券的，说不出。"),
        [("券用掉的那些，都是它带来的", "用券的人里也有本来就会买的。"),
         (f"多卖了{bought}单，再发一次就有{bought}单", "没有券，里面也有人会买。"),
         ("券没有用，没收券的也差不多", "没对照，也不能说没有用。"),
         (f"转化{share}%比平时高，说明券管用", "没对照，再高也说不出管不管用。")],
    )  # fmt: skip
