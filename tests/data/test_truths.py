"""Every planted truth is recovered from the tables alone, under the committed and another seed."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pandas as pd
import pytest

from datasets.shop import truths
from kefu.stats import two_proportions
from tests.data import recover
from tests.data.recover import Tables

TRUTHS = truths.truths()


def truth(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the planted values of a truth and the tolerances of its recovery."""
    return TRUTHS[name]["values"], TRUTHS[name].get("tolerance", {})


@pytest.fixture
def is_committed(shop: Tables, committed: Tables) -> bool:
    return shop is committed


def test_every_truth_says_what_it_is_where_to_see_it_and_which_chapter_teaches_it() -> None:
    for name, entry in TRUTHS.items():
        assert set(entry) >= {"what", "what_en", "where", "chapter", "values"}, name
        assert all(1 <= int(chapter) <= 16 for chapter in entry["chapter"].split(";")), name


# Buying


def test_the_repeat_process_is_the_planted_one(shop: Tables) -> None:
    values, tolerance = truth("repeat")
    found, at_best = recover.bgnbd(recover.bgnbd_data(shop))
    for name in ("r", "alpha", "a", "b"):
        assert abs(log(found[name] / values[name])) < tolerance["log_parameter"], name
    rate, planted = found["r"] / found["alpha"], values["r"] / values["alpha"]
    assert rate == pytest.approx(planted, rel=tolerance["rate"])
    leaving = values["a"] / (values["a"] + values["b"])
    assert found["a"] / (found["a"] + found["b"]) == pytest.approx(
        leaving, abs=tolerance["dropout"]
    )
    theta = np.log([values[name] for name in ("r", "alpha", "a", "b")])
    data = recover.bgnbd_data(shop)
    twice = 2 * len(data) * (recover.bgnbd_loss(theta, data) - at_best)
    assert 0 <= twice < tolerance["likelihood_ratio"]


def test_the_fit_reproduces_cdnow_s_published_likelihood() -> None:
    """One customer of the published example: x = 2, t_x = 30.43, T = 38.86."""
    theta = np.log([0.2426, 4.4135, 0.7929, 2.4258])
    loss = recover.bgnbd_loss(theta, np.array([[2, 30.43, 38.86]]))
    assert loss == pytest.approx(9.4596, abs=0.001)


def test_first_orders_follow_the_months(shop: Tables) -> None:
    values, tolerance = truth("seasonality")
    first = shop.paid.groupby("customer_id").created_at.min().dt.month
    days = pd.date_range("2025-01-01", "2025-12-31").month.value_counts().sort_index()
    expected = days * values["months"]
    found = first.value_counts(normalize=True).sort_index()
    assert (found - expected / expected.sum()).abs().max() < tolerance["month_share"]


def test_ordinary_days_follow_the_hours(shop: Tables) -> None:
    values, tolerance = truth("seasonality")
    quiet = set(shop["days"].query("festival.isna() and weekday != '周四'").date)
    created = shop["orders"].created_at
    hours = created[created.dt.strftime("%Y-%m-%d").isin(quiet)].dt.hour
    expected = pd.Series(values["hours"]) / sum(values["hours"])
    found = hours.value_counts(normalize=True).reindex(range(24), fill_value=0)
    assert (found - expected).abs().max() < tolerance["hour_share"]


def test_a_slow_first_answer_costs_orders_by_the_planted_slope(shop: Tables) -> None:
    values, tolerance = truth("conversion")
    slope, error = recover.conversion(shop)
    assert error < 0.06
    assert abs(slope - values["slope"]) < tolerance["standard_errors"] * error


def test_the_reserve_sells_little_because_she_takes_those_who_waited(
    shop: Tables, is_committed: bool
) -> None:
    """Simpson's pit: far below her colleagues overall, and not where people waited alike."""
    entry, table = TRUTHS["rota"], recover.sold(shop)
    hers = table.agent_id == entry["values"]["agent_id"]
    assert set(table.festival[hers]) == {"618", "双11", "双12"}
    crude = recover.odds_ratio(hers, table.bought)
    same_wait = recover.odds_ratio(hers, table.bought, table.doublings)
    assert crude < 0.75
    assert same_wait > max(0.95, 1.5 * crude)
    if is_committed:
        seen = entry["seen_88"]
        night = table.started_at.dt.strftime("%m-%d") == "11-11"
        assert [hers.sum(), table.bought[hers].sum()] == [seen["chats"], seen["bought"]]
        assert (hers & night).sum() == seen["on_11_november"]
        assert [round(crude, 2), round(same_wait, 2)] == [seen["crude"], seen["same_wait"]]


