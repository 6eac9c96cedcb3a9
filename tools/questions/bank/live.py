"""Chapter 16 asked again: how a line grows, what to pin, what was promised and is owed, oversold, prices on the air."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from kefu.clock import SHANGHAI
from kefu.demos.quiz import Question
from kefu.intelligence.live import Link, Stock, fluid, netizens, oversell_bill, rates
from kefu.intelligence.on_air import (
    ShowPrice,
    compared_price,
    corrected,
    kept_until,
    owed_before,
)
from kefu.intelligence.promise_book import KEEPERS, due, hear, more_returns
from tools.questions.bank.draw import (
    Draw,
    number,
    of,
    order,
    said,
    single,
    which,
)

SHOW = datetime(2026, 3, 26, 20, 0, tzinfo=SHANGHAI)


def moment(one: datetime) -> str:
    """Return a moment as it is said."""
    return f"{one.month}月{one.day}日{one:%H:%M}"


@of("16-13", "中")
def queue_peak(d: Draw) -> Question:
    """How many lines wait when a link's rush ends."""
    usual, able = d.of([(6, 10), (8, 12), (5, 9), (6, 9)])
    rush, lasting = d.of([30, 36, 40, 45]), d.of([2, 3])
    flow = fluid(rates(lasting, usual, [Link(0, rush - usual, lasting, 0)]), able)
    d.note(usual=usual, able=able, rush=rush, lasting=lasting)
    return number(
        f"平常一分钟来{usual}条。上链接后{lasting}分钟，每分钟{rush}条；客服一分钟答{able}条，没有人走。{lasting}分钟末，多少条在等？",
        flow.peak, "条",
        f"每分钟积{rush}－{able}＝{rush - able}条，{lasting}分钟{said(flow.peak)}条。来得比答得快，队就积起来。",
        [(rush * lasting, f"这是来的条数，还要减去答掉的{able * lasting}条。"),
         ((rush - usual) * lasting, f"减的该是答掉的{able}条，不是平常来的{usual}条。"),
         (able * lasting, "这是答掉的，不是在等的。"),
         (Fraction(rush - able, able) * lasting, "那是排在末尾的人要等几分钟。")],
    )  # fmt: skip


@of("16-13", "中")
def queue_clears(d: Draw) -> Question:
    """How long the line takes to clear once the rush is over."""
    usual, able = d.of([(6, 10), (8, 12), (5, 9), (8, 10)])
    rush, lasting = d.of([30, 34, 42]), d.of([2, 3])
    flow = fluid(rates(lasting, usual, [Link(0, rush - usual, lasting, 0)]) + (usual,) * 200, able)
    assert flow.clear_at
    minutes = flow.clear_at - lasting
    d.note(usual=usual, able=able, rush=rush, lasting=lasting)
    return number(
        f"平常一分钟来{usual}条。上链接后{lasting}分钟，每分钟{rush}条；客服一分钟答{able}条。那一阵过后，还要几分钟才没有人等？保留一位小数。",
        minutes, "分钟",
        f"积下（{rush}－{able}）×{lasting}＝{said(flow.peak)}条，往后每分钟只多消{able}－{usual}＝{able - usual}条，{said(minutes, 1)}分钟。"
        "来了几分钟，散了一大截。",
        [(flow.peak / able, "平常还在来，一分钟消不掉这么多。"),
         (flow.peak / (rush - usual), "那一阵过了，来的少了，除的是多消的。"),
         (minutes + lasting, "前面那几分钟是积下来的，不算在里面。"),
         (flow.longest_wait, "这是排在末尾的人等几分钟。")],
        0.06, 1,
    )  # fmt: skip


PINNED = (
    ("几时发、几时到", "问几时到", "几时发、几时到：问的人最多"),
    ("尺码建议和表在第几屏", "问穿多大", "尺码建议和表在第几屏：问的人最多"),
    ("满减怎么算、截止几点", "问优惠怎么算", "满减怎么算、截止几点：问的人最多"),
    ("料子和洗法", "问料子", "料子和洗法：问的人最多"),
)


