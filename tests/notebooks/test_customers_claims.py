"""What chapter 09 says in numbers, against the shop's tables and the models, so that neither moves alone."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from kefu import data
from kefu.demos.same_person import every_threshold, recognised
from kefu.explore import load
from kefu.operations.customers import (
    BuyerType,
    Chances,
    CustomerRow,
    blocked,
    buyer_type,
    buyer_types,
    clean,
    deduplicate,
    measured,
    plain_name,
    similarity,
)
from kefu.operations.surveys import bounds, krejcie_morgan, nps_margin, sample_size, survey_outcome
from kefu.rules import rule
from kefu.stats import two_proportions, wilson
from tests.notebooks.reading import cells, holds, says


def said() -> str:
    """All that the chapter says outside of code: its text and what lies beside it."""
    return says("09", "guesses.json", "quiz.json", "talks.toml", "teach.md")


def has(*parts: str) -> bool:
    return holds(said(), *parts)


@cache
def rows() -> tuple[CustomerRow, ...]:
    return clean(data.rows("customers_raw"), date(2026, 1, 19)).rows


@cache
def key() -> dict[str, str]:
    return {row["row_id"]: row["customer_id"] for row in data.rows("customers_raw_key")}


# The morning's card


def test_the_first_day_of_the_new_post_is_a_monday() -> None:
    assert date(2026, 1, 19).weekday() == 0
    assert has("2026年1月19日，星期一")


def test_one_of_the_two_is_in_the_table_the_other_is_not() -> None:
    found = [row for row in rows() if plain_name(row["nickname"]) == "橘子汽水"]
    (one,) = found
    assert (one["export"], one["province"], one["level"], one["phone"]) == (
        "会员系统",
        "江西",
        "金卡",
        "185****9814",
    )
    assert (one["birthday"], one["note"]) == ("", "")
    assert has(
        "会员系统 | `185****9814`，橘子汽水，江西，金卡",
        "江西那位的会员资料在里面，广东那位和手抄的那一行不在",
    )


def test_a_birthday_gift_goes_to_the_highest_level_alone() -> None:
    gifts = {row["level"]: row["gift"] for row in data.rows("levels")}
    assert [level for level, gift in gifts.items() if "生日礼" in gift] == ["黑金"]
    assert has("黑金会员“橘子汽水”昨天收到一份生日礼")


def test_the_three_rows_are_two_people_by_their_scores() -> None:
    three = clean(
        [
            dict(zip(("row_id", "nickname", "province", "phone"), row, strict=True))
            for row in (
                ("订单", "橘子汽水", "广东省", "+86 139****2706"),
                ("会员", "橘子汽水", "江西", "185****9814"),
                ("客服", "@橘子汽水", "江西省", "185-****-9814"),
            )
        ],
        date(2026, 1, 19),
    ).rows
    chances, fields = Chances.of(rows()), ("nickname", "province", "phone")
    score = {
        (one, other): similarity(three[one], three[other], chances, fields).score
        for one, other in ((0, 1), (1, 2), (0, 2))
    }
    assert score[1, 2] > 20 > 6 > score[0, 1] == score[0, 2]
    assert has("会员和客服那两行是一个人，订单那一行是另一个")


# Questionnaires


def test_what_is_left_of_the_leading_question_is_as_told() -> None:
    few, many = survey_outcome(300, ["诱导"]), survey_outcome(3000, ["诱导"])
    assert has(
        f"±{100 * few.margin:.1f}缩到±{100 * many.margin:.1f}，中心还停在{few.said:.0%}，真的{few.truth:.0%}"
    )
    assert not few.holds_truth
    assert not many.holds_truth


def test_how_many_answers_are_needed() -> None:
    sizes = [sample_size(0.05, population=n) for n in (100, 10_000)]
    assert has(
        f"最多收{sample_size(0.05)}份有效的",
        f"一百位客人的店要{sizes[0]}份，一万位的{sizes[1]}份",
        f"±3个百分点，要{sample_size(0.03)}份",
    )
    fewer = [
        n
        for n in (100, 200, 500, 1000, 2000, 5000, 10000)
        if krejcie_morgan(n) < sample_size(0.05, population=n)
    ]
    assert fewer == [500, 2000]
    assert has("500位和2000位各少印一份")


def test_nps_of_a_hundred_swings_as_told() -> None:
    found = nps_margin(50, 30, 20)
    assert (round(found.score - found.margin), round(found.score + found.margin)) == (15, 45)
    assert has("一百份能从15晃到45")


def test_the_five_questions_hang_together_as_told() -> None:
    (cell,) = [one for one in cells("09") if "五道" in one.source and "cronbach" in one.source]
    printed = "".join(out.get("text", "") for out in cell.outputs)
    assert "五道期望题：α=0.83" in printed
    assert "五道体验题：α=0.65" in printed
    assert has("五道期望题0.83，五道体验题0.65")


# One person in two rows


def test_the_exports_hold_more_rows_than_people() -> None:
    assert (len(rows()), len(set(key().values()))) == (4310, 4000)
    assert has("4310行，其实是4000人")


def test_no_threshold_does_for_nicknames_and_a_wide_one_with_the_phone() -> None:
    def enough(*fields: str) -> list[int]:
        every = every_threshold(fields)
        return [at for at in every if every[at].precision >= 0.98 and every[at].recall >= 0.90]

    assert enough("nickname") == enough("nickname", "birthday") == []
    good = enough("nickname", "phone")
    assert has(f"门槛从{good[0]}分到{good[-1]}分都两样够", "只比昵称，没有一个门槛两样都够")
    birthday = [
        f for f in every_threshold(("nickname", "birthday")).values() if not f.wrong and f.right
    ]
    assert 0.65 < max(found.recall for found in birthday) < 0.75
    assert has("不错并就只找得回七成")


def test_how_many_each_field_gives_away() -> None:
    assert has(f"昵称和省份，就认得出{recognised(('nickname', 'province')):.0%}的客人")
    empty = sum(not row["birthday"] for row in data.rows("customers")) / 4000
    assert 0.25 < empty < 0.35
    assert has("生日三成空着")


def test_what_agrees_and_what_is_the_same_person() -> None:
    def told(field: str) -> tuple[int, int]:
        pairs = list(blocked(rows(), [field]))
        return len(pairs), measured(pairs, key()).right

    names, phones, days = told("nickname"), told("phone"), told("birthday")
    assert has(f"昵称对上的{names[0]}对里，{names[1]}对真是同一个人，三成")
    assert has(
        f"号码对上的{phones[0]}对，{phones[1]}对是，还有{phones[0] - phones[1]}对，陌生人的七位碰巧一样"
    )
    explorer = load("09_explore.toml", "pairs").rows
    by = {
        value: (
            sum(int(row["n"]) for row in explorer if row["birthday"] == value),
            sum(int(row["same"]) for row in explorer if row["birthday"] == value),
        )
        for value in ("对上", "缺一边")
    }
    assert by["对上"][0] == by["对上"][1] == days[1]
    assert has(f"生日对上的{by['对上'][0]}对个个都是，可{by['缺一边'][0]}对缺一边")
    assert round(10 * (1 - names[1] / names[0])) == 7
    assert has("十对里错了七对")


def test_blocking_spares_much_and_caps_recall() -> None:
    assert 9_000_000 < len(rows()) * (len(rows()) - 1) / 2 < 10_000_000
    recall = measured(blocked(rows(), ["birthday"]), key()).recall
    assert has("要比九百多万对", f"天花板就是{recall:.1%}")
    assert measured(blocked(data.rows("customers_raw"), ["phone"]), key()).right == 0
    assert has("没洗的手机号，一对也找不着")


def test_with_all_five_fields_nothing_is_missed_and_nothing_wrong() -> None:
    found = deduplicate(rows(), 12)
    score = measured((pair.rows for pair in found.pairs), key())
    assert (score.wrong, score.missed, len(found.people)) == (0, 0, 4000)
    assert has("一对不漏，一对不错")


# Kinds of customers


def test_the_three_kinds_by_both_views() -> None:
    statuses: dict[str, list[str]] = {}
    for order in data.rows("orders"):
        statuses.setdefault(order["customer_id"], []).append(order["status"])
    talked: dict[str, int] = {}
    for chat in data.rows("chats"):
        talked[chat["customer_id"]] = talked.get(chat["customer_id"], 0) + 1
    who = [row["customer_id"] for row in data.rows("customers")]
    once = [buyer_type(statuses.get(one, []), talked.get(one, 0)) for one in who]
    every = [buyer_types(statuses.get(one, []), talked.get(one, 0)) for one in who]
    done, closed, asked, none = (once.count(kind) for kind in (*BuyerType, None))
    asking = sum(BuyerType.ENQUIRER in kinds for kinds in every)
    assert done + closed + asked + none == 4000 < done + closed + asking
    assert has(
        f"成交{done}位，未成交{closed}位，询单{asked}位，{none}位哪种也不是",
        f"询单有{asking}位，三种加起来比全店还多",
        f"{asked}位，还是{asking}位",
    )
    assert round(asking / asked) == 8
    assert has("差出八倍")
    both = sum({BuyerType.COMPLETED, BuyerType.ENQUIRER} <= kinds for kinds in every)
    assert 0.68 < both / done < 0.73
    assert has("成交客户里七成聊过")


# Who did not answer


def test_who_answered_and_what_the_silent_leave_open() -> None:
    every = load("09_explore.toml", "answered").rows

    def counted(**of: str) -> tuple[int, int]:
        some = [row for row in every if all(row[name] == value for name, value in of.items())]
        return sum(int(row["answered"]) for row in some), sum(int(row["n"]) for row in some)

    assert counted() == (471, 871)
    late, fine = counted(late="迟到或出问题"), counted(late="准时")
    assert has(f"{late[0] / late[1]:.1%}对{fine[0] / fine[1]:.1%}，人太少，说不准")
    apart = two_proportions(*late, *fine)
    assert apart.low < 0 < apart.high
    assert has("含0，说不准谁更爱答")
    low_stars, high_stars = counted(stars="1—3星"), counted(stars="5星")
    assert has(f"{low_stars[1]}位答了{low_stars[0]}位")
    assert wilson(*low_stars)[0] < wilson(*high_stars)[1]  # the intervals overlap
    content = sum(int(row["content"]) for row in every)
    worst, best = bounds(content, 471, 871)
    assert round(100 * (best - worst)) == 46
    assert has("隔着46个百分点")
    assert has(f"没答的得有{(0.8 * 871 - content) / 400:.1%}满意")
    assert f"{content / 471:.0%}" == "91%"


def test_only_completed_orders_were_asked() -> None:
    status = {order["order_id"]: order["status"] for order in data.rows("orders")}
    assert {status[row["order_id"]] for row in data.rows("survey")} == {"交易成功"}
    assert has("问卷只发给了交易成功的人")


# Rules


@pytest.mark.parametrize("number", ["R43", "R44", "R45", "R46", "R79", "R94"])
def test_the_rules_are_the_chapters(number: str) -> None:
    assert "09" in rule(number).chapters
    assert has(rule(number).text)