def test_at_the_same_wait_on_the_same_days_the_reserve_sells_as_well_as_planted(
    shop: Tables,
) -> None:
    values, tolerance = truth("rota")
    table = recover.sold(shop)
    table = table[table.festival.isin(["618", "双11", "双12"])]
    cells = table.festival + table.doublings.clip(4, 7).astype(str)
    found = recover.odds_ratio(table.agent_id == values["agent_id"], table.bought, cells)
    assert abs(log(found / values["skill"])) < tolerance["log_odds"]


def test_a_reminder_works_best_in_the_planted_window(shop: Tables) -> None:
    values, tolerance = truth("reminders")
    found = recover.reminders(shop, values["minutes"])
    assert found.idxmax() == int(np.argmax(values["paid"])) == 1
    assert (found - values["paid"]).abs().max() < tolerance["paid"]


def test_baskets_are_topped_up_to_free_shipping(shop: Tables) -> None:
    values, tolerance = truth("threshold")
    found = recover.topped_up(shop, values["amount"], values["reach"])
    assert found == pytest.approx(values["share"], abs=tolerance["share"])
    before, after = (
        table.goods_amount.between(88, 98, "left").mean()
        for table in (shop["baskets"], shop["orders"])
    )
    assert after > 2 * before


# Sending


def autumn(shop: Tables) -> pd.DataFrame:
    """Return ordinary orders that were paid in October and November, as chapter 02 takes them."""
    orders = shop.paid[shop.paid.paid_at.dt.month.isin([10, 11]) & (shop.paid.kind == "现货")]
    table = orders.merge(shop["parcels"], on="order_id")
    return table.assign(slow=table.uploaded_at - table.paid_at > pd.Timedelta(hours=24))


def test_saturday_evening_orders_miss_the_upload_in_24_hours(shop: Tables) -> None:
    _, tolerance = truth("warehouse")
    table = autumn(shop)
    day, hour = table.paid_at.dt.day_of_week, table.paid_at.dt.hour
    rush = table.paid_at.dt.strftime("%m-%d").between("11-10", "11-15")
    assert table.slow[(day == 5) & (hour >= 18)].mean() >= tolerance["saturday_evening"]
    assert table.slow[(day < 5) & ~rush].mean() < tolerance["weekday"]


def test_the_festival_of_11_november_leaves_a_backlog(shop: Tables) -> None:
    values, tolerance = truth("warehouse")
    table = autumn(shop)
    rush = table.paid_at.dt.strftime("%m-%d").between(*values["backlog"])
    assert table.slow[rush].mean() > tolerance["weekday"] + 0.2


def test_one_carrier_billed_some_parcels_one_step_too_many(
    shop: Tables, is_committed: bool
) -> None:
    values, tolerance = truth("misbilled")
    wrong = recover.misbilled(shop)
    assert set(wrong.carrier) == {values["carrier"]}
    assert set(wrong.paid_at.dt.month) == set(values["months"])
    assert set(wrong.over) <= {1.5, 2.5, 4.0, 6.0, 12.0}
    its = shop["parcels"].merge(shop.paid, on="order_id")
    its = its[(its.carrier == values["carrier"]) & its.paid_at.dt.month.isin(values["months"])]
    assert len(wrong) / len(its) == pytest.approx(values["share"], abs=tolerance["share"])
    if is_committed:
        assert len(wrong) == TRUTHS["misbilled"]["seen_88"]["parcels"] == 18


def test_a_late_parcel_costs_the_next_order(shop: Tables) -> None:
    values, tolerance = truth("late_delivery")
    ratio, error = recover.late_ratio(shop)
    assert error < 0.12
    assert abs(log(ratio / values["ratio"])) < tolerance["log_ratio"]
    assert ratio < 0.85


