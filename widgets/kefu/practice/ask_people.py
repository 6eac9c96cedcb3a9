"""Questions about customers: who is who, what they expect, levels and points, whom to write to (09 to 12)."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from kefu import data
from kefu.amounts import plain
from kefu.operations import audience, clv, customers, expectations, membership, rfm
from kefu.practice.making import dated, troubled
from kefu.practice.question import NOTHING, DeskQuestion, Lesson, distinct, facts, four, owing

# 09 one person or two

BITS = 6
"""The threshold with which chapter 09's demo opens."""
NAMES = ("橘子汽水", "北岸", "小鹿", "木棉", "晚晚", "半糖", "老陈", "阿树", "一尾鱼", "木木")


@data.cached
def _chances() -> customers.Chances:
    """Return what strangers have in common, of the first rows of the shop's table, cleaned."""
    rows = data.rows("customers_raw")[:400]
    return customers.Chances.of(customers.clean(rows, date(2026, 6, 17)).rows)


def ask_person(draw: Random, now: datetime) -> DeskQuestion:
    """Ask whether two records are one person (`customers.similarity`, `customers.clean`)."""
    while True:
        name = draw.choice(NAMES)
        birthday = (
            f"{draw.randrange(1975, 2006)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 28):02}"
        )
        province = draw.choice(("浙江", "江西", "广东", "四川", "山东"))
        phone = f"1{draw.randrange(30, 99)}****{draw.randrange(1000, 9999)}"
        one = {"row_id": "甲", "nickname": name, "birthday": birthday, "province": province + "省",
               "phone": phone, "registered_on": "2025-03-08"}  # fmt: skip
        two = {**one, "row_id": "乙", "nickname": draw.choice((f"@{name}", f"{name}~", name))}
        if draw.random() < 0.5:
            two["birthday"] = draw.choice(("", "1988-08-08"))
        if draw.random() < 0.6:
            two["phone"] = f"1{draw.randrange(30, 99)}****{draw.randrange(1000, 9999)}"
        if draw.random() < 0.5:
            two["province"] = draw.choice(("福建", "湖北", ""))
        two["registered_on"] = draw.choice(("", "2025年11月2日"))
        rows = customers.clean([one, two], now.date()).rows
        found = customers.similarity(rows[0], rows[1], _chances())
        bits = [round(reason.bits, 1) for reason in found.reasons]
        score, plus = (
            sum(bits),
            sum(b for b in bits if b > 0),
        )  # as they are shown, so that the sum is right
        if abs(score - BITS) > 1.5 and abs(plus - score) > 1:
            break
    right = _merged(score)
    why = re.sub(r"-(?=\d+\.\d)", "−", "；".join(reason.said() for reason in found.reasons))
    agree = sum(reason.agrees is True for reason in found.reasons)
    wrong = [
        (_merged(plus), "只加了一样的，不一样的没有扣"),
        (_merged(float(agree)), "数了几样相同，没看各值几分"),
        (_merged(score + (12 if score < BITS else -12)), "加减弄错了"),
        (_merged(score - 5.6), "空着的也当成不同，扣了"),
    ]
    pairs = {
        NAMES_OF[
            reason.field
        ]: f"{one[reason.field] or '空'} / {two[reason.field] or '空'}　{_signed(reason.bits)}分"
        for reason in found.reasons
    }
    told = facts(
        **pairs,
        门槛=f"{BITS}分算一个人",
    )  # fmt: skip
    return DeskQuestion(
        "认人", Lesson("09", "动手：拉门槛"), f"青禾问你：这两行“{name}”，合不合成一位？", told,
        four(draw, right, distinct(wrong, right), inner=True), why,
        "一样的加，不一样的扣，空着的不加不减；加起来过了门槛才合。",
    )  # fmt: skip


NAMES_OF = {**customers.NAMES, "phone": "手机号"}


def _merged(score: float) -> str:
    return f"{'合成一位' if score >= BITS else '先不合并'}：一共{_minus(score)}分。"


