"""Chapter 04 asked again: the nine steps, sizes, objections, closing, and what an answer may say."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from kefu.demos.quiz import Question
from kefu.presales.promotions import Cart, FullReduction, Item, ShopCoupon, best_price
from kefu.presales.reception import STEPS
from kefu.presales.sizing import AdviceKind, recommend, size_chart
from kefu.stats import two_proportions
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

DOES = {step.name: step.must for step in STEPS}


@of("04-01", "中")
def nine_steps(d: Draw) -> Question:
    """Some of the nine steps in their order."""
    return order(
        d, "接待九步里的几步，从前到后怎么排？", [f"{step.name}：{step.must}" for step in STEPS],
        "问好、探需、解答、推荐、异议、促成、核单、告别、跟进。客人没有异议，不用造一个；熟手一句话也能走两步。",
    )  # fmt: skip


@of("04-01", "易")
def which_step(d: Draw) -> Question:
    """Which step a line does."""
    kinds = {name: f"{name}：{must}。" for name, must in DOES.items()}
    return which(
        d, "小满对客人说：{}这一句走的是哪一步？",
        [("“您自己用，还是送人？几时要用上？”", "探需", "问谁用、何时用，再问预算、尺码。"),
         ("“浅蓝的耐看，白色的微透；您想清爽，拍浅蓝。”", "推荐", "一主一备，各一句理由。"),
         ("“是该比一比。您看的那条也是羊毛的吗？”", "异议", "先认同，再问，再给依据和选择。"),
         ("“雾蓝M码一件，寄单位，备注写了‘门卫收’，对吗？”", "核单", "款式、数量、地址、特殊要求，念给他听。"),
         ("“谢谢您。星期一发，通常星期三到，有事在这里找小满。”", "告别", "谢、核、时、路，四样都在。"),
         ("“您拍的还没付款，要帮您留着吗？付过了就当没看见。”", "跟进", "没付款，10到30分钟提醒一次。"),
         ("“券到月底，您按自己的方便来。”", "促成", "活动期限是真的，不催逼。")],
        kinds,
    )  # fmt: skip


@of("04-04", "中")
def size_advice(d: Draw) -> Question:
    """The size that height and weight allow, by the book's own chart."""
    name = d.of(["短袖", "衬衫", "羽绒服", "开衫"])
    table = size_chart(name)
    rows = table.rows
    while True:
        height = d.between(int(rows[0].height[0]), int(rows[-1].height[1]))
        weight = d.between(int(rows[0].weight[0]), int(rows[-1].weight[1]))
        advice = recommend(name, height, weight)
        if advice.size and advice.kind is AdviceKind.ONE:
            break
    d.note(chart=name, height=height, weight=weight)
    shown = "；".join(
        f"{row.size}：身高{row.height[0]}—{row.height[1]}厘米、体重{row.weight[0]}—{row.weight[1]}公斤"
        for row in rows
    )
    fits = [
        row.size
        for row in rows
        if row.height[0] <= height <= row.height[1] and row.weight[0] <= weight <= row.weight[1]
    ]
    said_fits = (
        f"身高体重都落在{'、'.join(fits)}里，" if len(fits) > 1 else "身高体重都落在这一码里，"
    )
    return single(
        d, f"{name}的尺码表：{shown}。客人{height}厘米、{weight}公斤，没说平时穿几码，也没有犹豫。先给哪一码？",
        (advice.size, f"{said_fits}先给{advice.size}。还犹豫，再问胸围、腰围。"),
        [(row.size, f"身高或体重落不进{row.size}。" if row.size not in fits else "两个都合，先给一个，犹豫了再给另一个。")
         for row in rows if row.size != advice.size]
        + [("两个码都给，由他挑", "一级能定，就不走第三级；他犹豫了再摆两个。")],
    )  # fmt: skip


