from __future__ import annotations

import csv
import itertools
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu import data
from kefu.intelligence import language
from kefu.intelligence.bots import (
    GENERATIONS,
    KINDS,
    RISKS,
    TOPICS,
    Asked,
    FuzzyBot,
    KeywordBot,
    KeywordRule,
    Network,
    NeuralBot,
    Reply,
    WeightedBot,
    risky,
    shop_bot,
    shop_questions,
    shop_rules,
    slips,
    unsure,
)

ENTRIES = {row["entry_id"]: row for row in data.rows("knowledge")}
every = pytest.mark.parametrize("generation", GENERATIONS)

FREIGHT = KeywordRule(("包邮", "运费"), "物流问题", "满88元包邮", source="R1")
INSURANCE = KeywordRule(("运费险",), "售后问题", "退货自动赔付", source="R2")
INVOICE = KeywordRule(("发票", "开票"), "购买操作", "订单页申请", source="R3")
RETURN = KeywordRule(("七天无理由",), "售后问题", "签收次日起七天", source="R4")
BASE = (FREIGHT, INSURANCE, INVOICE, RETURN)


def fuzzy(*rules: KeywordRule, **said: str) -> FuzzyBot:
    return FuzzyBot(rules or BASE, said)


# What every generation owes


def assert_sound(reply: Reply) -> None:
    assert reply.text.strip()
    assert reply.topic in (*TOPICS, "")
    assert 0 <= reply.score <= 1
    assert 0 <= reply.margin <= 1
    assert reply.source in (*ENTRIES, "")
    assert reply.topic not in reply.also
    assert set(reply.also) <= set(TOPICS)
    if not reply.topic:
        assert reply.handoff
        assert not reply.source
    if not reply.source:
        assert reply.handoff  # nothing is told without an entry that stands for it
    if reply.source:
        assert ENTRIES[reply.source]["topic"] == reply.topic


