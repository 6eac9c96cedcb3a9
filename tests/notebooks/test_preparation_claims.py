"""What chapter 02 says in words of October and November, so that other tables do not make it untrue."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import nbformat
import pandas as pd

from kefu import data
from web import book


@cache
def orders() -> pd.DataFrame:
    joined = data.load("orders").merge(data.load("parcels"), on="order_id")
    return joined[joined.paid_at.between("2025-10-01", "2025-12-01")]


def said() -> str:
    notebook = nbformat.read(book.ready("02"), 4)
    return "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_the_number_of_parcels_is_the_one_told() -> None:
    assert f"两个月{len(orders())}个包裹" in said()
    assert f"上线之后的{len(orders())}单" in said()


def test_balance_and_huabei_make_more_than_half_of_the_payments() -> None:
    paid = data.load("payments").merge(orders()[["order_id"]])
    share = paid.method.value_counts(normalize=True)
    assert share["支付宝余额"] + share["花呗"] > 0.5
    assert share["货到付款"] == share.min()


def test_late_saturday_orders_miss_the_upload() -> None:
    stock = orders()[orders().kind == "现货"]
    late = stock.uploaded_at - stock.paid_at > timedelta(hours=24)
    saturday, hour = stock.paid_at.dt.day_of_week == 5, stock.paid_at.dt.hour
    assert late[saturday & (hour >= 18)].all()
    assert 0.85 <= late[saturday & (hour >= 15) & (hour < 18)].mean() < 1
    assert late[saturday & (hour < 12)].mean() < 0.15