@of("16-13", "易")
def what_to_pin(d: Draw) -> Question:
    """What to pin, when only one can be."""
    top, *rest = d.mixed(PINNED)
    counts = [d.between(8, 14), d.between(2, 6), d.between(1, 3)]
    shown = (
        f"{counts[0]}条{top[1]}，{counts[1]}条{rest[0][1]}，{counts[2]}条{rest[1][1]}，1条夸衣服"
    )
    d.note(counts=counts, top=top[0])
    return single(
        d, f"链接刚上，一分钟里公屏上{shown}。只能置顶一条，先挂什么？",
        (top[0], "置顶答的是最多人在问的那一样，后来的人看见就不用问了。"),
        [(one[0], f"只有{count}条在问，先挂问得最多的。") for one, count in zip(rest[:2], counts[1:], strict=True)]
        + [("怎么领券，顺手促促单", "没有人在问券，答非所问的置顶白占一行。"),
           ("四样轮着挂，一样一分钟", "刚进来的人赶上的，多半不是他要问的那样。")],
    )  # fmt: skip


@of("16-12", "中")
def promise_or_not(d: Draw) -> Question:
    """Which words of a host are a promise, by what the chapter's word list hears."""
    lines = [
        ("今晚下单，明天必到，家人们放心拍", "时效"),
        ("拍两件送一把雨伞", "赠品"),
        ("买贵了三十天内补差价", "价格"),
        ("缺的颜色我刚让仓库补上，随便拍", "库存"),
        ("一年之内起球，包退", "质量"),
        ("不合适七天内退，运费我们出", "退换"),
        ("我们尽量今晚发", "留了余地"),
        ("闭眼入，不会错的", "夸赞"),
        ("包芯纱比普通毛线不爱起球", "商品说明"),
    ]
    line, kind = d.of([(text, kind) for text, kind in lines if hear(text).kind == kind])
    found = hear(line)
    d.note(line=line, kind=kind)
    words = {
        "时效": "算，时效承诺，登记", "赠品": "算，赠品承诺，登记", "价格": "算，价格承诺，登记", "库存": "算，库存承诺，登记",
        "质量": "算，质量承诺，登记", "退换": "算，退换承诺，登记",
        "留了余地": "没说定，当场问清", "夸赞": "不算，是夸赞，放过", "商品说明": "不算，是商品说明，跟商品页对",
    }  # fmt: skip
    only = {
        "时效": "说了几时发、几时到，才是时效。", "赠品": "说了送什么，才是赠品。", "价格": "说了多少钱、补多少，才是价格。",
        "库存": "说了货有、货够，才是库存。", "质量": "说了坏了怎么办，才是质量。", "退换": "说了能退能换，才是退换。",
        "留了余地": "说“尽量”“争取”，才是没说定。", "夸赞": "只夸不许，才放过。", "商品说明": "说的是货什么样，才跟商品页对。",
    }  # fmt: skip
    keeper = next(
        (f"归{who}兑现。" for one, who in KEEPERS.items() if found.counts and one == found.kind), ""
    )
    return single(
        d, f"主播说：“{line}”。算不算口播承诺，怎么办？",
        (words[kind], f"看客人能不能照着要。{keeper}"),
        [(text, only[name]) for name, text in words.items() if name != kind],
    )  # fmt: skip


@of("16-12", "中")
def due_when(d: Draw) -> Question:
    """Until when a promise said on the air is to be kept."""
    words = d.of(
        [
            "今晚下单，明天必到",
            "三天内给您送到",
            "买贵了三十天内补差价",
            "七天内不合适都能退",
            "今晚下单，后天到",
        ]
    )
    at = SHOW + timedelta(minutes=d.between(30, 75))
    until = due(words, at)
    assert until
    d.note(words=words, at=at.isoformat())
    by_day = words.startswith("今晚")

    def told(end: datetime) -> str:
        return (
            f"{end.month}月{end.day}日24:00" if by_day else f"{end.month}月{end.day}日{end:%H:%M}"
        )

    return single(
        d, f"3月26日{at:%H:%M}，主播说：“{words}”。登记簿上写到几时到期？",
        (told(until), "说了哪一天就到那天末了；没说几点的，本书从说的那一刻数。"),
        [(told(until + timedelta(days=1)), "多数了一天。"), (told(until - timedelta(days=1)), "少数了一天。"),
         (told(until + timedelta(days=3)), "那是路上的宽松，承诺按他说的走。"),
         ("写“尽快”，到时再说", "“尽快”没有日子，登记簿要写到几时。")],
    )  # fmt: skip