@every
@given(text=st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_gets_a_sound_answer(generation: Any, text: str) -> None:
    assert_sound(shop_bot(generation).reply(text))


CHARACTERS = "包邮运费险发票退货款换七天无理由不要还没到快递掉色短袖券吗了的，。！ ~M180😊"


@every
@given(text=st.text(alphabet=CHARACTERS, min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_what_sounds_like_a_customer_gets_a_sound_answer(generation: Any, text: str) -> None:
    reply = shop_bot(generation).reply(text)
    assert_sound(reply)
    assert shop_bot(generation).reply(text) == reply


HOSTILE = {
    "empty": "",
    "blank": " \t\n\u3000",
    "long": "包邮吗" * 3334,
    "long without a pause": "阿" * 10_000,
    "long with pauses": "，对了" * 3334,
    "emoji": "😂" * 200 + "👨‍👩‍👧‍👦",
    "markup": "<script>alert('包邮')</script><img src=x onerror=alert(1)>",
    "control": "\x00\x07\x1b[31m\u202e\u200b\ufeff",
    "lone surrogate": "\ud800包邮",
    "ligatures that swell": "ﷺ" * 10_000,
    "formats": "{0} %s ${x} \\N{DIGIT ONE} ../../etc",
    "digits": "1" * 500,
}


@every
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_messages_are_answered_without_harm(generation: Any, text: str) -> None:
    bot = shop_bot(generation)
    reply = bot.reply(text)
    assert_sound(reply)
    assert "<" not in reply.text


@every
@pytest.mark.parametrize("value", [None, 3, b"x", ["包邮"]])
def test_what_is_no_text_is_refused_in_both_languages(generation: Any, value: Any) -> None:
    with pytest.raises(TypeError, match=r"text: expected text, got .*（text应为文字"):
        shop_bot(generation).reply(value)


@every
@pytest.mark.parametrize("word", RISKS)
def test_a_risk_word_brings_a_person_at_once(generation: Any, word: str) -> None:
    reply = shop_bot(generation).reply(f"满88包邮吗，不包我就{word}")
    assert reply.handoff
    assert reply.why[0].kind == "风险词"


@pytest.mark.parametrize(
    "text",
    ["律师袍有货吗", "曝光不足的照片能退吗", "工商银行卡能付款吗", "平衡一下我受伤的心",
     "不想投诉，就问几天到", "我没有投诉你们的意思", "不会再投诉了", "不是投诉，发票怎么开"],
)  # fmt: skip
def test_goods_figures_of_speech_and_denials_bring_no_person(text: str) -> None:
    assert risky(text) == ""
    assert all(clue.kind != "风险词" for clue in shop_bot("keyword").reply(text).why)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("要不要投诉你们", "投诉"),
        ("是不是要投诉才有人管", "投诉"),
        ("逼得我不得不投诉", "投诉"),
        ("要不投诉吧", "投诉"),
        ("再不投诉就晚了", "投诉"),
        ("不投诉不行", "投诉"),
        ("不想投诉，但是你们太过分", "投诉"),
        ("不想投诉，可你们别逼我", "投诉"),
        ("不是投诉，是投诉了也没用", "投诉"),
        ("不解决就投诉", "投诉"),
        ("还不来？不，投诉", "投诉"),
        ("投 诉", "投诉"),
        ("律师袍退不了就投诉", "投诉"),
        ("律师袍退不了我找律师", "律师"),
        ("没受伤，就是吓一跳", "受伤"),
        ("皮肤特别过敏", "过敏"),
    ],
)
def test_what_only_looks_like_a_denial_still_brings_a_person(text: str, word: str) -> None:
    assert risky(text) == word


@given(st.text(alphabet="不没想会要得能是再别但可，。 投诉律师袍曝光足受伤的心我们", max_size=20))
def test_a_message_without_a_risk_word_is_never_risky_and_one_with_harm_always(text: str) -> None:
    plain = language.normal(text)
    if not any(word in plain for word in RISKS):
        assert risky(text) == ""
    if "受伤" in plain.replace("受伤的心", " "):
        assert risky(text)


@every
def test_who_asks_for_a_person_gets_one(generation: Any) -> None:
    assert shop_bot(generation).reply("转人工").handoff


@every
def test_an_answer_about_a_product_is_of_the_product_named(generation: Any) -> None:
    for noun, product in (("围巾", "NX06"), ("短袖", "NX01"), ("羽绒服", "NX21")):
        reply = shop_bot(generation).reply(f"{noun}会掉色吗")
        assert ENTRIES[reply.source]["product_id"] == product
        assert reply.text == ENTRIES[reply.source]["answer"]


@every
def test_without_a_products_name_the_bot_asks_which(generation: Any) -> None:
    assert "哪一款" in shop_bot(generation).reply("会掉色吗").text


@every
def test_one_bot_of_each_generation_is_kept(generation: Any) -> None:
    assert shop_bot(generation) is shop_bot(generation)


def test_another_generation_is_refused() -> None:
    with pytest.raises(ValueError, match="generation"):
        shop_bot("fifth")  # type: ignore[arg-type]


# The shop's knowledge


def test_the_base_has_the_three_kinds_and_leaves_no_entry_out() -> None:
    assert {rule.kind for rule in shop_rules()} == set(KINDS)
    told = [e for rule in shop_rules() for e in ([p[1] for p in rule.products] or [rule.source])]
    assert sorted(told) == sorted(ENTRIES)


def test_the_bots_learn_from_training_questions_only() -> None:
    rows = data.rows("questions")
    assert len(shop_questions()) == sum(row["split"] == "训练" for row in rows)
    sources = {rule.source for rule in shop_rules()} | {""}
    assert {one.source for one in shop_questions()} <= sources
    training = "\n".join(row["text"] for row in rows if row["split"] == "训练")
    assert all(one.text in training for one in shop_questions())


def test_synonyms_are_taken_from_training_questions_and_stand_for_keywords() -> None:
    training = "\n".join(language.normal(o.text) for o in shop_questions())
    words = {word for rule in shop_rules() for word in rule.words}
    for said, meant in language.synonyms().items():
        assert said in training, said
        assert meant in words, meant
        assert said not in words, said


@pytest.mark.parametrize(
    "change",
    [{"words": ()}, {"words": ("？",)}, {"topic": "天气"}, {"answer": "  "}],
    ids=str,
)
def test_a_rule_that_could_never_answer_is_refused(change: dict[str, Any]) -> None:
    (name,) = change
    with pytest.raises(ValueError, match=name):
        KeywordRule(**({"words": ("包邮",), "topic": "物流问题", "answer": "满88元"} | change))


# First generation


def test_the_longest_keyword_wins() -> None:
    assert KeywordBot(BASE).reply("运费险怎么赔").source == "R2"
    assert KeywordBot(BASE).reply("运费怎么算").source == "R1"


def test_priority_comes_before_length() -> None:
    first = KeywordRule(("运费",), "物流问题", "满88元包邮", priority=1, source="R1")
    assert KeywordBot((first, INSURANCE)).reply("运费险怎么赔").source == "R1"


def test_of_equal_keywords_the_earlier_wins_and_the_other_is_heard_too() -> None:
    reply = KeywordBot(BASE).reply("发票怎么开，另外包邮吗")
    assert (reply.source, reply.also) == ("R3", ("物流问题",))
    assert [clue.seen for clue in reply.why] == ["发票", "包邮"]


def test_of_rules_with_the_same_keyword_the_first_listed_wins() -> None:
    other = KeywordRule(("包邮",), "活动优惠", "看活动页", source="R9")
    assert KeywordBot((FREIGHT, other)).reply("包邮吗").source == "R1"
    assert KeywordBot((other, FREIGHT)).reply("包邮吗").source == "R9"


def test_the_keyword_bot_cannot_hear_no() -> None:
    assert KeywordBot(BASE).reply("我不要发票").text == KeywordBot(BASE).reply("发票").text


@pytest.mark.parametrize("text", ["包油吗", "寄到家要另外给钱吗", "包 邮"])
def test_only_the_very_letters_count(text: str) -> None:
    assert KeywordBot(BASE).reply(text).handoff is (language.normal(text) != "包邮")


@given(text=st.text(alphabet=CHARACTERS, max_size=30))
def test_kept_hits_are_exact_do_not_overlap_and_come_in_order(text: str) -> None:
    bot = KeywordBot(BASE)
    plain = language.normal(text)
    hits = bot.hits(plain)
    for hit in hits:
        assert plain[hit.start : hit.end] == hit.word
    for one, other in itertools.pairwise(hits):
        assert one.end <= other.start
    assert bool(hits) is any(word in plain for word in bot.words)


@given(order=st.permutations(range(4)), text=st.text(alphabet=CHARACTERS, max_size=30))
def test_the_order_of_rules_matters_only_for_equal_claims(order: list[int], text: str) -> None:
    one = KeywordBot(BASE).reply(text)
    other = KeywordBot([BASE[n] for n in order]).reply(text)
    assert (one.text, one.topic, one.source, one.handoff) == (
        other.text, other.topic, other.source, other.handoff
    )  # fmt: skip


# Second generation


def test_a_homophone_is_heard() -> None:
    (clue,) = fuzzy().reply("包油不").why
    assert (clue.kind, clue.seen, clue.taken) == ("同音", "包油", "包邮")


def test_a_synonym_is_understood() -> None:
    reply = fuzzy(报销凭证="发票").reply("有报销凭证吗")
    assert (reply.source, reply.why[0].kind) == ("R3", "同义")


@pytest.mark.parametrize("typed", ["七天理由", "七无天理由", "七天无理油", "七天元理由"])
def test_a_slip_in_a_long_keyword_is_forgiven(typed: str) -> None:
    assert fuzzy().reply(f"支持{typed}不").source == "R4"


@pytest.mark.parametrize("word", ["发票", "洗", "好"])
def test_short_keywords_take_no_slips(word: str) -> None:
    assert slips(word) == set()


def test_what_is_exact_outweighs_what_is_guessed() -> None:
    (clue,) = fuzzy().reply("运费险").why
    assert (clue.kind, clue.taken) == ("关键词", "运费险")


@given(text=st.text(alphabet=CHARACTERS, max_size=30))
@settings(deadline=None)
def test_what_the_first_generation_finds_the_second_finds_too(text: str) -> None:
    if KeywordBot(BASE).reply(text).topic:
        assert fuzzy().reply(text).topic


def test_every_slip_differs_from_its_word_in_one_place() -> None:
    for word in ("运费险", "退货地址", "七天无理由"):
        for typed in slips(word):
            assert typed != word
            assert abs(len(typed) - len(word)) <= 1
            if len(typed) == len(word):
                assert sum(a != b for a, b in zip(typed, word, strict=True)) <= 2


def test_the_readings_cover_what_customers_type() -> None:
    typed = {c for o in shop_questions() for c in language.normal(o.text)}
    missing = {c for c in typed if "\u4e00" <= c <= "\u9fff"} - set(language.readings())
    assert len(missing) < 0.01 * len(typed), missing
    assert all(re.fullmatch("[a-zü]+", syllable) for syllable in language.readings().values())


# Third generation

ASKED = (
    Asked("包邮吗", "物流问题", "R1"),
    Asked("运费多少钱", "物流问题", "R1"),
    Asked("运费险怎么赔", "售后问题", "R2"),
    Asked("能开发票吗", "购买操作", "R3"),
    Asked("收不收旧衣服", "售后问题", ""),
)


def weighted(**settings: float) -> WeightedBot:
    return WeightedBot(BASE, ASKED, common=0.9, **settings)  # type: ignore[arg-type]


def test_a_question_asked_before_is_its_own_nearest_with_cosine_1() -> None:
    for one in ASKED:
        cosine, nearest = weighted().judge(one.text).near[0]  # type: ignore[union-attr]
        assert nearest == one
        assert cosine == pytest.approx(1)


def test_rare_words_weigh_more_than_common_ones() -> None:
    idf = weighted().texts.idf
    assert idf["发票"] > idf["吗"]


def test_below_the_threshold_or_the_margin_a_person_takes_over() -> None:
    assert not weighted().reply("能开发票吗").handoff
    assert weighted(threshold=0.99).reply("能开张发票吗").handoff
    assert weighted(ambiguity=1.0).reply("能开发票吗").handoff


def test_a_known_question_without_an_answer_goes_to_a_person_with_its_topic() -> None:
    reply = weighted().reply("收不收旧衣服")
    assert (reply.topic, reply.source, reply.handoff) == ("售后问题", "", True)


def test_each_clause_is_judged_and_the_first_is_answered() -> None:
    reply = weighted().reply("能开发票吗，对了，包邮吗")
    assert (reply.topic, reply.also) == ("购买操作", ("物流问题",))


def test_a_greeting_before_the_question_is_not_the_question() -> None:
    for generation in ("weighted", "neural"):
        reply = shop_bot(generation).reply("在吗？围巾会掉色吗")  # type: ignore[arg-type]
        assert (reply.topic, reply.also) == ("商品问题", ("聊天互动",))


@pytest.mark.parametrize("generation", ["weighted", "neural"])
@given(text=st.text(alphabet=CHARACTERS, min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_shares_sum_to_one_and_near_questions_come_in_order(generation: Any, text: str) -> None:
    bot = shop_bot(generation)
    assert isinstance(bot, WeightedBot)
    judged = bot.judge(text)
    if judged is None:
        return
    left = 1 - sum(judged.shares.values())  # for what nobody could understand
    assert left == pytest.approx(0) if generation == "weighted" else -1e-9 < left < 1
    assert set(judged.shares) == set(TOPICS)
    cosines = [cosine for cosine, _ in judged.near]
    assert cosines == sorted(cosines, reverse=True)
    assert all(0 < cosine <= 1 for cosine in cosines)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_stricter_threshold_never_answers_more(
    score: float, margin: float, low: float, more: float, ambiguity: float
) -> None:
    assert unsure(score, margin, low, ambiguity) <= unsure(score, margin, low + more, ambiguity)


# Fourth generation


def test_the_network_by_hand() -> None:
    net = Network({"退": 1.0}, {"退": (2.0, -1.0)}, (0.0, 0.5), ((1.0, 0.0), (3.0, 0.0)),
                  (0.0, 0.0), ("售后问题", "物流问题"))  # fmt: skip
    sums = net.hidden({"退": 1.0})
    assert sums == [2.0, -0.5]
    assert net.shares(sums)["售后问题"] == pytest.approx(0.8808, abs=1e-4)  # 1 / (1 + e^-2)


def test_a_clue_says_how_much_less_sure_the_network_is_without_it() -> None:
    bot = shop_bot("neural")
    assert isinstance(bot, NeuralBot)
    reply = bot.reply("退货运费谁出")
    features = [clue for clue in reply.why if clue.kind == "特征"]
    assert features
    assert all(clue.weight > 0 and clue.topic == reply.topic for clue in features)
    assert max(clue.weight for clue in features) <= reply.score


def test_the_stored_files_are_small_enough_for_a_page() -> None:
    sizes = {p.name: p.stat().st_size for p in language.HERE.iterdir() if p.is_file()}
    assert sizes["network.json"] < 330_000
    assert sizes["first_questions.csv"] < 180_000
    assert sizes["pinyin.txt"] < 20_000
    assert sizes["predictions.csv"] < 250_000
    assert sizes["rehearsal.csv"] < 12_000


# Clauses and letters


@given(st.text(max_size=80))
def test_normal_is_normal_and_clauses_hold_words(text: str) -> None:
    plain = language.normal(text)
    assert language.normal(plain) == plain
    assert len(plain) <= language.LONGEST
    assert all(language.normal(part) for part in language.clauses(text))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("还有货吗", ("还有货吗",)),
        ("能退吗，还有运费谁出", ("能退吗", "运费谁出")),
        ("能退吗。运费谁出", ("能退吗", "运费谁出")),
        ("能退吗，再问一个，运费谁出", ("能退吗", "运费谁出")),
        ("拍错了，能改款吗", ("拍错了，能改款吗",)),
        ("？！。", ()),
    ],
)
def test_clauses_are_cut_where_a_new_subject_opens(text: str, parts: tuple[str, ...]) -> None:
    assert language.clauses(text) == parts


def test_the_pinyin_table_has_each_character_once() -> None:
    lines = (language.HERE / "pinyin.txt").read_text(encoding="utf-8").split("\n")[:-1]
    characters = "".join(line.split(" ")[1] for line in lines)
    assert len(set(characters)) == len(characters)
    with (language.HERE / "synonyms.csv").open(encoding="utf-8", newline="") as file:
        said = [row["said"] for row in csv.DictReader(file)]
    assert len(set(said)) == len(said)
