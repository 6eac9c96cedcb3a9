"""How a student would recover each planted truth from the tables alone."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

from kefu.presales.freight import Parcel, compare
from kefu.stats import kappa

END = pd.Timestamp("2026-01-01", tz="Asia/Shanghai")
WEEK = pd.Timedelta(weeks=1)


class Tables:
    """The tables of one folder, read when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.read:
            table = pd.read_csv(self.folder / f"{name}.csv", low_memory=False)
            for column in table.columns[table.columns.str.fullmatch("at|.*_at")]:
                table[column] = pd.to_datetime(table[column]).dt.tz_convert("Asia/Shanghai")
            self.read[name] = table
        return self.read[name]

    @cached_property
    def paid(self) -> pd.DataFrame:
        """The orders that were paid, in the order of their creation."""
        orders = self["orders"]
        return orders[orders.paid_at.notna()].sort_values("created_at")

    @cached_property
    def parcels(self) -> pd.DataFrame:
        """The parcels with their orders, and whether they came late."""
        table = self["parcels"].merge(self.paid, on="order_id")
        promised = pd.to_datetime(table.promised_on).dt.tz_localize("Asia/Shanghai")
        known = promised + pd.Timedelta(days=1) < END
        table["late"] = table.signed_at.fillna(END) >= promised + pd.Timedelta(days=1)
        return table[known | table.signed_at.notna()]


