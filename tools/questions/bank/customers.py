"""Chapter 09 asked again: what is collected, who is the same person, questionnaires, three kinds, deleting."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from kefu.demos.quiz import Question
from kefu.operations.customers import (
    BuyerType,
    Lead,
    buyer_type,
    clean,
    funnel,
    measured,
    under_14,
)
from kefu.operations.surveys import bounds
from kefu.stats import sample_size
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


@of("09-14", "中")
def valid_share(d: Draw) -> Question:
    """Reply and validity of a questionnaire: which is asked for."""
    sent = d.between(400, 1200, 50)
    back = sent * d.between(30, 60, 5) // 100
    bad = d.between(10, 40, 5)
    asks_reply = d.of([True, False])
    reply, valid = Fraction(100 * back, sent), Fraction(100 * (back - bad), back)
    d.note(sent=sent, back=back, bad=bad, reply=asks_reply)
    what = "回复率" if asks_reply else "有效率（按收回的算）"
    return number(
        f"店里发出{sent}份毯子问卷，收回{back}份，其中{bad}份漏答了主要的题，作废。{what}是百分之几？保留一位小数。",
        reply if asks_reply else valid, "%",
        (f"收回的除以发出的：{back}÷{sent}＝{said(reply, 1)}%。" if asks_reply
         else f"收回的里有{back - bad}份能用，{back - bad}÷{back}＝{said(valid, 1)}%。") + "问卷要保三样：回复率、有效率、回答质量。",
        [(valid if asks_reply else reply, "这是有效率，题里问的是回复率。" if asks_reply else "这是回复率，题里问的是有效率。"),
         (Fraction(100 * (back - bad), sent), "分子分母没有配对：有效的除以发出的，两个率都不是。"),
         (Fraction(100 * bad, back), "这是作废的占比。"),
         (100 - number_of(reply, 1), "这是没收回的占比。")],
        0.06, 1,
    )  # fmt: skip


@of("09-14", "难")
def silent_ones(d: Draw) -> Question:
    """The worst and the best that the satisfied share may be, given who did not answer."""
    sent = d.between(600, 1000, 50)
    answered = sent * d.between(40, 60, 5) // 100
    content = answered * d.between(80, 92, 2) // 100
    low, high = bounds(content, answered, sent)
    worst = d.of([True, False])
    wanted = low if worst else high
    d.note(content=content, answered=answered, sent=sent, worst=worst)
    what = "最坏（没答的全不满意）" if worst else "最好（没答的全满意）"
    return number(
        f"发出{sent}份，收回{answered}份，其中{content}份满意。{what}，全体里满意的占百分之几？保留一位小数。",
        100 * wanted, "%",
        (f"{content}÷{sent}＝{percent(low)}%。" if worst else f"（{content}＋{sent - answered}）÷{sent}＝{percent(high)}%。")
        + "发再多份，答的比例不变，这个宽窄一点也不缩。",
        [(100 * (high if worst else low), "问的是另一头。"),
         (Fraction(100 * content, answered), "分母是全体发出的，不是收回的。"),
         (50, "没答的不能当一半一半，最坏最好各有一头。"),
         (Fraction(100 * answered, sent), "这是回复率。")],
        0.06, 1,
    )  # fmt: skip


@of("09-04", "中")
def how_many(d: Draw) -> Question:
    """How many answers a margin asks for, and that it counts answers."""
    margin, population = d.of(
        [(0.05, 300), (0.05, 500), (0.05, 800), (0.05, 2000), (0.03, 1500), (0.04, 1000)]
    )
    whole, small = sample_size(margin), sample_size(margin, population=population)
    d.note(margin=margin, population=population)
    points = said(100 * margin, 0)
    return single(
        d, f"店里一共{population}位老客，想知道满意的占几成，误差正负{points}个百分点、95%的把握。要收回多少份有效的？",
        (f"{small}份", f"照占一半的最坏情形算是{whole}份，一共只有{population}位，打个折是{small}份。数的是收回来有效的。"),
        [(f"{whole}份", f"这是人多得数不清时要的，{population}位的店用不了这么多。"),
         (f"{population // 10}份", "不是一成，要的份数跟误差走，不跟人数成正比。"),
         (f"{population}份", "不用人人都答，抽样就够；没答的另管。"),
         (f"{max(10, small // 4)}份", "误差减一半，份数要四倍，反过来少四倍就太宽了。")],
    )  # fmt: skip


@of("09-07", "易")
def three_kinds(d: Draw) -> Question:
    """Which of the three kinds a customer is counted under, once each."""
    orders, chats = d.of([
        (("交易关闭", "交易成功"), 2), (("已发货",), 1), (("交易关闭",), 1), ((), 3),
        (("已付款",), 0), (("交易成功",), 0), (("交易关闭", "交易关闭"), 0),
    ])  # fmt: skip
    kind = buyer_type(orders, chats)
    d.note(orders=orders, chats=chats)
    right = kind.value if kind else "哪种也不是"
    why = {
        BuyerType.COMPLETED.value: "有“交易成功”就归成交，有关闭的也一样。",
        BuyerType.UNPAID_CLOSED.value: "有“交易关闭”、没有“交易成功”，归未成交；聊没聊过都先归这里。",
        BuyerType.ENQUIRER.value: "没有结果的单子不算，有聊天记录，归询单。",
        "哪种也不是": "首单还没确认收货，不算成交；没聊过，也不算询单。",
    }  # fmt: skip
    shown = "、".join(orders) or "没有下过单"
    return single(
        d, f"一位客人在本店的订单：{shown}；聊过{chats}次。按“一人一次”的口径，归哪一种？",
        (right, why[right]),
        [(name, "一人一次，先成交，再未成交，再询单；他归不到这里。" if name != "哪种也不是" else "他归得到一种。")
         for name in why if name != right],
    )  # fmt: skip


@of("09-05", "中")
def innermost(d: Draw) -> Question:
    """Which of some people are target customers, the innermost stage."""
    names = d.mixed(["甲", "乙", "丙", "丁"])
    stock = {
        "甲": (320, False, False, False),
        "乙": (6, True, True, False),
        "丙": (45, True, False, True),
        "丁": (12, True, True, True),
    }
    people = [Lead(names[place], *fields) for place, fields in enumerate(stock.values())]
    found = funnel(people, 300)
    target = found.targets[0]
    d.note(target=target, names=names)
    lines = {
        0: "一年要三百二十条，没逛过这类店", 1: "一年要六条，看过三回，付得起，说明年打折再买",
        2: "一年要四十五条，想要，这个月手头紧，想今天定", 3: "一年要十二条，想要，付得起，今晚就拍",
    }  # fmt: skip
    ask = "；".join(f"{name}{lines[names.index(name)]}" for name in sorted(names))
    reasons = {
        0: "量大是重要潜在客户，可还没有购买意向。", 1: "有意向、付得起，可短期不会成交。",
        2: "有意向、想今天定，可买不起。",
    }  # fmt: skip
    return single(
        d, f"卖厚毯子，四位客人。{ask}。漏斗最里面的“目标客户”是谁？",
        (target, "意向、购买力、短期可成交，三样都有，才是目标客户。"),
        [(name, reasons[names.index(name)]) for name in names if name != target],
    )  # fmt: skip


@of("09-03", "易")
def ask_her(d: Draw) -> Question:
    """What to ask next in an interview."""
    return which(
        d, "访谈一位常买毯子的老客，她说：{}下一句怎么接最合适？",
        [("“毯子嘛，还行吧。”", "“还行是哪一回？那天怎么了？”", "含混的问清晰，请她讲经过，一次一样。"),
         ("“客服回得慢。”", "“是哪一回慢？等了多久？”", "听出话里有话，追问要具体，一次一样。"),
         ("“反正不如上一条。”", "“差在哪里？摸着还是洗完？”", "抽象的问具体，给两个方向让她说。"),
         ("“我平常都不看尺寸。”", "“那回是怎么挑的？”", "请她讲经过，比问一堆细项好。")],
        {"“那就是满意，我给您记五分啦。”": "封闭题加诱导，她要说的半句没了。",
         "“是慢？是贵？不好洗？快说说。”": "一口气三问，追得太紧。",
         "“您对本店服务体系的满意度有何建议？”": "又大又绕，不像跟客人说的话。",
         "“好的，谢谢。下一题。”": "没有回应，她不知道白说没白说。"},
    )  # fmt: skip


@of("09-04", "难")
def questionnaire(d: Draw) -> Question:
    """What a good questionnaire does."""
    return multiple(
        d, "给老客发一份问卷，下面哪些做法对？",
        [("卷首语写明谁在问、为什么、几分钟", True, "卷首语是自我介绍，人家看了才决定答不答。"),
         ("敏感的放最后，写明可以不答", True, "先易后难，敏感的放后，自愿。"),
         ("“其他”后面的话单放一处，编码记成Z", True, "编码不丢东西，原话留着。"),
         ("先找十来个人试答一遍", True, "答不出、读不懂的，试答看得出来。"),
         ("没答的记成空，不记成“一般”", True, "没答就是没答，不能替他答。"),
         ("为省时间，两个问题合成一题", False, "一题两问，分不出他答的是哪一问。"),
         ("选项只写“常盖”“偶尔盖”就够了", False, "还要互斥、穷尽，留一个“其他”。"),
         ("题干先写“九成客人夸我们的厚毯子”", False, "这是诱导，答案整个被搬走，多发份数也没用。"),
         ("头一题先问收入和家里几口人", False, "敏感放最前，答的人就少了。")],
    )  # fmt: skip


@of("09-02", "易")
def which_channel(d: Draw) -> Question:
    """Which channel information came by."""
    return which(
        d, "{}。这是哪一条渠道？",
        [("投诉办完以后，把意见归类存进投诉档案", "直接渠道：投诉", "跟客人有直接接触；办完还要分析。"),
         ("售后的会话里，客人说起家里有老人", "直接渠道：服务中", "接待、售后里多听一句，听到的当场记。"),
         ("随机打二十个电话，问为什么没再来", "直接渠道：市场调查", "电话、问卷、面谈，都是市场调查。"),
         ("看专业机构发布的毯子消费报告", "间接渠道：专业机构", "从外部得来，要看来源合法的证明。"),
         ("老客把邻居的微信推给你", "间接渠道：老客户介绍", "点头的得是被介绍的本人。")],
        {"直接渠道：投诉": "投诉里得来的才归它。", "直接渠道：服务中": "接待、售后里听来的才归它。",
         "直接渠道：市场调查": "电话、问卷、面谈去问才归它。", "间接渠道：专业机构": "看报告才归它。",
         "间接渠道：老客户介绍": "老客带来的才归它。"},
    )  # fmt: skip


@of("09-06", "难")
def tags(d: Draw) -> Question:
    """What belongs into the book of tags."""
    return multiple(
        d, "打标签之前，先看标签字典。下面哪些写得进去？",
        [("“只要棉的”：他自己说的，半年核一次，他说不要就删", True, "写事、写来处、写何时删。"),
         ("“1月12日退换等了九天”：会话记录，办好就摘", True, "写事，不写人。"),
         ("“近90天买过”：每天算，是或否，不另存", True, "行为标签每天算就行。"),
         ("“要大一码（他自己说的那一单）”：换季核一次", True, "办完那一单就核，偏大的会变。"),
         ("“难缠，少给优惠”", False, "人格标签，下一个接手的人没听他开口就有了成见。"),
         ("“对羊毛过敏”：长期存着，运营人人可看", False, "健康是敏感信息，这一单办完就删，也不能人人看。"),
         ("“孩子5岁”：聊天里听来的，留着推荐", False, "不满十四岁的信息，要父母单独同意。"),
         ("“爱占便宜”：三次用券的客人打上", False, "用券是他的权利，写成人品不行。"),
         ("“单身”：从昵称和收货地址猜的", False, "猜出来的不收，用处也说不出。")],
    )  # fmt: skip


@of("09-06", "中")
def deduplicated(d: Draw) -> Question:
    """Precision and recall of merged rows."""
    merged = d.between(100, 200, 20)
    right = merged * d.between(60, 95, 5) // 100
    planted = right + d.between(10, 80, 10)
    wants_precision = d.of([True, False])
    found = measured(
        [(f"M{n}", f"N{n}") for n in range(merged)],
        {
            **{f"M{n}": f"P{n}" for n in range(merged)},
            **{f"N{n}": f"P{n if n < right else n + 1000}" for n in range(merged)},
            **{f"O{n}": f"R{n}" for n in range(planted - right)},
            **{f"Q{n}": f"R{n}" for n in range(planted - right)},
        },
    )
    rate = Fraction(found.right, found.merged if wants_precision else found.planted)
    d.note(merged=merged, right=right, planted=planted, precision=wants_precision)
    what = "精确率" if wants_precision else "召回率"
    return number(
        f"拿有答案的两千对样子去试：程序并了{merged}对，其中{right}对真是同一个人；真的同一个人一共{planted}对。{what}是百分之几？保留一位小数。",
        100 * rate, "%",
        f"{'并的里面对的占几成' if wants_precision else '该并的里面并出了几成'}：{right}÷{merged if wants_precision else planted}＝{said(100 * rate, 1)}%。"
        + ("错并的是两个人。" if wants_precision else "漏并的是一个人收两遍。"),
        [(100 * (Fraction(right, planted) if wants_precision else Fraction(right, merged)), "这是另一个率。"),
         (100 * Fraction(merged - right, merged), "这是错的占比。"),
         (right, "这是对了几对，还要除。"),
         (100 * Fraction(right, merged + planted - right), "两边都除进去了，那不是精确率，也不是召回率。")],
        0.06, 1,
    )  # fmt: skip


@of("09-17", "中")
def cleaned(d: Draw) -> Question:
    """What becomes of dirty cells: changed with a trail, taken out, or left."""
    day = d.of(["1990-02-30", "1988-13-05", "2026-12-01"])
    rows = [
        {
            "row_id": "W1",
            "birthday": day,
            "phone": d.of(["+86 185****9814", "185-****-9814"]),
            "nickname": " @橘子汽水~ ",
        }
    ]
    done = clean(rows, date(2026, 1, 19)).rows[0]
    d.note(birthday=day, phone=rows[0]["phone"])
    assert (done["birthday"], done["nickname"]) == ("", "@橘子汽水~")
    return single(
        d, f"从三处导出的表里有一行：昵称“ @橘子汽水~ ”，生日“{day}”，手机号“{rows[0]['phone']}”。今天是2026年1月19日。照本章的洗法，洗成什么样？",
        (f"昵称“@橘子汽水~”，生日空着，手机号“{done['phone']}”，改一格记一行",
         "昵称只去空白，波浪号算不算名字由他定；不可能的生日取出来留在流水里；手机号写成一种样子。"),
        [("昵称“橘子汽水”，生日空着，手机号留着原样，改了不用记", "波浪号不该替他去掉；手机号要写成一种样子；改一格要记一行。"),
         (f"昵称不动，生日猜成{day[:8]}28，手机号写成一种样子，记在流水里", "不可能的日子不能猜成28号，取出来，下回他来了再问。"),
         ("整行删掉，看不懂的不留，免得混进后面的表", "什么也不悄悄丢，认不出的留着。"),
         ("都原样留着，合并的时候再一起洗，省一道工", "先洗写法，再比，次序不能换。")],
    )  # fmt: skip


@of("09-06", "易")
def child(d: Draw) -> Question:
    """Whether a birthday may be kept: a child under fourteen."""
    year = d.between(2009, 2016)
    birthday = date(year, d.between(1, 12), d.between(3, 27))
    today = date(2026, 1, 19)
    young = under_14(birthday, today)
    d.note(birthday=birthday.isoformat(), today=today.isoformat())
    return single(
        d, f"今天2026年1月19日，客人想记孩子的生日：{birthday.year}年{birthday.month}月{birthday.day}日。能收吗？",
        (("不收，等父母另外单独同意" if young else "能收，写明用处，他也可以不说"),
         f"那天他{'还没到' if young else '已经过了'}十四岁{'，要父母或其他监护人单独同意。' if young else '，按一般信息告知用处，愿给才收。'}"),
        [(("能收，写明用处，他也可以不说" if young else "不收，等父母另外单独同意"), "数一数，他今年多大。"),
         ("能收，只记月和日就不算敏感", "月和日也是他的生日；不满十四岁的，先看监护人同意。" if young else "只记月日是好的，可还要写明用处。"),
         ("不收，凡是家里人的信息一律不收", "愿给、有用处、够年纪的可以收。" if not young else "不是一律不收，是不满十四岁要监护人同意。"),
         ("收了再说，将来他来要就删", "收之前先问用处和同意，不是收了再说。")],
    )  # fmt: skip


@of("09-09", "易")
def merge_steps(d: Draw) -> Question:
    """Moves to merge three tables."""
    return order(
        d, "把订单、会员、客服三处的表并起来，先后怎么排？",
        ["导表先删列，截图先打码", "洗写法：空白、日期、省份、号码，改一格记一行",
         "分块：先挑某一项对得上的比", "打分：越稀罕的对上，分越高", "够门槛的并，拿不准的留给人看，原样都留着",
         "抽几十对打电话核一遍"],
        "先洗，再分块，再打分；并了也要把两边说得不一样的摆出来，备注并排放，同意取严的一边。", 6,
    )  # fmt: skip