@of("04-04", "易")
def three_levels(d: Draw) -> Question:
    """Which level of the three a customer is on."""
    return which(
        d, "推荐尺码分三级。{}这时走到第几级，怎么接？",
        [("客人报了身高体重，没说平时穿几码。", "一级：推荐一个码，说一句理由", "一级能定，就不走二级。"),
         ("客人听了推荐，还说：“可我胳膊粗，怕紧。”", "二级：问胸围、腰围，再推荐一次", "犹豫了，再问一层。"),
         ("客人报了胸围腰围，还是：“两个码我都想要，怎么办？”", "三级：给两个码，各一句理由，由他定", "还犹豫，就把两个摆出来，他定。"),
         ("客人只说“我一米六五，能穿几码”。", "先问：还差体重，不瞎猜", "少一样就问，别先猜一个。"),
         ("客人报的身高像S，体重像XL。", "先核：是公斤还是斤", "两样差得远，多半是单位错了。")],
        {"一级：推荐一个码，说一句理由": "身高体重都报了、对得上、也没犹豫，才走一级。",
         "二级：问胸围、腰围，再推荐一次": "推荐过一个，他还犹豫，才走二级。",
         "三级：给两个码，各一句理由，由他定": "胸围腰围也问过了，还犹豫，才走三级。",
         "先问：还差体重，不瞎猜": "身高体重少一样，才先问。",
         "先核：是公斤还是斤": "两样差得太远，才先核单位。"},
    )  # fmt: skip


@of("04-06", "易")
def too_dear(d: Draw) -> Question:
    """The best answer to 太贵了，我还是到别家去看看吧."""
    name = d.of(["免烫衬衫", "羊毛围巾", "直筒牛仔裤", "轻暖羽绒服", "碎花连衣裙"])
    cost = said(goods(name)[name])
    person = d.person()
    return single(
        d, f"“{person}”看了{name}（{cost}元），说：“太贵了，我还是到别家去看看吧。”哪一句接得最好？",
        ("是该比一比。您看的是哪件？一样的料子吗？", "一句话，不花钱，先知道他跟什么比。"),
        [("不贵的亲，一分价钱一分货，我们的料子您放心。", "跟他辩，他只好证明给你看。"),
         ("那我给您少十块，您先拍下，慢了就没了。", "降价不归你，刚说不议价，信用也没了。"),
         ("好的亲，您慢慢看，看好了再来。", "客气地放走，什么也没问到。"),
         ("这个价已经是全网最低了，您到别家也买不到。", "绝对化用语，查不到的话不能说。"),
         ("您预算多少？您说个价，我帮您申请看看。", "改价不归你，问预算是在替他砍价。")],
    )  # fmt: skip


@of("04-12", "难")
def closing_ways(d: Draw) -> Question:
    """Which ways of closing may be used."""
    left = d.between(2, 9)
    return multiple(
        d, f"客人快定了又停住。库里那一码还有{left}件。下面哪些促成可以用？",
        [(f"“系统里还有{left}件，数会变，以下单时为准。”", True, "给库存实数，后面添一句“会变”。"),
         ("“券的截止日写在页面上，我念给您。”", True, "给期限，期限是真的。"),
         ("“您要浅蓝还是燕麦？两色都有。”", True, "二选一，货要真有。"),
         ("“不合身，签收第二天起七天内能退，吊牌留着。”", True, "消顾虑，说的是法定的事。"),
         ("“先给您留一件，今晚24点前叫您一声。”", True, "先留货再约时间，到点真的叫。"),
         ("“只剩最后一件了，您再不拍就没了。”", False, f"还有{left}件，这是编库存。"),
         ("“活动还剩十分钟，过了就恢复原价。”", False, "每晚都说“最后十分钟”，就是假倒计时。"),
         ("“系统显示您是最后一位享受这个价的人。”", False, "编出来的期限，换个说法也一样。"),
         ("“您不拍，我这个月绩效就没了。”", False, "拿自己的难处去逼客人。")],
    )  # fmt: skip