def test_remote_zones_are_late_more_often(shop: Tables) -> None:
    values, _ = truth("late_delivery")
    share = shop.parcels.groupby("zone").late.agg(["mean", "size"])
    for zone, usual in values["late"].items():
        error = (usual * (1 - usual) / share["size"][zone]) ** 0.5
        assert abs(share["mean"][zone] - usual) < 3 * error + 0.04, zone


# Sizes


def test_asking_for_height_and_weight_halves_the_odds_of_a_size_return(
    shop: Tables, is_committed: bool
) -> None:
    entry, talks = TRUTHS["size_asked"], recover.size_talks(shop)
    found = recover.odds_ratio(talks.asked, talks.back)
    assert abs(log(found / entry["values"]["odds"])) < entry["tolerance"]["log_odds"]
    assert talks.asked.mean() == pytest.approx(entry["values"]["asking"], abs=0.05)
    if is_committed:
        seen = entry["seen_88"]
        assert talks.groupby("asked").back.agg(["sum", "size"]).to_numpy().tolist() == [
            seen["not_asked"],
            seen["asked"],
        ]


def test_some_products_run_small(shop: Tables) -> None:
    values, tolerance = truth("runs_small")
    table = recover.size_returns(shop)
    small = table.loc[values["products"]].sum()
    others = table.drop(index=values["products"]).sum()
    ratio = (small["sum"] / small["size"]) / (others["sum"] / others["size"])
    assert abs(log(ratio / values["ratio"])) < tolerance["log_ratio"]
    assert (table["sum"] / table["size"]).idxmax() in values["products"]


# After the sale


def test_bad_reviews_have_the_planted_mix_of_causes(shop: Tables) -> None:
    entry = TRUTHS["bad_reviews"]
    reviews = shop["reviews"].query("stars <= 3 and cause != '恶意'")
    found = reviews.cause.value_counts(normalize=True)
    assert set(found.index) == set(entry["mix"])
    assert sum(entry["mix"].values()) == pytest.approx(1)
    for cause, share in entry["mix"].items():
        assert found[cause] == pytest.approx(share, abs=entry["tolerance"]["share"]), cause


def test_a_complaint_of_the_carriage_comes_only_from_a_parcel_in_trouble(shop: Tables) -> None:
    orders = shop["reviews"].query("cause == '物流'").order_id
    parcels = shop.parcels[shop.parcels.order_id.isin(orders)]
    assert (parcels.late | parcels.problem.notna()).all()


def test_the_faulty_batch_stands_out_in_the_p_chart(shop: Tables) -> None:
    values, tolerance = truth("faulty_batch")
    table = recover.quality_returns(shop)
    usual = table["sum"].sum() / table["size"].sum()
    z = (table["sum"] / table["size"] - usual) / (usual * (1 - usual) / table["size"]) ** 0.5
    worst = z[table["size"] >= 20].idxmax()
    assert worst == (values["product_id"], values["batch"])
    assert z[worst] > 6
    rate = table["sum"][worst] / table["size"][worst]
    assert rate == pytest.approx(values["rate"], abs=tolerance["rate"])
    rest = table.drop(index=worst).sum()
    assert rest["sum"] / rest["size"] == pytest.approx(values["usual"], abs=0.004)


def test_two_extortionists_show_the_pattern_of_chapter_08(shop: Tables) -> None:
    values, _ = truth("extortionists")
    reviews = shop["reviews"]
    malicious = reviews[reviews.cause == "恶意"]
    people = set(malicious.customer_id)
    assert len(people) == values["customers"]
    theirs = reviews[reviews.customer_id.isin(people)]
    assert len(theirs) == len(malicious) == values["customers"] * values["orders"]
    assert (theirs.stars <= 2).all()
    assert not theirs.has_photo.any()
    disputes = shop["disputes"].merge(shop["orders"], on="order_id")
    disputes = disputes[disputes.customer_id.isin(people)]
    assert set(disputes.order_id) == set(theirs.order_id)
    assert (disputes.outcome == "支持卖家").all()
    chats = shop["chats"].dropna(subset=["order_id"]).merge(shop["orders"], on="order_id")
    chats = chats[chats.order_id.isin(theirs.order_id)].set_index("chat_id_x")
    said = shop["messages"].query("sender == '买家'").groupby("chat_id").text.agg(" ".join)
    said = said[chats.index]
    assert set(chats.order_id) == set(theirs.order_id)
    assert said.str.contains("手机号|加个好友|留个电话|换个软件").all()
    claims = said.str.extract(r"(\d+)元")[0].astype(float)
    assert (claims > 5 * chats.paid_amount).all()


