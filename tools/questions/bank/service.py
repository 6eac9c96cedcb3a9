"""Chapter 01 asked again: what a slow answer costs, fines, forms, rules, and what may be said."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from kefu.demos.quiz import Question
from kefu.presales.penalties import BESIDE, STEPS, VIOLATIONS
from kefu.presales.team import Plan, conversion, leave_rate
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


@of("01-12", "中")
def slow_answer(d: Draw) -> Question:
    """Orders and margin lost in a month by answering late, at the model's conversions."""
    fast, slow = d.of([(16, 32), (32, 64), (64, 128), (16, 64), (32, 128)])
    asked, margin = d.between(600, 2400, 100), d.between(25, 45, 5)
    quick, late = (round(100 * conversion(seconds)) for seconds in (fast, slow))
    orders = asked * (quick - late) // 100
    d.note(asked=asked, margin=margin, quick=quick, late=late)
    return number(
        f"一家店一个月有{asked}位客人来问。首响从{fast}秒拖到{slow}秒，成交率从{quick}%掉到{late}%，每单毛利{margin}元。"
        "一个月少赚多少元？",
        orders * margin, "元",
        f"成交率差{quick - late}个百分点，{asked}×{quick - late}%＝{orders}单，{orders}×{margin}＝{orders * margin}元。",
        [(orders, "这是少成的单数，还要乘每单毛利。"),
         (asked * margin * late // 100, f"这是拖慢以后还赚到的钱：按成交{late}%算的。问的是少赚多少。"),
         (asked * margin, "来问的人不是都会买，少掉的只是两个成交率的差。"),
         (number_of(Fraction(orders * margin, asked)), "这是摊到每位客人身上的，题里问一个月。")],
        0.5,
    )  # fmt: skip


@of("01-02", "中")
def leaving(d: Draw) -> Question:
    """The monthly share who leave under fines, which multiply and do not add."""
    fine = d.of([100, 200, 300, 400])
    rate = leave_rate(Plan(fine=Decimal(fine)))
    times = fine // 100
    d.note(times=times)
    return number(
        f"本章的教学假设：不扣钱，客服每月走4%；每扣100元，走的人是原来的1.3倍。平均每人每月扣{fine}元，每月走百分之几？"
        "保留一位小数。",
        100 * rate, "%",
        f"4%×1.3{f'连乘{times}次' if times > 1 else ''}＝{percent(rate)}%。一倍叠一倍，越扣走得越快。",
        [(4 * (1 + 0.3 * times), "加倍是一次乘一次，不是每100元加1.2个百分点。"),
         (4 * 1.3, "这是只扣100元的。"),
         (4 + 0.3 * times, "1.3是倍数，不是多出0.3个百分点。"),
         (4, "4%是一分不扣的时候。")],
        0.06, 1,
    )  # fmt: skip


@of("01-02", "难")
def same_wait(d: Draw) -> Question:
    """One agent's conversion if she had another's customers: direct standardisation by hand."""
    part = d.of([20, 25, 30, 40])
    quick, slow = d.between(52, 64, 2), d.between(20, 30, 2)
    own = d.of([70, 75, 80])
    answer = number_of(Fraction(part * quick + (100 - part) * slow, 100))
    usual = number_of(Fraction(own * quick + (100 - own) * slow, 100))
    d.note(part=part, quick=quick, slow=slow)
    return number(
        f"把等待分成两档。青禾的客人，{part}%等得短，{100 - part}%等得长；林姐的客人，{own}%等得短，其余等得长。"
        f"林姐接等得短的客人成交{quick}%，接等得长的成交{slow}%。林姐要是接青禾那些客人，成交率是百分之几？",
        answer, "%",
        f"用青禾的占比，乘林姐的成交率：{part}%×{quick}%＋{100 - part}%×{slow}%＝{said(answer)}%。"
        "换成同样的等待，才比得了人。",
        [(usual, "这是林姐接自己那些客人的成交率，占比用错了人。"),
         (number_of(Fraction(quick + slow, 2)), "两档的人数不一样多，不能把两个率直接平均。"),
         (quick, "青禾的客人大半等得长，不能只看短的那一档。"),
         (slow, "也有人等得短，两档都要算进来。")],
        0.06,
    )  # fmt: skip


FORMS = {
    "在线即时通信": "急，各人又不同，才在聊天窗里一句一句说。",
    "常见问题解答": "人人都问、答案固定的，才写成常见问题解答。",
    "网络社区": "买家之间能互相答的，才放到社区里。",
    "电子邮件": "不急、要附件要留底的，才用邮件。",
    "在线表单": "要填好几项才能办的，才用表单。",
    "网上客户服务中心": "自助、进度、人工，要一处查全的，才去服务中心。",
}


@of("01-07", "易")
def which_form(d: Draw) -> Question:
    """Which of the six forms fits a thing at hand."""
    return which(
        d, "有一件事：{}。六种客服形式里，先用哪一种最合适？",
        [("保温杯报修，要写型号、购买日期、毛病，还要传两张照片", "在线表单", "一次填全，省得一句一句问。"),
         ("公司行政来谈一百条毛巾的采购，要合同，要盖章的报价单", "电子邮件", "不急，要附件，还要留底。"),
         ("客人站在试衣镜前问：我这个身高，开衫拿哪个码", "在线即时通信", "急，又是各人各答。"),
         ("一天有几十个人问“四件套机洗会不会缩水”，答案都一样", "常见问题解答", "人人都问、答案固定，写一次大家看得到。"),
         ("老客们想互相看看，围巾怎么搭外套才好看", "网络社区", "买家之间就能互相答。"),
         ("客人半夜想改收货地址，再看看退款办到哪一步了", "网上客户服务中心", "自助、进度在一处查得全，不用等人上班。")],
        FORMS,
    )  # fmt: skip


FEATURES = {
    "普遍性": "普遍性说的是大店小店、新店老店都一样守。",
    "制约性": "制约性说的是违反了要受罚。",
    "可变性": "可变性说的是规则会改，看的时候先看日期。",
}


@of("01-06", "易")
def rule_feature(d: Draw) -> Question:
    """Which of a rule's three features somebody has forgotten."""
    return which(
        d, "周老板说：“{}”他忘了规则的哪个特点？",
        [("咱们店小，晚发一两天，平台不会当真的。", "普遍性", "大店小店一样，店小也一样要赔。"),
         ("规则写归写，引几个客人加微信付款，谁还能把我怎么样？", "制约性", "引人站外付款，扣分、限权，违者受罚。"),
         ("去年的活动规则我存了一份，今年照着报就行。", "可变性", "规则会改，今年的名堂、条件都可能换了。"),
         ("我们开店八年了，这些新手规则不用守。", "普遍性", "老店新店都在里面，没有谁例外。"),
         ("赔付比例我背得滚瓜烂熟，不必再打开规则页。", "可变性", "背下来的是从前的数，先看日期再说。"),
         ("页面写纯棉，吊牌写混纺，顶多退一件，没别的事。", "制约性", "实物与页面不符，下架、扣分、赔付，都跟在后面。")],
        FEATURES,
    )  # fmt: skip


@of("01-06", "中")
def heaviest(d: Draw) -> Question:
    """Which of some violations goes furthest up the seven steps."""
    top = d.of([one for one in VIOLATIONS if one.heaviest >= 4])
    lower = [one for one in VIOLATIONS if one.heaviest < top.heaviest]

    def told(place: int, steps: tuple[str, ...]) -> str:
        if steps:
            return f"阶梯上最重落在第{place}级“{steps[-1]}”。"
        return f"资料没有写它在哪一级，亮的是“{BESIDE[1]}”：由市场监管部门按法律来查。"

    d.note(names=[one.name for one in lower], top=top.name)
    return single(
        d, "照本章的处罚阶梯，下面哪一种违规，最重的一级排得最高？",
        (f"{top.name}：“{top.heard}”", told(top.heaviest, top.steps)),
        [(f"{one.name}：“{one.heard}”", told(one.heaviest, one.steps)) for one in lower],
    )  # fmt: skip


@of("01-06", "中")
def ladder(d: Draw) -> Question:
    """The steps of penalties from light to heavy."""
    return order(
        d, "平台处罚由轻到重，下面几级怎么排？从最轻的排起。", STEPS,
        "先提醒限期改，再降权、下架、扣分累计，往后限制活动与发布、屏蔽店铺，最重是关店。给买家的赔付和法律责任另算。",
    )  # fmt: skip


SOFTWARE = {
    "个人IM": "个人IM是亲友聊天用的。",
    "商务IM": "商务IM是做买卖用的，连着商品和订单。",
    "企业IM": "企业IM是公司内外办公用的。",
    "行业IM": "行业IM只给一个行业用，如证券、医院。",
    "网页IM": "网页IM不装软件，在网站右下角点开就聊。",
    "泛IM": "泛IM是带一点聊天功能的软件，如直播公屏。",
}


@of("01-08", "易")
def which_software(d: Draw) -> Question:
    """Which of the kinds of messaging a thing is done by."""
    return which(
        d, "{}，用的是哪一类即时通信？",
        [("林姐在旺旺上给客人发商品链接，顺手改了订单备注", "商务IM", "做买卖的，聊天连着商品和订单。"),
         ("仓库和客服在钉钉里对明早几点收单", "企业IM", "公司内部办公，归企业IM。"),
         ("观众在直播间的公屏上问几号链接", "泛IM", "软件是看直播的，带一点聊天功能。"),
         ("小满下班后跟妈妈发微信说今晚不回家吃饭", "个人IM", "亲友聊天，归个人IM。"),
         ("客人没装软件，在品牌官网右下角的对话框里问退换", "网页IM", "不装软件，网页上点开就聊。"),
         ("医生在医院自己的软件里跟病人说检查单", "行业IM", "只给一个行业用。")],
        SOFTWARE,
    )  # fmt: skip


@of("01-09", "难")
def may_say(d: Draw) -> Question:
    """Which sentences may be said as they stand."""
    return multiple(
        d, "下面几句，哪些可以照着说？",
        [("“断货了，先跟您说一声：换灰色，还是退款？”", True, "有变故及时告知，还给了两条路。"),
         ("“您说的情况我没遇过，查一下，五分钟内回您。”", True, "不知道就去查，给了一个短的时间。"),
         ("“用着怎么样，照实写就好。”", True, "请人照实写，不拿好处换。"),
         ("“结算页里有花呗就能用，没有显示就是没开通。”", True, "付款只在结算页里，说的是查得到的事。"),
         ("“这条围巾70%羊毛，成分在详情页第二屏。”", True, "说查得到的事实，还指了地方。"),
         ("“您扫这个码付，比页面快，还便宜十块。”", False, "引到站外付款，没有平台保障，骗子最爱用。"),
         ("“五星截图发我，返您5元。”", False, "好评返现是禁止的，老板让做也不能做。"),
         ("“她上个月也买过，地址我发您，您自己问她。”", False, "别人的订单和地址，一个字也不能说。"),
         ("“这款枕芯是全网最低价，质量第一。”", False, "绝对化用语，查不到的话不说。"),
         ("“您先拍，运费我说了算，给您免了。”", False, "免运费不归客服定，许了就是店铺的承诺。")],
    )  # fmt: skip


@of("01-14", "中")
def three_layers(d: Draw) -> Question:
    """What holds of platforms, the three layers and the shop's own rules."""
    return multiple(
        d, "关于平台和三层约束，下面哪些说法对？",
        [("店规写“特价不退”，七天无理由照样要办", True, "下一层不能和上一层顶着来，店规抵不过法律。"),
         ("第三方平台不买也不卖，给买卖双方提供场所", True, "它管场所、撮合、信息发布、支付与纠纷处理。"),
         ("新人上岗，先到官方规则页找“处罚方式”", True, "和店铺利益最近，先弄清规则，再避开违规。"),
         ("看一条规则，先看它是哪天的", True, "规则会改，日期对不上，背得再熟也没有用。"),
         ("客服在聊天里答应的赠品，就是店铺的承诺", True, "答应了做不到，属于违背承诺。"),
         ("平台规则比法律严，所以只看平台规则就够了", False, "三层都在：法律、平台规则、店规，缺一层就会出错。"),
         ("平台先把货买下，再转手卖给客人", False, "平台不买也不卖，货是店铺卖的。"),
         ("规则由平台一家定，改了也不用告诉谁", False, "改规则施行前要公示，影响大的公示更久。"),
         ("好评返现在处罚阶梯上没亮，说明平台不管", False, "没亮只说明资料没写；它亮的是法律责任。")],
        4,
    )  # fmt: skip


BANS = {
    "一口回绝": "一口回绝，是把买家的要求全部拒掉。",
    "批评嘲讽": "批评嘲讽，是话里带刺，说他不对、笑他小气。",
    "表示他不重要": "表示他不重要，是让他觉得自己可有可无。",
    "有变故不说": "有变故不说，是断货、晚发了等客人来问。",
}


@of("01-04", "易")
def which_ban(d: Draw) -> Question:
    """Which of the four bans an agent breaks."""
    person = d.person()
    return which(
        d, f"“{person}”正在窗口里。{{}}犯了四个杜绝里的哪一条？",
        [("客服回：“改地址、加急、礼袋，这些都弄不了，您退了重拍吧。”", "一口回绝", "三样一起拒了。能办的该先说。"),
         ("客服回：“十块钱也要讲，您平常买菜也这样吗？”", "批评嘲讽", "这是嘲讽。想省一点是人之常情。"),
         ("客服回：“今天一百多人排队，不差您这一单。”", "表示他不重要", "一句话让他觉得自己可有可无。"),
         ("仓库下午说毯子发不出，客服想：明天他来问再讲。", "有变故不说", "早说是坏消息，晚说是欺骗。"),
         ("客服回：“详情页那么大的尺码表，您看不见？”", "批评嘲讽", "话里带刺。他问的其实是这表准不准。"),
         ("颜色发错了，客服想：他没发现就算了。", "有变故不说", "错了先告诉他，带上办法，等他挑。")],
        BANS,
    )  # fmt: skip
