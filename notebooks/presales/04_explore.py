"""The cases behind the explorers of chapter 04; `make lists` adds them up into tables."""

import pandas as pd

from kefu import data


def talks() -> pd.DataFrame:
    """Return the chats before the sale of products with sizes: who talked about it, who was asked."""
    chats, messages, goods = data.load("chats"), data.load("messages"), data.load("products")
    sized = goods.dropna(subset="chart").drop_duplicates("product_id")[["product_id", "title"]]
    chats = chats[chats.stage == "售前"].drop(columns="order_id").merge(sized, on="product_id")
    buyer = messages.sender == "买家"
    about = messages.chat_id[buyer & messages.text.str.contains("码")]
    asked = messages.chat_id[~buyer & messages.text.str.contains("身高")]
    return chats.assign(about=chats.chat_id.isin(about), asked=chats.chat_id.isin(asked))


def asked() -> pd.DataFrame:
    """Return the chats about a size that led to a paid order, and whether it came back."""
    orders, returns = data.load("orders"), data.load("returns")
    paid = orders[orders.paid_at.notna()][["chat_id", "order_id"]].dropna()
    chats = talks().query("about").merge(paid, on="chat_id")
    size = returns.reason == "尺码不合"
    back = chats.order_id.isin(returns.order_id[size])
    return pd.DataFrame({
        "asked": chats.asked.map({True: "问了", False: "没问"}),
        "by": chats.handled_by,
        "title": chats.title,
        "back": back,
        "other": chats.order_id.isin(returns.order_id[~size]) & ~back,
        "asking": chats.asked,
    })  # fmt: skip


def styles() -> pd.DataFrame:
    """Return the lines of products with sizes that were sent, and whether they came back."""
    returns = data.load("returns")[["order_id", "line", "reason"]]
    goods = data.load("products").dropna(subset="chart")[["sku", "title", "size"]]
    lines = data.load("order_lines").merge(data.load("parcels")[["order_id"]], on="order_id")
    lines = lines.merge(goods, on="sku").merge(returns, on=["order_id", "line"], how="left")
    lines = lines.merge(data.load("orders")[["order_id", "chat_id"]], on="order_id")
    asked = talks().set_index("chat_id").asked.reindex(lines.chat_id)
    before = asked.map({True: "问了身高体重", False: "咨询了没问"}).fillna("没咨询")
    return pd.DataFrame({
        "title": lines.title,
        "size": lines["size"],
        "asked": before.to_numpy(),
        "back": lines.reason == "尺码不合",
        "any": lines.reason.notna(),
    })  # fmt: skip


def closing() -> pd.DataFrame:
    """Return the chats with people before the sale: the last sentence, the wait, and the sale."""
    chats, messages, orders = data.load("chats"), data.load("messages"), data.load("orders")
    chats = chats[(chats.stage == "售前") & (chats.handled_by == "人工")].set_index("chat_id")
    own = messages[messages.chat_id.isin(chats.index)]
    buyer = own[own.sender == "买家"]
    last = own[own.sender == "客服"].groupby("chat_id").last().loc[chats.index]
    kinds = {"慢慢看|逛得开心": "慢慢看", "留意着活动": "等活动", "库存不太多": "库存不多"}
    kind = pd.Series("谢过、说发货", chats.index)
    for words, name in kinds.items():
        kind[last.text.str.contains(words)] = name
    hurry = "人呢|在忙|还在吗|半天|好久|几分钟|怎么不|咋不|不回|没人回|快点"
    first = own[own.sender == "客服"].groupby("chat_id").seq.first()
    early = buyer[(buyer.seq < buyer.chat_id.map(first)) & buyer.text.str.contains(hurry)]
    edges = [0, 30, 60, 120, 9999]
    bands = ["30秒内", "31—60秒", "61—120秒", "两分钟以上"]
    rush = chats.started_at.dt.strftime("%m-%d").isin(["11-10", "11-11"])
    hurried = pd.Series(chats.index.isin(early.chat_id), chats.index)
    return pd.DataFrame({
        "last": kind,
        "hurried": hurried.map({True: "催过", False: "没催"}),
        "band": pd.cut(chats.first_response_s, edges, labels=bands),
        "day": rush.map({True: "双11两天", False: "平时"}),
        "paid": chats.index.isin(orders.chat_id[orders.paid_at.notna()]),
        "wait": chats.first_response_s,
    })  # fmt: skip