def _signed(number: float) -> str:
    return f"{number:+.1f}".replace("-", "−")


def _minus(number: float) -> str:
    return f"{number + 0.0:.1f}".replace("-", "−")


# 10 expectations

WHEN = ("要到{day}，{say}12点前再报一声。", "请按{day}等，{say}12点前再报一声。",
        "{day}送到，{say}12点前再报一声。")  # fmt: skip
"""Ways to name a day, and the one on which one is told again; which days they are makes a line right or wrong."""


def ask_wait(draw: Random, now: datetime) -> DeskQuestion:
    """Ask what to tell a customer whose parcel will be late (`expectations.wait`)."""
    usual, promised, today = draw.choice((4, 5)), draw.choice((3, 4)), 1
    actual = promised + draw.choice((1, 2, 3))

    def felt(word: int, notice: int | None) -> Decimal:
        return expectations.wait(usual, word, actual, notice=notice).gap

    def on(number: int) -> str:
        """Return the day of this number, today being the first."""
        return dated(now.date() + timedelta(number - today))

    def line(day: int, say: int) -> str:
        return draw.choice(WHEN).format(day=on(day), say=on(say))

    tried = [
        (line(actual, actual), felt(promised, today), ""),
        (line(promised, promised), felt(promised, None), "守不住的日子又说了一遍"),
        (line(promised - 1, promised - 1), felt(promised - 1, None), "又许了一个更早的、守不住的日子"),
        (line(promised, promised + 1), felt(promised, actual), "等过了日子才说，只能解释，挪不动期望"),
    ]  # fmt: skip
    right = max(tried, key=lambda one: one[1])[0]
    wrong = [(text, slip) for text, _, slip in tried if text != right]
    draw.shuffle(wrong)
    owes = {text: text.rstrip("。") for text, *_ in tried}
    told = facts(
        平时=f"{usual}天到",
        页面说=f"{promised}天到（{on(promised)}）",
        仓库确认=f"这一单第{actual}天到（{on(actual)}）",
        今天=f"{on(today)}，付款后第{today}天",
    )
    says, upset, needs = troubled(draw, *DAYS)
    return DeskQuestion(
        "几天到", Lesson("10", "动手：承诺、等待、送达"), says.format(n=promised), told,
        owing(four(draw, right, wrong, upset=upset), owes),
        f"仓库已经知道是{on(actual)}。现在就说，他改按这天等；不说，他只等到{on(promised)}，白等{actual - promised}天",
        "日子没过就说实话，期望还挪得动；再许一个守不住的日子，差得更多。", needs,
        thanks=("唉，早说嘛，那我等着。", "行吧，有个准日子就行。", "好，那天等你的话。"),
    )  # fmt: skip


DAYS = (
    ("不是说{n}天到吗？现在到底哪天到？！", "页面写{n}天到，我等着用呢，急！还赶得上吗？",
     "说好{n}天，倒是给个准信！哪天能到？",
     "{n}天到的话还算不算数？气人！", "不是{n}天就到？！我都跟家里人说了。"),
    ("页面写{n}天到，想问问大概哪天能收？", "请问还是{n}天到吗？我好安排人在家。",
     "麻烦看看哪天到，写的是{n}天，不急。",
     "这单是不是{n}天到？我提前跟门卫说一声。"),
)  # fmt: skip
"""How the upset and how the others ask."""


# 11 membership

ORDER = (49, 59, 78, 99, 119, 129, 149, 169, 189, 228, 316, 399)
"""What one order comes to, in yuan."""


