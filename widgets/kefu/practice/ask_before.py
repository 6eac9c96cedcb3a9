"""Questions before the sale: freight, promise, price, size; and what may be said at all (chapters 01, 02, 04)."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from itertools import count
from random import Random

from kefu import data
from kefu.amounts import plain
from kefu.practice.making import said, yuan_in
from kefu.practice.question import (
    INNER,
    NOTHING,
    DeskAnswer,
    DeskQuestion,
    Lesson,
    distinct,
    facts,
    four,
    ranked,
    spread,
)
from kefu.presales import freight, greeting, promises, promotions, sizing, wording


def _products(about: str = "") -> list[dict[str, str]]:
    """Return one row for each product, or that of the product of this title alone."""
    every = {row["product_id"]: row for row in reversed(data.rows("products"))}.values()
    return [row for row in every if not about or row["title"] == about][::-1]


TURNS = 60
"""So often a parcel is drawn anew, until what is wanted comes."""
SUMS = ("好，我照这个数付。", "行，跟我估的差不多。", "清楚了，这就去付。", "好，数记下了。")
"""What is said to an amount that was reckoned right."""

# 02 freight, promise, price


def ask_freight(draw: Random, now: datetime, about: str = "") -> DeskQuestion:
    """Ask what a parcel costs to send (`freight.compare`, `freight.buyer_pays`)."""
    free = draw.random() < 0.25  # as often as each of four ways is right
    for turn in count():
        row = draw.choice(_products(about))
        size = [Decimal(row[f"{name}_cm"]) for name in ("length", "width", "height")]
        weight, province = Decimal(row["weight_kg"]), draw.choice(freight.provinces()[:31])
        many = draw.choice((1, 1, 2, 3))
        parcel = freight.Parcel(weight * many, size[0], size[1], size[2] * many)
        rates = freight.compare(parcel, province)
        bare = freight.compare(weight * many, province)
        if not rates:
            continue
        rate = rates[0]
        service, tariff = rate.service, rate.service.tariff
        amount = Decimal(row["price"]) * many
        rule = freight.FreeShipping(Decimal(88), excluded=frozenset({"新疆", "西藏"}))
        due = freight.buyer_pays(rate.fee, rule, amount, many, province)
        if free != (not due) and turn < TURNS:  # goods that cost little are never sent free
            continue
        light = next((one.fee for one in bare if one.service.carrier == service.carrier), rate.fee)
        wrong = [
            (light, "只称了重量，没算体积"),
            (max(rate.fee - tariff.step_fee, tariff.first_fee), "零头没进位，少算了一步续重"),
            (rate.fee + tariff.step_fee, "首重里的那一份又算了一遍续重"),
            (tariff.first_fee, "只收了首重"),
            (rate.fee if not due else NOTHING, "包邮看错了门槛或地区"),
        ]
        choices = distinct([(_fee(one), why) for one, why in wrong], _fee(due))
        if len(choices) >= 3:
            break
    draw.shuffle(choices)
    choices.sort(key=lambda one: one[0] != _fee(NOTHING))  # that none is paid is always among them
    kept = choices[:3]
    gives = [max(due - yuan_in(text), NOTHING) for text, _ in kept]
    told = facts(
        货品=f"{row['title']} {many}件，{plain(amount)}元",
        包裹=f"{plain(parcel.weight)}公斤，{plain(size[0])}×{plain(size[1])}×{plain(parcel.height)}厘米",
        寄到=f"{province}（{freight.zone_of(province)}）",
        最便宜=f"{service.carrier}：首重{plain(tariff.first_weight)}公斤{plain(tariff.first_fee)}元，"
        f"续重每{plain(tariff.step_weight)}公斤{plain(tariff.step_fee)}元，体积÷{plain(service.divisor)}",
        包邮="满88元，新疆、西藏不参加",
    )
    return DeskQuestion(
        "运费", Lesson("02", "一只枕芯，算几公斤"),
        f"{row['title']}要{many}件，寄到{province}，我要付多少运费？", told,
        four(draw, _fee(due), kept, away=gives),
        f"计费重{plain(round(rate.chargeable, 2))}公斤，运费{plain(rate.fee)}元；"
        f"{'够包邮，客人付0元' if not due else '不包邮，客人付' + plain(due) + '元'}",
        "先看够不够包邮、地区在不在内；再拿实际重量和体积重量比，取大的，零头进一步。",
        about=row["title"], thanks=SUMS if due else ("包邮就好，那我拍了。", "行，没有运费就好。"),
    )  # fmt: skip


def _fee(yuan: Decimal) -> str:
    return "这单包邮，运费0元。" if not yuan else f"运费您付{plain(yuan)}元。"


def ask_promise(draw: Random, now: datetime) -> DeskQuestion:
    """Ask by when an order is shipped (`promises.ship_promise`, `promises.status`)."""
    paid = now - timedelta(minutes=draw.randrange(30, 1500))
    paid = paid.replace(second=0, microsecond=0)
    kind: promises.SaleKind = draw.choice(("现货", "现货", "预售", "定制"))
    ships = now.date() + timedelta(draw.randrange(2, 9)) if kind == "预售" else None
    lead = draw.randrange(3, 8) if kind == "定制" else None
    promise = promises.ship_promise(paid, kind=kind, presale_ships=ships, lead_days=lead)
    by = promise.ship_by
    state = promises.status(promise, now).state

    def line(moment: datetime) -> str:
        return f"最晚{said(moment)}发出，快递揽收了才算。"

    wrong = [
        (line(paid + timedelta(hours=24)), "拿传单号的期限当了发货的期限"),
        (line(by + timedelta(hours=24)), "多说了一天"),
        (line(now + timedelta(hours=48)), "从现在算起，没从付款算起"),
        (line(paid.replace(hour=23, minute=59) + timedelta(days=1)), "按自然日数，没按小时数"),
    ]
    choices = distinct(wrong, line(by))
    draw.shuffle(choices)
    if kind != "现货":
        page = f"{ships.month}月{ships.day}日发货" if ships else f"付款后{lead}天内发货"
        told = facts(订单=kind, 付款=said(paid), 页面写着=page, 现在=state)
    else:
        told = facts(订单=kind, 付款=said(paid), 现在=state)
    return DeskQuestion(
        "发货", Lesson("02", "期限从哪一刻算"),
        draw.choice(SHIPPED), told, four(draw, line(by), choices[:3]),
        f"{promise.reason}从{said(paid)}付款算到{said(by)}", "先分现货、预售、定制；从付款那一刻起按小时数。",
        thanks=("好，那我等到那会儿。", "行，到点我看揽收。", "知道了，有个准日子就好。"),
    )  # fmt: skip


SHIPPED = (
    "我的单什么时候发货？给个准话。", "付了款还没动静，最晚哪天发？", "几时能发走？我好安排收。",
    "最迟什么时候发出来？", "这单哪天走？我出门前想知道。", "怎么还没发？到底最晚几点？",
)  # fmt: skip


def ask_price(draw: Random, now: datetime, about: str = "") -> DeskQuestion:
    """Ask what a cart costs with all offers (`promotions.checkout`)."""
    while True:
        rows = draw.sample(_products(), draw.choice((1, 2, 2, 3)))
        rows = (
            [*_products(about), *(row for row in rows if row["title"] != about)][:3]
            if about
            else rows
        )
        cart = promotions.Cart(
            tuple(promotions.Item(one["sku"], Decimal(one["price"]), draw.choice((1, 1, 2)), one["title"])
                  for one in rows)
        )  # fmt: skip
        if not 150 <= cart.amount <= 700:
            continue
        full = promotions.FullReduction(
            "满300减40", Decimal(300), Decimal(40), repeat=draw.random() < 0.3
        )
        if full.repeat:
            full = promotions.FullReduction("每满300减40", Decimal(300), Decimal(40), repeat=True)
        coupon = promotions.ShopCoupon("店铺券满299减35", Decimal(299), Decimal(35))
        small = promotions.PlatformCoupon("平台券满200减20", Decimal(200), Decimal(20))
        quote = promotions.checkout(cart, [full], [coupon, small])
        total = cart.amount
        naive = total - sum(
            (one.off for one in (full, coupon, small) if total >= one.threshold), NOTHING
        )
        alone = promotions.checkout(cart, [full], []).pay
        shop = promotions.checkout(cart, [full], [coupon]).pay
        platform = promotions.checkout(cart, [], [small]).pay
        every = total - full.off - coupon.off - small.off
        wrong = [
            (naive, "门槛都按原价看了，没按减过以后剩的看"),
            (every, "够不够门槛没看，券全减了"),
            (alone, "只算了满减，忘了券"),
            (shop, "忘了平台券"),
            (platform, "忘了满减是自动的"),
            (total, "一样也没减"),
            (total - coupon.off, "只算了店铺券"),
        ]
        choices = distinct([(_pay(one), why) for one, why in wrong], _pay(quote.pay))
        if len(choices) >= 3 and quote.saved:
            break
    draw.shuffle(choices)
    kept = choices[:3]
    steps = "，".join(
        f"{one.offer.name}：{plain(one.base)}−{plain(one.off)}＝{plain(one.left)}"
        for one in quote.steps
    )
    told = facts(
        购物车="、".join(f"{i.title}{plain(i.price)}元×{i.quantity}" for i in cart.items),
        合计=f"{plain(total)}元", 自动减=full.name, 卡包里=f"{coupon.name}、{small.name}",
    )  # fmt: skip
    gives = [max(quote.pay - yuan_in(text), NOTHING) for text, _ in kept]
    return DeskQuestion(
        "到手价", Lesson("02", "叠加：一层一层往下减"), draw.choice(CARTS), told,
        four(draw, _pay(quote.pay), kept, away=gives), f"{steps}，到手{plain(quote.pay)}元",
        "一层一层减：满减自动先减，再看剩下的够不够下一张券的门槛。", about=about or rows[0]["title"], thanks=SUMS,
    )  # fmt: skip


CARTS = (
    "这些一起拍，到手一共多少？", "购物车里这几样，算上券要付多少？", "满减和券都用上，最后付几块？",
    "车里的帮我算个到手价。", "零点前一起下单，实付是多少？", "券怎么扣的？我最后付多少？",
)  # fmt: skip


def _pay(yuan: Decimal) -> str:
    return f"到手{plain(max(yuan, NOTHING))}元。"


# 01 what may be said


def ask_wording(draw: Random, now: datetime) -> DeskQuestion:
    """Ask whether a colleague's draft may be sent (`wording.sayings`)."""
    meant = {
        "能说": "能说，照这样原样发出去就行。",
        "换个说法": "事情没错，换个说法再发出去。",
        "不能说": "不能说，换什么说法也不答应。",
    }
    heap = draw.choice(list(meant))
    one = draw.choice([each for each in wording.sayings() if each.heap == heap])
    right = meant[one.heap]
    wrong = [(text, f"这句该归“{one.heap}”") for heap, text in meant.items() if heap != one.heap]
    ways = [DeskAnswer(right, True), *(DeskAnswer(text, False, slip) for text, slip in wrong)]
    told = facts(客人问=one.asked, 青禾的草稿=one.text, 看哪条=one.rule_title)
    return DeskQuestion(
        "能不能说", Lesson("01", "动手：三堆话"), f"青禾问你：我想回“{one.text}”，能发吗？", told,
        spread(draw, ways, INNER), f"{one.why}。可以说：{one.better}",
        "先看事能不能做，再看话怎么说。规则卡上写着看哪一条。",
        thanks=("好，就照这个办。", "嗯，听你的，我改。", "行，我记下了。"),
    )  # fmt: skip


