"""What chapter 07 says in numbers, against the shop's tables and the models, so that neither moves alone."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from math import comb
from statistics import median
from typing import Any

from kefu import data
from kefu.aftersales.complaints import LateRules, Shipment, fraud, last_day, late_shipment
from kefu.aftersales.disputes import (
    BOXES,
    CLAIMS,
    FIRMNESS,
    MOVES_OF_TALK,
    RULING,
    Ticket,
    agreed,
    heat,
    judge,
)
from kefu.clock import SHANGHAI
from kefu.operations.satisfaction import gap, ratio
from kefu.presales.promises import ship_promise
from kefu.stats import two_proportions, wilson
from kefu.talk import scenarios
from tests.notebooks.reading import holds, known, percent, price, questions, right, says
from web import book


def said() -> str:
    """All that the chapter says outside of code: its text, guesses, quiz, conversations, teacher's page."""
    return says("07", "guesses.json", "quiz.json", "talks.toml", "teach.md")


def has(*parts: str) -> bool:
    return holds(said(), *parts)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def disputes(**wanted: str) -> list[dict[str, str]]:
    return [
        row
        for row in data.rows("disputes")
        if all(row[key] == want for key, want in wanted.items())
    ]


ORDERS = {row["order_id"]: row for row in data.rows("orders")}
OWNERS = Counter(ORDERS[row["order_id"]]["customer_id"] for row in data.rows("disputes"))


def often(row: dict[str, str]) -> bool:
    """Its customer opened three or more in the year."""
    return OWNERS[ORDERS[row["order_id"]]["customer_id"]] >= 3


# The story


def test_the_days_of_the_story_are_the_days_of_the_calendar() -> None:
    for day, name in ((date(2026, 1, 6), "星期二"), (date(2026, 1, 3), "星期六")):
        assert "一二三四五六日"[day.weekday()] == name[-1]
    assert has("2026年1月6日，星期二", "1月3日星期六")


def test_the_slip_says_what_chapter_06_says() -> None:
    before = says("06", "talks.toml")
    holds(before, "58元", "12月28日寄出", "12月31日18点12分", "明天中午12点前")
    assert has("12月31号18点12分签收", "58块钱", "5号中午12点前", "12月28日寄出")
    assert price("棉麻桌布") == 58


def test_who_was_to_answer_at_noon_works_from_four() -> None:
    shifts = {row["name"]: row["shift"] for row in data.rows("agents")}
    assert shifts["阿川"] == "晚班"
    assert shifts["小棠"] == "早班"
    assert has("阿川上晚班，16点才到", "5号她轮休")


def test_the_three_conversations_are_of_one_morning_and_their_prices_the_shops() -> None:
    talks = scenarios(book.chapter("07").talks)
    assert {one.date.date() for one in talks.values()} == {date(2026, 1, 6)}
    assert [price(title) for title in ("水洗棉四件套", "手绘马克杯", "布艺收纳箱", "免烫衬衫", "轻暖羽绒服")] == [
        199, 32, 49, 119, 399,
    ]  # fmt: skip
    assert has("四件套3号刚付的199", "32元", "119元", "轻暖羽绒服399元")
    assert known("K187")
    assert known("K210")


def test_the_tenth_day_of_fifteen() -> None:
    sent = date(2025, 12, 28)
    assert (date(2026, 1, 6) - sent).days + 1 == 10
    assert last_day(sent) > date(2026, 1, 6)
    assert has("今天已是第10天", "15日不理")


# Expectation, steps, time boxes


def test_the_same_feeling_and_two_expectations() -> None:
    hoped = [round(72 / satisfied) for satisfied in (0.9, 0.6)]
    assert hoped == [80, 120]
    assert [ratio(72, one) for one in hoped] == [Decimal("0.9"), Decimal("0.6")]
    assert gap(72, 120) < gap(72, 80) < 0
    assert has("甲期望80分，乙期望120分")
    assert questions("07")["hidden-expectation"]["answer"] == 120


