"""Chapter 08 asked again: what covers a bad review, how low a rate may be, which cause, replies, odds."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from kefu.aftersales.reviews import EVERY_SIGN, covers, extortion_risk, favourable_rate, to_reach
from kefu.demos.quiz import Question
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


@of("08-01", "中")
def rate_of(d: Draw) -> Question:
    """The favourable rate: four and five stars over all."""
    counts = [
        d.between(80, 160, 10),
        d.between(10, 30, 2),
        d.between(4, 14),
        d.between(2, 6),
        d.between(2, 10),
    ]
    whole = sum(counts)
    stars = [
        star for star, count in zip((5, 4, 3, 2, 1), counts, strict=True) for _ in range(count)
    ]
    found = favourable_rate(stars)
    answer = number_of(100 * Fraction(counts[0] + counts[1], whole), 1)
    d.note(counts=counts)
    return number(
        f"一款围巾的评价：5星{counts[0]}条，4星{counts[1]}条，3星{counts[2]}条，2星{counts[3]}条，1星{counts[4]}条。"
        "好评率是百分之几？保留一位小数。",
        answer, "%",
        f"4星以上算好评：{counts[0] + counts[1]}÷{whole}＝{said(answer, 1)}%。真正的好评率可能低到{percent(found.low)}%，"
        f"这是{whole}条的下界，比好评率先问是几条里的。",
        [(number_of(100 * Fraction(counts[0], whole), 1), "只数了5星，4星也是好评。"),
         (number_of(100 * Fraction(whole - counts[4], whole), 1), "去掉1星还不够，2星、3星也不是好评。"),
         (number_of(100 * Fraction(sum(counts[:3]), whole), 1), "3星是中评，不算好评。"),
         (whole, "这是条数，不是率。")],
        0.06, 1,
    )  # fmt: skip


@of("08-01", "中")
def five_stars(d: Draw) -> Question:
    """How many reviews of five stars make up for a bad one, by the mean alone."""
    score, star = d.of(
        [("4.9", 1), ("4.8", 1), ("4.7", 1), ("4.5", 1), ("4.9", 2), ("4.8", 3), ("4.6", 2)]
    )
    need = covers(score, star)
    raw = (Fraction(score) - star) / (5 - Fraction(score))
    d.note(score=score, star=star)
    return number(
        f"店里的平均分{score}，来了一条{star}星。最少几条五星，平均分才不低于{score}？",
        need, "条",
        f"（{score}－{star}）÷（5－{score}）＝{said(raw)}，往上取整是{need}条。要几条与店里有多少评价无关，分越高越难盖。",
        [(5 - star, "不是5减它的星数：要除的是一条五星补得的那一点。"),
         ((5 - Fraction(score)) / (Fraction(score) - star), "公式倒过来了。"),
         (need + star, "多算了，公式里已经减掉那条差评。"),
         (1, "一条五星补不回来：它只比平均高一点。")],
    )  # fmt: skip


@of("08-01", "中")
def to_the_gate(d: Draw) -> Question:
    """How many good reviews in a row bring the rate to a gate."""
    n = d.of([40, 60, 80, 100])
    good = d.between(round(n * 0.88), round(n * 0.93))
    gate = d.of([0.95, 0.96, 0.97])
    need = to_reach(good, n, gate)
    short = Fraction(str(gate)) * n - good
    d.note(good=good, n=n, gate=gate)
    return number(
        f"报活动要好评率{percent(gate, 0)}%。店里{n}条评价，{good}条好评。照这样，往后最少一口气再来几条好评才够？",
        need, "条",
        f"再来k条：（{good}＋k）÷（{n}＋k）要到{percent(gate, 0)}%，往上取整是{need}条。好评从分母也一起长，越接近门槛越难。",
        [(number_of(short, 0), "再来的好评分母也在长，不能只补眼前这个差。"),
         (n - good, "这是中差评的条数，不是差几条好评。"),
         (need + (n - good), "中差评已经在里面了。"),
         (n, "不用和全部评价一样多。")],
        0, 0,
    )  # fmt: skip


@of("08-02", "易")
def which_family(d: Draw) -> Question:
    """Which of the four roots a bad review grows from, and what to do first."""
    return which(
        d, "差评：{}四类根源里先归哪一类，先做什么？",
        [("“还以为衣架比图上大，原来只有一个。”", "误会：改页面，解释", "他看岔了，页面也没拦住，先改页面再解释。"),
         ("“59元的短袖也就这样，还以为有多好。”", "期望过高：说清值什么", "没退货却给差评，想得比拿到的高。"),
         ("“一洗就脱线，还拍了照，没人理。”（带图）", "不满意：先办事", "真有毛病，带着气，先办了。"),
         ("“加我好友，给五百就改。”（没有图，第三单）", "恶意：取证，请平台", "以差评要钱。可也先看记录，真假看凭证。"),
         ("“你们页面写当天发，问了才说要等两天。”", "误会：改页面，解释", "聊天里没人答应过当天，先解释，再改页面。")],
        {"误会：改页面，解释": "看岔了、听岔了，才归误会。", "期望过高：说清值什么": "想得太高、没退货却给差评，才归期望。",
         "不满意：先办事": "真有毛病、带着气，才归不满意。",
         "恶意：取证，请平台": "要钱、要站外、单单如此，才归恶意。"},
    )  # fmt: skip


@of("08-12", "中")
def which_branch(d: Draw) -> Question:
    """Which of the three branches a quality review takes."""
    name = d.of(["珊瑚绒毯", "免烫衬衫", "羊毛围巾", "不锈钢保温杯"])
    return which(
        d, f"{name}的质量差评：{{}}。走哪一支？",
        [("同一批就他一个人说，照片上是一道划痕", "个别：当天换新或退", "反映的人少，小概率，当天换新。"),
         ("同一批说了九个人，拆开看内衬都这样", "确有问题：停售、召回", "同批好几例，成批停售，召回、报供应商。"),
         ("好些人嫌薄，克重和页面写的一样", "普遍：同价比质，回复里说清", "货与页面一样，客观存在，回复里说清。"),
         ("照片上不是这一款，是他自己剪了吊牌", "分流：误用、期望或色差", "看照片先分流，不是质量就转到别的办法。"),
         ("页面写90支棉，吊牌写70支", "与页面不符：退、改页面", "页面的错，退钱，今天改页面。")],
        {"个别：当天换新或退": "只一个人说，小概率，才归个别。",
         "确有问题：停售、召回": "同批好几例，才停售、召回。",
         "普遍：同价比质，回复里说清": "货与页面一样、客观存在，才归普遍。",
         "分流：误用、期望或色差": "照片上不是质量，才分流到别处。",
         "与页面不符：退、改页面": "页面写错了，才改页面。"},
    )  # fmt: skip


@of("08-13", "易")
def which_colour(d: Draw) -> Question:
    """Which of the three colour differences it is."""
    return which(
        d, "{}。先怎么办？",
        [("客人说“雾蓝收到是灰的”，样品灯下也是灰的，照片偏蓝", "命名：认名不符实，改名，退", "名字起错了，认错给退。"),
         ("屏幕上看是墨绿，到手偏深，页面从没提过色差", "显示器：认没写明，补一句，退", "没写明的先认，把页面补好。"),
         ("拍的时候调了白平衡，图上比实物亮", "拍摄：美工注明有细微差别", "少靠调色，差多少，由美工注明。"),
         ("屏幕上比实物浅，页面写着“不同屏幕有差别，介意勿拍”", "显示器：写明过，据此沟通", "写明过的，可以据此解释沟通。")],
        {"命名：认名不符实，改名，退": "名和颜色对不上，才改名。",
         "显示器：认没写明，补一句，退": "屏幕差别而页面从没写过，才先认。",
         "拍摄：美工注明有细微差别": "图被调过，才由美工注明。",
         "显示器：写明过，据此沟通": "页面写过色差，才据此沟通。"},
    )  # fmt: skip


@of("08-11", "难")
def which_reply(d: Draw) -> Question:
    """Which public reply has all six steps and none of the six faults."""
    thing = d.of(
        ["杯盖漏水，湿了一书包", "围巾掉毛，粘了一大衣", "毯子接缝开了一道口", "拖鞋底开了胶"]
    )
    at = d.between(14, 20)
    return single(
        d, f"差评写着：“{thing}，客服还说是我的问题。”同一批已查出第2例。哪一条公开回复最合适？",
        (f"谢谢您写出来。{thing.split('，')[0]}，还说是您的问题，是我们错了。同批查到两例，已停售，1月{at}日前换新；"
         "后来的朋友在订单页找我们就能退。", "称呼、那件事、认错、事实、做了什么和哪天、去哪里找，六步都在。"),
        [("亲，已处理，感谢反馈，祝您生活愉快！", "只写“已处理”：处理了什么，后来的人看不见。"),
         ("王女士您好，您1月2日尾号6021那一单我们查过了，是您自己没有用对，已经给您解释过两次，麻烦您看到以后把评价改回五星，谢谢您的支持。", "姓名、订单都挂出来了，还当众讨改评。"),
         ("我们卖了八年，质量样样过关，几千条好评摆在那里，单单您有问题，一看就是来讹人的，职业差评师我们见得多了，大家别上当，该怎么买还怎么买。", "反唇相讥，还指人是差评师。"),
         (f"亲，给您返10元红包，{thing.split('，')[0]}的事您把评价改成五星吧，感谢理解！", "公开许返现换改评，禁止的。"),
         ("您好，非常抱歉给您带来不愉快的购物体验，您的心情我们十分理解，我们会不断提升品质和服务，用心对待每一位顾客，期待您再次光临，祝您生活愉快。", "整段复制的套话，那件事一个字没提。")],
    )  # fmt: skip


@of("08-07", "难")
def may_ask(d: Draw) -> Question:
    """What a shop may do for more honest reviews."""
    return multiple(
        d, "想多得几条真评价，今天可以做的是哪些？",
        [("签收后发一次：“说好说坏都欢迎”", True, "一次，中性，不看星级。"),
         ("每个包裹放同一张洗涤说明卡片，不提评价", True, "附了就单单都附，不提评价就没有厚薄。"),
         ("教客人怎么拍图，角度和光线", True, "合规的促评，帮人说清楚。"),
         ("对写评价的人同等给积分，一到五星一样多", True, "给就同等给，不看星级。"),
         ("五星截图返3元，一到四星返1元", False, "好评返现，禁止；按星级给，更不行。"),
         ("请平台熟人删掉几条太难听的", False, "平台不得删消费者的评价。"),
         ("双11那天晒图，满十张送抱枕", False, "晒图有奖，挂着好处，是旧做法。"),
         ("客服逐个电话，请给过差评的改一改", False, "反复打电话去求，是骚扰。"),
         ("雇人写几条好评压一压", False, "刷评价、虚构交易，都禁止。")],
    )  # fmt: skip


@of("08-09", "易")
def visit_back(d: Draw) -> Question:
    """How the call back to a bad review is made."""
    return multiple(
        d, f"看到“{d.person()}”的两星，准备回访。下面哪些做法对？",
        [("24小时内，先在平台里发一条", True, "时机：24小时内。方式：先平台内消息。"),
         ("他同意接电话，再打一次，一次为限", True, "客人同意再电话，不轮番打。"),
         ("问他是哪里坏了，不问能不能改", True, "问事实，不问改不改评。"),
         ("晚上十点半打过去，赶在他睡前办完", False, "避开休息、用餐、深夜。"),
         ("当天打四次，直到他消气", False, "轮番打，是骚扰。"),
         ("先送一张券，请他改了再说", False, "花钱换改评，教材的旧做法今天慎用。"),
         ("带着方案去，记下答应过什么", True, "先谢他说出来，问事实，带方案，记承诺。"),
         ("先解释这是快递的错，不归店里", False, "先认该认的，再给方案。")],
        4,
    )  # fmt: skip


@of("08-08", "难")
def odds(d: Draw) -> Question:
    """The odds after two signs that have nothing to do with each other, from the base rate."""
    base = d.of([0.005, 0.01, 0.02])
    picked = [
        EVERY_SIGN[name]
        for name in d.some([name for name, one in EVERY_SIGN.items() if not one.said], 2)
    ]
    risk = extortion_risk({one.name: True for one in picked}, base)
    ratios = [number_of(Decimal(str(one.wicked)) / Decimal(str(one.honest)), 4) for one in picked]
    shown = "、".join(
        f"“{one.name}”（来讹钱的人里{percent(one.wicked, 0)}%，真生气的人里{percent(one.honest, 0)}%）"
        for one in picked
    )
    d.note(base=base, ratios=ratios)
    return number(
        f"每一千位写差评的，有{said(1000 * base, 0)}位是来讹钱的。从记录里查到：{shown}。"
        "这两条互不相干，看完以后，他是来讹钱的可能百分之几？四舍五入到整数。",
        100 * risk.probability, "%",
        f"先写胜算{said(base)}÷{said(1 - base)}，乘似然比{'、'.join(said(one, 4) for one in ratios)}，再化回来，是{percent(risk.probability, 0)}%。"
        "只是“像”，不是证据。",
        [(number_of(100 * base * ratios[0] * ratios[1]), "概率不能直接乘，要乘胜算再化回来。"),
         (100 * base, "这是基率，看到的两条还没乘进去。"),
         (number_of(100 * ratios[0]), "似然比不是概率，还要从基率乘起。"),
         (99, "两条记录也不是铁证。")],
        0.6, 0,
    )  # fmt: skip


@of("08-04", "易")
def within_days(d: Draw) -> Question:
    """How many reviews say one thing, and how many were bad in the end."""
    batch, bad = d.between(60, 180, 4), d.between(4, 22)
    bad_reviews = max(1, bad // d.of([4, 5, 6]))
    share = Fraction(bad, batch)
    d.note(batch=batch, bad=bad)
    return number(
        f"打底裤一批{batch}笔，其中{bad}笔因质量退换，写了中差评的只有{bad_reviews}条。要估这一批坏了几成，用哪个算？算出百分之几，保留一位小数。",
        100 * share, "%",
        f"用退换：{bad}÷{batch}＝{percent(share)}%。只有{bad_reviews}条写了差评，用评价会少算一大截。",
        [(number_of(Fraction(bad_reviews, batch) * 100, 1), "用评价估，少算了一大截：坏了的没都来写。"),
         (number_of(Fraction(bad_reviews, bad) * 100, 1), "这是退换的人里几成写了差评。"),
         (bad_reviews, "这是条数，还要除以这一批的笔数。")],
        0.06, 1,
    )  # fmt: skip


@of("08-08", "中")
def sequence(d: Draw) -> Question:
    """The order in which a shop faces a likely extortionist."""
    return order(
        d, "碰上像职业差评师的客人，交锋的几步，先后怎么排？",
        ["稳住：真的照办，退货退款一直开着", "悄悄取证：只在平台里说，截屏",
         "请平台介入，交上凭证", "证据不足，正面讲理，公开回复", "他不理你，不让他得逞，也不私下付钱"],
        "先稳住、再取证、再请平台。说的事查不查得到，肯不肯退，才是凭证；哪一步都不骂人，也不私下付钱。",
    )  # fmt: skip