# 04 the first line, and a size

HELLO = tuple(hello for _, hello in greeting.HELLOS.values() if hello != "您好")
ONCE = ("又见面了", "欢迎回来", "上次的{last}还用得惯吧")
NAMED = ("我是{agent}", "今晚是我{agent}在")
SEEN = ("您看的是{product}", "看到您停在{product}那一页", "{product}在的")
NEXT = (
    "想先问哪一样？",
    "想问运费、价钱，还是别的？",
    "您先说最想知道的是哪一样？",
    "先问什么，告诉我就行。",
)
CAME = {
    "活动": ("活动价我帮您对页面", "活动价照页面上的算"),
    "直播": ("直播里的价我帮您对页面", "直播里说的照页面上的算"),
    "老客分享": ("是朋友分享的吧", "朋友分享来的，谢谢"),
}
"""Ways to say what a first line must hold (`greeting.greeting_parts`)."""
NOT: dict[str, tuple[str, ...]] = {
    "下一步": ("您慢慢看。", "有需要再叫我，不打扰您了。"),
    "夸人": ("您真有眼光", "眼光真好，一看就会挑"),
    "催单": ("只剩两件了", "今晚拍的人多，手慢无"),
    "露隐私": ("还是寄到上回那个地址吗", "您的地址和电话我们都留着"),
}
"""What spoils a first line: by the part in whose place it stands, or the fault that it is."""


