"""Chapter 02 asked again: freight, offers that stack, refunds of one piece, deadlines, topping up."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from math import ceil

from kefu.clock import SHANGHAI
from kefu.demos.quiz import Question
from kefu.presales.freight import Tariff, chargeable_weight
from kefu.presales.promises import ship_promise
from kefu.presales.promotions import (
    Cart,
    FullReduction,
    Item,
    NthDiscount,
    ShopCoupon,
    allocate,
    price,
)
from kefu.presales.topup import suggest
from tools.questions.bank.draw import (
    Draw,
    goods,
    multiple,
    number,
    of,
    order,
    said,
    single,
    which,
)

DAYS = "一二三四五六日"


def tariff_of(first: int, step: int) -> Tariff:
    """Return a tariff by the kilogram: the first, and each one more."""
    return Tariff(Decimal(1), Decimal(first), Decimal(1), Decimal(step))


@of("02-05", "易")
def steps_of_weight(d: Draw) -> Question:
    """Freight by first weight and steps, a fraction of a step being a full one."""
    first, step, tenths = d.between(8, 12), d.between(2, 6), d.between(13, 58)
    if tenths % 10 == 0:
        tenths += 1
    weight = Decimal(tenths) / 10
    fee = tariff_of(first, step).fee(weight)
    steps = ceil(weight - 1)
    d.note(first=first, step=step, tenths=tenths)
    fewer = f"超出{said(weight - 1)} kg，不满1 kg按1 kg，是{steps}份续重。"
    return single(
        d, f"首重1 kg收{first}元，续重每1 kg收{step}元，{said(weight)} kg的包裹（体积不大）运费多少？",
        (f"{said(fee)}元", f"{first}＋{steps}×{step}＝{said(fee)}：{fewer}"),
        [(f"{said(fee - step)}元", f"少算了一份。{fewer}"),
         (f"{said(fee + step)}元", f"多算了一份：首重的1 kg已经含在{first}元里。"),
         (f"{said(first + step * (weight - 1))}元", "续重按份收，不按小数收。"),
         (f"{said(step * steps)}元", "漏了首重的钱。")],
    )  # fmt: skip


@of("02-05", "中")
def by_volume(d: Draw) -> Question:
    """Freight of something light and large, by its volume."""
    name, weight = d.of(
        [
            ("一床棉被", "2.4"),
            ("一只羽丝绒枕芯", "0.95"),
            ("一只大收纳箱", "1.6"),
            ("两只抱枕", "0.9"),
        ]
    )
    length, width, height = d.of(
        [(50, 40, 30), (60, 40, 35), (45, 40, 35), (55, 45, 30), (48, 36, 40)]
    )
    first, step = d.between(8, 12), d.between(3, 6)
    tariff = tariff_of(first, step)
    charged = chargeable_weight(weight, length, width, height)
    fee, light = tariff.fee(charged), tariff.fee(weight)
    d.note(weight=weight, size=(length, width, height), first=first, step=step)
    return number(
        f"{name}实重{weight} kg，箱子长{length}、宽{width}、高{height}厘米，除数6000。首重1 kg收{first}元，"
        f"续重每1 kg收{step}元。运费多少元？",
        fee, "元",
        f"{length}×{width}×{height}÷6000＝{said(charged)} kg，大于实重；超出首重{said(charged - 1)} kg，"
        f"往上取整是{ceil(charged - 1)}份，{first}＋{ceil(charged - 1)}×{step}＝{said(fee)}元。",
        [(light, "只看了实重。箱子大，要按体积重再算。"),
         (fee - step, "不满一份也按一份，少了一份。"),
         (fee + step, f"首重的1 kg已经含在{first}元里，不再算进续重。"),
         (first + step * (charged - 1), "续重按份收，不按小数收。")],
        0.02,
    )  # fmt: skip


@of("02-01", "难")
def stacked(d: Draw) -> Question:
    """What is left to pay after 满减 and the coupon that is still within reach."""
    name, other = d.of(
        [
            ("羊毛围巾", "直筒牛仔裤"),
            ("免烫衬衫", "不锈钢保温杯"),
            ("水洗棉四件套", "珊瑚绒毯"),
            ("宽松针织开衫", "羊毛围巾"),
        ]
    )
    prices = goods(name, other)
    total = prices[name] * 2 + prices[other]
    step = int(total // 50) * 50
    off, large, small = d.of([20, 30, 40]), d.of([25, 30, 35]), d.of([10, 15, 20])
    barrier, low = int(total) // 10 * 10, 99
    cart = Cart((Item("A", prices[name], 2), Item("B", prices[other])))
    reduction = FullReduction("满减", Decimal(step), Decimal(off))
    quote = price(cart, [reduction, ShopCoupon("小券", Decimal(low), Decimal(small))])
    left = total - off
    d.note(total=total, off=off, small=small)
    return number(
        f"“{d.person()}”买两件{name}（{said(prices[name])}元）和一件{other}（{said(prices[other])}元）。店里自动用满{step}减{off}，"
        f"他手里有两张店铺券：满{barrier}减{large}、满{low}减{small}，只能用一张。按本书的层次，到手价多少元？",
        quote.pay, "元",
        f"合计{said(total)}元，先减满减{off}元，剩{said(left)}元，够不着满{barrier}的券，只能用小券再减{small}元：{said(quote.pay)}元。",
        [(left - large, f"满{barrier}的券看的是减完满减剩下的{said(left)}元，够不着。"),
         (left, "小券还够得着，可以再减。"),
         (total - large, "只用了大券：满减是自动先用的，用过它就够不着了。"),
         (total - off - large - small, "同一层只用一张券。")],
        0.005,
    )  # fmt: skip


@of("02-01", "难")
def one_back(d: Draw) -> Question:
    """What one piece is refunded, when the whole order had an offer."""
    one, two = d.of([(60, 40), (150, 50), (120, 80), (180, 120), (90, 60), (200, 50)])
    off = d.of([10, 15, 20, 25])
    shares = allocate(Decimal(off), [Decimal(one), Decimal(two)])
    answer = one - shares[0]
    d.note(one=one, two=two, off=off)
    return number(
        f"一单两件：毯子{one}元，靠枕{two}元，整单用了一张减{off}元的券，实付{one + two - off}元。"
        "优惠按金额摊到每一件。客人只退毯子，退他多少元？",
        answer, "元",
        f"毯子占{one}÷{one + two}，摊到优惠{said(shares[0])}元，实付{said(answer)}元。退哪一件，就退它的实付。",
        [(one, "退的是实付，不是标价。"),
         (one - off, "整张券不该都算在毯子头上，靠枕也摊到一份。"),
         (one - off / 2, "按金额摊，不是一件一半。"),
         (two - shares[1], "这是靠枕的实付，退的是毯子。")],
        0.006,
    )  # fmt: skip


@of("02-01", "中")
def second_half(d: Draw) -> Question:
    """Every second piece at half its price."""
    name, cost = d.of(
        [
            ("中筒袜三双装", "19.9"),
            ("加厚毛巾", "16.8"),
            ("绒面抱枕套", "25"),
            ("高弹打底裤", "49"),
            ("香薰蜡烛", "39"),
        ]
    )
    count = d.of([3, 4, 5])
    each = Decimal(cost)
    quote = price(
        Cart((Item("A", each, count),)), [NthDiscount("第2件半价", n=2, rate=Decimal("0.5"))]
    )
    pairs = count // 2
    d.note(cost=cost, count=count)
    return number(
        f"{name}{cost}元，第2件半价。买{count}件，到手多少元？", quote.pay, "元",
        f"{count}件里有{pairs}件半价：{count}×{cost}－{pairs}×{said(each / 2)}＝{said(quote.pay)}元。每两件里只有一件减半。",
        [(each * count / 2, "不是件件半价，每两件里只减一件。"),
         (each * count - each / 2, f"只减了一件。{count}件里有{pairs}件半价。"),
         (each * count, "第2件半价没有算。"),
         (each + each * (count - 1) / 2, "从第2件起不是件件半价：要两件一组地数。")],
        0.006,
    )  # fmt: skip


@of("02-02", "中")
def top_up(d: Draw) -> Question:
    """How much more a customer pays who tops up instead of paying the freight."""
    freight = d.of([8, 10, 12])
    items = goods("加厚毛巾", "中筒袜三双装", "防滑衣架十只装", "绒面抱枕套", "防滑家居拖鞋")
    short = d.between(3, 14)
    best = suggest(88 - short, 88, freight, items)[0]
    d.note(freight=freight, short=short)
    return number(
        f"满88元包邮，“{d.person()}”的购物车{88 - short}元，不凑就付{freight}元运费。店里有加厚毛巾16.8元、防滑衣架15.8元、"
        "中筒袜19.9元、抱枕套25元、拖鞋29.9元，挑最省的一件凑。比付运费，他多花多少元？",
        best.extra, "元",
        f"{best.name}{said(best.price)}元就够得着88元，省下运费{freight}元：{said(best.price)}－{freight}＝{said(best.extra)}元。",
        [(best.price, f"凑够了就不用付运费，还要减去省下的{freight}元。"),
         (best.price - short, f"差的{short}元是门槛，不是省下的钱；省下的是运费。"),
         (Decimal("16.8") - freight, "还有更便宜的一件够得着。"),
         (best.price + freight, "包邮了，运费不用再付。")],
        0.005,
    )  # fmt: skip


@of("02-03", "易")
def ship_by(d: Draw) -> Question:
    """The last moment to upload the number or to ship, of goods in stock."""
    day = datetime(
        2025, 11, d.between(3, 22), d.between(9, 22), d.of([0, 15, 30, 45]), tzinfo=SHANGHAI
    )
    promise = ship_promise(day)
    upload = d.of([True, False])
    right = promise.upload_by if upload else promise.ship_by
    other = promise.ship_by if upload else promise.upload_by
    what, hours = ("上传运单号", 24) if upload else ("发货", 48)
    d.note(paid=day.isoformat(), hours=hours)

    def told(moment: datetime) -> str:
        return f"{moment.month}月{moment.day}日{moment:%H:%M}"

    return single(
        d, f"客人{told(day)}（星期{DAYS[day.weekday()]}）付款买现货，没有公告店休。最晚什么时候{what}？",
        (told(right), f"付款后{hours}小时，周末照算。"),
        [(told(other), f"这是{'发货' if upload else '上传运单号'}的期限。"),
         (told(right + timedelta(days=1)), "多给了自己一天。从付款那一刻起算。"),
         (f"{right.month}月{right.day}日24:00", "数的是小时，不是到那一天的半夜。"),
         (told(right - timedelta(hours=12)), "算早了半天，数一数小时。")],
    )  # fmt: skip


@of("02-04", "易")
def which_method(d: Draw) -> Question:
    """Which of three ways of sending fits."""
    return which(
        d, "{}。三种寄法里，先看哪一种？",
        [("“老陈”买一条打底裤，说不急，能省就省", "平邮", "又轻又不急，平邮便宜；天数要先告诉他。"),
         ("“阿树”买一件衬衫，下星期父亲要穿", "快递", "网店的主力，天数说得准。"),
         ("民宿老板要三十只收纳箱，一共四十公斤，能自己去取", "物流", "大件、起步重、单价低，常要自提。"),
         ("“木木”买一双袜子寄老家，说半个月到都行", "平邮", "又轻又不急。寄之前把天数说清。"),
         ("“半糖”买一套四件套，两公斤多，这个星期想铺上", "快递", "重量适中又有日子，走快递。")],
        {"平邮": "平邮便宜可是慢，还只收轻的。", "快递": "快递是主力，可大件不划算，不急的轻件也用不着它。",
         "物流": "物流起步就按十公斤收，小件不划算，还常要自提。"},
    )  # fmt: skip


PAYING = {
    "换一张卡，或者换一种付款方式": "换卡换方式，治的是限额。",
    "请朋友在支付宝的消息里找代付请求": "找代付请求，治的是朋友没收到。",
    "说清几时扣款；要退，趁扣款前在订单里申请": "说清几时扣，治的是先用后付。",
    "改用快捷支付": "改快捷，治的是网银页面打不开。",
    "看结算页：能选到微信支付就能用，加好友转账不行": "看结算页，治的是问能不能用微信。",
}


@of("02-06", "易")
def which_payment(d: Draw) -> Question:
    """What to tell a customer who cannot pay."""
    keys = list(PAYING)
    return which(
        d, "{}怎么答最对症？",
        [("客人说：“提示我超出限额。”", keys[0], "限额由银行定，换卡、换方式就能付。"),
         ("客人说：“我请朋友代付，他说没收到。”", keys[1], "代付请求在支付宝的消息里。"),
         ("客人说：“我选的先用后付，怎么突然扣我钱？”", keys[2], "确认收货后或到期自动扣款，没说清就是误导。"),
         ("客人说：“点了银行的网银，页面老打不开。”", keys[3], "网银要跳到银行页面，是老办法。"),
         ("客人说：“能用微信付吗？要不我加你好友转？”", keys[4], "站内站外就差在结算页。加好友转账没有平台保障。")],
        PAYING,
    )  # fmt: skip


@of("02-07", "难")
def entry_rules(d: Draw) -> Question:
    """What the rules for entering a campaign, and the shop's words, say."""
    return multiple(
        d, "店里要报聚划算，关于招商和行话，哪些说法对？",
        [("上个月清仓卖过更低的价，这次可能过不了审", True, "审活动价与近期最低价，卖得更便宜过就会卡住。"),
         ("主图上写着“限时抢”三个字，要先换图", True, "图上有促销字、有边框，素材规范过不了。"),
         ("先把价涨上去再打折，到手价没变，也不行", True, "先涨后降是标价的禁忌，审得出来。"),
         ("报名期过了就报不上，费用、保证金也要按时交", True, "七样里有这一样：错过日子、钱没付都不行。"),
         ("SKU说的是一个商品的一种规格", True, "红色M码、红色L码，是两个SKU。"),
         ("“拍下”和“付款”是一回事，催付就是催他拍下", False, "拍下是提交订单，付款是付清。催付催的是付款。"),
         ("超时发货多一点没关系，活动只看价格", False, "发货时效与售后承诺也要看。"),
         ("新品没有销量，最好上活动", False, "销量与好评率也在七样里，新品常卡在这里。"),
         ("引流款就是最赚钱的那一款", False, "引流款用低价带人进店，赚钱的叫利润款。")],
    )  # fmt: skip


