"""Every planted truth is recovered from the tables alone, under the committed and another seed."""

from __future__ import annotations

from math import log
from typing import Any

import numpy as np
import pandas as pd
import pytest

from datasets.shop import truths
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