def ask_level(draw: Random, now: datetime) -> DeskQuestion:
    """Ask what a customer still lacks for the next level (`membership.Programme.missing`)."""
    programme = membership.Programme.of(data.rows("levels"))
    form = draw.choice(((True, False), (False, True), (True, True)))
    while True:
        orders = draw.randrange(1, 6)
        spent = Decimal(sum(draw.choice(ORDER) for _ in range(orders)))
        lacks = programme.missing(spent, orders)
        if lacks is None or (bool(lacks[1]), bool(lacks[2])) != form:
            continue
        level, yuan, times = lacks
        right = _lacks(level.name, yuan, times)
        by_money = programme.missing(spent, 9)
        wrong = [(_lacks(level.name, yuan + 100, times), "差额减错了"),
                 (_lacks(level.name, yuan, times + 1), "单数差几单数错了")]  # fmt: skip
        if by_money:
            wrong.insert(
                0, (_lacks(by_money[0].name, by_money[1], by_money[2]), "只看了钱，没看单数")
            )
        if times:
            wrong.insert(0, (_lacks(level.name, yuan, 0), "忘了单数也要够"))
        if yuan:
            wrong.insert(0, (_lacks(level.name, NOTHING, max(times, 1)), "忘了金额也要够"))
        break
    choices = distinct(wrong, right)[:4]
    draw.shuffle(choices)
    told = facts(
        一年里=f"{plain(spent)}元，{orders}单",
        等级="；".join(f"{one.name}{plain(one.min_amount)}元且{one.min_orders}单" for one in programme.levels[1:]),
    )  # fmt: skip
    return DeskQuestion(
        "会员", Lesson("11", "五、会员三步：等级、权益、积分"), draw.choice(NEXT), told,
        four(draw, right, choices), f"现在是{programme.level(spent, orders).name}，下一级两样都要够：{right}",
        "金额、单数两样都要够；先定现在哪一级，再看上一级。",
        thanks=("哦，还差这些，知道了。", "明白了，我看看还缺什么。", "行，不急，慢慢来。"),
    )  # fmt: skip


NEXT = (
    "我离下一级会员还差什么？", "再买多少能升一级？", "我会员怎么还没升？差在哪？", "升级看钱还是看单数？我还差多少？",
    "帮我看看会员还差几步。",
)  # fmt: skip


def _lacks(name: str, yuan: Decimal, orders: int) -> str:
    parts = [f"{plain(yuan)}元"] if yuan else []
    parts += [f"{orders}单"] if orders else []
    return f"离{name}还差{'、'.join(parts) or '0元'}。"


def ask_points(draw: Random, now: datetime) -> DeskQuestion:
    """Ask how many points are left and which run out (`membership.PointsLedger`)."""
    today = now.date()
    while True:
        first, second = draw.randrange(80, 300, 10), draw.randrange(50, 250, 10)
        used = draw.randrange(20, first, 10)
        early = today - timedelta(draw.randrange(340, 362))
        later = today - timedelta(draw.randrange(60, 200))
        ledger = membership.PointsLedger().earn(early, first).earn(later, second).spend(later, used)
        gone = ledger.running_out(today, 30)
        balance = ledger.on(today).balance
        right = _points(balance, gone)
        other, slip = draw.choice((
            (first, "用掉的先从老的里扣，没有扣"), (max(second - used, 0), "从新的里扣了，该先用先到期的"),
            (balance, "没到期的也算成到期"),
        ))  # fmt: skip
        whole, unused = first + second, "用过的没有减"
        wrong = [(_points(balance, other), slip), (_points(whole, gone), unused),
                 (_points(whole, other), f"{unused}；{slip}")]  # fmt: skip
        choices = distinct(wrong, right)
        if len(choices) == 3:
            break
    told = facts(
        存入=f"{early}存{first}分；{later}存{second}分", 用掉=f"{later}用{used}分", 有效="365天，先到期的先用",
        今天=str(today),
    )  # fmt: skip
    return DeskQuestion(
        "积分", Lesson("11", "积分是欠账"), draw.choice(POINTS), told,
        four(draw, right, choices), f"用掉的{used}分先从{early}那笔里扣，剩{gone}分30天内到期",
        "先到期的先用；再看30天里到期的是哪一笔，还剩多少。",
        thanks=("那得赶紧用掉。", "哦，还有这么些，谢谢。", "好，到期前我来换。"),
    )  # fmt: skip


