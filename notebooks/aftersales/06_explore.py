"""The cases behind the explorers of chapter 06; `make lists` adds them up into tables."""

import pandas as pd

from kefu import data


def sold() -> pd.DataFrame:
    """Return the lines of paid orders, each with its product and its return, if it has one."""
    orders = data.load("orders")
    paid = orders.loc[orders.paid_at.notna(), ["order_id", "paid_at"]]
    lines = data.load("order_lines").merge(paid, on="order_id")
    products = data.load("products").set_index("sku")
    back = data.load("returns")
    lines = lines.merge(back, on=["order_id", "line"], how="left")
    return lines.assign(
        product=lines.sku.map(products.title.astype(str)),
        category=lines.sku.map(products.category.astype(str)),
        sized=lines.sku.map(products.chart.notna()),
        quality=lines.reason == "质量问题",
    )


def requests() -> pd.DataFrame:
    """Return the lines that somebody asked to give back."""
    lines = sold()
    return lines[lines.return_id.notna()]


def proof() -> pd.DataFrame:
    """Return the requests that say that the shop did wrong, whether there was a picture, whether they were refused."""
    asked = requests()
    asked = asked[asked.fault == "卖家"]
    return pd.DataFrame({
        "proof": (asked.evidence == "无").map({True: "没交照片", False: "交了照片"}),
        "reason": asked.reason,
        "kind": asked.kind,
        "refused": asked.status == "已拒绝",
    })  # fmt: skip


def reasons() -> pd.DataFrame:
    """Return the requests: why, at whose cost, for what, and whether they were taken back."""
    asked = requests()
    return pd.DataFrame({
        "reason": asked.reason,
        "payer": asked.fault,
        "kind": asked.kind,
        "goods": asked.sized.map({True: "有尺码的服装", False: "别的商品"}),
        "exchange": asked.kind == "换货",
        "withdrawn": asked.status == "已撤销",
    })  # fmt: skip


def products() -> pd.DataFrame:
    """Return the lines, clothes by product, the rest by category, whether they came back, and why."""
    lines = sold()
    quarter = lines.paid_at.dt.quarter.map(dict(enumerate("一二三四", start=1)))
    return pd.DataFrame({
        "product": lines["product"].where(lines.category == "服装", lines.category + "类"),
        "quarter": quarter + "季度",
        "back": lines.return_id.notna(),
        "size": lines.reason == "尺码不合",
        "quality": lines.quality,
    })  # fmt: skip


def batches() -> pd.DataFrame:
    """Return the lines by product and batch, and whether they came back for their quality."""
    lines = sold()
    return lines[["batch", "product", "quality"]]