def test_who_waited_long_complains_of_the_service(shop: Tables, is_committed: bool) -> None:
    entry = TRUTHS["service_reviews"]
    values, tolerance = entry["values"], entry["tolerance"]
    reviews, waits = shop["reviews"], recover.longest_waits(shop)
    service = reviews[reviews.cause == "服务"]
    assert len(service) >= tolerance["least"]
    assert (service.stars <= 3).all()
    slow = service.order_id.map(waits) >= values["seconds"][0]
    assert slow.mean() > tolerance["share"]
    after = {
        name: reviews.cause[reviews.order_id.map(waits).fillna(0).between(low, high)].eq("服务")
        for name, low, high in (("short", 0, 119), ("long", 120, 239), ("longest", 240, 1e6))
    }
    assert after["short"].mean() < 0.02 < 0.4 < after["long"].mean() < after["longest"].mean()
    if is_committed:
        assert entry["seen_88"] == {"reviews": len(service), "after_waiting": slow.sum()}


def test_two_honest_customers_look_like_extortionists_until_the_order_is_looked_at(
    shop: Tables, is_committed: bool
) -> None:
    entry, found = TRUTHS["furious"], recover.suspects(shop)
    honest = found[found.cause != "恶意"].set_index("cause").order_id
    assert sorted(honest.index) == sorted(entry["values"]["causes"])
    assert set(found.customer_id[found.cause == "恶意"]).isdisjoint(
        found.customer_id[found.cause != "恶意"]
    )
    disputes = shop["disputes"].merge(honest, on="order_id")
    assert not (disputes.outcome == "支持卖家").any()
    late = shop.parcels.set_index("order_id").late
    assert late[honest["物流"]]
    returns = shop["returns"].query("reason == '质量问题' and fault == '卖家'")
    granted = returns[~returns.status.isin(["已拒绝", "已撤销"])]
    assert honest["质量"] in set(granted.order_id)
    if is_committed:
        assert honest.to_dict() == entry["seen_88"]


# Marketing


@pytest.mark.parametrize("campaign", ["M01", "M02", "M03", "M04"])
@pytest.mark.parametrize("segment", ["sleeping", "loyal"])
def test_a_campaign_lifts_or_harms_only_the_planted_segment(
    shop: Tables, campaign: str, segment: str
) -> None:
    values, tolerance = truth("campaigns")
    effects = values.get(campaign, {})
    table = recover.uplift(shop, campaign, segment, values["sleeping_days"])
    for inside in (True, False):
        effect = effects.get(segment, 0.0) if inside else 0.0
        if (effects and segment not in effects) or inside not in table.index:
            continue  # the other division mixes those who react with those who do not
        treated, control = (table.loc[(inside, arm)] for arm in ("实验", "对照"))
        p1, p0 = treated["sum"] / treated["count"], control["sum"] / control["count"]
        expected = effect * (1 - p0) if effect > 0 else effect * p0
        error = (p1 * (1 - p1) / treated["count"] + p0 * (1 - p0) / control["count"]) ** 0.5
        assert abs(p1 - p0 - expected) < tolerance["standard_errors"] * error + 0.01
        if effect:
            assert abs(p1 - p0) > 1.6 * error


def test_the_arms_of_an_experiment_are_alike_before_it(shop: Tables) -> None:
    values, _ = truth("campaigns")
    members = shop["campaign_members"]
    for campaign, group in members[members.campaign_id != "M05"].groupby("campaign_id"):
        start = shop["campaigns"].set_index("campaign_id").starts_on[campaign]
        before = recover.segments(
            shop, pd.Timestamp(start, tz="Asia/Shanghai"), values["sleeping_days"]
        )
        treated = group.arm.eq("实验").set_axis(group.customer_id)
        assert treated.mean() == pytest.approx(0.5, abs=2.6 * 0.5 / len(group) ** 0.5)
        loyal = before.loyal[treated.index]
        gap = loyal[treated].mean() - loyal[~treated].mean()
        assert abs(gap) < 3 * (1 / len(group)) ** 0.5
    assert set(members.arm[members.campaign_id == "M05"]) == {"实验"}


