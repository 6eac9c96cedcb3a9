"""The cases behind the explorers of chapter 08; `make lists` adds them up into tables."""

from collections.abc import Sequence

import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, StratifiedKFold
from sklearn.pipeline import make_pipeline

from kefu import data
from kefu.aftersales.reviews import cause, families

WAITS = ["没找过人", "半分钟内", "半分钟到两分钟", "两分钟以上"]


def came(order: pd.Series) -> pd.Series:
    """Return how each order's parcel came: in time, in time after a problem, late or never."""
    sent = data.load("parcels").drop_duplicates("order_id").set_index("order_id")
    day = sent.signed_at.dt.tz_localize(None).dt.normalize()
    home = sent.problem.notna().map({True: "准时，出过异常", False: "准时，没出事"})
    home[~(day <= sent.promised_on)] = "迟到"  # 没签收的也算
    return order.map(home)


def waited(order: pd.Series) -> pd.Series:
    """Return the longest wait for a person in the chats before and after each order."""
    chats = data.load("chats")
    chats = chats[chats.handled_by == "人工"]
    before = data.load("orders").merge(chats, on="chat_id", suffixes=("", "_chat"))
    both = pd.concat([before, chats[chats.order_id.notna()]])
    longest = both.groupby("order_id").first_response_s.max()
    seconds = order.map(longest).fillna(-1)
    return pd.cut(seconds, [-2, -0.5, 30, 119.9, 1e9], labels=WAITS).astype(str)


def causes() -> pd.DataFrame:
    """Return the reviews: how the parcel came, how long the buyer waited, which batch, what was wrong."""
    lines = data.load("order_lines")[["order_id", "sku", "batch"]].drop_duplicates(
        ["order_id", "sku"]
    )
    every = data.load("reviews").merge(lines, on=["order_id", "sku"], how="left")
    batch = pd.Series("别的商品", every.index)
    mine = every.sku.str.startswith("NX20")
    batch[mine] = "打底裤别的批次"
    batch[mine & (every.batch == "B2509")] = "打底裤B2509"
    why = every.cause.astype(object).fillna("（好评）")
    return pd.DataFrame({
        "home": came(every.order_id),
        "waited": waited(every.order_id),
        "batch": batch,
        "bad": every.stars <= 3,
        "carriage": why == "物流",
        "quality": why == "质量",
        "service": why == "服务",
    })  # fmt: skip


def honest() -> pd.DataFrame:
    """Return the bad reviews that tell of something, each with its family of sentences."""
    every = data.load("reviews")
    bad = every[(every.stars <= 3) & (every.cause != "恶意")].reset_index(drop=True)
    return bad.assign(cause=bad.cause.astype(str), family=families(list(bad.text)))


def learnt(bad: pd.DataFrame, parts: Sequence[tuple[Sequence[int], Sequence[int]]]) -> pd.Series:
    """Return what a reader says of each review that has learnt from all parts but its own."""
    said = pd.Series("", bad.index)
    for seen, new in parts:
        reader = make_pipeline(
            TfidfVectorizer(analyzer="char", ngram_range=(1, 2)), LogisticRegression(C=10)
        )
        reader.fit(bad.text[seen], bad.cause[seen])
        said[new] = reader.predict(bad.text[new])
    return said


def readers() -> pd.DataFrame:
    """Return each honest bad review thrice: as the word list, and two learnt readers, take it."""
    bad = honest()
    mixed = list(StratifiedKFold(5, shuffle=True, random_state=8).split(bad, bad.cause))
    apart = list(GroupKFold(5).split(bad, bad.cause, bad.family))
    ways = {
        "词表": bad.text.map(lambda text: cause(text).name),
        "学过同样的句式": learnt(bad, mixed),
        "句式没见过": learnt(bad, apart),
    }
    return pd.concat(
        [
            pd.DataFrame({"way": way, "cause": bad.cause, "said": said, "right": said == bad.cause})
            for way, said in ways.items()
        ],
        ignore_index=True,
    )


def rates() -> pd.DataFrame:
    """Return the reviews by the month in which they were written."""
    kind = data.load("products").set_index("sku").category
    every = data.load("reviews")
    return pd.DataFrame({
        "month": every["at"].dt.month.map("{}月".format),
        "home": came(every.order_id),
        "category": every.sku.map(kind).astype(str),
        "good": every.stars > 3,
        "stars": every.stars,
    })  # fmt: skip


def voices() -> pd.DataFrame:
    """Return the orders that succeeded: whether somebody wrote a review, and whether a good one."""
    orders = data.load("orders")
    done = orders[orders.status == "交易成功"]
    stars = done.order_id.map(data.load("reviews").set_index("order_id").stars)
    back = data.load("returns")
    faulty = set(back[back.reason == "质量问题"].order_id)
    returned = pd.Series("没退换", done.index)
    returned[done.order_id.isin(back.order_id)] = "因别的退换"
    returned[done.order_id.isin(faulty)] = "因质量退换"
    return pd.DataFrame({
        "waited": waited(done.order_id),
        "home": came(done.order_id),
        "returned": returned,
        "reviewed": stars.notna(),
        "good": (stars > 3).fillna(False).astype(bool),
    })  # fmt: skip
