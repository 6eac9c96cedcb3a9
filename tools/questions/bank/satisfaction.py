"""Chapter 10 asked again: difference and ratio, the scales, promises, habits, Kano, and what is evidence."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from kefu.demos.quiz import Question
from kefu.kpis import csat, nps
from kefu.operations.expectations import habit, promise_outcome, wait
from kefu.operations.satisfaction import (
    Customer,
    acsi,
    gap,
    kano,
    perceived_value,
    rank,
    ratio,
)
from tools.questions.bank.draw import (
    Draw,
    multiple,
    number,
    number_of,
    of,
    order,
    said,
    single,
    which,
)


@of("10-02", "易")
def difference(d: Draw) -> Question:
    """Experience less expectation."""
    felt, wanted = d.between(3, 9), d.between(4, 9)
    while felt == wanted:
        wanted = d.between(4, 9)
    found = gap(felt, wanted)
    d.note(felt=felt, wanted=wanted)
    return number(
        f"一份问卷：期望打{wanted}分，体验打{felt}分。按差值模型，满意度是几分？",
        found, "分", f"体验减期望：{felt}－{wanted}＝{said(found)}。{'高于期望，是惊喜' if found > 0 else '低于期望，是失望'}。",
        [(-found, "次序反了：是体验减期望，符号有意义。"),
         (number_of(ratio(felt, wanted)), "这是比值。差值用减。"),
         (felt + wanted, "不是加。"),
         (felt, "这是体验，还要减期望。")],
    )  # fmt: skip


@of("10-02", "中")
def who_first(d: Draw) -> Question:
    """Whom to make good first, where both models disagree."""
    pairs = d.of([((45, 60), (6, 9)), ((60, 75), (5, 8)), ((70, 85), (4, 7)), ((50, 70), (3, 6))])
    ranking = rank(*(Customer(Decimal(felt), Decimal(wanted)) for felt, wanted in pairs))
    assert not ranking.agree
    d.note(pairs=pairs)
    gaps = [felt - wanted for felt, wanted in pairs]
    ratios = [said(Fraction(felt, wanted)) for felt, wanted in pairs]
    return single(
        d, f"甲期望{pairs[0][1]}元、拿到{pairs[0][0]}元；乙期望{pairs[1][1]}元、拿到{pairs[1][0]}元（都是说好省多少，实际省了多少）。谁更失望？",
        ("看用哪个模型：差值说甲，比值说乙", f"差值是{said(gaps[0])}和{said(gaps[1])}，比值是{ratios[0]}和{ratios[1]}；判断从不打架，先补救谁会打架。"),
        [("甲，差得最多", f"按差值是甲，可按比值{ratios[0]}对{ratios[1]}，是乙。"),
         ("乙，比例最低", f"按比值是乙，可按差值{said(gaps[0])}对{said(gaps[1])}，是甲。"),
         ("一样失望，都低于期望", "都低于期望不错，可谁更失望要说清用哪一个模型。"),
         ("两个模型一定有一个算错了", "两个都对，对尺子的要求不一样：比值要有真零点，差值要同一把尺子。")],
    )  # fmt: skip


@of("10-04", "中")
def value_felt(d: Draw) -> Question:
    """What a customer feels to gain, as he weighs it."""
    price = d.of([50, 60, 80])
    hassle, unsure = d.of([8, 10, 12]), d.of([6, 8, 10])
    times = d.of([2, 3])
    gain = d.of([80, 90, 100])
    found = perceived_value(
        {"商品": gain}, {"价钱": price, "等待": hassle, "怕不合身": unsure}, {"怕不合身": times}
    )
    d.note(gain=gain, price=price, hassle=hassle, unsure=unsure, times=times)
    return number(
        f"一单商品值{gain}元（质量、服务都折进来）。半糖的成本：价钱{price}元，等待算{hassle}元，“怕不合身”算{unsure}元，"
        f"而她把“怕不合身”看成{times}倍重。她的感知价值多少元？",
        found, "元",
        f"{gain}－{price}－{hassle}－{unsure}×{times}＝{said(found)}元。{'负的，多半不买；' if found < 0 else ''}秤上先减她最重的那块砝码。",
        [(gain - price - hassle - unsure, "她把怕不合身看得更重，要乘上去。"),
         (gain - price, "等待和担心也是成本，没有算。"),
         (gain - (price + hassle + unsure) * times, "只有“怕不合身”一样乘。"),
         (gain, "这是利益，还要减成本。")],
        0.005,
    )  # fmt: skip


@of("10-03", "中")
def which_promise(d: Draw) -> Question:
    """Of which promise most orders are not disappointed."""
    days = d.of([(2, 3, 4, 4, 5), (2, 3, 4, 5, 6), (3, 4, 4, 5, 7), (2, 3, 3, 5, 6)])
    usual = 3
    outcomes = {promised: promise_outcome(promised, usual, days) for promised in (2, 3, 4, 5, 6)}
    best = max(outcomes, key=lambda promised: outcomes[promised].pleased)
    d.note(days=days, usual=usual, best=best)

    def told(promised: int) -> str:
        found = outcomes[promised]
        return f"说{promised}天，下单{said(found.orders)}位，不失望{said(found.pleased)}位"

    shown = "、".join(map(str, days))
    return single(
        d, f"去年这个区五单里，快递用了{shown}天。照本章的教学模型：客人习惯{usual}天，承诺每多说一天走掉一成询单，"
        "到期没到就失望。100位询单的客人，说几天，不失望的最多？",
        (f"说{best}天", told(best) + "，最多。"),
        [(f"说{promised}天", told(promised) + "。") for promised in sorted(outcomes) if promised != best],
    )  # fmt: skip


@of("10-03", "难")
def late_notice(d: Draw) -> Question:
    """How a customer takes a delay, half of what is said believed, with a notice or without."""
    usual = d.of([4, 6])
    promised, late = usual - 2, d.of([2, 3, 5])
    actual, notice = usual - 1 + late, d.of([1, None])
    trust = d.of([Decimal(1), Decimal("0.5")])
    found = wait(usual, promised, actual, trust=trust, notice=notice)
    d.note(usual=usual, promised=promised, actual=actual, trust=str(trust), notice=notice)
    how = f"第{notice}天告诉了他几时到" if notice else "一直没告诉他"
    believed = "全信" if trust == 1 else "只信一半"
    day, full, none = (
        found.final_days,
        wait(usual, promised, actual, notice=notice),
        wait(usual, promised, actual, trust=0),
    )
    other = wait(usual, promised, actual, trust=trust, notice=None if notice else 1)
    return number(
        f"本章的教学模型：满分10分，每等一天扣一分；承诺把客人盼的日子从习惯的{usual}天往承诺的{promised}天拉，到期前告知，再往实际那天拉，"
        f"信几分拉几分。店里承诺{promised}天，实际第{actual}天到，{how}。客人对店里的话{believed}。满意度（体验减期望）是几分？",
        found.gap, "分",
        f"承诺把他盼的日子拉到第{said(found.expected_days)}天"
        + (f"，告知拉到第{said(day)}天" if notice else "")
        + f"。期望10－{said(day)}＝{said(found.expectation)}分，体验10－{actual}＝{said(found.experience)}分，差{said(found.gap)}分。",
        [(none.gap, f"这是承诺一句也不信、照习惯的{usual}天盼。"),
         (other.gap, "告知漏算了：到期前说的，盼的日子还要再拉一次。" if notice else "没有人告诉他，盼的日子不会再挪。"),
         (full.gap, "他只信一半，只拉一半的路。"),
         (found.experience, "这是体验的分，还要减期望。"),
         (found.expectation, "这是期望的分，要拿体验去减。")],
        0.02,
    )  # fmt: skip


@of("10-03", "难")
def habits(d: Draw) -> Question:
    """How a surprise becomes a habit, purchase by purchase."""
    start, good, last = d.of([(6, 8, 6), (5, 8, 5), (6, 9, 6)])
    times = d.between(3, 4)
    path = habit(start, [good] * times + [last])
    answer = path[-1].gap
    d.note(start=start, good=good, last=last, times=times)
    shown = "、".join(str(good) for _ in range(times)) + f"、{last}"
    before = path[-1].expectation
    return number(
        f"客人原来的期望{start}分。一连几单的体验：{shown}分（最后一单礼物断货）。照本章的假设：好于期望，期望追上差距的六成；"
        "差了，只落两成。最后一单的满意度是几分？保留两位小数。",
        answer, "分",
        f"前面几单把期望抬到{said(before, 2)}分，这一单{last}－{said(before, 2)}＝{said(answer, 2)}。惊喜会过期，写进承诺的要给一辈子。",
        [(Decimal(last - start), "期望已经被前面几单抬高了，不是原来的。"),
         (Decimal(good - start), "这是前一单，问的是最后一单。"),
         (abs(answer), "次序反了，体验减期望。"),
         (last - Decimal(good), "期望没有一下子追到这么高，每单只追上差距的六成。")],
        0.02,
    )  # fmt: skip


@of("10-03", "易")
def which_kano(d: Draw) -> Question:
    """Which class a pair of answers makes."""
    pair = d.of(
        [
            ("理应如此", "不喜欢"),
            ("喜欢", "不喜欢"),
            ("喜欢", "无所谓"),
            ("无所谓", "无所谓"),
            ("不喜欢", "喜欢"),
            ("喜欢", "能忍受"),
            ("理应如此", "无所谓"),
        ]
    )
    found = kano(*pair)
    d.note(pair=pair)
    words = {
        "必备": "有它应该、没它立刻不满，每单都要做到",
        "期望": "有它喜欢、没它不喜欢，跟同行比",
        "魅力": "没它想不起、有它喜欢，偶尔一份惊喜",
        "无差异": "有没有都行，省下来做别的",
        "反向": "有它反而不喜欢，停掉",
        "可疑": "两句打架，多半没看清题",
    }
    return single(
        d, f"Kano两问：有它，“{pair[0]}”；没有它，“{pair[1]}”。按判定表，这位客人把这项服务看成哪一类？",
        (found.value, f"{words[found.value]}。一位客人只是一票，归哪一类要数大家的票。"),
        [(name, f"{words[name]}，才是{name}。") for name in words if name != found.value],
    )  # fmt: skip


@of("10-04", "中")
def count_nps(d: Draw) -> Question:
    """NPS from counts."""
    counts = [d.between(40, 70), d.between(20, 40), d.between(10, 30)]
    answers = [9] * counts[0] + [7] * counts[1] + [3] * counts[2]
    found = nps(answers)
    whole = sum(counts)
    d.note(counts=counts)
    return number(
        f"“愿不愿推荐”收回{whole}份：9到10分{counts[0]}份，7到8分{counts[1]}份，0到6分{counts[2]}份。NPS是多少？四舍五入到整数。",
        found, "",
        f"推荐者{said(100 * counts[0] / whole, 1)}%减贬损者{said(100 * counts[2] / whole, 1)}%，"
        f"NPS{said(found, 0)}。中立的不加不减；换一批人，它自己也会晃。",
        [(number_of(Fraction(100 * counts[0], whole), 0), "这是推荐者的百分比，还要减贬损者的。"),
         (number_of(Fraction(100 * (counts[0] - counts[2]), whole), 1), "要四舍五入到整数。") if found != round(found) else (counts[0] - counts[2], "份数相减，还要化成百分比。"),
         (number_of(Fraction(100 * (counts[0] + counts[1]), whole), 0), "7到8分中立，不算推荐。"),
         (counts[2], "这是份数，NPS用百分比相减。")],
        0.5, 0,
    )  # fmt: skip


@of("10-04", "易")
def which_ruler(d: Draw) -> Question:
    """What one set of answers says by three rulers."""
    ones = (
        [5] * d.between(30, 60)
        + [4] * d.between(30, 60)
        + [3] * d.between(5, 20)
        + [2] * d.between(2, 10)
    )
    top = sum(1 for one in ones if one >= 4)
    share = csat(ones)
    other = acsi([float(sum(ones)) / len(ones) * 2, 7.6, 7.2])
    d.note(ones=tuple(sorted(ones, reverse=True)))
    return single(
        d, f"收回{len(ones)}份满意度问卷，打4、5分的{top}份。周报上只写着“客人普遍满意”。改成哪一句最老实？",
        (f"CSAT{said(100 * share, 1)}%，一共{len(ones)}份；报数连尺子一起报", f"打4、5分的{top}÷{len(ones)}＝{said(100 * share, 1)}%，尺子叫CSAT。"),
        [(f"满意{said(100 * share, 1)}分，比上月好", "这是百分比，不是分，还没说尺子和份数。"),
         (f"NPS{said(100 * share, 0)}，一共{len(ones)}份；报数连尺子一起报", "NPS问的是愿不愿推荐，拿这份问卷算不出NPS。"),
         (f"ACSI{said(other, 1)}，直接跟别的店比", "ACSI的权重不公开，自己配的只能和自己比。"),
         (f"满意的占{said(100 * share, 1)}%", "没说份数，也没说用哪把尺子。")],
    )  # fmt: skip


@of("10-05", "难")
def evidence(d: Draw) -> Question:
    """Which lines are model, assumption, data, or evidence."""
    return multiple(
        d, "周报里的几句话，哪些可以当证据用？",
        [("研究汇总里，期望与满意总体是正相关，r＝0.29", True, "这是从真实研究里汇总来的，当然也有局限。"),
         ("本店上季度准时的客人NPS比迟到的高，区间不含0", True, "本店数据里的事实，连区间一起报。"),
         ("把体验相同的客人分在一起，期望高的更不满意", True, "这是数据里看到的，要写明怎么分的。"),
         ("满意度＝体验－期望，所以多承诺总是坏事", False, "模型是定义，不是测出来的。"),
         ("每多等一天扣一分，所以三天就该赔", False, "一分一天是本书的假设，只用来演示。"),
         ("虚构数据里找回了差值，证明差值模型对", False, "埋进去的东西挖出来，不算证明。"),
         ("天猫真实体验分就是满意度，直接拿来用", False, "它有自己的算法和截止日，和问卷不是一把尺子。"),
         ("NPS高就一定会增长", False, "研究结论不一，当趋势看。"),
         ("一个客人说期望高了反而失望，写进结论", False, "一个人的话不是证据。")],
        5,
    )  # fmt: skip


@of("10-01", "易")
def which_feature(d: Draw) -> Question:
    """Which of the four features of satisfaction a line shows."""
    return which(
        d, "{}这说的是满意的哪个特征？",
        [("“同一条毯子，有人嫌薄，有人嫌厚。”", "主观：由各人的标准决定", "各人标准不同，先问清要什么。"),
         ("“比上次那家软多了。”", "相对：跟同类、跟上次比", "客人不懂支数，只好跟同类、上次比。"),
         ("“用了一个月，起球了。”", "阶段：在多次使用里形成", "收货问一次，用过再问一次。"),
         ("“那时候手头紧，更挑。”", "层次：处境不同，标准不同", "地区、阶层、处境不同，标准就不同。"),
         ("“海南的嫌厚，东北的嫌薄。”", "层次：处境不同，标准不同", "地区不同，标准就不同。")],
        {"主观：由各人的标准决定": "各人标准不同，才是主观。", "相对：跟同类、跟上次比": "跟别的比，才是相对。",
         "阶段：在多次使用里形成": "用着用着变的，才是阶段。", "层次：处境不同，标准不同": "地区、处境不同，才是层次。"},
    )  # fmt: skip


@of("10-03", "中")
def four_moves(d: Draw) -> Question:
    """The four moves of managing expectations, with what each does."""
    return order(
        d, f"“{d.person()}”问“明天能到吗，要送人的”。按期望管理，先后怎么排？",
        ["先问：哪天要用，拿来做什么", "掂量合理、合法、重要，办不到会怎样",
         "天数说“一般”，告知说“保证”，分级给承诺", "晚了先告诉他停在哪、几时再报",
         "送达之后记一笔，他的期望会长大"],
        "了解期望、分析需求、反馈、动态管理。不知道他要什么就答，多半答偏。", 5,
    )  # fmt: skip
