"""Chapter 13 asked again: what each generation hears, what a threshold costs, who goes to a person."""

from __future__ import annotations

from fractions import Fraction
from math import log

from kefu.demos.quiz import Question
from kefu.intelligence.bots import KeywordBot, KeywordRule
from kefu.intelligence.evaluation import LabelledQuestion, Prediction, at
from kefu.intelligence.handover import TRIALS, Moment, Packet, Switches, decide, secrets
from kefu.stats import sign_test
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

RULES = (
    KeywordRule(("包邮", "运费"), "物流问题", "满88元包邮。", source="包邮那一条"),
    KeywordRule(("运费险",), "售后问题", "运费险退货成功后理赔。", source="运费险那一条"),
    KeywordRule(("掉色", "褪色"), "商品问题", "深色首次单独洗。", source="掉色那一条"),
    KeywordRule(("发票",), "购买操作", "订单页申请开票。", source="发票那一条"),
    KeywordRule(("贵",), "活动优惠", "看看店铺券。", source="价钱那一条"),
)


@of("13-01", "中")
def keyword_hears(d: Draw) -> Question:
    """What a keyword robot answers to a sentence, by its rules alone."""
    text = d.of(
        [
            "运费险怎么赔",
            "我不要发票",
            "贵店周末休息吗",
            "四件套会掉色吗",
            "围巾吊色不",
            "满多少包邮",
            "退货的运费谁出",
            "几点关门",
            "红色的会褪色吗",
        ]
    )
    answer = KeywordBot(RULES).reply(text)
    right = answer.source or "转人工"
    d.note(text=text)
    why = {
        "运费险怎么赔": "“运费险”里也有“运费”，最长的词先赢。",
        "我不要发票": "它只看见“发票”，听不见“不要”。",
        "贵店周末休息吗": "单字“贵”误伤：十有九坑。",
        "围巾吊色不": "“吊色”不是“掉色”，它不认，转人工。",
        "几点关门": "没有一个词对得上，转人工，没答上也没答错。",
        "退货的运费谁出": "看见“运费”就答包邮，其实他在问退货。",
    }.get(text, "原字原词，正是它的强项。")
    named = [one.source for one in RULES] + ["转人工"]
    return single(
        d, f"第一代机器人有五条关键词：包邮或运费；运费险；掉色或褪色；发票；贵。客人说：“{text}”。它会答哪一条？",
        (right, why), [(name, "没有它的词，或者让给了更长的词。" if name != "转人工" else "有一条的词在，它就答。") for name in named if name != right],
    )  # fmt: skip


@of("13-01", "中")
def which_generation(d: Draw) -> Question:
    """Which generation a robot is, by what it hears."""
    return which(
        d, "{}。这是哪一代？",
        [("“运费多少”它会答，“寄费多少”它说没看懂", "第一代：关键词精准匹配", "词在就答，不在就不会，机械的。"),
         ("“吊色”它当成“掉色”答，“护理”当“保养”也行", "第二代：关键词模糊匹配", "错字、同音、近义也认，放宽一分，多错几分。"),
         ("它说“这句跟三月那条最像，七成像”，再答那一条", "第三代：词权重，像旧问句", "翻旧记录，最像的投票，把握低就转。"),
         ("没人写规则，喂了五千句标好话题的，它自己判出意图", "第四代：神经网络", "从例子里学的，懂的是意图。"),
         ("换个说法它也认，可“我不要发票”它照样教开票", "第二代：关键词模糊匹配", "认得多，可四代都听不见“不”。")],
        {"第一代：关键词精准匹配": "词在就答、不在就不会，才是第一代。",
         "第二代：关键词模糊匹配": "错字、同音、近义也认，才是第二代。",
         "第三代：词权重，像旧问句": "跟旧问句比像几分，才是第三代。",
         "第四代：神经网络": "从例子里自己学、判意图，才是第四代。"},
    )  # fmt: skip


