"""Chapter 15 asked again: load, agents, the last five per cent, one queue or two, rosters, and fair measures."""

from __future__ import annotations

from math import ceil

from kefu.demos.quiz import Question
from kefu.intelligence.staffing import (
    FACTORS,
    Days,
    agents_needed,
    chats_to_load,
    erlang_c,
    faults,
    least_short,
    service_level,
    square_root_agents,
    with_shrinkage,
)
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


@of("15-02", "易")
def load_of(d: Draw) -> Question:
    """The load of a stream, and what several chats at once save."""
    minutes, chats, handling = d.of([30, 60]), d.between(60, 180, 10), d.of([3, 4, 5, 6])
    at_once = d.of([1, 3])
    rate = chats / minutes
    load = chats_to_load(rate, handling, at_once)
    d.note(chats=chats, minutes=minutes, handling=handling, at_once=at_once)
    again = (
        f"一位客服同时接{at_once}位，办完的是一次一位的{FACTORS[at_once]:g}倍"
        if at_once > 1
        else "一次接一位"
    )
    return number(
        f"{minutes}分钟来{chats}位，每位要办{handling}分钟，{again}。负荷是几个爱尔兰？保留一位小数。",
        load, "爱尔兰",
        f"{chats}÷{minutes}×{handling}＝{said(rate * handling, 1)}" + (f"，再除以{FACTORS[at_once]:g}，是{said(load, 1)}。" if at_once > 1 else "。")
        + "负荷是平均占着的手，在岗要比它多。",
        [(chats * handling, "这是总分钟数，还要除以这段时间。"),
         (rate * handling * (FACTORS[at_once] if at_once > 1 else 1), "并发要除，不是乘。" if at_once > 1 else "来量还没乘处理时长。"),
         (rate, "这是每分钟来几位，还没乘处理时长。"),
         (chats / handling, "来量该乘处理时长，不是除。")],
        0.06, 1,
    )  # fmt: skip


@of("15-02", "难")
def on_the_roster(d: Draw) -> Question:
    """How many to put on the roster so that enough are there."""
    agents = d.between(6, 18)
    loss = d.of([0.2, 0.25, 0.3])
    rostered = with_shrinkage(agents, loss)
    d.note(agents=agents, loss=loss)
    return number(
        f"算出来要{agents}位在岗，小休、培训、请假一共占{percent(loss, 0)}%。班表上要排几位？不满一位按一位。",
        rostered, "位",
        f"{agents}÷（1－{percent(loss, 0)}%）＝{said(agents / (1 - loss))}，往上取整是{rostered}位。损耗要从“在的时间”里除，不是加。",
        [(ceil(agents * (1 + loss)), "损耗不是往上加一份，要除以“在的时间”。"),
         (agents, "小休、请假的时候没人在，要多排。"),
         (int(agents / (1 - loss)), "不满一位也要一位。")],
    )  # fmt: skip


@of("15-02", "中")
def wait_and_level(d: Draw) -> Question:
    """What an extra agent does to the share taken up within twenty seconds."""
    load, handling = d.of([8, 9, 10, 12]), 150
    low, high = {8: (11, 15), 9: (12, 16), 10: (13, 17), 12: (15, 18)}[load]
    agents = d.between(low, high)
    level = service_level(load, agents, handling, 20)
    wanted = agents_needed(load, handling, 0.8, 20)
    enough = level >= 0.8
    d.note(load=load, agents=agents, handling=handling)
    return single(
        d, f"负荷{load}个爱尔兰，每位办{handling}秒，在岗{agents}位，20秒接起的占{percent(level)}%。定的线是八成。怎么办？",
        (f"再添{wanted - agents}位，到{wanted}位" if not enough else f"够了，{agents}位已过八成",
         f"{wanted}位起，20秒接起过了八成；{'越往后添，每一位多接的越少。' if enough else '缺人时每一位都值钱，添到够了再停。'}"),
        [(f"够了，{agents}位已过八成" if not enough else f"再添{max(1, wanted - agents + 2)}位，多多益善", "看接起率过没过八成。" if not enough else "过了八成再添，买到的是清闲。"),
         ("把处理时长压到一半，人减一半", "赶着办完的，接不住要再办。"),
         ("利用率还能再高，先不添人", "过85%就警惕，95%天天爆仓。"),
         (f"再添{load}位，跟负荷一样多才够", "在岗只要比负荷多一点，多备的按负荷的平方根走。")],
    )  # fmt: skip


@of("15-02", "难")
def how_many_wait(d: Draw) -> Question:
    """The share who have to wait, by Erlang C."""
    load, agents = d.of([(8, 11), (10, 14), (12, 16), (6, 9), (15, 20)])
    share = erlang_c(load, agents)
    d.note(load=load, agents=agents)
    return number(
        f"负荷{load}个爱尔兰，{agents}位在岗，人人都肯等到底。按爱尔兰C公式，要等的占百分之几？保留一位小数。",
        100 * share, "%",
        f"B公式一位一位往上推，再换成C：{percent(share)}%。多备的那几位接住了忽多忽少的晃动。",
        [(100 * load / agents, "这是利用率，要等的占比比它低。"),
         (100 * (1 - share), "这是不用等的占比。"),
         (percent_of(load, agents + 1), "多一位就少等一截，数一数在岗是几位。"),
         (0 if agents > load else 100, "比负荷多也有人等，忙闲一晃就排队。")],
        0.6, 1,
    )  # fmt: skip