def test_the_rfm_classes_have_the_measured_shares(shop: Tables, is_committed: bool) -> None:
    entry = TRUTHS["rfm"]
    found = recover.rfm(shop, entry["values"]["recent_days"], entry["values"]["orders"])
    assert sum(found.values()) == pytest.approx(1, abs=0.001)
    for name, share in entry["seen_88"].items():
        allowed = 0.00005 if is_committed else entry["tolerance"]["share"]
        assert found[name] == pytest.approx(share, abs=allowed), name
    assert len(entry["seen_88"]) == 8


# Members


def test_gold_keeps_few_and_the_loyal_become_gold(shop: Tables, is_committed: bool) -> None:
    entry, members = TRUTHS["cohorts"], shop["cohorts"]
    gold = members.level.isin(["金卡", "黑金"])
    with_gold, others = (members.bought_2024q1[side].mean() for side in (gold, ~gold))
    threshold = shop["levels"].set_index("level").min_amount["金卡"]
    below, jump = recover.jump(shop, threshold)
    kept = jump / (1 - below)
    assert kept == pytest.approx(entry["values"]["kept"], abs=entry["tolerance"]["kept"])
    assert 0 < jump < 0.35 * (with_gold - others)
    if is_committed:
        found = {"gold": with_gold, "others": others, "jump": jump, "kept": kept}
        assert {name: round(float(x), 3) for name, x in found.items()} == entry["seen_88"]


@pytest.mark.parametrize("nowhere", [450, 800])
def test_nothing_jumps_where_no_threshold_is(shop: Tables, nowhere: int) -> None:
    assert abs(recover.jump(shop, nowhere, 150)[1]) < 0.07


def test_retention_is_the_planted_shifted_beta_geometric(shop: Tables) -> None:
    values, tolerance = truth("cohorts")
    a, b = recover.sbg(shop)
    assert a / (a + b) == pytest.approx(
        values["alpha"] / (values["alpha"] + values["beta"]), abs=tolerance["leaving"]
    )
    first = shop["cohorts"].query("joined_on < '2023-04-01'")
    survival, planted = 1.0, 1.0
    for quarter in range(1, 8):
        survival *= (b + quarter - 1) / (a + b + quarter - 1)
        planted *= (values["beta"] + quarter - 1) / (values["alpha"] + values["beta"] + quarter - 1)
        seen = (first.kept_quarters >= quarter).mean()
        assert seen == pytest.approx(survival, abs=tolerance["survival"])
        assert seen == pytest.approx(planted, abs=2 * tolerance["survival"])


# Service


def test_the_11_november_bursts(shop: Tables) -> None:
    values, tolerance = truth("burst")
    chats = shop["chats"]
    day = chats.started_at.dt.strftime("%Y-%m-%d")
    people = chats[chats.handled_by == "人工"]
    doublings = np.log2(people.first_response_s)
    today, hour = day[people.index] == values["day"], people.started_at.dt.hour
    usual = doublings[(day[people.index] < "2025-10-20") & (hour < 19)].median()
    for hours, power in ((hour < 2, "first_hours"), (hour >= 2, "all_day")):
        found = doublings[today & hours].median() - usual
        assert found == pytest.approx(values[power], abs=tolerance["power"])
    before = chats[(chats.stage == "售前")]
    counts = before.groupby(before.started_at.dt.date).size()
    assert counts.idxmax() == pd.Timestamp(values["day"]).date()
    assert counts.max() > 6 * counts.median()
    first = before[(day[before.index] == values["day"]) & (before.started_at.dt.hour < 2)]
    assert len(first) > 0.12 * counts.max()


def test_the_knowledge_base_lacks_the_planted_topics(shop: Tables) -> None:
    values, _ = truth("knowledge_gaps")
    questions = shop["questions"]
    unanswered = questions[questions.entry_id.isna()]
    gaps = unanswered.family.str.rsplit("-", n=1).str[0]
    assert set(gaps) == set(values["intents"])
    assert dict(zip(gaps, unanswered.topic, strict=True)) == values["intents"]
    answered = questions[questions.entry_id.notna()].family.str.rsplit("-", n=1).str[0]
    assert not set(answered) & set(gaps)