@of("16-12", "难")
def owed_orders(d: Draw) -> Question:
    """How many orders are owed after a slip of the tongue."""
    orders = [d.between(2, 9) for _ in range(8)]
    said_at, right_at = d.of([(1, 4), (0, 3), (2, 5), (2, None)])
    owed = owed_before(orders, said_at, right_at)
    d.note(orders=tuple(orders), said=said_at, right=right_at)
    shown = "；".join(f"第{n}分钟{count}单" for n, count in enumerate(orders))
    mend = (
        f"第{right_at}分钟改了口（改口那一分钟也算进去）"
        if right_at is not None
        else "一直没有改口"
    )
    kept = orders[said_at : (right_at + 1) if right_at is not None else len(orders)]
    return number(
        f"第{said_at}分钟，主播把时效说错了，{mend}。下单：{shown}。欠了几单？",
        owed, "单", f"{'、'.join(map(str, kept))}加起来{owed}单。改口只管后来的，前面的照旧欠着。",
        [(sum(orders), "说错之前的不欠，从说错那一分钟起。") if said_at else (sum(orders[1:]), "说错的那一分钟也欠着。"),
         (sum(orders[said_at:right_at]) if right_at is not None else sum(orders[said_at:-1]), "改口那一分钟的单，听着错话拍的，也欠。" if right_at is not None else "没改口，欠到最后一分钟。"),
         (sum(orders[said_at + 1 :]), "说错的那一分钟也欠。"),
         (len(orders), "数的是单，不是分钟。")],
    )  # fmt: skip


@of("16-12", "难")
def mend_in_time(d: Draw) -> Question:
    """Whether a slip was corrected on the spot and at once, and whether it is recorded."""
    ends = SHOW + timedelta(hours=2)
    said_at = SHOW + timedelta(minutes=d.between(20, 90))
    after, recorded = d.of([(1, True), (3, True), (5, True), (None, False), (1, False)])
    right = corrected(
        said_at, ends, said_at + timedelta(minutes=after) if after is not None else None, recorded
    )
    d.note(after=after, recorded=recorded)
    if right.on_the_spot and right.prompt:
        answer, why = "当场改了口，也算及时", "一分钟以内算及时，还要留下记录。"
    elif right.on_the_spot:
        answer, why = (
            "当场改了口，算不上及时",
            "下播以前都算当场，超过一分钟不算及时；前面的单照旧欠。",
        )
    else:
        answer, why = "没有改口，欠到下播", "没改口，从说错起都欠。"
    if right.on_the_spot and not recorded:
        answer, why = answer + "，可没留记录", "口误要留下记录，没记就是缺一样。"
    return single(
        d, f"主播{moment(said_at)}说错了一句，{'一分钟以内改了口' if after == 1 else f'{after}分钟以后改了口' if after else '一直没改口'}，"
        f"{'录像和登记簿都有' if recorded else '没有留下记录'}；{moment(ends)}下播。怎么算？",
        (answer, why),
        [(other, told) for other, told in [
            ("当场改了口，也算及时", "一分钟以内，还要留下记录，才算及时。"),
            ("当场改了口，算不上及时", "下播以前是当场，超过一分钟不算及时。"),
            ("没有改口，欠到下播", "改了口，前面的才照旧欠。"),
            ("当场改了口，算不上及时，可没留记录", "记录也要留。"),
            ("下播以后补一句就行", "要在下播以前改口，当场改。"),
            ("不用改，播完发公告就行", "听着直播的人未必看公告。")] if other != answer],
    )  # fmt: skip


@of("16-12", "中")
def keep_the_film(d: Draw) -> Question:
    """Until when records of a show are to be kept."""
    done = SHOW + timedelta(days=d.between(0, 40))
    last = kept_until(done.date())
    d.note(done=done.date().isoformat())
    wrong = last.replace(year=last.year - 1)
    return single(
        d, f"一场直播，最后一单在{done.year}年{done.month}月{done.day}日交易完成。选品核验、口误纠正的录像，至少要留到哪一天？",
        (f"{last.year}年{last.month}月{last.day}日", "至少三年，三年里消费者要，得拿得出来。"),
        [(f"{wrong.year}年{wrong.month}月{wrong.day}日", "那是两年，不够三年。"),
         (f"{last.year + 2}年{last.month}月{last.day}日", "至少三年，留久一点行，可数的是三年。"),
         ("播完当天就可以删", "口误、选品都是凭据，要留三年。"),
         ("卖完这一款就可以删", "退换、投诉可能晚得多，要留三年。")],
    )  # fmt: skip


