"""What is promised in the night: in whose words, noted or not, told before a window closes and at the end."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

import pytest

from kefu.practice import cases, scenes, shift
from kefu.practice.state import HANDED, OPEN, packets
from kefu.talk import lint
from kefu.talk.lint import acts

KEPT: dict[str, tuple[str, ...]] = {
    "在吗在吗在吗": ("给您留到明晚",),
    "加个微信便宜": ("明天一早就叫仓库寄出去", "我给您改成200整", "我给您退双倍的钱"),
    "毯子发不出了": ("有消息我第一时间告诉您", "99元今天就能退", "我赔您30元，再送您一双袜子"),
    "新疆不包邮": ("两分钟内我给您算另一种寄法", "说了退您就退您", "晚一天我赔您10元"),
    "明天能到吗": ("两天就到", "明天就给您安排发出", "星期三一定到", "我给您免费升级成极光速运",
                "星期二下午四点我查一次，要是悬，马上告诉您", "星期二等着收货吧", "围巾的129元我全退给您"),
    "大券用不上": ("用不上的35元我私下补给您", "数不一样就截图给我，两分钟内回您"),
    "回错窗口": ("我给您按200元算",),
    "三个窗口一句稍等": ("两分钟内把码发给您", "一分钟内回您", "20:40前回您", "很快就回来找您", "我给您改成99元"),
    "太贵了": ("给您把价改了", "我送您一份袜子", "我给您送一份袜子", "我再给您送一份袜子", "今天晚上就给您发走"),
    "第一句话": ("今天我陪您挑到几点都行",),
    "有现货吗几时到": ("我10分钟内改好，发您核对", "23号，肯定到"),
    "就差最后一步": ("雾蓝M我给您留到明晚8点。7点半叫您一声", "明天就给您发走", "我私下给您留着，明天补齐"),
    "差价转我微信": ("我自己先转您8块", "我给您打过去", "今天肯定给您到账"),
    "开线的打底裤": ("三到五个工作日内会有专人处理", "收到后10分钟内给您办好", "您这件今天就办"),
    "开衫少退十四元": ("保证三天一定到您手上",),
    "退货没收到": ("我先问门卫，再请快递查签收人",),
    "刚买就降价": ("5分钟内回您",),
    "又碎了一只": ("10分钟内在这个窗口回您", "有结果再联系您", "9点50分前，她在这里回您"),
    "旧书摊的底单": ("10点半前回您", "我保证今天一定找出来", "小棠11点前点同意，原路退"),
    "南枝的追评": ("49元走平台退给您",),
    "把我的信息删了": ("14点30分回您",),
    "双11夜几天到": ("发没发，明晚八点我告诉您", "星期六肯定能到", "我让仓库优先发",
                "星期五晚上八点前，到不到得了我先说", "我给您退二十块"),
    "那条三星": ("今晚八点我报进度", "今天就能给您发走", "星期六中午我报一次到哪了",
                "今晚、明晚、星期六中午，我各报一次到哪了"),
    "我想退会了": ("我再给您补一张30元的无门槛券",),
    "我为什么降级了": ("我这边先偷偷给您改成金卡", "我个人给您申请保留金卡到年底"),
    "兑现那句话": ("我12点前把“来回运费店里出”写进订单备注",),
    "排了四分钟": ("我两分钟内回您",),
}  # fmt: skip
"""Promises of which the conversation itself tells what became, or that are due within minutes: nothing to note."""

NOW = shift.moment(4200)


@pytest.mark.parametrize("kind", cases.MAKERS)
def test_what_an_answer_owes_are_its_own_words(kind: str) -> None:
    for seed in range(40):
        one = cases.MAKERS[kind].make(Random(f"{seed}/{kind}/owes"), NOW)
        for way in one.ways:
            assert way.owes in way.text
        if one.pledge:
            (quoted,) = re.findall("“(.+?)”", one.pledge)
            assert quoted in one.says


def test_who_says_by_when_owes_it() -> None:
    """An answer to a computed question that names a time by which one will be told has promised it."""
    for kind, made in cases.MAKERS.items():
        if kind in ("能不能说", "核稿", "公评", "判案"):  # others' words are looked at there
            continue
        for seed in range(40):
            for way in made.make(Random(f"{seed}/{kind}/owes"), NOW).ways:
                assert bool(way.owes) or not re.search(
                    "(?:点|钟)[前内](?:回|告诉|再|给|转)", way.text
                )


def says(name: str) -> list[str]:
    return [one.say for turn in scenes.scene(name).turns.values() for one in turn.options]


@pytest.mark.parametrize("name", scenes.CHAPTER_OF)
def test_what_an_old_conversation_promises_stands_in_its_lines(name: str) -> None:
    kept = KEPT.get(name, ())
    for words in (*scenes.PROMISED.get(name, ()), *kept):
        assert any(words in say for say in says(name)), words
    for say in says(name):
        if re.search("(?:点|分钟|日|小时)[半]?[前内]", say) and "下一步" in acts(say):
            told = scenes.promised(name, say) or any(words in say for words in kept)
            assert told or re.search(
                "天内|后七天|七天之内|[0-9]小时内发货|在21点以前|工作日以内|点前我都在|日前台", say
            ), say
        assert scenes.promised(name, say) in say


def test_whoever_takes_a_word_back_owes_it_no_more() -> None:
    back = [(n, s) for n in scenes.CHAPTER_OF for s in says(n) if scenes.retracted(s)]
    assert len(back) == 5
    assert all(not lint(say) for _, say in back)


def promising(level: int) -> tuple[shift.NightState, str]:
    """Return a desk at which somebody has been answered right, and promised something by it."""
    for seed in range(1, 60):
        night = shift.night(seed, level)
        for one in night.customers:
            asked = one.questions[0] if len(one.questions) == 1 else None
            if asked and asked.ways[asked.best].owes and not asked.due:
                state = shift.tick(shift.start(night), one.at)
                state = shift.step(state, shift.NightMove(state.now, "take", one.who))
                move = shift.NightMove(state.now + 20, "answer", one.who, str(asked.best + 1))
                return shift.step(state, move), one.who
    pytest.fail("nobody is promised anything")


def close(state: shift.NightState, who: str) -> shift.NightState:
    return shift.step(state, shift.NightMove(state.now + 5, "close", who))


@pytest.mark.parametrize("level", shift.LEVELS)
def test_closing_tells_once_of_what_is_not_noted(level: int) -> None:
    state, who = promising(level)
    (made,) = state.people[who].promises
    assert made.noted is None
    assert state.people[who].owes == made.what
    after = close(state, who)
    if level < 3:
        assert after.people[who].where == OPEN
        assert made.what in after.news[-1].text
        after = close(after, who)
    assert who in [one.who for one in after.gone]
    assert shift.play(state.night, after.moves).people == after.people


@pytest.mark.parametrize("level", shift.LEVELS)
def test_what_is_noted_reaches_the_morning_and_what_is_not_costs(level: int) -> None:
    state, who = promising(level)
    noted = shift.step(state, shift.NightMove(state.now + 5, "note", who))
    assert "note" not in shift.allowed(noted, who)
    done = close(noted, who)
    assert who in [one.who for one in done.gone]  # at once
    (row,) = [one for one in shift.report(done).sheet if one.who == who]
    assert (row.kind, row.lost) == ("答应过", 0)
    lost = close(close(state, who), who) if level < 3 else close(state, who)
    (row,) = [one for one in shift.report(lost).sheet if one.who == who]
    assert row.kind == "没记下"
    full, less = shift.report(done), shift.report(lost)
    assert row.lost == pytest.approx(full.total - less.total, abs=0.1)
    assert "1件答应过的没有记下" in less.word
    assert full.scores["稳"] > less.scores["稳"]


def test_who_is_handed_over_goes_with_what_was_passed_on() -> None:
    """The note that carries all asks nothing again; what was promised is lost with any other."""
    state = shift.start(shift.night(618, 1))
    while not (opened := [one for one in state.windows if "hand" in shift.allowed(state, one.who)]):
        state = shift.tick(state, shift.next_event(state))
        for one in state.queue:
            state = shift.step(state, shift.NightMove(state.now, "take", one.who))
    who = opened[0].who
    person = state.people[who]
    owing = replace(person, promises=(shift.NightPromise(state.now, "10分钟内回您"),))
    state = replace(state, people={**state.people, who: owing})
    notes = packets(state.night, owing)
    assert [one.key for one in opened[0].packets] == [*notes]
    assert sorted(len(packet.missing()) for _, packet in notes.values()) == [0, 1, 2]
    lengths = [len(text) for text, _ in notes.values()]
    assert max(lengths) < 3 * min(lengths)
    totals = {}
    for key, (_, packet) in notes.items():
        after = shift.step(state, shift.NightMove(state.now, "hand", who, key))
        assert "我是青禾" in after.news[-1].text
        gone = shift.tick(after, after.people[who].until)
        assert gone.people[who].how == HANDED
        (row,) = [one for one in shift.report(gone).sheet if one.who == who]
        assert (row.kind == "答应过") == (not packet.missing())
        totals[not packet.missing()] = shift.report(gone).scores["稳"]
    assert totals[True] > totals[False]


def test_the_notes_stand_in_no_order() -> None:
    places = set()
    for customer in shift.night(618, 3).customers:
        person = shift.Person(customer, lines=(shift.SpokenLine(0, "客人", customer.first),))
        notes = packets(shift.night(618, 3), person)
        places.add(next(key for key, (_, packet) in notes.items() if not packet.missing()))
    assert places == {"1", "2", "3"}