def test_patience_and_handling_can_be_read_from_the_rush(shop: Tables) -> None:
    values, tolerance = truth("rush")
    assert recover.patience(shop) == pytest.approx(values["patience_s"], rel=tolerance["relative"])
    found = recover.handling(shop, "2025-11-11")
    assert found == pytest.approx(values["handling_s"], rel=tolerance["relative"])


def test_the_rush_varies_more_than_poisson_numbers(shop: Tables) -> None:
    values, tolerance = truth("rush")
    found = recover.dispersion(shop, values["stretch_min"], ["11-10 20", "11-11 00"])
    assert found == pytest.approx(values["dispersion"], abs=tolerance["dispersion"])
    assert found > 0.05


def test_the_rush_is_twenty_times_the_sampled_chats(shop: Tables) -> None:
    one_in, (values, tolerance) = truth("sample")[0]["one_in"], truth("rush")
    rush, day = shop["rush"], shop["chats"].started_at.dt.strftime("%m-%d")
    sampled = day.isin(values["售前"]).sum()
    taken = (rush.robot_solved + rush.answered).sum()
    error = one_in * sampled**0.5
    assert abs(taken - one_in * sampled) < tolerance["standard_errors"] * error
    come = (rush.presales + rush.aftersales).groupby(rush["at"].dt.strftime("%m-%d")).sum()
    for name, planted in values["售前"].items():
        assert come[name] == pytest.approx(planted + values["售后"][name], rel=0.25)


def test_people_give_up_in_the_first_half_hour_although_all_have_stayed(shop: Tables) -> None:
    rush = shop["rush"].set_index("at")
    before, after = rush["2025-11-10 23:50":"2025-11-10 23:59"], rush["2025-11-11 00:00":][:30]
    assert before.agents_on_duty.min() == 5
    assert after.agents_on_duty.min() == 5
    assert after.abandoned.sum() > 0.15 * after.answered.sum()
    assert before.abandoned.sum() == 0
    come = rush.presales + rush.aftersales
    opening = come["2025-11-10 20:00":"2025-11-10 20:59"].sum()
    assert opening > come["2025-11-10 18:00":"2025-11-10 18:59"].sum()


def test_the_robot_is_wrong_less_often_after_an_edit_and_again_past_the_review(
    shop: Tables,
) -> None:
    values, tolerance = truth("bot_days")
    found = recover.robot_errors(shop)
    for name, planted in values["wrong"].items():
        assert found[name] == pytest.approx(planted, abs=tolerance["wrong"]), name


def test_the_robot_hands_over_less_after_the_edits(shop: Tables) -> None:
    values, tolerance = truth("bot_days")
    found = recover.handed_over(shop)
    for name, planted in values["handed_over"].items():
        assert found[name] == pytest.approx(planted, abs=tolerance["handed_over"]), name
    sampled = shop["chats"].handled_by.eq("机器人转人工").sum() * truth("sample")[0]["one_in"]
    assert shop["bot_days"].handed_over.sum() == pytest.approx(sampled, rel=tolerance["relative"])


# Two judges


def test_two_inspectors_agree_as_planted(shop: Tables) -> None:
    values, tolerance = truth("inspectors")
    quality = shop["quality"]
    assert quality.chat_id.nunique() == values["chats"] == len(quality) / 2
    for item, planted in values["items"].items():
        one, other = recover.inspected(shop, item)
        _, kappa = recover.agreement(one, other)
        assert kappa == pytest.approx(planted["kappa"], abs=tolerance["kappa"]), item
        assert one.mean() == pytest.approx(planted["share"], abs=0.01), item
        assert other.mean() == pytest.approx(planted["share"], abs=0.01), item


def test_inspectors_agree_most_often_and_least_by_kappa_where_nearly_all_pass(shop: Tables) -> None:
    values, _ = truth("inspectors")
    found = {item: recover.agreement(*recover.inspected(shop, item)) for item in values["items"]}
    assert found["compliance"][0] > found["empathy"][0] + 0.1
    assert found["compliance"][1] < found["empathy"][1] - 0.1