@of("16-04", "难")
def oversold_loss(d: Draw) -> Question:
    """What oversold orders cost the shop; what is refunded is the customers' money."""
    n = d.between(3, 9)
    cost_price, cost = d.of([(149, 76), (129, 58), (99, 45), (169, 76)])
    pay, minutes = d.of([5, 10]), d.of([6, 8, 10])
    found = oversell_bill(n, cost_price, cost, compensation=pay, minutes=minutes)
    d.note(n=n, price=cost_price, cost=cost, pay=pay, minutes=minutes)
    return number(
        f"超卖{n}件，售价{cost_price}元，进价{cost}元；一单补偿{pay}元，每单花{minutes}分钟，一小时工钱25元。店里亏多少元？",
        found.total, "元",
        f"毛利{said(found.lost)}元，补偿{said(found.compensation)}元，工钱{said(found.work)}元，合计{said(found.total)}元；"
        f"退回去的{said(found.refund)}元是客人的钱，不算亏。",
        [(found.refund, "退的货款是客人的钱，不算亏。"),
         (found.lost, "补偿和工钱也要算。"),
         (found.refund + found.compensation + found.work, "货款不算亏，补偿和工钱算。"),
         (n * (cost_price - cost) + n * pay, "花的工夫也是钱。")],
        0.006,
    )  # fmt: skip


@of("16-12", "中")
def timed_price(d: Draw) -> Question:
    """What an order gets back by a timed price, by when it was ordered."""
    cost = d.of([149, 129, 99])
    ends = SHOW + timedelta(hours=1)
    ordered = ends + timedelta(minutes=d.of([-20, -3, -1, 3, 8]))
    paid_at = ordered + timedelta(minutes=d.of([2, 6]))
    paid = Decimal(cost + 20)
    found = ShowPrice(Decimal(cost), SHOW, ends).settle(paid, ordered)
    d.note(cost=cost, ordered=ordered.isoformat(), paid=str(paid))
    late = found.refund == 0
    return number(
        f"限时价{cost}元到{ends:%H:%M}。“{d.person()}”{ordered:%H:%M}下单，{paid_at:%H:%M}付了{said(paid)}元。该退几元？",
        found.refund, "元",
        (f"看下单{ordered:%H:%M}，不看付款：限时价到{ends:%H:%M}为止，"
         + ("他下单的时候已经过了，不退。没发货的可以取消。" if late else f"赶上了，退{said(found.refund)}元。")),
        [(20 if late else 0, "看下单的时刻，不是付款的时刻。" if late else "他下单还在里面，照限时价算。"),
         (cost, "退的是差价，不是限时价。"),
         (paid, "退的是差价，不是全部。")],
        0.005,
    )  # fmt: skip


@of("16-12", "易")
def original_price(d: Draw) -> Question:
    """Which price may stand beside the one on the air."""
    lowest = d.of([149, 159, 169, 129])
    at = SHOW
    deals = [
        (at - timedelta(days=n), Decimal(lowest + extra))
        for n, extra in zip((1, 3, 6, 10), (0, 20, 30, -30), strict=True)
    ]
    board = lowest + d.of([10, 20, 30])
    found = compared_price(board, deals, at)
    d.note(board=board, deals=tuple((moment(when), str(cost)) for when, cost in deals))
    assert found.highest is not None
    return single(
        d, f"3月26日晚上这一场，同款近七天成交过{'、'.join(said(cost) for when, cost in deals[:3])}元，十天前{said(deals[3][1])}元。"
        f"板上写“原价{board}元，今晚{lowest - 20}元”，行不行？",
        (f"不行，原价最多写{said(found.highest)}元", f"前七天最低成交{said(found.highest)}元，原价不能高过它；十天前的不算。"),
        [(f"行，{board}元是上个月的标价", "要看的是前七天的最低成交价，不是标价。"),
         ("行，比成交价低一点就可以", "它比前七天的最低成交价高。"),
         (f"不行，原价最多写{said(deals[3][1])}元", "十天前的成交价，不在前七天里。"),
         ("行，写清“本店原价”就可以", "写清不能改变七天里的最低成交价。")],
    )  # fmt: skip


@of("16-05", "易")
def which_part(d: Draw) -> Question:
    """Which of three parts a task belongs to, by paying and sending."""
    return which(
        d, "直播间里，{}。归哪一段？",
        [("客人问几号链接、穿什么码，你在公屏上答", "售前：开播到下单", "下单以前的解疑、推荐。"),
         ("客人拍下没付款，你联系他；还要改收货人", "售中：下单到发货", "催付、改址、确认订单，都归售中。"),
         ("货发出去三天，他说与口播不符，要退", "售后：发货之后", "发货之后起的查件、退换、评价。"),
         ("开播前半小时，对口播稿、测链接", "开播前：预告到开播", "备着的活，归开播前。"),
         ("下播一小时以内催付、核单", "售中：下单到发货", "还没发货，归售中。")],
        {"售前：开播到下单": "付了款、下了单，就不在售前。", "售中：下单到发货": "下单以后、发货以前，才归售中。",
         "售后：发货之后": "货发出以后，才归售后。", "开播前：预告到开播": "开播以前的准备，才归这里。"},
    )  # fmt: skip


