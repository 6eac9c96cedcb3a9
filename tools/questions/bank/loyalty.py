"""Chapter 11 asked again: the leaking bucket, what points owe, levels, ties, texts, and whose doing it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from kefu.demos.quiz import Question
from kefu.operations.loyalty import (
    TIES,
    RetentionChain,
    expected_lifetime,
    kaplan_meier,
    lifetime_value,
)
from kefu.operations.membership import PointsLedger, Programme, points_owed
from kefu.stats import two_proportions
from tools.questions.bank.draw import (
    Draw,
    multiple,
    number,
    of,
    order,
    percent,
    said,
    single,
)


def day(one: date) -> str:
    """Return a day as it is said."""
    return f"{one.year}年{one.month}月{one.day}日"


@of("11-08", "中")
def bucket(d: Draw) -> Question:
    """How many are in the bucket after some months."""
    start, leak = d.of([800, 1000, 2000]), d.of([0.1, 0.15, 0.2])
    joining, months = d.of([60, 80, 120]), d.of([2, 3])
    chain = RetentionChain(1 - leak, joining)
    after = chain.after(start, months)
    d.note(start=start, leak=leak, joining=joining, months=months)
    steps = []
    value = Fraction(start)
    for _ in range(months):
        value = value * (1 - Fraction(str(leak))) + joining
        steps.append(said(value, 1))
    return number(
        f"桶里有{start}位客人，每月走{percent(leak, 0)}%，新来{joining}位。{months}个月以后还剩几位？保留一位小数。",
        after, "位", f"一个月一个月推：{'，'.join(steps)}。走是按比例走的，人越多走得越多。",
        [(start * (1 - leak) ** months, "新来的没有算进去。"),
         (start - start * leak * months + joining * months, "走的那一成是从剩下的人里走，不是每月都从原来的数里走。"),
         (start + joining * months, "走的没有算。"),
         (chain.after(start, months + 1), "多推了一个月。")],
        0.6, 1,
    )  # fmt: skip


@of("11-08", "易")
def how_long(d: Draw) -> Question:
    """In how many periods a customer buys on average, and what that is worth."""
    leaving = d.of([0.05, 0.1, 0.125, 0.2, 0.25])
    margin = d.of([20, 30, 50, 40])
    periods = expected_lifetime(1 - leaving)
    whole = lifetime_value(margin, 1 - leaving) + margin
    wants_money = d.of([True, False])
    d.note(leaving=leaving, margin=margin, money=wants_money)
    ask = (
        f"每一期赚{margin}元，一位客人整个生命周期（头一期也算，不打折）一共赚多少元？"
        if wants_money
        else "一位客人平均买几期（头一期也算）？"
    )
    return number(
        f"一家店每期走掉{percent(leaving, 1)}%的客人。{ask}",
        whole if wants_money else periods, "元" if wants_money else "期",
        (f"平均买1÷{said(leaving)}＝{said(periods)}期，{margin}×{said(periods)}＝{said(whole)}元。" if wants_money
         else f"每期走{percent(leaving, 1)}%，1÷{said(leaving)}＝{said(periods)}期。"),
        [(margin * (1 / leaving - 1) if wants_money else 1 / (1 - leaving), "漏了头一期。" if wants_money else "除错了数：要除走的，不是留的。"),
         (margin / leaving - margin if wants_money else periods - 1, "少算了头一期。"),
         (leaving * 100 if not wants_money else margin, "这是走的比例。" if not wants_money else "这是一期的钱。"),
         (margin * (1 - leaving) if wants_money else 1 - leaving, "留下一期，不等于一生。")],
        0.05,
    )  # fmt: skip


@of("11-04", "中")
def level_of_hers(d: Draw) -> Question:
    """Which level an amount and a number of orders reach, both needed."""
    programme = Programme.of(
        [
            {"level": "普通", "min_amount": "0", "min_orders": "0", "discount": "1.00"},
            {"level": "银卡", "min_amount": "200", "min_orders": "1", "discount": "0.98"},
            {"level": "金卡", "min_amount": "600", "min_orders": "3", "discount": "0.95"},
            {"level": "黑金", "min_amount": "1500", "min_orders": "5", "discount": "0.92"},
        ]
    )
    amount, orders = d.of([(1600, 3), (500, 4), (900, 2), (1500, 5), (3000, 1), (620, 3), (180, 6)])
    level = programme.level(Decimal(amount), orders)
    lacking = programme.missing(Decimal(amount), orders)
    d.note(amount=amount, orders=orders)
    lacks = (
        f"还差{'、'.join(filter(None, [f'{said(lacking[1])}元' if lacking[1] else '', f'{lacking[2]}单' if lacking[2] else '']))}到{lacking[0].name}"
        if lacking
        else "到顶了"
    )
    return single(
        d, f"店里四级：普通；银卡一年200元、1单；金卡600元、3单；黑金1500元、5单，金额、单数两样都够才算。"
        f"“{d.person()}”这一年交易成功{orders}单、{amount}元。她是哪一级？",
        (level.name, f"两样都够的最高一级是{level.name}，{lacks}。"),
        [(one.name, f"{one.name}要{said(one.min_amount)}元、{one.min_orders}单，两样都要够。"
          if Decimal(amount) < one.min_amount or orders < one.min_orders else "还够得着更高的一级。")
         for one in programme.levels if one.name != level.name],
    )  # fmt: skip


@of("11-05", "难")
def points_run(d: Draw) -> Question:
    """Points used oldest first and running out."""
    first, second = d.between(50, 120, 10), d.between(40, 100, 10)
    used = d.between(20, first + second - 10, 10)
    year = 2025
    ledger = (
        PointsLedger()
        .earn(date(year, 3, 1), first)
        .earn(date(year, 9, 1), second)
        .spend(date(year, 10, 1), used)
    )
    at = d.of([date(2026, 3, 10), date(2026, 5, 20), date(2026, 9, 10)])
    left = ledger.on(at).balance
    d.note(first=first, second=second, used=used, at=at.isoformat())
    rest_first = max(0, first - used)
    return number(
        f"积分一年有效，先到期的先用。“{d.person()}”{year}年3月1日得{first}分，9月1日得{second}分，10月1日用掉{used}分。"
        f"{day(at)}还剩几分？",
        left, "分",
        f"先用掉3月的，{'再用9月的' if used > first else '还剩' + str(rest_first) + '分'}；"
        f"{day(at)}{'3月的已经到期，' if at >= date(2026, 3, 2) else ''}{'9月的也到期，' if at >= date(2026, 9, 2) else ''}剩{left}分。",
        [(first + second - used, "先到期的先用，用完再看哪些到期。"),
         (second - max(0, used - first), "3月的到期没有扣掉。") if at >= date(2026, 3, 2) and left != second - max(0, used - first)
         else (max(0, second - used), "先用3月的，再用9月的。"),
         (first + second, "用掉的没有减。"),
         (0 if left else second, "没到期的还在。")],
    )  # fmt: skip


@of("11-05", "难")
def owed(d: Draw) -> Question:
    """What points owe: the part of what was paid that the goods did not take."""
    sold, points = d.of([(100_000, 10_000), (80_000, 4_000), (50_000, 2_000)])
    used = d.of(["0.8", "0.9", "0.95"])
    split = points_owed(sold, points, used)
    worth = Fraction(points) * Fraction(used)
    d.note(sold=sold, points=points, used=used)
    return number(
        f"店里一年卖货{sold}元，同时送出{points}分积分，1分抵1元，按经验有{percent(float(used), 0)}%会兑掉。照本章的分法，积分欠着多少元？保留两位小数。",
        split.owed, "元",
        f"积分按兑掉的算是{said(worth)}元，和货按各自的价分：{sold}×{said(worth)}÷（{sold}＋{said(worth)}）＝{said(split.owed)}元。",
        [(points, "送出去的分不全兑，还要和货按各自的价分。"),
         (worth, "还没和货按各自的价分开。"),
         (sold - split.owed, "这是算在货上的那一份。")],
        0.02,
    )  # fmt: skip


@of("11-02", "难")
def which_tie(d: Draw) -> Question:
    """Which of the four ties a thing is, and how a shop may make it and stay fair."""
    tie = d.of(list(TIES))
    fair = {one.kind: one.fair for one in TIES}
    lost = {
        "程序": "要重新找、重新学、重新填",
        "财务": "丢了钱和权益",
        "情感": "丢了认得的人、归属",
        "风险": "怕买错、怕难退",
    }
    d.note(item=tie.item, kind=tie.kind)
    return single(
        d, f"“换一家，{tie.example}。”这属于转换成本的哪一类（本书整理），店里怎么做才正当？",
        (f"{tie.kind}：{tie.fair}", f"“{tie.example}”属{tie.kind}类，正当的做法是{tie.fair}。"),
        [(f"{kind}：{fair[kind]}", f"{lost[kind]}的，才是{kind}。") for kind in dict.fromkeys(one.kind for one in TIES) if kind != tie.kind],
    )  # fmt: skip


@of("11-02", "中")
def bind_or_keep(d: Draw) -> Question:
    """Which ways bind, and which keep."""
    return multiple(
        d, "留客的几招，哪些是绑住、对客人自己没有好处？",
        [("退会要打电话排队，入会只点一下", True, "这道坎对她没有好处，撤回同意要给方便的办法。"),
         ("积分月底突然清零，没有提前公示", True, "积分是欠客人的，清零等于赖账。"),
         ("退会入口藏在第五层菜单里", True, "走不脱不是忠诚。"),
         ("改规则当天生效，从前的等级作废", True, "规则变更要事先公示，已得的权益不追回。"),
         ("记住她的尺码、只要棉的", False, "她走了也不亏，可她懒得走，这是留住。"),
         ("生日前一周提醒她有券可用", False, "她用得着，又说得清。"),
         ("专属客服认得她，不用从头说", False, "熟人关系，对她有好处。"),
         ("写明积分一年有效、到期前提醒", False, "规则透明、兑得了，是正当做法。"),
         ("尺码表写实测厘米，少一趟退货", False, "省她比较，是正当做法。")],
    )  # fmt: skip


@of("11-15", "易")
def care_text(d: Draw) -> Question:
    """Which text message fits."""
    name, thing, money = d.of(
        [
            ("晚晚", "燕麦色四件套", 199),
            ("半糖", "枕芯", 89),
            ("小鹿", "猫的马克杯", 32),
            ("老陈", "羊毛围巾", 129),
        ]
    )
    return single(
        d, f"{name}同意过收短信，前天说{thing}到货告诉她一声。今天到了，哪一条合适？",
        (f"【暖巷生活馆】{name}您好，您问的{thing}到货了，{money}元。拒收请回复T。", "店名、一件事、她要的、退得掉，都在。"),
        [(f"{thing}到货啦！全网最低，手慢无，抓紧拍！", "没有店名、没有拒收的办法，还有绝对化用语。"),
         (f"【暖巷生活馆】{name}您好，{thing}到了，顺便提醒今晚满300减40，围巾、拖鞋也在打折，直播间还有惊喜，记得来看看哦。", "一条四件事，她问的那件埋在里头。"),
         (f"【暖巷生活馆】{name}您好，您上次退掉的那条换了料子，这回请您再试一次。拒收请回复T。", "她退过什么亮在锁屏上，不该提的不提。"),
         (f"{name}，{thing}有货了，回1领券。", "没有店名，也没有拒收的办法。")],
    )  # fmt: skip


@of("11-01", "中")
def loyal_words(d: Draw) -> Question:
    """What holds of loyalty."""
    return multiple(
        d, "说到忠诚，下面哪些对？",
        [("行为、心理、时间三样一起看，缺一样都不算", True, "光有重复买，也许是附近只有这一家。"),
         ("忠诚的客人，值的是整个生命周期的利润，口碑也算", True, "不在一次买卖里。"),
         ("满意的人不一定留下", True, "满意是一次的感觉，忠诚是一直的。"),
         ("亲友的推荐带来新客，也添美誉", True, "这是口碑，胜过自己打广告。"),
         ("双11来一回买两千，就算忠诚", False, "时间上要一直在，一回再大也只是一回。"),
         ("天天签到的，忠诚没问题", False, "心理上热，行为上一单没下，也不算。"),
         ("多送几张金卡，老客就留住了", False, "收得到卡的人本来就爱买，要比门槛两侧。"),
         ("留下的越来越多，全是会员制度的功劳", False, "爱走的先走完了，留存自己也会变平。")],
        4,
    )  # fmt: skip


@of("11-18", "难")
def whose_doing(d: Draw) -> Question:
    """What a gift or a card did, and what a jump at a threshold says."""
    with_gift, all_with = d.between(60, 90), d.between(180, 220, 10)
    without_gift, all_without = d.between(40, 70), d.between(180, 220, 10)
    gap = two_proportions(with_gift, all_with, without_gift, all_without)
    sure = gap.low > 0 or gap.high < 0
    d.note(one=(with_gift, all_with), two=(without_gift, all_without))
    more = Fraction(with_gift, all_with) > Fraction(without_gift, all_without)
    return single(
        d, f"抽签试生日礼：送的{all_with}位里{with_gift}位再来，不送的{all_without}位里{without_gift}位再来，"
        f"差{percent(abs(gap.difference))}个百分点，95%区间{percent(gap.low)}到{percent(gap.high)}。能说什么？",
        ((f"礼物{'多' if more else '少'}带来一些，抽过签才敢这么说" if sure else "说不准，区间含着0，送得再久看看"),
         f"抽了签，两组只差一份礼；区间{'不含' if sure else '含'}0，{'这是礼物的功劳' if sure else '还说不准是不是碰巧'}。"),
        [("礼物送得越贵，客人越忠诚", "没有试过不同的礼，这张表答不了。"),
         ("送的人本来就爱买，比不得", "这回抽过签，两组本来就一样。"),
         ("说不准，区间含着0，送得再久看看" if sure else "礼物多带来一些，抽过签才敢这么说", f"看区间：{percent(gap.low)}到{percent(gap.high)}，{'不含' if sure else '含着'}0。"),
         ("再来的人写了好评，可见管用", "写不写评价，和再来是两回事。")],
    )  # fmt: skip


@of("11-09", "中")
def still_here(d: Draw) -> Question:
    """The share still there at a time, with those who have not left yet."""
    times = d.some(range(1, 13), d.between(6, 9))
    gone = [
        *d.mixed([True, True, False, False]),
        True,
        *(d.of([True, False]) for _ in times[6:]),
        False,
    ]
    found = kaplan_meier([float(one) for one in times], gone)
    at, end = found[-1], int(found[-1].time)
    d.note(times=times, gone=gone)
    shown = "；".join(
        f"第{month}月{'走' if left else '还在（看到这里）'}"
        for month, left in zip(times, gone, strict=True)
    )
    beyond = sum(month > end for month in times)
    return number(
        f"{len(times)}位新会员：{shown}。到第{end}月末，还在的百分之几（没走的看到哪里算到哪里）？四舍五入到整数。",
        100 * at.share, "%",
        f"每次有人走，拿那时还看着的人做分母，一次一次连乘，到第{end}月末是{percent(at.share, 0)}%。没走的看到哪里就算到哪里。",
        [(100 * Fraction(len(times) - sum(gone), len(times)), "走的除以全部，等于把只看到半路的都当成一直还在。"),
         (100 * Fraction(beyond, len(times)), "只看到半路的，不能当成走了。"),
         (100 * Fraction(beyond, beyond + sum(gone)), "只看到半路的也有用：看到那一月，他都还在。不能整个扔掉。"),
         (100 * (1 - at.share), "这是走掉的占比，问的是还在的。")],
        1, 0,
    )  # fmt: skip


@of("11-12", "易")
def set_levels(d: Draw) -> Question:
    """The order in which levels are set and used."""
    return order(
        d, "头一回设会员等级，先后怎么排？",
        ["进客户运营平台，点“会员管理”里的“忠诚度设置”", "点“立即设置”", "填卡名，选等级",
         "点该级右侧的“设置”，填交易额或次数、折扣、卡面", "点右上角的保存", "把规则和退会入口放进会员中心",
         "公示改动，写明从哪天起"],
        "先基础设置，再装修会员中心，最后开启运营；设过的，第二步点“修改设置”，改规则先公示。", 6,
    )  # fmt: skip


@of("11-06", "易")
def own_agent(d: Draw) -> Question:
    """What a dedicated agent does and what has not been proven."""
    return multiple(
        d, "周老板想给老客配专属客服，下面哪些说法对？",
        [("商家邀请，客人点了头，才建专属关系", True, "不点头就建，是盯着人家。"),
         ("签收以后主动问一句，没问题也是维护的时候", True, "有问题及时解决，没问题正好续上关系。"),
         ("大促前发给他优惠券、新款推荐、玩法详解", True, "大促前、上新、清仓，都归专属客服。"),
         ("异常件，客人没问也先查", True, "盯着异常件是他的事。"),
         ("级别越高福利越丰，按写明的级来", True, "按消费能力分层，不看人下菜。"),
         ("收到生日礼的人更爱发朋友圈，可见礼物管用", False, "级别高的人本来就爱买，没抽签说不清。"),
         ("人人都给优先接待，最公平", False, "人人都有的特权，谁也不觉得是特权。"),
         ("给他发红包，别让别的客人知道就行", False, "按写明的级发，不暗地里一人一价。"),
         ("第一时间回复，别的事归售后", False, "有问题找他，处理得更贴心，也是他的事。")],
    )  # fmt: skip
