from __future__ import annotations

import pytest

from kefu import data
from kefu.demos import Demo, bot_chat
from kefu.demos.bots import EXAMPLES, MARKED, OWN, brief, outcome, seen
from kefu.intelligence.bots import GENERATIONS, TOPICS, Clue, shop_bot, shop_rules
from kefu.language import normal
from tests.demos.reading import HOSTILE, parsed, run_code, set_to, settings, tags


def assert_chat_agrees(demo: Demo, text: str) -> None:
    windows = parsed(demo.parts()[0]).select("section.kefu-bot")
    accounts = parsed(demo.parts()[1]).select("section.kefu-why")
    for number, (part, told, generation) in enumerate(
        zip(windows, accounts, GENERATIONS, strict=True), 1
    ):
        reply = shop_bot(generation).reply(text)
        head, asked, said = part.select("p")
        look, word, more = outcome(text, reply)
        assert head.get_text() == f"第{number}代·{GENERATIONS[generation]} {word}"
        assert f"kefu-{look}" in part["class"]
        assert asked.get_text() == brief(text, 60)
        assert said.get_text() == reply.text
        clues = [normal(c.seen) for c in reply.why if c.kind in MARKED]
        for mark in asked.select("mark"):
            assert set(normal(mark.get_text())) <= set("".join(clues))
        for word in clues:
            assert word not in normal(brief(text, 60)) or asked.select("mark")
        line, answer, why = (p.get_text() for p in told.select("p"))
        assert (reply.topic or "没认出话题") in line
        assert f"把握{reply.score:.2f}" in line
        assert more in line
        first = [shop_bot(one).reply(text).text for one in GENERATIONS].index(reply.text) + 1
        assert answer == (reply.text if first == number else f"回答和第{first}代一样。")
        for clue in reply.why[:8]:
            assert clue.kind in why
            assert brief(clue.seen, 40) in why
        if not reply.why:
            assert "没有一个认识的词" in why


@pytest.mark.parametrize("text", EXAMPLES)
def test_each_example_shows_what_the_four_bots_say_and_why(text: str) -> None:
    assert_chat_agrees(set_to(bot_chat(), example=text), text)


@pytest.mark.parametrize("text", ["快递到哪了", "能不能便宜点", "？？"])
def test_what_the_reader_writes_goes_to_all_four(text: str) -> None:
    assert_chat_agrees(set_to(bot_chat(), text=text), text)
    assert_chat_agrees(bot_chat(text), text)


def test_the_list_fills_the_field_and_says_when_the_text_is_the_readers_own() -> None:
    demo = set_to(bot_chat(), example="我不要发票")
    assert demo.controls["text"].value == "我不要发票"
    set_to(demo, text="快递到哪了")
    assert demo.controls["example"].value == OWN
    assert demo.controls["text"].value == "快递到哪了"
    set_to(demo, text="包邮吗？")
    assert demo.controls["example"].value == "包邮吗？"
    set_to(demo, example=OWN)
    assert demo.controls["text"].value == "包邮吗？"


def test_an_emptied_field_says_so() -> None:
    assert "还没写" in set_to(bot_chat(), text="").result()


# Right, wrong, handed over


def test_the_examples_topics_and_entries_are_the_shops() -> None:
    entries = {e for r in shop_rules() for e in (r.source, *(p[1] for p in r.products))}
    for topic, right in EXAMPLES.values():
        assert topic in TOPICS
        assert set(right) <= entries


def test_how_each_example_ends_is_what_the_chapter_says() -> None:
    ends = {
        text: [outcome(text, shop_bot(g).reply(text))[1][0] for g in GENERATIONS]
        for text in EXAMPLES
    }
    assert ends["包邮吗？"] == ["✓"] * 4
    assert ends["四件套会吊色吗"] == ["→", "✓", "✗", "✗"]  # only the second is right
    assert ends["我不要发票"] == ["✗"] * 4  # all four are wrong
    assert ends["再这样我就投诉了"] == ["→"] * 4


def test_what_the_reader_writes_is_not_called_right_or_wrong() -> None:
    for generation in GENERATIONS:
        reply = shop_bot(generation).reply("能不能便宜点")
        assert outcome("能不能便宜点", reply)[1] == ("→转人工" if reply.handoff else "自己答")


def test_another_classs_shop_is_judged_by_its_topics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "is_book", lambda _name: False)
    text = "我不要发票"
    assert outcome(text, shop_bot("keyword").reply(text))[:2] == ("right", "✓话题对")


# Words marked in the message


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        (
            "这件包邮吗，包 邮？",
            "包邮",
            "这件<mark>包邮</mark>吗，<mark>包</mark> <mark>邮</mark>？",
        ),
        ("ＸＬ码<b>", "xl", "<mark>ＸＬ</mark>码&lt;b&gt;"),
        ("a&amp;b", "amp", "a&amp;<mark>amp</mark>;b"),
        ("①号", "1号", "<mark>①号</mark>"),
        ("没有", "发票", "没有"),
    ],
)
def test_what_a_bot_saw_is_marked_where_it_stands(text: str, word: str, shown: str) -> None:
    assert seen(text, [Clue("关键词", word, word, 1.0, "")]) == shown


def test_a_question_asked_before_is_not_marked() -> None:
    assert "<mark>" not in seen("包邮吗", [Clue("相似问句", "包邮吗", "", 1.0, "")])


@pytest.mark.parametrize("text", HOSTILE, ids=range(5))
def test_hostile_messages_become_no_markup_in_the_chat(text: str) -> None:
    plain = tags(set_to(bot_chat(), text="今晚月色真好").result())
    demo = set_to(bot_chat(), text=text)
    assert {name for name, _ in tags(demo.result())} <= {name for name, _ in plain} | {"br", "mark"}
    assert len(demo.result()) < 20_000
    assert "onerror=alert(1)>" not in demo.picture()


def test_the_chats_code_gives_the_same_answers() -> None:
    text = "羊毛围巾'会\"掉色吗"
    printed, _ = run_code(set_to(bot_chat(), text=text))
    for generation in GENERATIONS:
        assert shop_bot(generation).reply(text).text in printed


def test_every_control_has_a_label_and_stands_in_the_picture() -> None:
    demo = bot_chat()
    labels = [control.description for control in demo.controls.values()]
    assert all(labels)
    assert list(settings(demo.picture())) == labels