def test_the_boxes_are_the_models() -> None:
    assert {
        "倾听": timedelta(minutes=15), "分析": timedelta(minutes=2), "解决": timedelta(hours=24),
        "记录": timedelta(hours=8), "跟踪": timedelta(days=3),
    } == BOXES  # fmt: skip
    assert has("15分钟，没完也应一声", "听完2分钟内", "要查的24小时", "8小时内", "3天内回访")
    assert timedelta(days=3) == RULING


def test_the_heat_is_the_models() -> None:
    early = ("解释", "倾听", "分析", "安抚", "方案")
    assert [one.heat for one in heat(early)][::4] == [80, 50]
    assert heat(MOVES_OF_TALK)[4].heat == 6
    assert has("先解释再倾听，40变80", "方案给出来时还有50", "方案之后只剩6")
    assert [one.heat for one in heat(early, 20)] == [40, 32, 26, 18, 10]
    assert agreed(early, 20)
    assert not agreed(early)
    assert has("谈得成：40、32、26、18，方案之后10", "先倾听，降到32")
    assert right(questions("07")["explain-first"]) == "翻一倍"


def test_a_ticket_left_alone_ends_unchecked() -> None:
    ten = datetime(2026, 1, 6, 9, 10, tzinfo=SHANGHAI)
    left = Ticket.open("旧书摊", ten).by(ten + timedelta(days=30))
    assert left.closed
    assert not left.checked
    assert has("最后一行是`False`")


# The judge


def test_the_slip_decides_the_case_of_the_chapter() -> None:
    lost = CLAIMS["退货没收到"]
    others = [one.name for one in lost.proofs if one.name != "签收底单"]
    assert judge(others, lost).upheld == "卖家" != lost.truth
    assert judge([*others, "签收底单"], lost).upheld == "买家"
    assert has("不交底单，判给店里；交了，判给他", "六件案子")
    assert len(CLAIMS) == 6
    assert " > ".join(reversed(FIRMNESS)) in said()


def test_printing_a_label_is_not_sending() -> None:
    sent = CLAIMS["没按时发货"]
    assert judge(["打单时间截图"], sent).upheld == "买家" != sent.truth
    assert judge(["快递系统的揽收时刻"], sent).upheld == "卖家"
    assert has("判给买家。打单是自己的记录")


def test_no_proof_more_ever_hurt_whom_it_speaks_for() -> None:
    for claim in CLAIMS.values():
        names = [one.name for one in claim.proofs]
        for size in range(len(names)):
            for some in combinations(names, size):
                for one in (p for p in claim.proofs if p.name not in some):
                    if judge(some, claim).upheld == one.speaks_for:
                        assert judge([*some, one.name], claim).upheld == one.speaks_for
    assert right(questions("07")["one-more-proof"]) == "不会，最多没用"


# Money


def test_the_bedding_late_by_three_hours() -> None:
    paid = datetime(2026, 1, 3, 20, 15, tzinfo=SHANGHAI)
    rules = LateRules(
        Decimal("0.05"), Decimal("0.10"), Decimal(5), Decimal(60), Decimal(24), "例", date(2026, 1, 6)
    )  # fmt: skip

    def found(number: int) -> Any:
        return late_shipment(
            Shipment(
                ship_promise(paid), Decimal(199), paid + timedelta(hours=51),
                paid + timedelta(hours=number), paid + timedelta(hours=51),
            ), rules,
        )  # fmt: skip

    assert (found(40).kind, found(40).owed, found(40).late) == (
        "延迟发货", Decimal("9.95"), timedelta(hours=3),
    )  # fmt: skip
    assert (found(10).kind, found(10).owed) == ("虚假发货", Decimal("19.90"))
    assert has("同样晚3小时", "单号传了41小时才揽收，超过24小时", "例子里赔10%：19.9元")