def logit(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return the slope of a logistic regression and its standard error, by Newton's method."""
    design = np.column_stack([np.ones_like(x), x])
    beta = np.zeros(2)
    for _ in range(30):
        p = 1 / (1 + np.exp(-design @ beta))
        information = design.T @ (design * (p * (1 - p))[:, None])
        beta = beta + np.linalg.solve(information, design.T @ (y - p))
    return float(beta[1]), float(np.sqrt(np.linalg.inv(information)[1, 1]))


def conversion(tables: Tables) -> tuple[float, float]:
    """Return the change of the log odds of buying per doubling of the first response time."""
    chats = tables["chats"]
    chats = chats[(chats.stage == "售前") & (chats.handled_by == "人工")]
    bought = chats.chat_id.isin(tables.paid.chat_id).to_numpy(float)
    return logit(np.log2(chats.first_response_s.to_numpy(float)), bought)


def odds_ratio(inside: pd.Series, hit: pd.Series, strata: pd.Series | None = None) -> float:
    """Return the odds ratio of a hit, inside beside outside: Mantel-Haenszel's over the strata."""
    table = pd.DataFrame({"inside": inside, "hit": hit, "stratum": 0 if strata is None else strata})
    above = below = 0.0
    for _, part in table.groupby("stratum"):
        a, b = (part.inside & part.hit).sum(), (part.inside & ~part.hit).sum()
        c, d = (~part.inside & part.hit).sum(), (~part.inside & ~part.hit).sum()
        above += a * d / len(part)
        below += b * c / len(part)
    return float(above / below)


def sold(tables: Tables) -> pd.DataFrame:
    """Return the chats with people before the sale: bought, doublings of the wait, festival."""
    chats = tables["chats"]
    chats = chats[(chats.stage == "售前") & (chats.handled_by == "人工")]
    festival = tables["days"].set_index("date").festival
    return chats.assign(
        bought=chats.chat_id.isin(tables.paid.chat_id),
        doublings=np.log2(chats.first_response_s).astype(int),
        festival=chats.started_at.dt.strftime("%Y-%m-%d").map(festival).fillna(""),
    )


def size_talks(tables: Tables) -> pd.DataFrame:
    """Return the chats about size that led to an order: asked for the body, back for its size."""
    messages, returns = tables["messages"], tables["returns"]
    sized = tables["products"].dropna(subset=["chart"]).product_id
    chats = tables["chats"].query("stage == '售前'")[["chat_id", "product_id", "handled_by"]]
    chats = chats[chats.product_id.isin(sized)].merge(tables.paid[["chat_id", "order_id"]])
    buyer = messages.sender == "买家"
    about = messages.chat_id[buyer & messages.text.str.contains("码")]
    asked = messages.chat_id[~buyer & messages.text.str.contains("身高")]
    back = returns.order_id[returns.reason == "尺码不合"]
    chats = chats[chats.chat_id.isin(about)]
    return chats.assign(asked=chats.chat_id.isin(asked), back=chats.order_id.isin(back))


def size_returns(tables: Tables) -> pd.DataFrame:
    """Return lines sent and size returns of every sized product."""
    returns = tables["returns"].query("reason == '尺码不合'")[["order_id", "line"]].assign(back=1)
    lines = tables["order_lines"].merge(tables["parcels"][["order_id"]]).merge(returns, how="left")
    sized = tables["products"].dropna(subset=["chart"])[["sku", "product_id"]]
    return lines.merge(sized, on="sku").groupby("product_id").back.agg(["size", "sum"])


def reminders(tables: Tables, edges: list[int]) -> pd.Series:
    """Return the share of reminded orders that were paid, by the stretch of minutes."""
    table = tables["reminders"]
    stretch = pd.cut(table.minutes_after, edges, right=False, labels=range(len(edges) - 1))
    return table.groupby(stretch, observed=True).paid_after.mean()


def topped_up(tables: Tables, threshold: int, reach: int) -> float:
    """Return the share of baskets within reach of free shipping that were topped up."""
    before, after = tables["baskets"].goods_amount, tables["orders"].goods_amount
    shares = [t.between(threshold - reach, threshold, "left").mean() for t in (before, after)]
    return float(1 - shares[1] / shares[0])


def misbilled(tables: Tables) -> pd.DataFrame:
    """Return the parcels whose bill is not what the tariff says."""
    table = tables["parcels"].merge(tables["orders"][["order_id", "province", "paid_at"]])
    fees: dict[tuple[Any, ...], Mapping[str, float]] = {}
    due = []
    columns = ["weight_kg", "length_cm", "width_cm", "height_cm", "province", "carrier"]
    for *box, province, carrier in table[columns].itertuples(index=False):
        key = (*box, province)
        if key not in fees:
            offers = compare(Parcel(*box), province)
            fees[key] = {o.service.carrier: float(o.fee) for o in offers}
        due.append(fees[key][carrier])
    table["over"] = (table.billed_freight - due).round(2)
    return table[table.over != 0]


def late_ratio(tables: Tables) -> tuple[float, float]:
    """Return how likely another purchase is after a late parcel, beside one in time.

    The Mantel-Haenszel risk ratio over the months of the orders, and the standard error of its
    logarithm (Greenland and Robins).
    """
    last = tables.paid.groupby("customer_id").created_at.transform("max")
    again = (tables.paid.created_at < last).set_axis(tables.paid.order_id)
    table = tables.parcels.assign(again=tables.parcels.order_id.map(again))
    above = below = spread = 0.0
    for _, month in table.groupby(table.created_at.dt.month):
        a, n1 = month.again[month.late].sum(), month.late.sum()
        c, n0 = month.again[~month.late].sum(), (~month.late).sum()
        n = n1 + n0
        above += a * n0 / n
        below += c * n1 / n
        spread += (n1 * n0 * (a + c) - a * c * n) / n**2
    return above / below, float(np.sqrt(spread / (above * below)))


def segments(tables: Tables, start: pd.Timestamp, sleeping_days: int) -> pd.DataFrame:
    """Return for every customer the segments on the day on which a campaign starts."""
    before = tables.paid[tables.paid.created_at < start].groupby("customer_id").created_at
    asleep = start - before.max() > pd.Timedelta(days=sleeping_days)
    return pd.DataFrame({"sleeping": asleep, "loyal": before.count() > 1})


def uplift(tables: Tables, campaign: str, segment: str, sleeping_days: int) -> pd.DataFrame:
    """Return converted customers and their number, by arm and by being in the segment or not."""
    campaigns = tables["campaigns"].set_index("campaign_id")
    start = pd.Timestamp(campaigns.starts_on[campaign], tz="Asia/Shanghai")
    members = tables["campaign_members"].query("campaign_id == @campaign")
    groups = segments(tables, start, sleeping_days)[segment]
    members = members.assign(inside=members.customer_id.map(groups))
    return members.groupby(["inside", "arm"]).converted.agg(["sum", "count"])


def bgnbd_data(tables: Tables) -> np.ndarray:
    """Return repeat purchases x, the time of the last one and the time observed, in weeks."""
    times = tables.paid.groupby("customer_id").created_at.agg(["min", "max", "count"])
    return np.column_stack(
        [times["count"] - 1, (times["max"] - times["min"]) / WEEK, (END - times["min"]) / WEEK]
    )


def bgnbd_loss(theta: np.ndarray, data: np.ndarray) -> float:
    """Return the mean negative log-likelihood of BG/NBD (Fader, Hardie and Lee 2005).

    ``theta`` has the logarithms of r, alpha, a and b.
    """
    r, alpha, a, b = np.exp(theta)
    x, last, observed = data.T
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    alive = betaln(a, b + x) - (r + x) * np.log(alpha + observed)
    gone = betaln(a + 1, b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + last)
    both = np.where(x > 0, np.logaddexp(alive, gone), alive)
    return -float(np.mean(common + both - betaln(a, b)))


def bgnbd(data: np.ndarray) -> tuple[dict[str, float], float]:
    """Return the maximum-likelihood parameters of BG/NBD and the mean loss there."""
    best = minimize(
        bgnbd_loss,
        np.zeros(4),
        (data,),
        method="Nelder-Mead",
        options={"maxiter": 4000, "fatol": 1e-10, "xatol": 1e-6},
    )
    return dict(zip(("r", "alpha", "a", "b"), np.exp(best.x).tolist(), strict=True)), best.fun


def jump(tables: Tables, threshold: float, width: float = 250) -> tuple[float, float]:
    """Return who stayed just below gold, and the jump at the threshold (yuan).

    A straight line on each side, by least squares with weights that fall to 0 at the width.
    """
    members = tables["cohorts"].query("bought_2023q4 and orders_2023 >= 3")
    x = members.amount_2023.to_numpy() - threshold
    weight = np.clip(1 - np.abs(x) / width, 0, None)
    above = (x >= 0).astype(float)
    design = np.column_stack([np.ones_like(x), above, x, x * above])
    weighted = design.T * weight
    line = np.linalg.solve(weighted @ design, weighted @ members.bought_2024q1.to_numpy(float))
    return float(line[0]), float(line[1])


def sbg(tables: Tables) -> tuple[float, float]:
    """Return alpha and beta of the shifted beta-geometric retention (Fader and Hardie 2007)."""
    members = tables["cohorts"]
    kept, active = members.kept_quarters.to_numpy(), members.active.to_numpy()

    def loss(theta: np.ndarray) -> float:
        a, b = np.exp(theta)
        found = np.where(active, betaln(a, b + kept), betaln(a + 1, b + kept)) - betaln(a, b)
        return -float(found.mean())

    a, b = np.exp(minimize(loss, [0.0, 0.0], method="Nelder-Mead").x)
    return float(a), float(b)


def longest_waits(tables: Tables) -> pd.Series:
    """Return, by order, the seconds of the longest wait for a person, before or after the sale."""
    people = tables["chats"].query("handled_by == '人工'")
    before = people.drop(columns="order_id").merge(tables["orders"][["chat_id", "order_id"]])
    chats = pd.concat([before, people.dropna(subset=["order_id"])])
    return chats.groupby("order_id").first_response_s.max()


def suspects(tables: Tables) -> pd.DataFrame:
    """Return the orders that show all signs of an extortionist but the platform's ruling.

    A low review without a photo; in the chat a claim over five times the price and a wish to
    talk elsewhere.
    """
    said = tables["messages"].query("sender == '买家'").groupby("chat_id").text.agg(" ".join)
    elsewhere = said[said.str.contains("手机号|加个好友|留个电话|换个软件")]
    claim = elsewhere.str.extract(r"(\d+)元")[0].astype(float).rename("claim")
    chats = tables["chats"][["chat_id", "order_id"]].merge(claim, on="chat_id").dropna()
    low = tables["reviews"].query("stars <= 2 and not has_photo")
    both = low.merge(chats, on="order_id").merge(tables.paid[["order_id", "paid_amount"]])
    return both[both.claim > 5 * both.paid_amount]


def rfm(tables: Tables, recent_days: int, orders: int) -> dict[str, float]:
    """Return the shares of the eight classes of buyers."""
    by = tables.paid.groupby("customer_id")
    recent = END - by.paid_at.max() <= pd.Timedelta(days=recent_days)
    spent = by.paid_amount.sum()
    letters = [
        np.where(high, "H", "L") for high in (recent, by.size() >= orders, spent >= spent.mean())
    ]
    names = {
        "HHH": "重要价值", "HLH": "重要发展", "LHH": "重要保持", "LLH": "重要挽留",
        "HHL": "一般价值", "HLL": "一般发展", "LHL": "一般保持", "LLL": "一般挽留",
    }  # fmt: skip
    classes = pd.Series(["".join(three) for three in zip(*letters, strict=True)]).map(names)
    shares = classes.value_counts(normalize=True)
    return {name: round(float(shares.get(name, 0)), 4) for name in names.values()}


def quality_returns(tables: Tables) -> pd.DataFrame:
    """Return lines and quality returns of every product's batches."""
    returns = tables["returns"].query("reason == '质量问题'")[["order_id", "line"]].assign(back=1)
    parcels = tables["parcels"][["order_id"]]
    lines = tables["order_lines"].merge(parcels).merge(returns, how="left")
    lines["product"] = lines.sku.str[:4]
    return lines.groupby(["product", "batch"]).back.agg(["size", "sum"])


def pin_ratio(tables: Tables) -> float:
    """Return how often what was asked is asked again under a pinned answer, beside without one."""
    minutes = tables["live_minutes"]
    sums = minutes.groupby(minutes.pinned.notna())[["repeats", "viewers"]].sum()
    rate = sums.repeats / sums.viewers
    return float(rate[True] / rate[False])


def answer_effect(tables: Tables) -> tuple[np.ndarray, np.ndarray]:
    """Return the orders a viewer and an answered question bring, and their standard errors.

    Least squares through the origin, weighted by the number of viewers, with White's errors.
    """
    minutes = tables["live_minutes"].query("viewers > 0")
    weight = 1 / np.sqrt(minutes.viewers.to_numpy(float))
    design = minutes[["viewers", "answered_60s"]].to_numpy(float) * weight[:, None]
    orders = minutes.orders.to_numpy(float) * weight
    inverse = np.linalg.inv(design.T @ design)
    effect = inverse @ design.T @ orders
    rest = design * (orders - design @ effect)[:, None]
    return effect, np.sqrt(np.diag(inverse @ rest.T @ rest @ inverse))


def promise_rates(tables: Tables) -> pd.DataFrame:
    """Return orders, returns and complaints after promises that were kept and that were not."""
    promises = tables["live_promises"].query("counts")
    return promises.groupby(promises.kept.astype(bool))[["orders", "returned", "complained"]].sum()


def patience(tables: Tables) -> float:
    """Return the mean patience, s: all the time that was waited for each who gave up."""
    rush = tables["rush"]
    waited = (rush.waiting + rush.waiting.shift(fill_value=0)).sum() / 2 * 60
    return float(waited / rush.abandoned.sum())


def handling(tables: Tables, day: str) -> float:
    """Return the mean handling time, s, from the first hours of a day with people waiting."""
    rush = tables["rush"].set_index("at")
    there = tables["agents"].query("team == '售前' and shift in ('晚班', '大促机动')")
    slots = int(there.concurrency.sum())
    night = rush[f"{day} 00:02" : f"{day} 01:59"]
    full = night[(night.waiting > 0) & (night.waiting.shift() > 0)]
    return float(slots * 60 * len(full) / full.answered.sum())


def dispersion(tables: Tables, minutes: int, openings: list[str]) -> float:
    """Return the variance of the gamma factor of the arrivals, from stretches within an hour.

    Within an hour the mean is the same but for the openings, which are left out.
    """
    rush = tables["rush"].set_index("at")
    stretches = (rush.presales + rush.aftersales).resample(f"{minutes}min").sum()
    hours = stretches.groupby(stretches.index.floor("h")).agg(["mean", "var", "size"])
    hours = hours[~hours.index.strftime("%m-%d %H").isin(openings)]
    beyond = (hours["var"] - hours["mean"]).sum()
    return float(beyond / (hours["mean"] ** 2 - hours["var"] / hours["size"]).sum())


def agreement(one: pd.Series, other: pd.Series) -> tuple[float, float]:
    """Return the share of cases in which two judges agree, and Cohen's kappa."""
    classes = sorted(set(one) | set(other))
    table = pd.crosstab(one.to_numpy(), other.to_numpy()).reindex(
        index=classes, columns=classes, fill_value=0
    )
    return float((one.to_numpy() == other.to_numpy()).mean()), kappa(table.to_numpy().tolist())


def inspected(tables: Tables, item: str) -> tuple[pd.Series, pd.Series]:
    """Return what the two inspectors say of one item of each chat."""
    wide = tables["quality"].pivot(index="chat_id", columns="inspector", values=item)
    return wide.iloc[:, 0], wide.iloc[:, 1]


def robot_errors(tables: Tables) -> dict[str, float]:
    """Return how often the robot is wrong: before an entry's edit, after it, past its review."""
    days = tables["bot_days"].drop(columns="date").sum()
    current = days.answered - days.before_used - days.expired_used
    return {
        "before": float(days.before_wrong / days.before_used),
        "current": float((days.wrong - days.before_wrong - days.expired_wrong) / current),
        "expired": float(days.expired_wrong / days.expired_used),
    }


def handed_over(tables: Tables) -> dict[str, float]:
    """Return the share handed over before and after the entries' edits.

    What is handed over for each answer rises in a line with the share of older texts.
    """
    days = tables["bot_days"]
    design = np.column_stack([days.before_used, days.answered - days.before_used])
    odds = np.linalg.lstsq(design, days.handed_over.to_numpy(float), rcond=None)[0]
    return dict(zip(("before", "after"), (odds / (1 + odds)).tolist(), strict=True))