def ask_greeting(draw: Random, now: datetime, about: str = "") -> DeskQuestion:
    """Ask for the first line to somebody who only says 在吗 (`greeting.judge_greeting`)."""
    rows = draw.sample(_products(), 3)
    product, once = about or rows[0]["title"], rows[1]["title"]
    source = draw.choice([one for one in greeting.SOURCES if one != "直播" or now.time() >= ON_AIR])
    visit = greeting.Visit(now, product, source, once if draw.random() < 0.4 else "")
    others = [row["title"] for row in _products() if row["title"] not in (product, once)]
    taken = {"报名字": ("agent", "青禾"), "看的哪一件": ("product", draw.choice(others))}
    """Whose name, and which goods, stand in place of the right ones."""
    spoils = ["问好", *taken, *(one for one in NOT if one != "露隐私" or visit.last)]
    spoils += ["老客"] * bool(visit.last) + ["从哪来"] * (source in greeting.FROM)

    def line(spoil: str, style: int) -> str:
        """Return a line with one thing wrong; two of one style say the rest in the same words."""
        same = Random(f"{visit}/{style}")

        def part(name: str, ways: tuple[str, ...]) -> str:
            chosen = draw.choice(NOT[name]) if spoil == name in NOT else same.choice(ways)
            fill = {"last": visit.last, "agent": visit.agent, "product": product}
            return chosen.format(**fill | dict([taken[name]] if spoil == name in taken else []))

        wrong = draw.choice([one for one in HELLO if one != visit.hello])
        parts = [wrong if spoil == "问好" else visit.hello]
        if visit.last and spoil != "老客":
            parts.append(part("老客", ONCE))
        parts.append(part("报名字", NAMED))
        more = [part("看的哪一件", SEEN)]
        if source in greeting.FROM and spoil != "从哪来":
            more.append(part("从哪来", CAME[source]))
        if spoil in ("夸人", "催单", "露隐私"):
            more.append(part(spoil, ()))
        return f"{'，'.join(parts)}。{'，'.join(more)}，{part('下一步', NEXT)}"

    def made() -> list[DeskAnswer]:
        own, other = draw.sample(range(1000), 2)
        alone = draw.random() < 0.3
        styles = (other if alone else own, other, other)
        wrong = [line(*one) for one in zip(draw.sample(spoils, 3), styles, strict=True)]
        return [DeskAnswer(line("", own), True),
                *(DeskAnswer(text, False, _lacking(text, visit)) for text in wrong)]  # fmt: skip

    ways = ranked(draw, made)
    right = greeting.judge_greeting(next(one.text for one in ways if one.right), visit)
    told = facts(
        来时=f"{now:%H:%M}，{visit.agent}当班", 客人=f"老客，买过{visit.last}" if visit.last else "新客",
        从哪来=source, 停在=f"“{product}”那一页", 最长=f"{greeting.LONGEST_GREETING}个字",
    )  # fmt: skip
    return DeskQuestion(
        "第一句", Lesson("04", "动手：第一句怎么说"), draw.choice(CALLS), told, ways,
        f"{'、'.join(one.name for one in right.has)}，都在，也没有多余的",
        "看几点、谁当班、新客还是老客、从哪来、停在哪一页，每样接住；末了问一句好答的。别夸，别催，别露底。",
        about=product,
    )  # fmt: skip