def test_fraud_in_the_text_guess_quiz_and_teachers_page() -> None:
    assert fraud(58).total == 558
    assert fraud(119).extra == questions("07")["five-hundred"]["answer"] == 500
    assert fraud(399).total == questions("07")["down-jacket"]["answer"] == 1596
    assert has("58元的桌布要是欺诈，一共558元", "58元退款，加500元，一共558元", "一共拿回619元")
    assert fraud("166.66").extra == 500 < fraud("166.67").extra
    assert has("166.67元：三倍刚过500元")


# A hundred disputes


def test_who_was_upheld() -> None:
    won = {
        cause: (len(disputes(cause=cause, outcome="支持卖家")), len(disputes(cause=cause)))
        for cause in ("期望", "物流", "服务", "质量")
    }
    assert won == {"期望": (22, 40), "物流": (1, 17), "服务": (1, 10), "质量": (2, 9)}
    assert len(data.rows("disputes")) == 100
    assert len(disputes(kind="纠纷")) == 76
    assert Counter(row["outcome"] for row in disputes(cause="物流")) == {
        "和解": 8, "支持买家": 7, "支持卖家": 1, "撤销": 1,
    }  # fmt: skip
    assert has("期望40件，店里赢22件；物流17件，赢1件", "76件纠纷，因质量的9件，因期望的40件")
    assert questions("07")["logistics-won"]["answer"] == 1


def test_their_intervals() -> None:
    assert [round(100 * bound) for bound in wilson(22, 40)] == [40, 69]
    assert [percent(bound) for bound in wilson(1, 17)] == ["1.0%", "27.0%"]
    assert has("期望40%到69%，物流1%到27%，两段不碰", "95%区间从1.0%到27.0%")
    assert [percent(bound) for bound in (*wilson(2, 9), *wilson(1, 10))] == [
        "6.3%", "54.7%", "1.8%", "40.4%",
    ]  # fmt: skip
    assert has("一个6.3%到54.7%，一个1.8%到40.4%", "从几个百分点拉到四五成")


def test_two_customers_opened_three_each_and_all_were_the_shops() -> None:
    assert sorted(OWNERS.values())[-3:] == [2, 3, 3]
    mine = [row for row in data.rows("disputes") if often(row)]
    assert {(row["cause"], row["outcome"]) for row in mine} == {("期望", "支持卖家")}
    rest = [row for row in disputes(cause="期望") if not often(row)]
    assert (sum(row["outcome"] == "支持卖家" for row in rest), len(rest)) == (16, 34)
    assert has("有两位客人各开了三件，件件店里赢", "34件赢16件")
    whole, less = two_proportions(22, 40, 1, 17), two_proportions(16, 34, 1, 17)
    assert less.low > 0
    assert less.difference < whole.difference
    assert has("去掉那两位，差距还在，只是小了", "四种成因能配出六对")
    assert comb(4, 2) == 6


def after_order(row: dict[str, str]) -> float:
    gone = at(row["opened_at"]) - at(ORDERS[row["order_id"]]["created_at"])
    return gone / timedelta(days=1)


def test_how_many_days_until_they_came() -> None:
    days = [after_order(row) for row in data.rows("disputes")]
    assert sum(3 < one <= 7 for one in days) == 58
    assert [round(one, 1) for one in (median(days), min(days), max(days))] == [5.9, 2.2, 19.6]
    assert sum(one > 14 for one in days) == 2
    by = {c: round(median(map(after_order, disputes(cause=c))), 1) for c in ("延迟发货", "期望")}
    assert by == {"延迟发货": 2.9, "期望": 7.2}
    assert has("第4到第7天来了58件", "其实是5.9天", "2.9天之内", "7.2天", "最快2.2天，最慢19.6天")


def turned() -> list[tuple[dict[str, str], dict[str, str], float]]:
    """Each refused return after which a dispute came: both, and the hours between."""
    found = []
    for no in data.rows("returns"):
        for row in disputes(order_id=no["order_id"]) if no["status"] == "已拒绝" else ():
            hours = (at(row["opened_at"]) - at(no["closed_at"])) / timedelta(hours=1)
            if hours > 0:
                found.append((no, row, hours))
    return found


