"""What lies beside chapter 03 (conversations, guesses, quiz, teachers' page) says in numbers, against the tables."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import accumulate

import pandas as pd
import pytest

from kefu import data
from kefu.kpis import BUYER, Chat, rounds, three_minute_rate
from kefu.talk import Scenario, scenarios
from tests.notebooks.reading import beside, known, pays, price, questions, right
from web import book

TALKS = scenarios(book.chapter("03").talks)
WRONG, THREE, OVER = (TALKS[name] for name in ("回错窗口", "三个窗口一句稍等", "转给售后"))


def phrase(name: str) -> str:
    """A canned reply."""
    return next(row["text"] for row in data.rows("phrases") if row["phrase_id"] == name)


def line(talk: Scenario, turn: str, intent: str = "") -> str:
    """The right line of a turn, or that of an intent."""
    found = talk.turns[turn].option(intent) if intent else talk.turns[turn].right
    assert found
    return found.say


# Conversations


def test_they_lie_on_one_sunday_evening_on_the_shift_of_those_who_answer() -> None:
    shifts = {row["name"]: (row["team"], row["shift"]) for row in data.rows("agents")}
    assert shifts["小满"] == ("售前", "晚班")
    assert shifts["阿川"] == ("售后", "晚班")
    for talk in TALKS.values():
        assert talk.date.date() == date(2025, 11, 9)
        assert talk.date.weekday() == 6
        assert 16 <= talk.date.hour < 24
    assert "星期天仓库休息" in phrase("DY078")
    assert "星期天仓库也没有人" in OVER.turns["open"].option("promise").why  # type: ignore[union-attr]


def test_the_cart_that_is_topped_up_costs_what_is_told() -> None:
    linen, covers, cloth = price("水洗棉四件套"), 2 * price("绒面抱枕套"), price("棉麻桌布")
    assert (linen, covers, linen + covers, cloth) == (199, 50, 249, 58)
    without, with_it = pays(linen, covers), pays(linen, covers, cloth)
    assert (without, with_it) == (229, 247)
    told = line(WRONG, "own")
    assert f"不加付{without:.0f}元，加了付{with_it:.0f}元，多花{with_it - without:.0f}元" in told
    assert "满300减40" in known("K184")
    assert "满199减20" in known("K179")


def test_what_is_sent_as_a_canned_reply_is_one() -> None:
    assert line(WRONG, "open", "phrase") == f"{phrase('DY110')}。"
    assert line(THREE, "first") == f"小鹿，{phrase('DY063')}。"
    assert line(THREE, "sugar", "minute") == f"{phrase('DY007')}。"


def test_the_three_windows_are_as_many_as_she_may_have_open() -> None:
    (agent,) = (row for row in data.rows("agents") if row["name"] == "小满")
    assert agent["concurrency"] == "3"
    assert THREE.turns["first"].says.count("【") == 3


def test_the_scarf_the_leggings_and_the_cup_are_the_shop_s() -> None:
    assert price("羊毛围巾") == 129
    assert "围巾129" in THREE.turns["first"].says
    assert "70%羊毛" in known("K019")
    assert "轻微的毛感" in known("K019")
    assert "羊毛占七成，贴脖子会有点扎" in line(THREE, "answer")
    sizes = {(row["colour"], row["size"]) for row in data.rows("products")
             if row["title"] == "高弹打底裤"}  # fmt: skip
    assert ("黑", "L") in sizes
    assert "黑色L码" in line(THREE, "back")
    assert price("不锈钢保温杯") == 69
    assert "69元的保温杯" in OVER.scene
    assert "由我们负责" in known("K210")


def test_what_is_promised_in_the_three_windows_is_kept_in_time() -> None:
    assert "两分钟内" in line(THREE, "sugar")
    assert THREE.turns["back"].says.startswith("【半糖】两分钟到了")
    assert "20:40前" in line(THREE, "chen")
    assert THREE.turns["answer"].says.startswith("（20:39）")
    assert "22点前" in line(OVER, "want")
    assert OVER.turns["late"].says.startswith("（22:06）")
    assert "六分钟" in line(OVER, "late")
    assert "22:15前" in line(OVER, "late")
    assert OVER.endings["once"].says.startswith("（22:12）")


def test_the_cup_is_wanted_on_a_thursday_after_the_sale() -> None:
    assert date(2025, 11, 13).weekday() == 3
    assert OVER.date.date() < date(2025, 11, 11) < date(2025, 11, 13)
    assert "星期四" in OVER.turns["want"].says


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS)
def test_what_may_not_be_said_is_never_right_and_ends_badly(talk: Scenario) -> None:
    beyond = ("改成99元", "按200元算", "星期四肯定", "牛仔裤", "您不说我不说")
    for turn in talk.turns.values():
        for option in turn.options:
            if any(words in option.say for words in beyond):
                assert not option.right
                assert {talk.endings[b.go].kind for b in option.to} == {"bad"}


# Guesses and quiz


def chat(said: str) -> Chat:
    """A chat told as ``问10:10:15`` and ``答10:18:10``."""
    found = []
    for part in said.split():
        moment = datetime.fromisoformat(f"2025-11-11T{part[1:]}+08:00")
        found.append((moment, BUYER if part[0] == "问" else "客服"))
    return found


def test_the_shortest_answer_first_makes_all_wait_least() -> None:
    guess = questions("03")["which-first"]
    assert [one.split("：")[1] for one in guess["items"]] == [
        "10秒能答完",
        "要答1分钟",
        "要答2分钟",
    ]
    seconds = (10, 60, 120)
    short, long = (sum(accumulate(sorted(seconds, reverse=way))) for way in (False, True))
    assert (short, long) == (270, 490)
    assert f"一共等{short}秒" in guess["shows"]
    assert f"要等{long}秒" in guess["shows"]
    assert "＋".join(str(one) for one in accumulate(seconds)) in guess["why"]


def test_who_is_red_has_waited_too_long() -> None:
    assert timedelta(minutes=3, seconds=5) == timedelta(seconds=185)
    guess = questions("03")["already-red"]
    assert "3分05秒" in guess["ask"]
    assert "185秒" in guess["options"][0]["why"]


def test_the_platform_s_own_example_is_counted_by_rounds() -> None:
    guess = questions("03")["three-minutes"]
    first = chat("问10:10:15 问10:15:20 答10:18:10")
    whole = [*first, *chat("问10:18:30 答10:19:00")]
    assert [r.seconds for r in rounds(whole)] == [475, 30]
    assert all(f"10:{moment:%M:%S}" in guess["ask"] for moment, _ in whole)
    assert (three_minute_rate([first]), three_minute_rate([whole])) == (0, guess["answer"] / 100)
    assert "475秒" in guess["why"]


def test_the_quiz_s_chat_is_counted_by_rounds_too() -> None:
    question = questions("03")["rounds"]
    whole = chat("问20:00:00 答20:02:50 问20:03:10 问20:03:40 答20:06:20 问20:08:00")
    assert [r.seconds for r in rounds(whole)] == [170, 190, None]
    assert all(f"{moment:%H:%M:%S}" in question["ask"] for moment, _ in whole)
    assert round(100 * three_minute_rate([whole])) == question["answer"]


def test_evenings_sell_less_mostly_because_they_wait_longer() -> None:
    guess = questions("03")["evening-gap"]
    found = data.load("chats").query("stage == '售前' and handled_by == '人工'")
    paid = data.load("orders").query("paid_at.notna()").chat_id
    hour, bands = found.started_at.dt.hour, [0, 16, 32, 64, 128, 10**6]
    found = found.assign(
        bought=found.chat_id.isin(paid),
        wait=pd.cut(found.first_response_s, bands, right=False),
    )
    early, late = found[(hour >= 9) & (hour < 16)], found[hour >= 16]
    told = (early.bought.mean(), late.bought.mean())
    assert f"成交{told[0]:.1%}，晚班（16—24点）{told[1]:.1%}" in guess["ask"]
    assert f"差{100 * (told[0] - told[1]):.1f}个百分点" in guess["ask"]
    same = late.groupby("wait", observed=True).bought.mean()
    alike = float((same * early.wait.value_counts(normalize=True)).sum())
    assert f"{alike:.1%}" in guess["why"]
    assert round(100 * (told[0] - alike), 1) == guess["answer"]
    assert f"{guess['answer']}个百分点" in guess["shows"]


def test_a_tenth_of_the_canned_replies_does_more_than_a_third_of_the_work() -> None:
    phrases = data.load("phrases")
    most = phrases.uses.nlargest(12).sum()
    assert (len(phrases), phrases.uses.sum(), most) == (120, 8132, 3124)
    guess = questions("03")["top-twelve"]
    assert round(100 * most / phrases.uses.sum()) == guess["answer"]
    assert f"{phrases.uses.sum()}次里，这12条用了{most}次" in guess["why"]
    never = phrases[phrases.uses == 0]
    assert f"有{len(never)}条一年没有用过一次" in guess["shows"]
    assert (never.group == "安抚").sum() == 2
    assert "其中两条是安抚的话" in guess["shows"]


def test_twelve_canned_replies_promise_something() -> None:
    assert data.load("phrases").promises.sum() == questions("03")["hidden-promises"]["answer"]


def test_one_shortcut_has_two_replies() -> None:
    phrases = data.load("phrases")
    twice = phrases[phrases.shortcut.duplicated(keep=False)]
    assert {*twice.shortcut} == {"/yj4"}
    assert [*twice.group] == ["议价", "物流"]
    assert "满88元包邮" in twice.text.iloc[0]
    assert "补差价走极光速运" in twice.text.iloc[1]
    assert "/yj4" in questions("03")["same-key"]["ask"]


def test_a_group_needs_a_sound_shop_and_one_of_two_figures() -> None:
    rule = next(row["text"] for row in data.rows("rules") if row["rule_id"] == "R11")
    assert "状态正常，并且满足一条：近30天成交不少于90笔；或近190天" in rule
    assert right(questions("03")["group"]) == "甲：状态正常，近30天76笔，近190天成交120万元"


def test_the_teachers_page_tells_the_same_figures() -> None:
    page = beside("03", "teach.md")
    found = data.load("chats").query("stage == '售前' and handled_by == '人工'")
    sold = found.chat_id.isin(data.load("orders").query("paid_at.notna()").chat_id)
    fast, slow = sold[found.first_response_s < 16], sold[found.first_response_s >= 128]
    assert f"16秒内答的成交{fast.mean():.0%}，等到128秒以上的{slow.mean():.0%}" in page
    assert "差的6.2个百分点只剩1.5" in page
    ticket = chat("问10:00:00 问10:02:30 答10:03:20")
    assert [r.seconds for r in rounds(ticket)] == [200]
    assert three_minute_rate([ticket]) == 0
    assert "没有，200秒，从第一句算" in page