POINTS = (
    "我还有多少积分？30天里会过期多少？", "积分剩几分？三十天里要作废多少？", "帮我查查积分，快过期的有多少？",
    "听说积分会清掉？我的还有多少，几分要过期？",
)  # fmt: skip


def _points(balance: int, gone: int) -> str:
    return f"您有{balance}分，30天内到期{gone}分。"


# 12 audience

ACCEPTED = {
    "没同意": "哦，那时我没勾上。", "退订过": "哦，是我自己退的。", "这个月够了": "够数了？那就不用再发了。",
    "没抽中": "那就算了，价一样就行。",
}  # fmt: skip
"""What is said to the reason that kept the message away."""


def ask_lot(draw: Random, now: datetime) -> DeskQuestion:
    """Ask why one customer did not get the reminder of the sale (`audience.gate`)."""
    reason = draw.choice(("", "没同意", "退订过", "这个月够了"))
    ids = [f"{n}" for n in range(10)]
    row = {
        "customer_id": "甲",
        "sms_consent": reason != "没同意",
        "unsubscribed": reason == "退订过",
    }
    rows = [
        row,
        *({**row, "customer_id": one, "sms_consent": True, "unsubscribed": False} for one in ids),
    ]
    lately = 2 if reason == "这个月够了" else draw.randrange(0, 2)
    lately = 0 if reason == "没同意" else lately
    sent = [("甲", now.date() - timedelta(3 + n)) for n in range(lately)]
    message = audience.Outreach("短信", now.date(), "拒收回R", control=0.5, ends=date(2026, 6, 20))
    while True:
        gate = audience.gate(rows, message, sent, seed=draw.randrange(1000))
        why = gate.left_out.get("甲", "没抽中" if "甲" in gate.control else "")
        if why:
            break
    said = {
        "没同意": "您没同意过收短信，名单里没有您。", "退订过": "您退订过，这类短信就不再发了。",
        "这个月够了": "这个月给您发够次数了，没再发。", "没抽中": "这回抽签发一半，您没抽中，也不补。",
    }  # fmt: skip
    slips = {key: "按同意、退订、次数、抽签的先后对一遍" for key in said}
    wrong = [(text, slips[key]) for key, text in said.items() if key != why]
    draw.shuffle(wrong)
    told = facts(
        短信同意="是" if row["sms_consent"] else "否", 退订="是" if row["unsubscribed"] else "否",
        三十天里收过=f"{lately}条；连这条最多2条",
        抽签="进了签，没抽中" if why == "没抽中" else "没进签", 规矩="一半发，一半不发；谁也不许私下补",
    )  # fmt: skip
    return DeskQuestion(
        "没收到", Lesson("12", "五、五个工具，发前五问"), draw.choice(LEFT_OUT), told,
        four(draw, said[why], wrong),
        f"过闸的结果：{why}。照实说，谁也不私下补",
        "先看同意，再看退订，再看次数；都过了，才轮到抽签。抽签的结果照实说。",
        thanks=("哦，原来是这样。", "行，你实说就好。", ACCEPTED[why]),
    )  # fmt: skip


LEFT_OUT = (
    "朋友收到618的提醒短信了，我怎么没有？能补吗？", "我同事有618提醒券，我没收到，漏了我吧？",
    "618的短信怎么不发我？老客还不如新客？", "别人都收到提醒了，我这儿一条也没有，给补吗？",
)  # fmt: skip