def test_what_was_refused_without_a_photo_came_back_as_a_dispute() -> None:
    refused = [row for row in data.rows("returns") if row["status"] == "已拒绝"]
    assert len(refused) == 77
    assert {row["evidence"] for row in refused} == {"无"}
    both = turned()
    assert (
        len({no["return_id"] for no, _, _ in both})
        == len({r["dispute_id"] for _, r, _ in both})
        == 44
    )
    assert sum(hours <= 48 for _, _, hours in both) == 39
    assert has("去年拒了77件退换，件件没有凭证，44件后来成了纠纷或投诉，39件在48小时之内")
    assert 0.5 < 44 / 77 < 0.6
    by = Counter(row["cause"] for _, row, _ in both)
    assert by == {"期望": 34, "质量": 9, "恶意骚扰": 1}
    assert has("期望40件里34件，质量9件件件都是，物流一件没有")
    blamed = Counter(no["reason"] for no, row, _ in both if row["cause"] == "期望")
    assert blamed["发错漏发"] + blamed["与描述不符"] == 19
    assert has("记成“期望”的34件里，19件当初说的是发错漏发、与描述不符")


def worst(row: dict[str, str]) -> int | None:
    stars = [
        int(one["stars"]) for one in data.rows("reviews") if one["order_id"] == row["order_id"]
    ]
    return min(stars, default=None)


def test_what_settling_cost_and_what_was_rated() -> None:
    settled = disputes(outcome="和解")
    ruled = [*disputes(outcome="支持买家"), *disputes(outcome="支持卖家")]
    paid = [sum(Decimal(row["compensation"]) for row in rows) for rows in (settled, ruled)]
    means = [total / len(rows) for total, rows in zip(paid, (settled, ruled), strict=True)]
    assert [len(settled), len(ruled)] == [25, 65]
    assert [round(one, 2) for one in means] == [Decimal("19.76"), Decimal("19.25")]
    assert paid[1] == Decimal("1250.99")
    assert round(means[0] - means[1], 1) == Decimal("0.5")
    assert has("和解25件平均19.76元，判到底65件平均19.25元，差五毛", "一共赔1250.99元")
    assert has("输的一件吐出去39元")
    assert questions("07")["settle-costs"]["answer"] == 19.25

    def bad(rows: list[dict[str, str]]) -> tuple[int, int]:
        rated = [one for row in rows if (one := worst(row)) is not None]
        return sum(one <= 3 for one in rated), len(rated)

    assert (bad(settled), bad(ruled)) == ((0, 10), (12, 32))
    rest = [row for row in ruled if not often(row)]
    assert bad(rest) == (6, 26)
    assert bad([row for row in ruled if often(row)]) == (6, 6)
    assert has(
        "写了评价的10件，没有一件三星及以下；判到底的32件里12件",
        "12件里6件是那两位写的",
        "26件里6件",
    )
    chance = comb(30, 10) / comb(36, 10)
    assert round(100 * chance) == 12
    assert has("约有一成机会")
    won = disputes(outcome="支持卖家")
    assert bad(won) == (8, 17)
    assert has("判赢以后写了评价的17件，8条在三星及以下", "8条里6条")


def test_the_quiz_and_the_teachers_page_count_the_same() -> None:
    assert len(disputes(cause="质量", outcome="支持卖家")) == 2
    assert len(disputes(cause="服务", outcome="支持卖家")) == 1
    assert has("因质量的纠纷9件，支持卖家2件；因服务的10件，支持卖家1件")
    assert len(disputes(outcome="支持买家")) == 32
    mean = sum(Decimal(row["compensation"]) for row in disputes(outcome="支持买家")) / 32
    assert round(mean, 2) == Decimal("39.09")
    trap = {one["value"] for one in questions("07")["settle-costs"]["traps"]}
    assert 39.09 in trap