def test_two_labellers_disagree_about_questions_that_ask_two_things(shop: Tables) -> None:
    values, tolerance = truth("labellers")
    labels = shop["labels"].merge(shop["questions"], on="question_id")
    assert len(labels) == values["questions"]
    _, kappa = recover.agreement(labels.topic_a, labels.topic_b)
    assert kappa == pytest.approx(values["topic_kappa"], abs=tolerance["topic_kappa"])
    two = labels["style"] == "多意图"
    for which, planted in ((two, "多意图"), (~two, "其他")):
        wrong = [(labels[by] != labels.topic)[which].mean() for by in ("topic_a", "topic_b")]
        assert np.mean(wrong) == pytest.approx(values["slip"][planted], abs=tolerance["slip"])
    apart = labels.topic_a != labels.topic_b
    assert apart[two].mean() > 2 * apart[~two].mean()


def test_labellers_show_the_paradox_of_kappa_in_the_hand_overs(shop: Tables) -> None:
    values, tolerance = truth("labellers")
    labels = shop["labels"]
    agreed, kappa = recover.agreement(labels.handover_a, labels.handover_b)
    assert agreed > tolerance["agreement"]
    assert kappa == pytest.approx(values["handover"]["kappa"], abs=tolerance["kappa"])


# What was measured


def measured(shop: Tables) -> dict[str, dict[str, float]]:
    """Return what is recovered of the truths of chapters 14 to 16."""
    labels, minutes = shop["labels"], shop["live_minutes"]
    (viewer, answer), _ = recover.answer_effect(shop)
    promises, robot = recover.promise_rates(shop), recover.handed_over(shop)
    handed, kappa = recover.agreement(labels.handover_a, labels.handover_b)
    items = TRUTHS["inspectors"]["values"]["items"]
    rates = {
        what + ending: promises[what][kept] / promises.orders[kept]
        for what in ("returned", "complained")
        for kept, ending in ((True, ""), (False, "_broken"))
    }
    return {
        "live_pin": {"cut": 1 - recover.pin_ratio(shop)},
        "live_answer": {
            "orders": answer,
            "orders_a_viewer": viewer,
            "orders_a_show": minutes.groupby("show_id").orders.sum().mean(),
        },
        "live_promise": rates,
        "rush": {
            "patience_s": recover.patience(shop),
            "handling_s": recover.handling(shop, "2025-11-11"),
            "dispersion": recover.dispersion(shop, 10, ["11-10 20", "11-11 00"]),
            "abandoned": shop["rush"].abandoned.sum(),
        },
        "inspectors": {
            item: recover.agreement(*recover.inspected(shop, item))[1] for item in items
        },
        "labellers": {
            "topic_kappa": recover.agreement(labels.topic_a, labels.topic_b)[1],
            "handover_agreed": handed,
            "handover_kappa": kappa,
        },
        "bot_days": recover.robot_errors(shop)
        | {"handed_before": robot["before"], "handed_after": robot["after"]},
    }


def test_what_the_file_says_was_measured_is_what_the_committed_tables_show(
    committed: Tables,
) -> None:
    for name, found in measured(committed).items():
        seen = TRUTHS[name]["seen_88"]
        assert set(seen) == set(found), name
        for what, value in seen.items():
            assert found[what] == pytest.approx(value, rel=0.01, abs=0.0006), (name, what)


# Live shows


def test_the_sampled_customers_are_one_in_twenty_of_those_who_buy_from_a_show(shop: Tables) -> None:
    values, tolerance = truth("sample")
    sampled, everybody = shop["orders"].show_id.count(), shop["live_minutes"].orders.sum()
    share = sampled / everybody
    error = (share * (1 - share) / everybody) ** 0.5
    assert abs(share - 1 / values["one_in"]) < tolerance["standard_errors"] * error


def test_a_show_brings_orders_enough_to_count(shop: Tables) -> None:
    values, _ = truth("live_answer")
    assert shop["live_minutes"].groupby("show_id").orders.sum().mean() >= values["least_a_show"]


def test_a_pinned_answer_cuts_repeated_questions(shop: Tables) -> None:
    values, tolerance = truth("live_pin")
    assert 1 - recover.pin_ratio(shop) == pytest.approx(values["cut"], abs=tolerance["cut"])


def test_a_question_answered_within_a_minute_brings_orders(shop: Tables) -> None:
    values, tolerance = truth("live_answer")
    (viewer, answer), errors = recover.answer_effect(shop)
    assert errors[1] < 0.01
    for found, planted, error in zip(
        (viewer, answer), (values["orders_a_viewer"], values["orders"]), errors, strict=True
    ):
        assert abs(found - planted) < tolerance["standard_errors"] * error


