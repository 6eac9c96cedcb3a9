import csv
import random
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from datasets.words import dialogues, reviews
from datasets.words.dialogues import AGENT, BUYER, ROBOT, SYSTEM, Line, Scene, dialogue, facts_of
from datasets.words.knowledge import TOPICS, intents
from datasets.words.phrase import expand, lines, load, pick, slip, slips

HAN = r"[\u4e00-\u9fff]"
TITLES = [row["title"] for row in load("products").values()]
SIZED = [row["title"] for row in load("products").values() if "尺码" in row["kinds"]]
PROBLEMS = ("不可抗力", "节假日延长", "丢失破损", "疑难件", "非本人签收")
SCENE = Scene(
    stage="售前",
    topic="商品问题",
    title="免烫衬衫",
    price="119.00",
    size="L",
    height=172,
    weight=68,
    province="四川",
    carrier="极光速运",
    problem="",
    order_state="",
    agent="小满",
    robot=False,
    handover=False,
    first_response_s=25,
    reply_pace_s=30.0,
    outcome="bought",
    rounds=3,
    mood="平和",
)


def any_scene(rng: random.Random) -> Scene:
    """One scene of a mix such as a shop has: half before the sale, a third seen by the robot."""
    before = rng.random() < 0.6
    title = rng.choice(TITLES)
    robot = rng.random() < 0.35
    weights = (4, 40, 18, 14, 22, 2) if before else (3, 6, 5, 8, 38, 40)
    return replace(
        SCENE,
        stage="售前" if before else "售后",
        topic=rng.choices(list(TOPICS), weights)[0],
        title=title,
        size=rng.choice("SML") if title in SIZED else "",
        height=rng.randint(152, 186),
        weight=rng.randint(42, 88),
        problem="" if before or rng.random() < 0.6 else rng.choice(PROBLEMS),
        order_state=rng.choice(("", "待付款", "已付款") if before else ("已发货", "交易成功")),
        robot=robot,
        handover=robot and rng.random() < 0.4,
        first_response_s=rng.randint(1, 3) if robot else int(rng.expovariate(1 / 40)) + 3,
        reply_pace_s=10 + 40 * rng.random(),
        outcome=rng.choice(("bought", "left") if before else ("solved", "unsolved")),
        rounds=rng.choices((1, 2, 3, 4, 5), (20, 30, 25, 15, 10))[0],
        mood=rng.choices(("平和", "热情", "着急", "不满"), (55, 15, 18, 12))[0],
    )


@pytest.fixture(scope="module")
def mix() -> list[tuple[Scene, list[Line]]]:
    rngs = [random.Random(f"mix/{n}") for n in range(4000)]
    return [(scene := any_scene(rng), dialogue(rng, scene)) for rng in rngs]


def blocks(tree: object) -> list[str]:
    """Return the blocks of templates in a nest of dictionaries."""
    if isinstance(tree, dict):
        return [block for branch in tree.values() for block in blocks(branch)]
    return [str(tree)]


def test_every_template_fills_all_its_holes() -> None:
    rng = random.Random(1)
    facts = facts_of(rng, SCENE)
    templates = [text for block in blocks(load("chat")) for text in lines(block)]
    templates += [text for i in intents() for text in i.ask + i.para + i.held + i.held_para]
    templates += [text for i in intents() for text in lines(i.say) + i.more]
    templates += [text for block in blocks(load("sizes")) for text in lines(block)]
    facts |= {"body": "165，110斤"}
    assert len(templates) > 1000
    for template in templates:
        for _ in range(3):
            assert not set("[]{}|") & set(expand(rng, template, facts)), template


def test_a_slot_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError, match="moon"):
        expand(random.Random(1), "{moon}多少钱", {})


def test_a_burst_is_cut_into_its_messages() -> None:
    assert pick(random.Random(1), "在的亲 / 您说", {}) == ["在的亲", "您说"]


def test_a_slip_is_a_homophone_of_the_list_where_one_fits() -> None:
    typed = Counter(slip(random.Random(n), "优惠券") for n in range(200))
    homophones = set(slips()["优惠券"]) | {f"{word}券" for word in slips()["优惠"]}
    assert sum(typed[text] for text in homophones) > 150
    assert slip(random.Random(1), "好") == "好"


def test_no_word_of_the_list_of_slips_is_typed_as_itself() -> None:
    assert not [word for word, typed in slips().items() if word in typed or "" in typed]