@of("04-12", "中")
def each_price(d: Draw) -> Question:
    """What two or three pieces come to each, with an offer: the bill shown to a customer."""
    name, pieces = d.of(
        [("免烫衬衫", 2), ("羊毛围巾", 3), ("直筒牛仔裤", 2), ("手绘马克杯", 4), ("帆布手提包", 3)]
    )
    cost = goods(name)[name]
    total = cost * pieces
    off, coupon = d.of([20, 30, 40]), d.of([10, 20, 30])
    step = int(total // 50) * 50 if total >= 100 else 50
    quote = best_price(
        Cart((Item("A", cost, pieces),)),
        [
            FullReduction(f"满{step}减{off}", Decimal(step), Decimal(off)),
            ShopCoupon(f"满99减{coupon}", Decimal(99), Decimal(coupon)),
        ],
    )
    each = quote.pay / pieces
    used = "、".join(f"{applied.offer.name}减{said(applied.off)}元" for applied in quote.steps)
    d.note(cost=str(cost), pieces=pieces, step=step, off=off, coupon=coupon)
    return number(
        f"{name}{said(cost)}元一件，客人要{pieces}件。店里满{step}减{off}，另有店铺券满99减{coupon}。"
        "算一笔总账给他看：合每件多少元？保留两位小数。",
        each, "元",
        f"{said(cost)}×{pieces}＝{said(total)}元，用{used}，付{said(quote.pay)}元，合每件{said(each)}元。",
        [(cost, "这是标价，优惠还没有算。"),
         (quote.pay, f"这是{pieces}件的总数，还要除以{pieces}。"),
         ((total - off) / pieces, "券还没有用。"),
         ((total - coupon) / pieces, "满减还没有用。")],
        0.006,
    )  # fmt: skip


@of("04-03", "难")
def six_kinds(d: Draw) -> Question:
    """How the six kinds of enquiry are answered."""
    return multiple(
        d, "六类咨询，下面哪些答法对？",
        [("问库存：页面能拍就说有，再加一句以下单时为准", True, "以页面为准，实数后面添一句“会变”。"),
         ("断码了：查还剩几件，给他留到今晚，备注里写码", True, "断码多查一步，常常还有一两件。"),
         ("问活动：不等他问就主动说，照页面念，一天也不多说", True, "优惠和期限照页面念。"),
         ("问几天到：先看仓库明天开不开，再数路上几天", True, "哪天发由得了店里，先把这一半说准。"),
         ("页面没写的：查了再答，再报给同事补进页面", True, "查来的答案留在页面，下一位就不用再问。"),
         ("没发货的改颜色，拍下了就不能改，请他退了重拍", False, "没发货就能改，在发货系统里改。"),
         ("问尺码：把表的位置发他，让他自己对", False, "他问的是这表准不准，要有人替他看一眼。"),
         ("问缺点：说没有缺点，怕他不买", False, "坦白一条缺点，再说适合谁，后面的好处他才信。"),
         ("问检测报告：资料里没有，也先说有，回头再找", False, "没见到就说有，找不到就是欺骗。")],
    )  # fmt: skip


@of("04-07", "中")
def principles(d: Draw) -> Question:
    """The eight principles by what goes wrong without them."""
    return which(
        d, "{}少的是售前接待八条原则里的哪一条？",
        [("客服没应声就去查料子，查到的时候人已经走了。", "快：先应声，再去查", "先应一声，人才在。"),
         ("客人问一句，客服推了三款，没有一款是他要的。", "先问后荐", "先问清，再推一主一备。"),
         ("客服说“肯定不起球”，客人十天后拿着球来退。", "说实话，不夸大", "退货和差评里都还给你。"),
         ("客服答应备注“放门卫”，可仓库不知道这回事。", "说到做到，写进备注", "不写进备注，等于没答应。"),
         ("客服说“这事我办不了”，客人第二天又来问。", "办不了，就说清谁办、几时回", "说不出谁办、几时回，他只好一遍遍来。"),
         ("客服把优惠写在朋友圈里，平台上查不到。", "只在平台里谈，留痕", "平台里说的，才是凭证。")],
        {"快：先应声，再去查": "没应声就去查，客人等不及走了，才是少了它。", "先问后荐": "没问就推，推的不是他要的，才是少了它。",
         "说实话，不夸大": "话说过了头，退货和差评里还回来，才是少了它。",
         "说到做到，写进备注": "答应了没有人知道，才是少了它。",
         "办不了，就说清谁办、几时回": "说办不了又没有下文，客人再来问，才是少了它。", "只在平台里谈，留痕": "话说在平台外面，没有凭证，才是少了它。"},
    )  # fmt: skip


@of("04-05", "易")
def objections(d: Draw) -> Question:
    """Which objection it is, and what to answer it with."""
    return which(
        d, "客人说：{}这是哪一种异议，先拿什么接？",
        [("“别家便宜二十，你少二十我就拍。”", "还价：改不了先说清，再问清跟什么比", "他要买了，降价不归你，先问清楚。"),
         ("“太贵了，我还是到别家看看。”", "嫌贵：不辩，先问跟哪一件比", "话一样，先问一句才分得出。"),
         ("“表上写M，可你们家的码准不准？”", "尺码：说明、别人的评价、七天无理由", "他问的是表准不准，三样都给他。"),
         ("“这料子会不会起球？”", "质量：说实话，先坦白一条缺点", "坦白了一条，后面的好处他才信。")],
        {"还价：改不了先说清，再问清跟什么比": "说得出少多少就拍，才是还价。",
         "嫌贵：不辩，先问跟哪一件比": "觉得贵、要走开去比，才是嫌贵。", "尺码：说明、别人的评价、七天无理由": "怕码不准，才给这三样。",
         "质量：说实话，先坦白一条缺点": "怕起球、掉色，才是质量的顾虑。"},
    )  # fmt: skip


@of("04-10", "难")
def by_chance(d: Draw) -> Question:
    """Whether a difference of two shares of returns can be told from chance."""
    without, without_back = 250, d.between(18, 30)
    withed, with_back = 280, d.between(4, 16)
    found = two_proportions(without_back, without, with_back, withed)
    apart = percent(Fraction(without_back, without)), percent(Fraction(with_back, withed))
    d.note(groups=((without_back, without), (with_back, withed)))
    low, high = (percent(value) for value in (found.low, found.high))
    says = f"差{percent(found.difference)}个百分点，95%区间{low}到{high}，"
    sure = found.low > 0
    return single(
        d, f"谈到尺码又成交的会话：没问身高体重的{without}单，{without_back}单因尺码退换（{apart[0]}%）；"
        f"问了的{withed}单，{with_back}单退换（{apart[1]}%）。差的区间是{low}到{high}个百分点。能说什么？",
        ("多半是这一句的功劳，先照做，接着数" if sure else "还说不准，先照做，接着数",
         f"{says}{'不含' if sure else '含着'}0{'。' if sure else '，说不准是不是碰巧。问一句不花钱，先照做。'}"),
        [("没有用，问不问一个样", "区间里有0只说明拿不准，不说明没有用。" if not sure else "区间不含0，说没有用就过了。"),
         ("退换少了一半，马上写进考核", "差是有的，可一年只有这一批，区间还宽，先接着数。"),
         (f"少了{number_of(Fraction(without_back, without) * 100 - Fraction(with_back, withed) * 100, 1)}个百分点，算死了",
          "这个数自己也有宽窄，要带着区间说。"),
         ("要看是哪一款，合起来不能比", "款分开以后每格才几单，更看不准；先说合起来的。")],
    )  # fmt: skip


@of("04-02", "中")
def greeting_parts_asked(d: Draw) -> Question:
    """What the first line to a visitor must and must not hold."""
    return multiple(
        d, "夜里十点，老客“晚晚”发来“在吗”，停在四件套那一页。第一句里，哪些该有？",
        [("时段的问候：晚上好", True, "看时段，叫他不觉得在跟机器说话。"),
         ("报上自己的名字", True, "他好找人。"),
         ("她看的是哪一件", True, "点到四件套，她知道你在听。"),
         ("她上次在本店买的毯子", True, "老客要让她觉出与别人不同；提的是她在这里买过的。"),
         ("把话递给她：想问四件套的哪样？", True, "应声之后要有下一步。"),
         ("夸她好眼光，选了最火的一款", False, "没见过面就夸，听着像背出来的。"),
         ("“手慢无，再不拍就没了”", False, "她还没开口就催，话也多半不实。"),
         ("“您家在嘉兴，明天就能到”", False, "系统里查得到的，不是都说得出口。"),
         ("把全店的活动念一遍", False, "她只问在不在，先应声。")],
        4,
    )  # fmt: skip