def percent_of(load: float, agents: int) -> float:
    """Return the share who wait with one more agent."""
    return 100 * erlang_c(load, agents)


@of("15-02", "难")
def one_or_two(d: Draw) -> Question:
    """Why one queue of many is better than two of few."""
    small, agents = d.of([(4, 6), (5, 7), (6, 8)])
    apart = erlang_c(small, agents)
    together = erlang_c(2 * small, 2 * agents)
    d.note(small=small, agents=agents)
    return single(
        d, f"售前、售后两队，每队负荷{small}个爱尔兰、{agents}位在岗：要等的占{percent(apart)}%；合成一队，负荷{2 * small}、{2 * agents}位，"
        f"要等的占{percent(together)}%。说明什么？",
        ("合成一队，一样多的人少等一大截", f"多备的按负荷的平方根走，{percent(apart)}%降到{percent(together)}%，一个人也没加。"),
        [("两队一样，职责清楚最重要", f"一边挤一边闲，等的从{percent(together)}%到{percent(apart)}%。"),
         ("合成一队要多加人才行", "一个人也没加，等的就少了。"),
         ("两队更稳，一队一乱全乱", "数说的是一样多的人，合起来少等。"),
         ("该拆成三队，分得越细越好", "拆得越细，多备的越浪费。")],
    )  # fmt: skip


@of("15-07", "中")
def roster_faults(d: Draw) -> Question:
    """What is wrong with a week of shifts."""
    weeks: list[Days] = [
        ("早", "早", "早", "早", "早", "早", "休"),
        ("晚", "晚", "休", "休", "早", "早", "早"),
        ("早", "早", "早", "早", "早", "休", "休"),
        ("晚", "早", "早", "早", "早", "休", "休"),
        ("早", "晚", "晚", "休", "休", "早", "早"),
        ("休", "休", "早", "早", "晚", "晚", "晚"),
    ]
    week = d.of(weeks)
    wrong = faults(week)
    d.note(week=week)
    right = "、".join(wrong) or "样样合规矩，可以排"
    fine = {"上了6天": "早班晚班加起来没有六个。", "没有连休两天": "有两天连着休。", "晚班次日接早班": "晚班的第二天没有排早班。",
            "样样合规矩，可以排": "有一样不合规矩。"}  # fmt: skip
    names = ("一", "二", "三", "四", "五", "六", "日")
    shown = "、".join(f"星期{name}{duty}" for name, duty in zip(names, week, strict=True))
    return single(
        d, f"排一周的班（一周至多五天、连休两天、晚班次日不接早班）：{shown}。照规矩看，哪一样不行？",
        (right, f"{right}：一样一样对着规矩看。" if wrong else "五个班、连休两天、没有晚接早，都对。"),
        [(name, "这一样有，可还有一样没说全。" if name in wrong else fine[name]) for name in fine if name != right],
    )  # fmt: skip


@of("15-07", "中")
def short_of(d: Draw) -> Question:
    """How many shifts a week must leave empty, as a bound."""
    needs = d.of([[(2, 2)] * 7, [(3, 2)] * 7, [(2, 1)] * 7, [(3, 3)] * 7])
    people = d.of([5, 6])
    short = least_short(needs, people)
    total, daily = sum(map(sum, needs)), sum(needs[0])
    d.note(needs=tuple(map(tuple, needs)), people=people)
    return number(
        f"一周每天要早班{needs[0][0]}位、晚班{needs[0][1]}位，一共{total}个班。一人一天上一个班、一周至多五个，现在{people}位。"
        "最少缺几个班？",
        short, "个",
        f"{people}位一周最多上{people * 5}个班，{total}－{people * 5}＝{max(0, total - people * 5)}；"
        + (f"一天要{daily}个、只有{people}位，天天还缺{daily - people}个。" if daily > people else "一天的人倒是够。")
        + f"最少缺{short}个，{'该请副班' if short else '排得满'}。",
        [(max(0, total - people * 7), "一周至多五个班，不是七天都上。"),
         (max(0, daily - people) * 7, "一周至多五个班，这一样没有算。"),
         (total, "这是一周的班数，不是缺的。"),
         (people * 5, "这是最多上得了的班数，不是缺的。")],
    )  # fmt: skip