@pytest.mark.parametrize("seconds", [0, 1, 7, 60, 400])
@pytest.mark.parametrize(("robot", "handover"), [(True, True), (True, False), (False, False)])
def test_the_first_answer_comes_at_its_exact_second(
    seconds: int, robot: bool, handover: bool
) -> None:
    for n in range(40):
        mood = ("平和", "着急")[n % 2]
        scene = replace(SCENE, robot=robot, handover=handover, first_response_s=seconds, mood=mood)
        told = dialogue(random.Random(n), scene)
        asked = next(line.at_s for line in told if line.sender == BUYER)
        answered = next(line for line in told if line.sender in (AGENT, ROBOT))
        assert asked == 0
        assert answered.at_s == seconds
        assert answered.sender == (ROBOT if robot else AGENT)


def test_customers_ask_again_while_nobody_answers() -> None:
    scene = replace(SCENE, mood="着急", first_response_s=400)
    waiting = [
        sum(line.sender == BUYER and 30 < line.at_s < 400 for line in dialogue(rng, scene))
        for rng in map(random.Random, range(50))
    ]
    assert sum(map(bool, waiting)) > 40


def test_lines_are_in_order_of_time_and_none_is_empty(
    mix: list[tuple[Scene, list[Line]]],
) -> None:
    for _, told in mix:
        assert [line.at_s for line in told] == sorted(line.at_s for line in told)
        assert all(line.text.strip() for line in told)
        assert {line.sender for line in told} <= {BUYER, AGENT, ROBOT, SYSTEM}


def test_robot_and_agents_answer_only_in_their_own_chats(
    mix: list[tuple[Scene, list[Line]]],
) -> None:
    for scene, told in mix:
        senders = [line.sender for line in told]
        assert (ROBOT in senders) == scene.robot
        assert (AGENT in senders) == (scene.handover or not scene.robot)
        if scene.handover:
            assert ROBOT not in senders[senders.index(AGENT) :]


def test_the_robot_answers_from_the_base_and_sometimes_misses(
    mix: list[tuple[Scene, list[Line]]],
) -> None:
    said = [
        (line.text, scene.title) for scene, told in mix for line in told if line.sender == ROBOT
    ]
    known = {t: {i.answer_for(t) for i in intents() if i.answer} for t in TITLES}
    missed = set(lines(load("chat")["miss"]))
    answers = sum(text in known[title] for text, title in said)
    misses = sum(text in missed for text, _ in said)
    assert 0.05 < misses / (answers + misses) < 0.45


def test_chats_are_long_enough_and_customers_do_not_repeat_each_other(
    mix: list[tuple[Scene, list[Line]]],
) -> None:
    assert sum(len(told) for _, told in mix) / len(mix) >= 10
    said = Counter(line.text for _, told in mix for line in told if line.sender == BUYER)
    greeting = re.compile(
        r"[亲你您好在吗嘛么不嗨哈喽早晚上下午hi有人没老板客服小姐哥掌柜店家娘，？！。～]+|转人工.*"
    )
    common = {text: n for text, n in said.items() if n > 60 and not greeting.fullmatch(text)}
    assert not common


def test_customers_make_slips_and_use_emoji(mix: list[tuple[Scene, list[Line]]]) -> None:
    said = [line.text for _, told in mix for line in told if line.sender == BUYER]
    wrong = {typed for forms in slips().values() for typed in forms}
    assert sum(any(word in text for word in wrong) for text in said) / len(said) > 0.01
    assert sum(bool(re.search("[\U0001f300-\U0001faff❤✨⏰]", text)) for text in said) > 500


def test_a_problem_with_the_parcel_is_mostly_what_the_customer_asks_about() -> None:
    for problem in PROBLEMS:
        scene = replace(SCENE, stage="售后", topic="物流问题", problem=problem)
        firsts = [next(dialogues.asked(random.Random(n), scene)) for n in range(100)]
        assert sum(problem in intent.problems for intent in firsts) > 60


def test_what_agents_and_robot_say_has_full_width_punctuation(
    mix: list[tuple[Scene, list[Line]]],
) -> None:
    said = {line.text for _, told in mix for line in told if line.sender != BUYER}
    narrow = re.compile(rf"{HAN}[,;:?!()~]|[,;?!()]{HAN}|{HAN} +[A-Za-z0-9]")
    assert [text for text in said if narrow.search(text)] == []


def test_nobody_gives_a_telephone_number(mix: list[tuple[Scene, list[Line]]]) -> None:
    assert not [line for _, told in mix for line in told if re.search(r"\d{7}", line.text)]