def ask_rfm(draw: Random, now: datetime) -> DeskQuestion:
    """Ask which of the eight classes a customer belongs to (`rfm.RfmCuts.segment`)."""
    cuts = rfm.RfmCuts(90, 2, 320)
    days, orders, amount = (
        draw.choice((12, 40, 90, 91, 150, 260)),
        draw.randrange(1, 7),
        draw.randrange(60, 900),
    )
    name = cuts.segment(days, orders, amount)
    flips = [
        (
            cuts.segment(181 - days if days <= 181 else 10, orders, amount),
            "最近一次看反了：天数越少越高",
        ),
        (cuts.segment(days, 1 if orders >= 2 else 3, amount), "单数看错了刀口"),
        (cuts.segment(days, orders, 100 if amount >= 320 else 500), "金额看错了刀口"),
        (cuts.segment(10 if days > 90 else 200, 1 if orders >= 2 else 3, amount), "两样都看反了"),
    ]
    right = f"这位是“{name}”。"
    choices = distinct([(f"这位是“{one}”。", why) for one, why in flips], right)
    draw.shuffle(choices)
    told = facts(最近一次=f"{days}天前", 一年下单=f"{orders}单", 一年花了=f"{amount}元",
                 刀口="90天以内、2单起、320元起算高")  # fmt: skip
    return DeskQuestion(
        "人群", Lesson("12", "动手：三把刀，八堆人"), draw.choice(HEAPS), told,
        four(draw, right, choices, inner=True), f"R、F、M三刀切下来是{name}",
        "三刀分开切：天数少是高；M高的前头是“重要”，不高的是“一般”。",
    )  # fmt: skip


HEAPS = ("青禾问你：618按实验发券，这位老客归哪一堆？", "青禾问你：三把刀切下来，这位是哪一类？")


def ask_gate(draw: Random, now: datetime) -> DeskQuestion:
    """Ask why somebody gets no message (`audience.gate`)."""
    reason = draw.choice(("没同意", "退订过", "这个月够了", ""))
    row = {
        "customer_id": "甲",
        "sms_consent": reason != "没同意",
        "unsubscribed": reason == "退订过",
    }
    lately = 2 if reason == "这个月够了" else draw.randrange(0, 2)
    lately = 0 if reason == "没同意" else lately
    sent = [("甲", now.date() - timedelta(3 + n)) for n in range(lately)]
    message = audience.Outreach("短信", now.date(), "拒收回R", control=0.5, ends=date(2026, 6, 20))
    gate = audience.gate([row, {**row, "customer_id": "乙"}], message, sent, seed=1)
    why = gate.left_out.get("甲", "")
    said: dict[str, str] = {
        "没同意": "没同意过收短信，不发。", "退订过": "他退订过，不能再发。",
        "这个月够了": "这个月已经够次数，不发。", "": "拦不住他，抽签定发不发。",
    }  # fmt: skip
    wrong = [(text, "按同意、退订、次数的先后对一遍") for key, text in said.items() if key != why]
    told = facts(
        短信同意="是" if row["sms_consent"] else "否", 退订="是" if row["unsubscribed"] else "否",
        三十天里收过=f"{lately}条；连这条最多2条", 对照="抽签：一半发，一半不发",
    )  # fmt: skip
    return DeskQuestion(
        "发不发", Lesson("12", "五、五个工具，发前五问"), "青禾问你：618短信，这位老客发不发？", told,
        four(draw, said[why], wrong, inner=True), f"过闸的结果：{said[why]}",
        "先看同意，再看退订，再看次数；都过了，还要留对照。",
    )  # fmt: skip


REGULARS = ("青柠皮", "麦芒", "雨巷", "石榴籽", "石桥", "木槿", "蓑衣", "渡船")
"""Regulars who are asked about and do not come themselves: whoever writes this night is not silent."""
PACES = (8, 12, 16, 24, 32, 45, 60)
"""So many days from one order to the next."""