@of("15-02", "易")
def which_way(d: Draw) -> Question:
    """Which of the four ways of sharing out fits."""
    return which(
        d, "{}。四种分流里，先试哪一种？",
        [("定制窗帘店，一天三十来位，一单上千，三位客服坐得住", "人工优先：咨询少、客单高", "量窗户选布料，问得都不一样，人接。"),
         ("618零点，问的多半是“满减怎么算”“几点发货”", "机器人优先：大促、夜里、问题重复", "一拥而上，重复的先由机器人答掉。"),
         ("大店，售前售后各有自己的组，平常都够人", "按分组：售前售后、会员分线", "分工细，人又够，按组最清楚；挤了再合。"),
         ("白天忽多忽少，人忙得过来就人接，忙不过来机器人顶", "混合：人忙了，机器人先接", "按人均在聊数切换。")],
        {"人工优先：咨询少、客单高": "咨询少、一单一单不一样，才人工在前。",
         "机器人优先：大促、夜里、问题重复": "一拥而上、问题重复，才机器人在前。",
         "按分组：售前售后、会员分线": "分得细、人又够，才分组。", "混合：人忙了，机器人先接": "忽多忽少，才混合。"},
    )  # fmt: skip


@of("15-01", "易")
def a_rule(d: Draw) -> Question:
    """What belongs into a rule of sharing out."""
    return multiple(
        d, "写一条分流规则，下面哪些做法对？",
        [("条件写得查得出：会员等级、订单状态、几天内聊过", True, "“看着像大客户”查不出来。"),
         ("写明等多久放宽、溢出到哪", True, "最容易漏的两样，漏了客人就在队里等到走。"),
         ("每人同时上限3到5位", True, "第三位划算，第五位多半让五个人一起等。"),
         ("离线、小休的不分", True, "没人看着的窗口等于没人接。"),
         ("语言不通的、夜里来的，也给一条", True, "一条条写清，客人就不会卡在没人的地方。"),
         ("售后的单子溢出到售前，先看阶段", False, "还没办完的售后，溢出要写明谁接得住，不是随便给。"),
         ("离职的还留在规则里，客人自己会等", False, "离职先交接，名字要换掉。"),
         ("上限不写，忙了让大家多接几个就行", False, "一个人接五位，五位都慢。"),
         ("熟客给上次那位，他不在就一直等着", False, "等多久放宽要写，不能让客人干等。")],
    )  # fmt: skip


@of("15-07", "难")
def fair_look(d: Draw) -> Question:
    """What to look at instead of chats a month."""
    return multiple(
        d, "月底看人，下面哪些比法公平？",
        [("在班时每小时接几位，跟同班、同时段的比", True, "接多少先由班表定、再由来量定。"),
         ("同样等待的客人，成交几成", True, "等得一样久，才比得了人。"),
         ("一次解决几成，难的占几成", True, "难的多，慢一点是应该的。"),
         ("晚班、周末、零点轮着来", True, "轮过一遍，累得一样才比。"),
         ("月接待不满800位的，少一位扣五元", False, "扣的是班表的账，会使人流失。"),
         ("利用率排到95%，谁都别闲着", False, "95%的时候平均等200多秒，天天爆仓。"),
         ("成交最低的不上零点", False, "零点的客人等得久，谁接都低。"),
         ("把难的都给机动，常班只接好接的", False, "最难的客人给谁，谁就排最后。")],
        5,
    )  # fmt: skip


@of("15-02", "中")
def seven_steps(d: Draw) -> Question:
    """The seven steps of a shift plan."""
    return order(
        d, "为双11排班，先后怎么排？",
        ["预测每半小时来几位", "乘处理时长、除以并发系数，换成负荷", "公式求20秒接起八成要几位在岗",
         "加上小休、培训、请假的损耗", "排成班次：工时、连休、轮换", "当天看着队，叫副班或放人歇",
         "复盘：差在来量，还是差在处理时长"],
        "来量、负荷、在岗、损耗、班次、当日调、复盘：前一步的得数是后一步的原料。", 6,
    )  # fmt: skip


@of("15-05", "难")
def spare(d: Draw) -> Question:
    """How much a larger team keeps to spare, by the square-root rule."""
    load = d.of([10, 25, 40, 100])
    chance = 0.2
    agents = square_root_agents(load, chance)
    spare_agents = agents - load
    d.note(load=load, chance=chance)
    small = square_root_agents(load / 2, chance)
    return single(
        d, f"要等的不超过两成，负荷{load}个爱尔兰要{agents}位，多备{spare_agents}位。负荷减一半，要几位？",
        (f"{small}位，多备{said(small - load / 2, 1)}位", "多备的按负荷的平方根走，负荷减半、多备的不减半，所以小队更费人。"),
        [(f"{max(1, agents // 2)}位，跟着减半", "多备的不跟负荷等比例减。"),
         (f"{int(load / 2) + spare_agents}位，多备的照旧", "多备的随负荷小一点，不是原样不变。"),
         (f"{agents}位，一位也不能少", "负荷小了，人可以少些。"),
         (f"{int(load / 2)}位，不用多备", "跟负荷一样多，队就越积越长。")],
    )  # fmt: skip
