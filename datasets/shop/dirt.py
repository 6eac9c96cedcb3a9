"""The customers as three exports show them: every row may be soiled in the planted ways."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import TextIO

from datasets.shop.tables import Tables, fields
from datasets.shop.truths import planted

EXPORTS = ("订单系统", "会员系统", "客服表格")
AUTONOMOUS = {
    "内蒙古": "内蒙古自治区", "广西": "广西壮族自治区", "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区", "新疆": "新疆维吾尔自治区", "香港": "香港特别行政区",
}  # fmt: skip
CITIES = ("北京", "上海", "天津", "重庆")
IMPOSSIBLE = ("1990-02-30", "1899-12-31", "2031-05-01", "1988-13-05", "0000-00-00")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
FLAGS = {"订单系统": ("1", "0"), "会员系统": ("true", "false"), "客服表格": ("是", "否")}


def full_name(province: str) -> str:
    """Return a province's full name.

    >>> full_name("浙江"), full_name("上海")
    ('浙江省', '上海市')
    """
    return AUTONOMOUS.get(province, province + ("市" if province in CITIES else "省"))


def other_date(rng: random.Random, iso: str) -> str:
    """Return a date in one of the other ways of writing it."""
    year, month, day = iso.split("-")
    return rng.choice(
        (
            f"{year}/{int(month)}/{int(day)}",
            f"{year}年{int(month)}月{int(day)}日",
            f"{year}{month}{day}",
            f"{year}.{month}.{day}",
        )
    )


def soiled(
    rng: random.Random, clean: Mapping[str, object], export: str, copy: bool
) -> dict[str, str]:
    """Return one row of an export. Each kind of dirt has its own column and its planted share."""
    share = planted("dirt")["shares"]

    def hit(kind: str) -> bool:
        return rng.random() < float(share[kind])

    row = {name: str(value) for name, value in clean.items()}
    row["export"] = export
    for consent in ("sms_consent", "ads_consent"):
        row[consent] = FLAGS[export][row[consent] != "true"]
    if hit("date_format"):
        row["registered_on"] = other_date(rng, row["registered_on"])
    if hit("impossible_date"):
        row["birthday"] = rng.choice(IMPOSSIBLE)
    if hit("fullwidth"):
        row["points"] = row["points"].translate(WIDE)
    if hit("province_suffix"):
        row["province"] = full_name(row["province"])
    if hit("missing"):
        row[rng.choice(("source", "level"))] = ""
    if copy:  # the same person typed in again
        head, tail = row["phone"][:3], row["phone"][-4:]
        row["phone"] = rng.choice(
            (f"{head} **** {tail}", f"+86 {row['phone']}", f"{head}-****-{tail}")
        )
        row["nickname"] = rng.choice(
            (row["nickname"], f"{row['nickname']}~", f"@{row['nickname']}")
        )
    if hit("blanks"):
        row["nickname"] = rng.choice(
            (f"{row['nickname']} ", f" {row['nickname']}", f"{row['nickname']}　")
        )
    return row


class Exports:
    """Three files beside the tables that keep the rows until all customers are known."""

    def __init__(self) -> None:
        self.stack = ExitStack()
        self.files: dict[str, TextIO] = {}
        for export in EXPORTS:
            file = TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115, by the stack
            self.files[export] = self.stack.enter_context(file)
        self.columns = [name for name in fields("customers_raw") if name != "row_id"]

    def add(self, rng: random.Random, clean: Mapping[str, object]) -> None:
        """Put a customer into one export, some into two."""
        first = rng.randrange(3)
        twice = rng.random() < float(planted("dirt")["shares"]["duplicate"])
        places = [first, (first + 1 + rng.randrange(2)) % 3][: 1 + twice]
        for place, nth in enumerate(places):
            row = soiled(rng, clean, EXPORTS[nth], copy=place > 0)
            line = [row["customer_id"], *(row[name] for name in self.columns)]
            csv.writer(self.files[EXPORTS[nth]], lineterminator="\n").writerow(line)

    def rows(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield the rows, one export after the other, each with its customer."""
        with self.stack:
            for file in self.files.values():
                file.seek(0)
                for customer, *values in csv.reader(file):
                    yield customer, dict(zip(self.columns, values, strict=True))

    def write(self, tables: Tables) -> None:
        """Write the tables ``customers_raw`` and ``customers_raw_key``."""
        for customer, row in self.rows():
            number = tables.key("W")
            tables.add("customers_raw", {"row_id": number} | row)
            tables.add("customers_raw_key", {"row_id": number, "customer_id": customer})
