"""Chapter 03 asked again: the five figures of a chat, whose deadline comes first, tools, phrases, showcase."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from kefu.clock import SHANGHAI
from kefu.demos.quiz import Question
from kefu.presales.catalogue import Shelved, choose_showcase, times
from kefu.presales.desk import Event, escalation, service_times
from kefu.presales.workbench import TOOLS
from tools.questions.bank.draw import (
    Draw,
    goods,
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

OPENED = datetime(2025, 11, 9, 20, 0, tzinfo=SHANGHAI)


def clock(second: int) -> str:
    """Return a moment of the evening to the second."""
    return f"{OPENED + timedelta(seconds=second):%H:%M:%S}"


def chat(told: list[tuple[int, str]]) -> list[tuple[datetime, str]]:
    """Return a chat of (second, sender)."""
    return [(OPENED + timedelta(seconds=second), sender) for second, sender in told]


def drawn_chat(d: Draw) -> tuple[list[tuple[int, str]], list[int]]:
    """Return a chat of three rounds and the waits of each; in the second the customer asks twice."""
    one, three = d.between(20, 160, 10), d.between(10, 90, 10)
    again = d.between(30, 80, 10)
    two = d.of([again + d.between(20, 60, 10), d.between(190, 260, 10)])
    begin = one + d.between(20, 60, 10)
    last = begin + two + d.between(30, 90, 10)
    told = [(0, "买家"), (one, "客服"), (begin, "买家"), (begin + again, "买家"), (begin + two, "客服"),
            (last, "买家"), (last + three, "客服")]  # fmt: skip
    return told, [one, two, three]


def spoken(told: list[tuple[int, str]]) -> str:
    """Return a chat in words."""
    words = {"买家": "客人", "客服": "客服"}
    return "，".join(
        f"{clock(second)}{words[sender]}{'问' if sender == '买家' else '回'}"
        for second, sender in told
    )


@of("03-05", "中")
def average_response(d: Draw) -> Question:
    """The mean wait of the rounds; who asks twice before an answer asks one round."""
    told, waits = drawn_chat(d)
    figures = service_times(chat(told))
    again = told[4][0] - told[3][0]
    d.note(told=told)
    return number(
        f"一段会话：{spoken(told)}。平均响应时间是几秒？四舍五入到整数。",
        figures.average_response or 0, "秒",
        f"三轮，从没人理的第一句数起：{waits[0]}、{waits[1]}、{waits[2]}秒，平均{said(Fraction(sum(waits), 3), 0)}秒。",
        [(round(sum([waits[0], again, waits[2]]) / 3), "第二轮从他第一句数起，催的那一句不会替你重新计时。"),
         (waits[0], "这是首次响应时间，只数第一轮。"),
         (sum(waits), "这是三轮加起来的秒数，还要除以3。"),
         (round(sum(waits) / 4), "客人连着问两句还是一轮，一共三轮，不是四轮。")],
        0.5, 0,
    )  # fmt: skip


@of("03-05", "中")
def answer_ratio(d: Draw) -> Question:
    """Messages of the shop over those of the buyer."""
    buyer, agent, robot = d.between(20, 50, 5), d.between(20, 60, 5), d.between(5, 25, 5)
    answer = number_of(Fraction(100 * (agent + robot), buyer), 1)
    d.note(buyer=buyer, agent=agent, robot=robot)
    return number(
        f"一天里，客人发了{buyer}条，客服发了{agent}条，机器人发了{robot}条。按本书的口径，答问比是百分之几？保留一位小数。",
        answer, "%",
        f"客服和机器人一共{agent + robot}条，{agent + robot}÷{buyer}＝{said(answer, 1)}%。超过100%也不稀奇：一句拆成三条，也算三条。",
        [(number_of(Fraction(100 * agent, buyer), 1), "机器人发的也算店里的回答。"),
         (number_of(Fraction(100 * buyer, agent + robot), 1), "除反了：是店里几条除以客人几条。"),
         (number_of(Fraction(100 * robot, buyer), 1), "只数了机器人。"),
         (agent + robot, "这是店里的条数，还要除以客人的条数。")],
        0.06, 1,
    )  # fmt: skip


@of("03-01", "难")
def three_minutes(d: Draw) -> Question:
    """The share of rounds answered within three minutes, by rounds and by chats."""
    waits = [d.between(20, 170, 10) for _ in range(d.between(4, 6))]
    late = [d.between(190, 400, 10) for _ in range(d.between(1, 2))]
    none = d.between(0, 1)
    shown = [f"{wait}秒" for wait in d.mixed([*waits, *late])] + ["没有人回"] * none
    whole = len(waits) + len(late) + none
    answer = number_of(Fraction(100 * len(waits), whole), 0)
    d.note(right=len(waits), whole=whole)
    return number(
        f"一晚上各轮等了：{'、'.join(shown)}。按轮次算，3分钟响应率是百分之几？四舍五入到整数。",
        answer, "%",
        f"一共{whole}轮，180秒以内回了{len(waits)}轮，{len(waits)}÷{whole}＝{percent(Fraction(len(waits), whole), 0)}%。"
        + ("没有人回的也是一轮，没赶上。" if none else "超过180秒的都没赶上。"),
        [(round(100 * len(waits) / (whole - none)) if none else 100, "没有人回的那一轮也在分母里。" if none else "超过180秒的没有赶上。"),
         (round(100 * (len(waits) + len(late)) / whole), "超过180秒的也算成及时了。"),
         (len(waits), "这是轮数，还要除以全部的轮。"),
         (round(100 * len(late) / whole), "这是超时的占比，反了。")],
        0.5, 0,
    )  # fmt: skip


@of("03-03", "难")
def first_deadline(d: Draw) -> Question:
    """Which deadline of a case comes first: the first answer, the next one, or the end."""
    answered, late = d.of([True, True, False]), d.of([True, False])
    asked = datetime(2025, 11, 9, 23 if late else 20, d.between(35, 50, 5), tzinfo=SHANGHAI)
    events: list[tuple[datetime, Event]] = [(asked, "客人问")]
    if answered:
        events.append((asked + timedelta(minutes=2), "客服答"))
    due = escalation(events)
    assert due
    d.note(asked=asked.isoformat(), answered=answered)

    def told(kind: str, moment: datetime) -> str:
        return f"{kind}，{'' if moment.day == asked.day else '次日'}{moment:%H:%M}"

    right = {"首次答复": "还没有人答，首次答复3分钟最早到。",
             "下次答复": "答过了，下一次答复从上一句答复数起30分钟" + ("，夜里没有人，第二天9点接着数。" if late else "。")}  # fmt: skip
    story = f"{asked:%H:%M}客人问" + (
        "，两分钟后客服答“我去查”，再没有下文" if answered else "，还没有人答"
    )
    return single(
        d, f"本店自己定的三条期限：首次答复3分钟、下次答复30分钟、办结4小时，只数有人的钟点（9点到24点）。{story}。"
        "最先到期的是哪一条，几点？",
        (told(due.kind, due.at), right[due.kind]),
        [(told("下次答复", asked + timedelta(minutes=30)), "下次答复从上一句答复数起，不从第一问；夜里没有人的钟点也不数。"),
         (told("首次答复", asked + timedelta(minutes=30)), "首次答复是3分钟，30分钟是下次答复。"),
         (told("办结", asked + timedelta(hours=4)), "办结有4小时，还早。"),
         (told("首次答复", asked + timedelta(minutes=13)), "首次答复从第一问数起，3分钟。")],
    )  # fmt: skip


@of("03-02", "中")
def which_tool(d: Draw) -> Question:
    """Which part of the workbench an errand needs."""
    uses = {one.name: one.use for one in TOOLS}
    cases = [
        (
            "客人说“上回你们有人答应送我袋子”，先查有没有这回事",
            "聊天记录",
            "自己和同事跟他说过的话，那里都查得到。",
        ),
        (
            "客人问“我有没有券”，要看他会员级别和店里的券",
            "客户",
            "券和会员是人的事，挂在客户插件里。",
        ),
        (
            "答应了“木棉”明早九点回话，怕自己忘，也怕早班不知道",
            "新建任务",
            "到时提醒，同事也看得见。",
        ),
        ("客人只说“这件”，要看他刚才看的是哪一件", "商品", "商品插件里有他的足迹。"),
        ("要改“老陈”那一单的收货地址，还要添一句备注", "订单", "地址、备注都在订单插件里。"),
        (
            "收到一条服务号消息，不想再收，要改订阅",
            "消息中心",
            "系统消息、服务号消息，要哪些自己订。",
        ),
        (
            "要把一段客人的话交给售后同事接着办",
            "转发消息",
            "交给团队里的同事；要先开通E客服才看得见。",
        ),
    ]
    names = {name for _, name, _ in cases} | {"我的好友", "请客户评服务"}
    return which(
        d,
        "{}。点工作台的哪一块？",
        cases,
        {name: f"{name}：{use}。" for name, use in uses.items() if name in names},
    )


@of("03-06", "难")
def phrases(d: Draw) -> Question:
    """What holds of canned replies."""
    return multiple(
        d, "关于快捷短语，下面哪些做法对？",
        [("上岗前全队统一编好，新人导入就能用", True, "口径统一，少出错，也少让人等。"),
         ("花括号里的变量换成这位客人的，再发", True, "没换，就是拿上一位的名字叫这一位。"),
         ("导入之前先查快捷键有没有撞", True, "同一个快捷键两条短语，忙的时候一按就错。"),
         ("客人带着气来，先打一句认他等了多久", True, "套话接不住气，先认，再说事。"),
         ("短语里写的是承诺，先看兑现得了没有", True, "一个人说错是一次，短语说错是全队一晚上。"),
         ("答问比高，说明套话用得好", False, "套话多的会话答问比本来就高，数不出答到点上没有。"),
         ("客人问的不是这件，也先发短语，免得他等", False, "答非所问，比晚一点答还糟。"),
         ("“现货明晚下单，两天到”点一下就发，省事", False, "到不到由不得店里，这是一个守不住的承诺。"),
         ("编好就不用改了，团队里每人记自己的就行", False, "改了要导出再导入，不然各说各的。")],
    )  # fmt: skip


@of("03-09", "易")
def open_group(d: Draw) -> Question:
    """Whether a shop may open a 淘宝群: the status first, then one of two figures."""
    orders, money = d.between(40, 85, 5), d.between(40, 99)
    which_way = d.between(0, 2)
    if which_way == 0:
        orders = d.between(90, 300, 10)
    elif which_way == 1:
        money = d.between(100, 150)
    opens = orders >= 90 or money >= 100
    d.note(orders=orders, money=money)
    reason = "状态正常，两个条件里满足一个就够。" if opens else "状态正常，可两个条件一个也没到。"
    cause = ("状态不正常，两个条件都不看", "状态正常是两个条件共同的前提。")
    return single(
        d, f"一家店状态正常，近30天成交{orders}笔，近190天成交{money}万元。开得成淘宝群吗？",
        ("开得成" if opens else "开不成", reason),
        [("开不成" if opens else "开得成", "近30天90笔，或近190天100万元，满足一条即可（天数照资料所载，开之前核对）。"),
         cause, ("要两个条件都满足才行", "是“或”，不是“且”：满足其一即可。")],
    )  # fmt: skip


@of("03-13", "中")
def tools(d: Draw) -> Question:
    """What holds of the tools that answer first."""
    return multiple(
        d, "关于接待工具，下面哪些说法对？",
        [("聊天窗互动最多9格，客人自己就能办事", True, "售前、售后各配各的。"),
         ("店小蜜方案在店小蜜后台设，再回本页选用才生效", True, "这是最容易漏的一步。"),
         ("跟单工具管转化，盯的是没走完的单", True, "欢迎语、互动、机器人管接待效率，跟单管转化。"),
         ("自动核单是核对地址、规格", True, "催付提醒付款，核单核对内容，两样。"),
         ("九格里一定要有“转人工”", True, "自助办不了的人，多半正急；找不到人就走了。"),
         ("配满九格最好，格子越多越方便", False, "格子越多越难找，配够用的就行。"),
         ("欢迎语设好就不用再看，反正客人都看得见", False, "改完自己当一回客人，进店问一句试试。"),
         ("“好评有礼”放一格，促好评", False, "拿好处换好评，一格也不能放。"),
         ("聊天窗互动售前售后用同一套就行", False, "客人办的事不一样，各配各的。")],
    )  # fmt: skip


@of("03-11", "易")
def csv_move(d: Draw) -> Question:
    """The order in which goods are moved by a file."""
    return order(
        d, "用淘宝助理把一批商品改了价再搬到新店，先后怎么排？",
        ["列表里勾选要搬的商品", "导出CSV，得一个.csv和一个同名目录", "原件留着，另存一份改",
         "改完抽几件，核对价格和编号", "在新店的淘宝助理里导入CSV", "再核一遍新店里的价"],
        "导出来两样都要带走；改副本不改原件，改完先抽查，导入以后再核一遍。", d.of([5, 6]),
    )  # fmt: skip


@of("03-12", "中")
def showcase(d: Draw) -> Question:
    """Who gets the one slot of the showcase, by conversion, stock and margin."""
    names = d.mixed(["羊毛围巾", "珊瑚绒毯", "加厚毛巾", "手绘马克杯"])[:3]
    shelf = tuple(
        Shelved(f"A{n}", name, clicks, orders, stock, 3, margin)
        for n, (name, (clicks, orders, stock), margin) in enumerate(
            zip(names, [(200, d.of([10, 14, 18]), d.of([60, 80])), (200, d.of([8, 12]), d.of([20, 30])),
                        (150, d.of([9, 15]), 40)],
                [Decimal(d.of([18, 31])), Decimal(d.of([50, 71])), Decimal(d.of([10, 13]))], strict=True)))  # fmt: skip
    chosen = choose_showcase(shelf, 1)
    best = next(one for one in chosen if one.chosen).shelved
    d.note(shelf=[(one.title, one.clicks, one.orders, one.stock, one.margin) for one in shelf])
    lines = "；".join(
        f"{one.title}点击{one.clicks}、成交{one.orders}单、库存{one.stock}件、毛利{said(one.margin)}元"
        for one in shelf
    )
    return single(
        d, f"橱窗只剩一个位子。{lines}。照本章的分数（转化×库存×毛利），给谁？",
        (best.title, f"转化{percent(best.conversion)}%×库存{best.stock}×毛利{said(best.margin)}元，最高。"),
        [(one.title, f"转化{percent(one.conversion)}%×库存{one.stock}×毛利{said(one.margin)}元，"
          f"比{best.title}低。") for one in shelf if one != best],
    )  # fmt: skip


@of("03-26", "易")
def bulk_price(d: Draw) -> Question:
    """A price edited in a file: what a discount makes of it, to the fen."""
    name = d.of(["宽松针织开衫", "羊毛围巾", "免烫衬衫", "珊瑚绒毯", "碎花连衣裙"])
    rate = d.of(["0.9", "0.88", "0.85", "0.95"])
    old = goods(name)[name]
    new = Decimal(times(rate)(str(old)))
    zhe = said(Decimal(rate) * 10)
    d.note(old=str(old), rate=rate)
    return number(
        f"周老板要把{name}（{said(old)}元）改成{zhe}折。在CSV里，“宝贝价格”那一格应改成多少元？",
        new, "元", f"{said(old)}×{rate}＝{said(new)}元，精确到分。改完再抽几件核对。",
        [(old * (1 - Decimal(rate)), f"这是减掉的钱，{zhe}折是付原价的{percent(Decimal(rate), 0)}%。"),
         (old - Decimal(zhe), f"{zhe}折不是减{zhe}元。"),
         (old, "没有改。"),
         (old / Decimal(rate), "要乘，不是除。")],
        0.005,
    )  # fmt: skip