def test_a_broken_promise_brings_returns_and_complaints(shop: Tables) -> None:
    values, tolerance = truth("live_promise")
    rates = recover.promise_rates(shop)
    for kept, ending in ((True, ""), (False, "_broken")):
        for what in ("returned", "complained"):
            planted, orders = values[what + ending], rates.orders[kept]
            error = (planted * (1 - planted) / orders) ** 0.5
            found = rates[what][kept] / orders
            assert abs(found - planted) < tolerance["standard_errors"] * error, (kept, what)
    both = [(int(rates.returned[kept]), int(rates.orders[kept])) for kept in (False, True)]
    assert two_proportions(*both[0], *both[1]).low > 0


def test_a_guest_breaks_more_promises(shop: Tables) -> None:
    values, _ = truth("live_promise")
    promises = shop["live_promises"].query("counts").merge(shop["live_shows"], on="show_id")
    broken = promises.kept.eq(False).groupby(promises.kind_y).agg(["mean", "size"])
    for kind, share in values["broken"].items():
        error = (share * (1 - share) / broken["size"][kind]) ** 0.5
        assert abs(broken["mean"][kind] - share) < 2 * error


def test_live_orders_come_back_more_often(shop: Tables) -> None:
    minutes, orders = shop["live_minutes"], shop["orders"]
    elsewhere = orders[orders.show_id.isna()].order_id
    back = int(elsewhere.isin(shop["returns"].order_id).sum())
    found = two_proportions(
        int(minutes.returned.sum()), int(minutes.orders.sum()), back, len(elsewhere)
    )
    assert found.low > 0


# Dirt


def dirt(raw: pd.DataFrame, key: pd.DataFrame) -> dict[str, int]:
    """Return how many rows of the raw customers show each kind of dirt."""
    text = raw.fillna("").astype(str)
    suffix = r"(?:省|市|自治区|特别行政区)$"
    born = pd.to_datetime(text.birthday, format="%Y-%m-%d", errors="coerce")
    impossible = (text.birthday != "") & ~born.between("1930-01-01", "2025-12-31")
    return {
        "duplicate": int(key.customer_id.duplicated().sum()),
        "date_format": int((~text.registered_on.str.fullmatch(r"\d{4}-\d\d-\d\d")).sum()),
        "fullwidth": int(text.points.str.contains("[０-９]").sum()),
        "province_suffix": int(text.province.str.contains(suffix).sum()),
        "impossible_date": int(impossible.sum()),
        "missing": int((text[["source", "level"]] == "").any(axis=1).sum()),
        "blanks": int((text.nickname != text.nickname.str.strip()).sum()),
    }


def test_the_raw_customers_are_dirty_in_the_planted_ways(shop: Tables, is_committed: bool) -> None:
    entry = TRUTHS["dirt"]
    raw = pd.read_csv(shop.folder / "customers_raw.csv", dtype=str)
    key = shop["customers_raw_key"]
    assert (raw.row_id == key.row_id).all()
    found = dirt(raw, key)
    for kind, share in entry["values"]["shares"].items():
        base = len(shop["customers"]) if kind == "duplicate" else len(raw)
        assert found[kind] / base == pytest.approx(share, abs=entry["tolerance"]["share"]), kind
        assert found[kind] > 0, kind
    assert set(key.customer_id) == set(shop["customers"].customer_id)
    if is_committed:
        assert found == entry["seen_88"]


def test_the_same_person_can_be_told_from_two_rows(shop: Tables) -> None:
    """Digits of the phone and the birthday are enough to find nearly all duplicates."""
    raw = pd.read_csv(shop.folder / "customers_raw.csv", dtype=str).fillna("")
    digits = raw.phone.str.replace(r"^\+86|\D", "", regex=True)
    names = raw.nickname.str.strip(" 　~@")
    guessed = (digits + names).map(hash)
    truth_ = shop["customers_raw_key"].customer_id
    pairs = pd.DataFrame({"guess": guessed, "truth": truth_})
    doubles = pairs[pairs.truth.duplicated(keep=False)].groupby("truth").guess.nunique()
    assert (doubles == 1).mean() > 0.97
    assert pairs.groupby("guess").truth.nunique().max() <= 2