@of("13-01", "难")
def gate_cost(d: Draw) -> Question:
    """What a threshold costs on average, of wrong answers and handovers."""
    total = d.of([50, 80, 100])
    threshold = d.of([0.4, 0.5, 0.6])
    scores = [round(0.2 + 0.6 * d.between(0, 100) / 100, 2) for _ in range(total)]
    right = d.between(55, 75)
    predictions = [
        Prediction(
            LabelledQuestion(f"q{n}", "", "物流问题", "直说"),
            "物流问题" if n % 100 < right else "售后问题",
            score,
            0.4,
            False,
            "",
        )
        for n, score in enumerate(scores)
    ]
    found = at(predictions, threshold, 0.1).dispositions()
    harm, person = d.of([10, 20, 30]), d.of([2, 3, 5])
    cost = Fraction(found["答错"] * harm + found["转人工"] * person, total)
    d.note(total=total, wrong=found["答错"], person=found["转人工"], harm=harm, each=person)
    return number(
        f"拿{total}句问话去试：阈值设在{threshold}，机器人答错{found['答错']}句，转人工{found['转人工']}句，其余答对。"
        f"答错一次损失{harm}元，转一次{person}元，答对不花钱。平均每句的代价是多少元？保留两位小数。",
        cost, "元",
        f"（{found['答错']}×{harm}＋{found['转人工']}×{person}）÷{total}＝{said(cost)}元。调阈值，就是在这两样之间挑最省的一点。",
        [(Fraction(found["答错"] * harm, total), "转人工也要花钱。"),
         (Fraction(found["转人工"] * person, total), "答错的损失更大，没算进去。"),
         (found["答错"] * harm + found["转人工"] * person, "这是总代价，还要除以全部句数。"),
         (Fraction(found["答错"] * harm + found["转人工"] * person, max(1, found["答错"] + found["转人工"])), "要除以全部句数，不是只除出岔子的。")],
        0.006,
    )  # fmt: skip


@of("13-01", "难")
def term_weight(d: Draw) -> Question:
    """The weight of a word: how often it comes, and in how many questions it is."""
    total, among = d.of([2000, 4000, 5000]), d.of([4, 20, 50, 400])
    times = d.of([1, 2])
    weight = (1 + log(times)) * (log((1 + total) / (1 + among)) + 1)
    d.note(total=total, among=among, times=times)
    return number(
        f"旧问句一共{total}条，“掉色”在{among}条里出现过，这一句里它出现{times}次。按本章的词权重公式，它值多少分？保留一位小数。",
        weight, "分",
        f"（1＋ln{times}）×（ln（{1 + total}÷{1 + among}）＋1）＝{said(weight, 1)}。{'很少见' if among < 100 else '到处都有'}，{'很值钱' if among < 100 else '不太值钱'}。",
        [(log((1 + total) / (1 + among)), "前面还要乘（1＋ln次数），后面还要加1。"),
         ((1 + log(times)) * (log(total / among) + 1) if among else 0, "总数、含它的条数都要先加1。"),
         (log((1 + total) / (1 + among)) + 1 if times == 2 else 2 * (log((1 + total) / (1 + among)) + 1), "出现几次也要算进去。" if times == 2 else "这一句里它只出现1次。"),
         (number_of_int(among, total), "这是含它的占几成，反过来才值钱。")],
        0.06, 1,
    )  # fmt: skip


def number_of_int(among: int, total: int) -> float:
    """Return how many of the questions have a word, as a share."""
    return round(100 * among / total, 1)


@of("13-04", "易")
def where_it_goes(d: Draw) -> Question:
    """Which of the three kinds of knowledge a question belongs to."""
    return which(
        d, "{}。补进三类知识的哪一类？",
        [("“满多少包邮”，全店一样", "店铺热门问题", "全店通用，店铺热门问题。"),
         ("“雾蓝那套四件套机洗缩水吗”", "商品热门问题", "答案跟着这件商品走。"),
         ("“几点发货”，也是全店一样", "店铺热门问题", "全店通用。"),
         ("见到“货到付款”这几个字就回", "关键词回复", "命中即回，最省事也最容易误伤。"),
         ("“L码胸围多少”，只有这款有", "商品热门问题", "挂在这件商品、这个规格上。")],
        {"店铺热门问题": "答案全店一样的，才放店铺里。", "商品热门问题": "答案跟着某件商品走的，才放商品上。",
         "关键词回复": "见到词就回的，才放关键词里。"},
        3,
    )  # fmt: skip