def test_the_same_seed_gives_the_same_chat_and_another_does_not() -> None:
    one, same, other = (dialogue(random.Random(seed), SCENE) for seed in (5, 5, 6))
    assert one == same != other


def test_every_review_and_reply_can_be_written() -> None:
    rng = random.Random(3)
    for stars, title in product(range(1, 6), TITLES):
        for cause in ("", *reviews.CAUSES):
            for text in (
                reviews.review(rng, stars, cause, title),
                reviews.reply(rng, stars, cause, title),
                reviews.follow_up(rng, stars, cause, title),
                reviews.comment(rng, stars),
                reviews.waiting(rng, 60 * stars, title),
                reviews.furious(rng, "质量", title, 500),
                reviews.furious(rng, "物流", title, 500),
                reviews.calmed(rng, "质量", title),
                reviews.calmed(rng, "物流", title),
            ):
                assert text
                assert not set("[]{}|") & set(text)


def test_a_review_of_a_wait_says_how_long_it_was() -> None:
    rng = random.Random(4)
    assert "两分多钟" in reviews.waiting(rng, 150, "免烫衬衫")
    assert "10多分钟" in reviews.waiting(rng, 659, "免烫衬衫")


def test_honest_fury_shows_the_signs_of_an_extortionist() -> None:
    rng = random.Random(6)
    for cause, turns in load("fury").items():
        facts = {**facts_of(rng, SCENE), "claim": 900, "amount": "119.00"}
        for _ in range(20):
            said = " ".join(
                text for turn in turns if BUYER in turn for text in pick(rng, turn[BUYER], facts)
            )
            assert "900元" in said, cause
            assert re.search("手机号|加个好友|留个电话|换个软件", said), cause


def test_reviews_are_about_the_product_and_seldom_the_same() -> None:
    rng = random.Random(4)
    said = [reviews.review(rng, 5, "", "不锈钢保温杯") for _ in range(500)]
    assert sum("保温杯" in text for text in said) > 100
    assert Counter(said).most_common(1)[0][1] < 25
    assert not [text for text in said if "尺码" in text]


def test_an_extortionist_claims_or_wants_to_talk_elsewhere_and_the_shop_stays_on_record() -> None:
    rng = random.Random(5)
    said = [
        reviews.review(rng, 1, "恶意", "免烫衬衫") + reviews.follow_up(rng, 1, "恶意", "免烫衬衫")
        for _ in range(200)
    ]
    assert sum(bool(re.search("赔|私下|加我|联系我|求我", text)) for text in said) > 150
    assert all("平台" in reviews.reply(rng, 1, "恶意") for _ in range(50))


@pytest.mark.parametrize(("stars", "cause"), [(0, ""), (6, ""), (2, "天气")])
def test_a_review_of_unknown_stars_or_cause_is_an_error(stars: int, cause: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        reviews.review(random.Random(1), stars, cause, "免烫衬衫")


def rules() -> list[dict[str, str]]:
    path = Path(__file__).parents[2] / "datasets" / "rules.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_rules_are_dated_sourced_and_honest_about_what_was_read() -> None:
    assert len(rules()) >= 30
    assert len({row["rule_id"] for row in rules()}) == len(rules())
    for row in rules():
        assert all(row.values()), row
        assert date.fromisoformat(row["as_of"]) < date.fromisoformat(row["review_by"])
        assert all(1 <= int(chapter) <= 17 for chapter in row["chapter"].split(";"))
        law = row["source_kind"] in ("法律", "行政法规", "部门规章")
        if law:
            assert row["standing"] in ("已对照公开文本", "二手资料，待核对", "待核对"), row
        assert (row["source_kind"] == "本书约定") is (row["standing"] == "本书约定"), row
        if row["standing"] == "已对照公开文本":
            assert row["as_of"] >= "2026-11-28", row
            assert row["source_kind"] not in ("教材资料", "行业惯例"), row
        if law and row["standing"] == "已对照公开文本":  # each text read is named with its article
            for text in row["source"].split("；"):
                read = not text.startswith("另见")
                assert not read or re.search("》(（.+）)?第.+条(第.款)?$", text), text


def test_what_is_forbidden_today_is_marked_as_forbidden() -> None:
    marked = [row["title"] for row in rules() if row["title"].startswith("【禁止】")]
    assert any("好评返现" in title for title in marked)
    assert any("刷单" in title for title in marked)