@of("16-12", "难")
def broken_words(d: Draw) -> Question:
    """What a broken promise on the air costs, by more returns."""
    orders = d.of([12, 14, 20, 24])
    more = more_returns(orders)
    d.note(orders=orders)
    return single(
        d, f"主播喊了一句仓库做不到的话，改口前有{orders}单听着错话拍的。去年兑现了的，退换18.5%；没兑现的，31.0%。"
        "这几单，凭去年的差，多退约几单，怎么办？",
        (f"约多退{said(more)}单；当晚逐单告知，等、换、退由客人挑", f"（31.0%－18.5%）×{orders}＝{said(more)}单。许了做到，退换跟没许愿的差不多。"),
        [(f"约多退{said(float(orders) * 0.31)}单，退货窗口准备好", "31%是没兑现的里头，要跟兑现的比差多少。"),
         (f"约多退{said(float(orders) * 0.185)}单，平常的事，不用告诉", "没兑现的要算差出来的，而且先告诉客人。"),
         ("多不多退，等客人来问了再说", "不来问的也听见了，逐单告知。"),
         ("把活动改成照他说的做，一单也不退", "仓库做不到，改活动也改不出货。")],
    )  # fmt: skip


@of("16-01", "易")
def how_many_online(d: Draw) -> Question:
    """How many are on the internet, from viewers and their share."""
    part = d.of(["0.752", "0.680", "0.704"])
    watching = d.of(["8.33", "7.50", "6.81"])
    found = netizens(watching, part)
    d.note(watching=watching, part=part)
    return number(
        f"某份报告写：网络直播用户{watching}亿，占网民{said(float(part) * 100, 1)}%。网民大约几亿？保留两位小数。",
        found.people, "亿",
        f"{watching}÷{said(float(part) * 100, 1)}%＝{said(found.people)}亿，两样都是四舍五入来的，宽窄也除一除：{said(found.low)}到{said(found.high)}亿。",
        [(float(watching) * float(part), "是直播用户占网民，该除，不是乘。"),
         (float(watching) / (1 - float(part)), "除的是占几成，不是不看的几成。"),
         (float(watching), "这是看直播的，网民还包括不看的。")],
        0.02,
    )  # fmt: skip


@of("16-05", "中")
def after_promise(d: Draw) -> Question:
    """The order in which a broken word is followed up."""
    return order(
        d, "主播喊了一句做不到的话，听见以后先后怎么排？",
        ["登记：谁说的、几点几分、原话、几时到期、谁兑现", "请主播当场改口，登记簿添一行更正",
         "查出改口以前拍下的单，一共欠几单", "逐个告诉客人：等、换、退，由他挑",
         "到期没做到，照实记没兑现", "记下怎么补救，录像留三年"],
        "先记下才有凭据，先改口才不多欠；到期照实记，登记簿只添不改。", 6,
    )  # fmt: skip


@of("16-04", "中")
def link_down(d: Draw) -> Question:
    """How many are oversold when a link comes down late."""
    stock = d.of([12, 15, 20])
    orders = [d.between(4, 7) for _ in range(6)]
    delay = d.of([0, 2, 3])
    state = Stock(stock, delay).sell(orders)
    oversold = state.oversold
    assert state.empty_at is not None
    d.note(stock=stock, orders=tuple(orders), delay=delay)
    shown = "、".join(f"第{n}分钟{count}单" for n, count in enumerate(orders))
    down = "当分钟就下链接" if delay == 0 else f"{delay}分钟后才下链接"
    return number(
        f"一款备{stock}件，每单一件：{shown}。卖完{down}。超卖几件？",
        oversold, "件",
        f"第{state.empty_at}分钟卖完，" + (f"第{state.empty_at + delay}分钟下了链接，这当中多拍进来{oversold}件。" if delay else "链接当分钟就下，一件也不超。"),
        [(sum(orders) - stock if delay else orders[state.empty_at], "链接下了以后就不再进单。" if delay else "卖完当分钟就下的，一件也不超。"),
         (sum(orders[state.empty_at : state.empty_at + delay + 1]) if delay else sum(orders) - stock,
          "卖完以前拍的那几件，还有货。" if delay else "链接下了以后就不再进单。"),
         (stock, "这是备的件数，不是超的。"),
         (sum(orders), "这是一共下的单。")],
    )  # fmt: skip