@of("02-03", "中")
def chase_first(d: Draw) -> Question:
    """Which unshipped order to chase: the one with least time left, not the one that waited longest."""
    now = datetime(2025, 11, 17, 10, 0, tzinfo=SHANGHAI)
    hours = d.some([3, 5, 8, 11, 14, 19], 3)
    names = d.mixed(["甲", "乙", "丙"])
    paid = {name: now - timedelta(hours=24 - left) for name, left in zip(names, hours, strict=True)}
    first = min(paid, key=lambda name: ship_promise(paid[name]).upload_by)
    d.note(paid={name: moment.isoformat() for name, moment in paid.items()}, first=first)
    lines = "；".join(f"{name}单{paid[name].day}日{paid[name]:%H:%M}付款" for name in sorted(paid))
    presale = "丁单是预售，说好11月20日发"
    return single(
        d, f"11月17日上午10:00，四单都还没上传运单号。{lines}；{presale}。前三单都是现货，先催哪一单？",
        (f"{first}单", f"它剩得最少：还有{min(hours)}小时就到24小时了。排队看还剩多少时间。"),
        [*((f"{name}单", f"它还剩{hours[names.index(name)]}小时，比别的宽。") for name in names if name != first),
         ("丁单", "预售看约好的日子，还有三天。")],
    )  # fmt: skip


@of("02-10", "易")
def busy_days(d: Draw) -> Question:
    """The busy points of a year in their order."""
    return order(
        d, "一年里的忙点，从早到晚怎么排？", ["618", "88会员节", "99大促", "双11", "双12"],
        "618、88会员节、99大促、双11、双12。忙点一到，点击、收藏加购、订单、咨询一起涨。", d.of([4, 5]),
    )  # fmt: skip