@of("13-03", "难")
def whose_credit(d: Draw) -> Question:
    """Which of the six values the robot may be credited for."""
    return multiple(
        d, "六个价值里，下面哪些真能记在机器人头上？",
        [("夜里两点，客人自己查到了包邮规则", True, "全时段在线，引导客人自己查。"),
         ("省下的人工去给老客挑搭配", True, "省下的人做个性化、高附加值的事。"),
         ("售后聊天里早早预警，多发现几例开线", True, "监控预警，归服务质量。"),
         ("边聊边收下没答上的话，补进知识库", True, "边聊边自学，完善知识库。"),
         ("大促那天答错一百多句，人工一句没错", False, "答得对是六个价值的前提。"),
         ("它答得快，所以客人都满意了", False, "快是快，答没答上另说。"),
         ("夜里它把“货到付款”应下了，留住一单", False, "应下的话要兑现，许错一句，赔进去更多。"),
         ("它把话题认对了九成，话就答对了", False, "话题对了，不等于答对了。")],
    )  # fmt: skip


@of("13-01", "易")
def hand_over(d: Draw) -> Question:
    """What a robot does with a message: answer, ask first, or hand over at once."""
    trial = d.of(list(TRIALS))
    moment = trial.moment
    route = decide(moment, Switches())
    if route.way != trial.right:
        moment = Moment("转人工！我不跟机器人说", moment.failures)
        route = decide(moment, Switches())
        trial = TRIALS[0]
    d.note(said=moment.said, failures=moment.failures, minutes=moment.minutes)
    words = {
        "机器人答": "照知识库答",
        "先确认": "先安抚，问一句要不要人工，他点头再转",
        "立刻转": "立刻转给人工，说前面几位",
    }
    before = f"在此之前{moment.failures}次没答上" if moment.failures else "前面没有没答上的"
    if moment.minutes:
        before = f"机器人已经{moment.minutes:g}分钟没反应"
    return single(
        d, f"照国家推荐标准和本章的开关：客人说“{moment.said}”（{before}）。暖暖先做什么？",
        (words[route.way], f"{trial.why}。"),
        [(words[way], {"机器人答": "再答下去只会更糟，该放手了。", "先确认": "生气、要投诉的才先问；普通问话用不着，等不起的问不得。",
                       "立刻转": "五种等不起的才立刻转：普通问话白占人手，生气的先问一句。"}[way]) for way in words if way != route.way]
        + [("先发一张优惠券，让他消消气", "没问清就给券，越权，也更火。")],
    )  # fmt: skip


@of("13-01", "中")
def what_goes_along(d: Draw) -> Question:
    """What a hand-over still lacks, and what of it must be masked."""
    full = {
        "who": "晚晚",
        "talk": ("毯子起红疹",),
        "problem": "红疹要停用",
        "ticket": "刚建了紧急工单",
    }
    gone = d.some(["who", "talk", "problem", "ticket"], d.of([1, 2]))
    packet = Packet(**{key: value for key, value in full.items() if key not in gone})  # type: ignore[arg-type]
    lacks = packet.missing()
    note = d.of(["手机13800001111", "订单NX25112304389"])
    shown_secret = secrets(note)
    d.note(gone=gone, note=note)
    wants = "、".join(lacks) + ("，还有号码没打码" if shown_secret else "")
    lines = "，".join(f"{name}“{''.join(full[key]) if key not in gone else '（空着）'}”"
                    for key, name in zip(("who", "talk", "problem", "ticket"), ("客人是谁", "前面的对话", "要办的事", "办到哪一步"), strict=True))  # fmt: skip
    return single(
        d, f"暖暖把晚晚转给人，交接上写着：{lines}；备注“{note}”。缺什么、要改什么？",
        (f"缺{wants}" if lacks or shown_secret else "四样都在，号码也没露",
         ("四样都要带上：客人是谁、前面的对话、要办的事、办到哪一步。" if lacks else "四样都在。")
         + ("号码要打成138****1111。" if shown_secret else "订单号不是要打码的那一类。")),
        [("什么都不缺，接得住", "头一句又要从头问起：先报订单，再说是什么事。"),
         ("把四样都再问客人一遍才稳", "她就要说第三遍了。"),
         ("缺她的收货地址，别的够了", "地址办这件事用不着，别多要。"),
         ("缺暖暖的把握几分", "把握几分是机器人的事，人接的时候用不着。")],
    )  # fmt: skip


