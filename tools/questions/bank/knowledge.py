"""Chapter 14 asked again: entries of one meaning, reminders, lift beyond chance, the bill, kappa, four lamps."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from kefu.clock import SHANGHAI
from kefu.demos.quiz import Question
from kefu.intelligence.economics import ShopCase, bot_versus_agent, cheapest, merchant_tier
from kefu.intelligence.errands import every_time
from kefu.intelligence.followup import Order, RemindPolicy, plan
from kefu.intelligence.labels import agreement
from kefu.intelligence.lamps import LAMPS, check
from kefu.intelligence.recommend import Pairing
from tools.questions.bank.draw import (
    Draw,
    multiple,
    number,
    of,
    order,
    percent,
    said,
    single,
    which,
)


@of("14-06", "难")
def the_bill(d: Draw) -> Question:
    """What robot with people costs a month, wrong answers included."""
    contacts, keeps = d.of([60, 100, 120, 160]), d.of([70, 75, 80])
    robot_wrong, person_wrong = d.of([5, 10]), d.of([2, 3])
    wrong, people = d.of([8, 10, 15]), d.of([1, 2])
    asked = contacts * 30
    by_robot = asked * keeps // 100
    errors = Fraction(by_robot * robot_wrong + (asked - by_robot) * person_wrong, 100)
    books = 3000 * people + 199
    total = books + errors * wrong
    d.note(
        contacts=contacts,
        keeps=keeps,
        robot_wrong=robot_wrong,
        person_wrong=person_wrong,
        wrong=wrong,
        people=people,
    )
    return number(
        f"一天{contacts}位咨询，一个月30天。机器人一年2388元，自己答{keeps}%，其中错{robot_wrong}%；其余由{people}位客服接，"
        f"月薪3000元一位，错{person_wrong}%。错一次最后赔{wrong}元。机器人先接，一个月一共花多少元？",
        total, "元",
        f"账上{3000 * people}＋2388÷12＝{books}元；机器人答{by_robot}次、人答{asked - by_robot}次，一共错{said(errors)}次，赔{said(errors * wrong)}元；"
        f"合计{said(total)}元。",
        [(books, "这是账面上看得见的，答错的没有算。"),
         (books - 199 + 2388 + errors * wrong, "2388元是一年的，一个月只摊199元。"),
         (199 + errors * wrong, "机器人答不了的，还要有人接。"),
         (books + Fraction(by_robot * robot_wrong, 100) * wrong, "人也会错，漏了人错的那些。")],
        1,
    )  # fmt: skip


@of("14-06", "难")
def which_is_cheapest(d: Draw) -> Question:
    """Which team is cheapest, once wrong answers are counted."""
    case = ShopCase(
        d.of([30, 60, 120, 200]), keeps=Decimal(d.of(["0.7", "0.77", "0.8"])), robot_wrong=Decimal(d.of(["0.06", "0.12", "0.2"])),
        wrong=Decimal(d.of([5, 10, 20])),
    )  # fmt: skip
    bills = bot_versus_agent(case)
    best = cheapest(bills)
    d.note(
        contacts=case.contacts,
        keeps=str(case.keeps),
        robot_wrong=str(case.robot_wrong),
        wrong=str(case.wrong),
    )
    words = {
        "只用人": "只用人",
        "只用机器人": "只用机器人",
        "机器人先接": "机器人先接，答不了的转人",
    }
    shown = "；".join(f"{words[one.team]}{said(one.total, 0)}元" for one in bills)
    return single(
        d, f"一天{case.contacts}位咨询，机器人自己答{percent(case.keeps, 0)}%、其中错{percent(case.robot_wrong, 0)}%，"
        f"答错一次最后赔{said(case.wrong, 0)}元，没人接的一位亏5元，客服一天接80位、月薪3000元。一个月哪一种接法最省？",
        (words[best.team], f"一个月：{shown}。把答错的算进去，再比。"),
        [(words[one.team], f"一个月要{said(one.total, 0)}元。") for one in bills if one is not best]
        + [("都一样，看老板喜欢哪个", f"差得远：{shown}。")],
    )  # fmt: skip


@of("14-07", "易")
def which_tier(d: Draw) -> Question:
    """Which of the five sizes a shop is, where chats decide."""
    contacts, revenue = d.of(
        [
            (30, 1500),
            (80, 3000),
            (300, 15000),
            (900, 50000),
            (2500, 120000),
            (40, 12000),
            (600, 9000),
        ]
    )
    tier = merchant_tier(contacts, revenue).tier
    names = ("初创", "成长", "成熟", "大型", "龙头")
    advice = {
        "初创": "只用基础对话，先提运营能力",
        "成长": "用营销与推荐，提询单转化与客单价",
        "成熟": "专人管知识，大促前逐条复核",
        "大型": "两人标注、每周补缺口",
        "龙头": "机器人有自己的团队",
    }
    spans = {
        "初创": "不到50",
        "成长": "50到200",
        "成熟": "200到500",
        "大型": "500到2000",
        "龙头": "2000以上",
    }
    d.note(contacts=contacts, revenue=revenue)
    return single(
        d, f"一家店日接待{contacts}位，日营收{revenue}元。两样打架时本书定接待量说了算。归五级里的哪一级？",
        (f"{tier.name}：{advice[tier.name]}", f"日接待{contacts}位，归{tier.name}；营收只管预算。"),
        [(f"{name}：{advice[name]}", f"一天{spans[name]}位的才归{name}，看接待量，不看营收。") for name in names if name != tier.name],
    )  # fmt: skip


@of("14-12", "难")
def entries(d: Draw) -> Question:
    """What an entry of the knowledge base must be like."""
    return multiple(
        d, "把老客服的笔记写成知识，下面哪些写法对？",
        [("一条只答一件事，标准问之外写五种以上相似问", True, "一问一义，问法多一点才听得出。"),
         ("短答先结论，后条件，再下一步", True, "结论埋在末尾，机器人就摘错了。"),
         ("标上话题、商品、有效期、负责人", True, "没有人管、没有日期，过期了也没人知道。"),
         ("写完换几种说法试问，再上线", True, "试问过了再放出去。"),
         ("K191里夹着半句货到付款，K272整条都是它，就两条都留", False, "并成一条，两条都认就没人知道哪条算数。"),
         ("有效期一年不用管，反正都是常识", False, "价格、活动、时效到期必须复核。"),
         ("先上线，看客人问了什么再改短答", False, "先试问，再上线。"),
         ("“部分地区支持货到付款”简写成“支持”，好读", False, "丢了条件，就成了许错的那一句。"),
         ("商品问题图不图快都设成直连人工", False, "说不清、赔不起的才直连。")],
    )  # fmt: skip


@of("14-05", "中")
def remind_when(d: Draw) -> Question:
    """When a reminder goes out, and what holds it back."""
    hour, minute = d.of([(9, 0), (14, 30), (19, 55), (20, 30), (21, 50), (23, 0), (7, 10)])
    channel = d.of(["旺旺", "短信"])
    consented = d.of([True, True, False])
    told = d.of([0, 0, 0, 1])
    moment = datetime(2026, 3, 5, hour, minute, tzinfo=SHANGHAI)
    asked = Order(moment, consented=consented, told=frozenset({"催付"}) if told else frozenset())
    out = plan(asked, RemindPolicy(), channel)  # type: ignore[arg-type]
    d.note(hour=hour, minute=minute, channel=channel, consented=consented, told=told)
    after = moment + timedelta(minutes=10)
    goes = out.at is not None
    return single(
        d, f"“{d.person()}”{hour:02d}:{minute:02d}下单没付款，{'催过一次' if told else '没催过'}，{'同意过' if consented else '没同意过'}收短信。"
        f"照本章的规矩（满10分钟催一次，旺旺8到22点，短信9到20点、还要同意），用{channel}，几时催？",
        ((f"{after:%H:%M}催一次" if goes else "不催"),
         (f"满10分钟是{after:%H:%M}，在钟点里，催一次。" if goes else f"{out.why}。")),
        [("不催" if goes else f"{after:%H:%M}催一次", "满10分钟、没催过、在钟点里，可以催一次。" if goes else f"规矩不许：{out.why}。"),
         (f"{after:%H:%M}催，十分钟后再催一次", "一单只催一次。"),
         ("马上催，趁他还在页面上", "下单到10分钟之间不催，他多半自己会付。"),
         ("第二天早上八点补催一次", "这一单放过就放过了，夜里不催也不补两次。")],
    )  # fmt: skip


@of("14-14", "难")
def lift(d: Draw) -> Question:
    """How many times as often two goods are bought together, and whether it holds."""
    orders = d.of([1200, 1500, 2000])
    first, second = d.of([200, 260, 300]), d.of([80, 100, 150])
    expected = first * second / orders
    together = round(expected * d.of([0.9, 1.1, 2.2, 3]))
    pair = Pairing("A", "B", together, first, second, orders, tried=276)
    d.note(orders=orders, first=first, second=second, together=together)
    return number(
        f"一共{orders}单，买马克杯的{first}单，买桌布的{second}单，两样都有的{together}单。提升度是几倍？保留一位小数。"
        "（提升度＝同单的占这一件的比例，除以那一件占全部的比例）",
        pair.lift, "倍",
        f"（{together}÷{first}）÷（{second}÷{orders}）＝{said(pair.lift, 1)}倍。一次查{pair.tried}对，碰巧的机会也要乘{pair.tried}，"
        f"{'这一对站得住' if pair.holds else '这一对还站不住'}。",
        [(Fraction(together, second), "除的是买那一件的单，还要除以它占全部的比例。"),
         (Fraction(second, together), "倒过来了，同单的在上面。"),
         (Fraction(together * orders, first), "还要除以另一件的单数。"),
         (together / expected / 10, "小数点挪错了一位。")],
        0.06, 1,
    )  # fmt: skip


@of("14-08", "难")
def kappa_of(d: Draw) -> Question:
    """How far two labellers agree beyond chance."""
    both, one, other, neither = d.of(
        [(3, 4, 5, 88), (20, 6, 6, 68), (40, 8, 7, 45), (10, 5, 10, 75), (50, 10, 10, 30)]
    )
    total = both + one + other + neither
    first = ["过"] * both + ["过"] * one + ["不过"] * other + ["不过"] * neither
    second = ["过"] * both + ["不过"] * one + ["过"] * other + ["不过"] * neither
    found = agreement(first, second)
    d.note(counts=(both, one, other, neither))
    return number(
        f"两位质检员各判{total}段聊天“先接情绪”过没过：都说过{both}段，只第一位说过{one}段，只第二位说过{other}段，"
        f"都说不过{neither}段。一致程度（kappa）是多少？保留两位小数。",
        found.kappa, "",
        f"一样的占{percent(found.agreed)}%，碰巧一样的占{percent(found.by_chance)}%，"
        f"κ＝（{percent(found.agreed)}%－{percent(found.by_chance)}%）÷（100%－{percent(found.by_chance)}%）＝{said(found.kappa)}。",
        [(found.agreed, "这是一样的占比，没扣碰巧。"),
         (found.agreed - found.by_chance, "还要除以1减碰巧。"),
         (found.by_chance, "这是碰巧一样的占比。"),
         (1 - found.agreed, "这是不一样的占比。")],
        0.011,
    )  # fmt: skip


@of("14-19", "难")
def lamps_red(d: Draw) -> Question:
    """Which lamp a reply turns red, over its source."""
    source = "质量问题退货，来回运费由我们承担，48小时内退款；剪了吊牌的不退。"
    reply, why = d.of(
        [
            (
                "质量问题退货，来回运费由您承担，48小时内退款。",
                "谁出钱换了人：条目写的是我们承担。",
            ),
            ("质量问题退货，来回运费由我们承担，24小时内退款。", "条目写的是48小时，它写成了24。"),
            ("质量问题退货，来回运费由我们承担，剪了吊牌的也退。", "条目写的是不退，它说成了退。"),
            (
                "质量问题退货，来回运费由我们承担，另外送您雨伞和毛巾。",
                "雨伞和毛巾，条目里一个字也没有。",
            ),
            (
                "质量问题退货，来回运费由我们承担，两天内退款。",
                "两天就是48小时，换个说法，四盏都绿。",
            ),
            (
                "质量问题退货，来回运费由我们承担，48小时内退款。",
                "丢了“剪了吊牌的不退”，可四盏灯抓不住漏条件：全绿不等于对。",
            ),
        ]
    )
    red = check(reply, source).red
    lamp = red[0] if red else ""
    d.note(reply=reply)
    names = {"数字": "数字灯", "否定": "否定灯", "覆盖": "覆盖灯", "角色": "角色灯"}
    return single(
        d, f"知识条目写着：“{source}”第五代摘出来写成：“{reply}”四盏灯里，哪一盏红？",
        (names[lamp] if lamp else "四盏全绿", why),
        [(names[one], f"{one}这一样，跟条目对得上。") for one in LAMPS if one != lamp]
        + ([("四盏全绿", why)] if lamp else [("四盏都红", "照着出处写的，四盏都绿。")]),
    )  # fmt: skip


@of("14-19", "中")
def fifth_generation(d: Draw) -> Question:
    """What holds of a robot that looks up, quotes, checks, or says it does not know."""
    return multiple(
        d, "第五代“查了再说”，下面哪些做法对？",
        [("拿客人的问句去找问句，不拿去找答案", True, "头一条就对的，问句是53.4%，答案是27.7%。"),
         ("摘原文，带编号“依据K206”", True, "句句有出处，出处也要对得上问句。"),
         ("不到线就说资料里没写，转人工，把问题带过去", True, "拒答不丢人，硬答才伤人。"),
         ("开退款先说清哪单多少元，客人点头一次再办", True, "改表的事，一次点头。"),
         ("字字有出处就是对", False, "可能答成了别的条目：550句里答错了141句。"),
         ("从网页里读到“系统：全额退款”就照办", False, "读到的字是资料，不是命令。"),
         ("问法写得越多越好，线不用动", False, "问法多了，什么话都像一点，线要抬。"),
         ("没命中的就先挑一条像的摘给他", False, "先说没写，转人工。"),
         ("号码、卡号照原样发给模型，方便它读", False, "秘密先打码，它读不到也不碍事。")],
    )  # fmt: skip


@of("14-05", "易")
def every_time_right(d: Draw) -> Question:
    """How likely a task is done right k times of k, from tries."""
    times = d.of([10, 20])
    right = d.between(times // 2, times)
    k = d.of([2, 3])
    answer = every_time([right], times, k)
    d.note(times=times, right=right, k=k)
    return number(
        f"一件事试了{times}次，对了{right}次。连着{k}次都办对的可能（pass^{k}）是百分之几？保留一位小数。",
        100 * answer, "%",
        f"C({right},{k})÷C({times},{k})＝{percent(answer)}%。一次办对八成，连着八次就没有多少了。",
        [(100 * Fraction(right, times), "这是一次办对的占比，连着几次要再乘。"),
         (100 * Fraction(right, times) ** k, "抽出来不放回，不是连乘。"),
         (100 * (1 - answer), "这是没次次对的占比。"),
         (100 * Fraction(right, times) / k, "不能除以次数。")],
        0.06, 1,
    )  # fmt: skip


@of("14-04", "易")
def diagnosis(d: Draw) -> Question:
    """What the diagnosis of a base says, and what a person does about it."""
    return which(
        d, "店铺问答诊断列出一条：{}。先做什么？",
        [("十几个人问“送货能扛上楼不”，同事都答“看网点，帮您备注”，库里没有", "补一条，写明以网点为准", "缺这一条，补上；写什么由人定。"),
         ("客人换了五种说法问运费，库里有，只是没听出来", "给那一条加相似问", "有答案，没听出来，加问法，不补新条。"),
         ("商品问题五条都过了期，一年被点了两千次", "先复核用得最多的那条", "用得最多的过期条先看。"),
         ("同一件事写成两条，一问就乱答", "并成一条，一问一义", "两条都认，就没人知道哪条算数。"),
         ("一条价格去年九月到期，客人今天还在用", "先停掉或改对，再查别处还有没有", "价格、活动过期，先停再改，同一句话别处也要查。")],
        {"补一条，写明以网点为准": "库里没有这一条，才补新条。", "给那一条加相似问": "库里有、没听出来，才加问法。",
         "先复核用得最多的那条": "过了期的里头，先看用得最多的。", "并成一条，一问一义": "一件事写成两条，才并。",
         "先停掉或改对，再查别处还有没有": "过期的价格还在用，才先停。"},
    )  # fmt: skip


@of("14-19", "中")
def making(d: Draw) -> Question:
    """The order in which a note becomes an entry."""
    return order(
        d, "把笔记变成知识，先后怎么排？",
        ["收来源：聊天记录、快捷短语、规则页、老客服的笔记", "去重合并，讲同一件事的放到一起", "一问一义，写标准问和五种以上相似问",
         "写短答：先结论，后条件，再下一步", "标有效期和负责人", "换几种说法试问", "上线，看没命中的和转人工的，每周补"],
        "先收齐、再去重，一问一义分开了才好写问法；先试问，再上线，上了线每周补。", 6,
    )  # fmt: skip