ON_AIR = time(22)
"""When the live show begins; nobody comes from it sooner."""
CALLS = ("在吗", "在吗？", "有人在吗", "你好", "您好，在不在", "哈喽，有人吗", "在的话回一下")


def _lacking(text: str, visit: greeting.Visit) -> str:
    """Return what is wrong with a first line; nothing is wrong with one that is good."""
    found = greeting.judge_greeting(text, visit)
    if found.faults:
        return f"{found.faults[0].kind}“{found.faults[0].words}”：{found.faults[0].why}"
    return f"少了“{found.lacks[0].name}”：{found.lacks[0].why}" if found.lacks else ""


def sized(about: str = "") -> list[str]:
    """Return the charts that there are, or that of the product of this title."""
    return [
        name for name in sizing.read_size_charts() if not about or CHART_OF.get(name, name) in about
    ]


CHART_OF = {"童装": "儿童"}
"""The word of a product's title, where the chart has another name."""


def ask_size(draw: Random, now: datetime, about: str = "") -> DeskQuestion:
    """Ask which size (`sizing.recommend`) for a body that falls into a row of the chart by both measures."""
    charts = sized(about)
    while True:
        name = draw.choice(charts)
        chart = sizing.size_chart(name)
        heights, weights = chart.ranges("height"), chart.ranges("weight")
        height = draw.randrange(int(heights[0][0]) + 1, int(heights[-1][1]))
        weight = draw.randrange(int(weights[0][0]) + 1, int(weights[-1][1]))
        small = draw.random() < 0.4
        found = sizing.recommend(chart, height, weight, runs_small=small)
        both = all(str(found.size) in one.sizes for one in found.readings)
        if found.kind is sizing.AdviceKind.ONE and len(chart.sizes) >= 3 and both:
            break
    size = str(found.size)
    by = {one.measure: one.sizes for one in found.readings}
    others = [one for one in chart.sizes if one != size]
    others.sort(key=lambda one: abs(chart.sizes.index(one) - chart.sizes.index(size)))
    wrong = []
    for one in others[:3]:
        slip = (
            "只看了身高"
            if one in by["height"]
            else "只看了体重"
            if one in by["weight"]
            else "尺码表看错了行"
        )
        wrong.append((f"您拍{one}码。", "这款偏小，该往大里拿" if small and found.larger else slip))
    rows = "；".join(
        f"{row.size}：身高{plain(row.height[0])}—{plain(row.height[1])}，"
        f"体重{plain(row.weight[0])}—{plain(row.weight[1])}"
        for row in chart.rows
    )
    told = facts(
        款式=name, 尺码表=rows + "（厘米、公斤）", 客人=f"{height}厘米，{weight}公斤",
        页面提醒="这款偏小" if small else "",
    )  # fmt: skip
    who = "孩子" if name in CHART_OF else "我"
    return DeskQuestion(
        "尺码", Lesson("04", "动手：推荐一个码"), f"{who}{height}厘米{weight}公斤，{name}穿几码？", told,
        four(draw, f"您拍{size}码。", wrong), found.says.partition("。拿不准")[0],
        "身高、体重各看一遍，两样都落得进的那一格；偏小的款，两码之间拿大的。",
        about=_titled(name), thanks=(f"行，就拍{size}码。", f"{size}码，好，下单了。", f"那我要{size}码，谢谢。"),
    )  # fmt: skip


def _titled(chart: str) -> str:
    """Return the product that a chart is of."""
    return next(row["title"] for row in _products() if CHART_OF.get(chart, chart) in row["title"])