@of("13-05", "难")
def by_luck(d: Draw) -> Question:
    """Whether two generations can be told apart, family by family."""
    better, worse = d.of([(12, 2), (9, 3), (5, 4), (8, 7), (14, 6)])
    luck = sign_test(better, worse)
    sure = luck < 0.05
    sentences = better * d.between(4, 7)
    d.note(better=better, worse=worse)
    return single(
        d, f"同一张考卷，新旧两代一起答：有{better}个句式家族新的更好，{worse}个旧的更好（每家七八句，一家要对都对、要错都错）；"
        f"只有新一代对的一共{sentences}句。两代一样好的话，碰巧这么悬殊的机会是{percent(luck, 1)}%。进步是真的吗？",
        (("像是真的，一家算一份" if sure else "还说不准，一家算一份"), f"按家族算{percent(luck, 1)}%，{'比百分之五少' if sure else '比百分之五多'}；"
         f"按{sentences}句算就成了铁证，那是把一家七八句当成七八份。"),
        [(f"铁证：只有新一代对的就有{sentences}句", "同一家的句子不是独立的证据，要按家族数。"),
         ("没有进步，新旧一样", "“像不像碰巧”和“一样”是两回事。"),
         ("看哪代错得有把握，谁错得多谁差", "那是另一个问题，和进没进步无关。"),
         ("再背一遍考卷，题目就都认得了", "认得的题不能再拿来打分。")],
    )  # fmt: skip


@of("13-03", "易")
def third_way(d: Draw) -> Question:
    """The order in which the third generation reads a sentence."""
    return order(
        d, "一句话进第三代机器人，先后怎么排？",
        ["拆句：遇到句号、问号、停顿后的“对了”切成小句", "把小句变成单字和相邻两字", "少见的字词高权重",
         "与旧问句算余弦，最像的二十句投票", "过阈值和歧义边际", "答出去，或者转人工"],
        "先拆句再赋权，才有东西可比；像不像算出来了，最后由阈值决定答不答。", d.of([5, 6]),
    )  # fmt: skip


@of("13-06", "中")
def big_model(d: Draw) -> Question:
    """Before a large model answers customers: what has to be done first."""
    return multiple(
        d, "店里要用大模型客服，上线之前先做到哪些？",
        [("窗口里写明是智能客服，被问到就承认", True, "标明有法规要求。"),
         ("先找到知识，再照着写，写完核对", True, "有据才答，价格、退款由人确认。"),
         ("没有依据就说没写，转给人", True, "没看懂就说不知道，不要编。"),
         ("用没见过的问句先考，错的、编的分开数", True, "先考后用，考卷不能练过。"),
         ("放出去再看，答错了人再收", False, "账记在店里，先考后用。"),
         ("让它照着通顺的写，编一点没关系", False, "像话不等于有。"),
         ("只用它答售前，答错了没关系", False, "机器人的话也是店铺的话。"),
         ("卡号、验证码给它看，反正只在店里", False, "秘密先打码，什么也别露给它。")],
        5,
    )  # fmt: skip