def ask_quiet(draw: Random, now: datetime) -> DeskQuestion:
    """Ask whose silence is odd (`clv.probability_alive`); the pace of each tells the same as the formula."""
    while True:
        names = draw.sample(REGULARS, 4)
        people = {}
        for name in names:
            pace, quiet = draw.choice(PACES), draw.randrange(12, 121)
            bought = min(draw.randrange(4, 13), 330 // pace)
            weeks = bought * pace / 7
            one = clv.RepeatHistory(bought, weeks, weeks + quiet / 7)
            people[name] = (pace, bought + 1, quiet, clv.probability_alive(clv.SHOP, one))
        ranked = sorted(names, key=lambda name: people[name][3])
        paces = sorted(names, key=lambda name: -people[name][2] / people[name][0])
        longest = max(names, key=lambda name: people[name][2])
        clear = people[ranked[1]][3] - people[ranked[0]][3] > 0.2 and paces[0] == ranked[0]
        keenest = min(names, key=lambda name: people[name][0])
        if clear and all(one != ranked[0] or draw.random() < 0.3 for one in (longest, keenest)):
            break

    def line(name: str) -> str:
        return f"“{name}”最反常，排在头一个。"

    def slip(name: str) -> str:
        alive = f"他还在的机会有{people[name][3]:.0%}"
        if name == longest:
            return f"只看安静了几天，没看他平常多久来一次：{alive}"
        return f"照他的快慢，还没有那么反常：{alive}"

    told = facts(
        **{name: f"平均{pace}天买一次，买过{many}次；现在{quiet}天没来"
           for name, (pace, many, quiet, _) in people.items()}
    )  # fmt: skip
    wrong = [(line(name), slip(name)) for name in names if name != ranked[0]]
    return DeskQuestion(
        "还在", Lesson("12", "三、他还会来吗"), "青禾问你：四位老客都静了一阵，谁的安静最反常？", told,
        four(draw, line(ranked[0]), wrong, inner=True),
        f"还在的机会：{'，'.join(f'{name}{people[name][3]:.0%}' for name in ranked)}",
        "别只比静了几天：拿静了几天，比他平常几天来一次。来得越勤，同样的安静越反常。",
    )  # fmt: skip


def ask_uplift(draw: Random, now: datetime) -> DeskQuestion:
    """Ask what a coupon brought (`audience.uplift`)."""
    while True:
        sent, kept = draw.randrange(200, 421, 20), draw.randrange(120, 401, 20)
        bought = round(sent * draw.randrange(4, 19) / 100)
        anyway = round(kept * draw.randrange(3, 15) / 100)
        found = audience.uplift((bought, sent), (anyway, kept))
        points, rate = 100 * found.difference, 100 * found.treated
        near = min(abs(found.low), abs(found.high)) < 0.004
        if abs(points) > 1 and not near and bought - anyway not in (0, round(points)):
            break

    def line(number: float, sure: bool) -> str:
        more = "多" if number > 0 else "少"
        tail = "是券带来的" if sure else "可还说不准是不是券"
        return f"{more}来了{_minus(abs(number))}个点，{tail}。"

    right = line(points, found.sure)
    doubt = "区间里有0，也可能一点没多" if not found.sure else "区间里没有0，说得准"
    other, slip = draw.choice(
        ((rate, "那是收到券的转化率，没减没发的那一组"),
         (float(bought - anyway), "两组人数不一样，单数不能直接减"))
    )  # fmt: skip
    wrong = [(line(other, found.sure), slip), (line(points, not found.sure), doubt),
             (line(other, not found.sure), f"{slip}；{doubt}")]  # fmt: skip
    choices = distinct(wrong, right)
    told = facts(
        发了券=f"{sent}位，{bought}位下单（{_minus(rate)}%）",
        抽签没发=f"{kept}位，{anyway}位下单（{_minus(100 * found.control)}%）",
        差的区间=f"95%在{_minus(100 * found.low)}到{_minus(100 * found.high)}个点之间",
    )
    return DeskQuestion(
        "增量", Lesson("12", "六、增量不是转化：两个平行世界"), "老板问你：上一批券的数出来了，券带来了几个点？",
        told, four(draw, right, choices, inner=True),
        f"增量是两组的差：{_minus(points)}个点；{doubt}",
        "收到的转化率减没发的转化率，才是券的；再看差的区间里有没有0。",
    )  # fmt: skip
