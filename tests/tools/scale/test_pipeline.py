"""The pipeline over a shop's purchases: against plain loops, against pandas, against the book's models."""

from __future__ import annotations

import inspect
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pytest
import sqlglot
from ibis.backends.sql.compilers import PySparkCompiler
from ibis.config import Config

from datasets import crowd
from datasets.shop.truths import truths
from kefu import data
from kefu.clock import SHANGHAI
from kefu.operations import rfm
from kefu.operations.audience import Uplift
from tools.paths import ROOT
from tools.scale import engines, found, frames, pipeline

CUSTOMERS = 1500
NAMES = tuple(pipeline.Tables.__dataclass_fields__)
DAY = timedelta(days=1)
Rows = set[tuple[Any, ...]]


def by_duckdb(folder: Path, **options: Any) -> dict[str, pd.DataFrame]:
    with engines.duckdb() as engine:
        counted = pipeline.results(pipeline.read(engine, folder), **options)
        return {name: table.to_pyarrow().to_pandas() for name, table in counted.items()}


def rows(frame: pd.DataFrame, columns: Iterable[str] = ()) -> Rows:
    """The rows of a frame as a set; each is there once."""
    listed = list(frame[list(columns) or sorted(frame)].itertuples(index=False, name=None))
    assert len(set(listed)) == len(listed)
    return set(listed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small crowd of another seed than the shop's, in four ranges."""
    made = tmp_path_factory.mktemp("crowd")
    crowd.write(made, CUSTOMERS, seed=7, step=400, processes=1)
    return made


@pytest.fixture(scope="module")
def small(folder: Path) -> dict[str, pd.DataFrame]:
    return by_duckdb(folder)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book's own tables as Parquet, each in one file."""
    made = tmp_path_factory.mktemp("shop")
    for name in NAMES:
        data.load(name).to_parquet(made / f"{name}.parquet", index=False)
    return made


@pytest.fixture(scope="module")
def counted(shop: Path) -> dict[str, pd.DataFrame]:
    return by_duckdb(shop)


# By loops


@pytest.fixture(scope="module")
def lives(folder: Path) -> dict[str, list[tuple[datetime, datetime, int]]]:
    """What each customer of the crowd paid: moment of the order, of payment, fen."""
    paid = defaultdict(list)
    for row in pd.read_parquet(folder / "orders").itertuples():
        moments = (
            moment.to_pydatetime().astimezone(SHANGHAI) for moment in (row.created_at, row.paid_at)
        )
        paid[row.customer_id].append((*moments, round(row.paid_amount * 100)))
    return {who: sorted(orders) for who, orders in paid.items()}


def test_rfm_is_what_loops_find(small: Any, lives: Any) -> None:
    ago = {
        who: (pipeline.UNTIL - max(o[1] for o in orders)) // timedelta(seconds=1)
        for who, orders in lives.items()
    }
    days = {who: seconds // 86400 for who, seconds in ago.items()}
    number = {who: len(orders) for who, orders in lives.items()}
    spent = {who: sum(o[2] for o in orders) for who, orders in lives.items()}
    mean = sum(spent.values()) / len(spent)
    places = {}
    for name, value, sign in (("r", days, -1), ("f", number, 1), ("m", spent, 1)):
        order = sorted(lives, key=lambda who, value=value, sign=sign: (sign * value[who], who))
        places[name] = {who: nth * 5 // len(order) + 1 for nth, who in enumerate(order)}
    expected = {
        (who, ago[who], number[who], spent[who],
         rfm.segment(ago[who] <= 90 * 86400, number[who] >= 2, spent[who] >= mean),
         *(places[name][who] for name in "rfm"))
        for who in lives
    }  # fmt: skip
    columns = ("customer_id", "ago", "orders", "fen", "segment", "r", "f", "m")
    assert rows(small["rfm"], columns) == expected
    assert len(expected) > CUSTOMERS / 2
    assert set(Counter(row[-1] for row in expected).values()) <= {
        len(lives) // 5,
        len(lives) // 5 + 1,
    }


def test_cohorts_are_what_loops_find(small: Any, lives: Any) -> None:
    sums: dict[tuple[int, int], list[Any]] = defaultdict(lambda: [set(), 0, 0])
    for who, orders in lives.items():
        months = [12 * (made.year - 1970) + made.month - 1 for made, *_ in orders]
        for month, (*_, fen) in zip(months, orders, strict=True):
            cell = sums[months[0], month - months[0]]
            cell[0].add(who)
            cell[1] += 1
            cell[2] += fen
    expected = {(*key, len(who), orders, fen) for key, (who, orders, fen) in sums.items()}
    assert rows(small["cohorts"], ("joined", "later", "customers", "orders", "fen")) == expected


def test_the_statistics_of_repeats_are_what_loops_find(small: Any, lives: Any) -> None:
    def days(span: timedelta) -> int:
        return int((span + DAY / 2) // DAY)

    expected = Counter(
        (len(orders) - 1, days(orders[-1][0] - orders[0][0]), days(pipeline.UNTIL - orders[0][0]))
        for orders in lives.values()
    )
    assert rows(small["repeats"], ("x", "t_x", "T", "customers")) == {
        (*k, n) for k, n in expected.items()
    }


def test_cells_of_tags_add_up_to_any_audience(
    small: Any, lives: Any, folder: Path, tmp_path: Path
) -> None:
    small["tags"].to_parquet(tmp_path / "tags.parquet")
    scores = small["rfm"].set_index("customer_id")
    customers = pd.read_parquet(folder / "customers")
    chosen = [
        one.customer_id
        for one in customers.itertuples()
        if one.sms_consent and len(lives.get(one.customer_id, ())) >= 2
        and (pipeline.UNTIL - max(paid for _, paid, _ in lives[one.customer_id]) > 60 * DAY
             or scores.m[one.customer_id] == 5)
    ]  # fmt: skip
    fen = sum(order[2] for who in chosen for order in lives[who])
    assert len(chosen) > 100
    assert found.audience(
        tmp_path, lambda t: t["sms_consent"] and t["loyal"] and (t["sleeping"] or t["top"])
    ) == (len(chosen), fen / 100)
    assert found.audience(tmp_path, lambda t: True)[0] == CUSTOMERS
    assert found.audience(tmp_path, lambda t: not t["bought"]) == (CUSTOMERS - len(lives), 0)


def test_uplift_is_what_loops_find(small: Any, lives: Any, folder: Path) -> None:
    days = {c["campaign_id"]: (c["starts_on"], c["ends_on"]) for c in crowd.campaigns()}
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0])
    for member in pd.read_parquet(folder / "campaign_members").itertuples():
        starts, ends = (
            datetime.fromisoformat(str(day)).replace(tzinfo=SHANGHAI)
            for day in days[member.campaign_id]
        )
        orders = lives.get(member.customer_id, [])
        before = [made for made, *_ in orders if made < starts]
        spent = [fen for _, paid, fen in orders if starts <= paid < ends + DAY]
        asleep = bool(before) and starts - max(before) > 60 * DAY
        cell = sums[member.campaign_id, member.arm, len(before) >= 2, asleep]
        for place, value in enumerate((1, bool(spent), sum(spent))):
            cell[place] += value
    columns = ("campaign_id", "arm", "loyal", "sleeping", "customers", "bought", "fen")
    assert rows(small["uplift"], columns) == {(*key, *cell) for key, cell in sums.items()}


# By pandas, and by the models of chapter 12, on the shop's own tables


@pytest.mark.parametrize("name", ["rfm", "cohorts", "repeats", "tags", "uplift"])
def test_pandas_finds_the_same_in_the_shop(shop: Path, counted: Any, name: str) -> None:
    tables = pipeline.Tables(**{one: pd.read_parquet(shop / f"{one}.parquet") for one in NAMES})
    assert rows(frames.results(tables)[name]) == rows(counted[name])


def test_classes_are_those_of_the_model(shop: Path, counted: Any) -> None:
    orders = data.load("orders").query("paid_at.notna()")
    summed = rfm.summary(
        zip(orders.customer_id, orders.paid_at, orders.paid_amount, strict=True), pipeline.UNTIL
    )
    cuts = rfm.RfmCuts(days=60, orders=3, amount=200)
    by_cuts = by_duckdb(shop, cuts=cuts)["rfm"]
    mean = rfm.RfmCuts(90, 2, orders.paid_amount.sum() / len(summed))
    for counts, ours in ((counted["rfm"], mean), (by_cuts, cuts)):
        classes = counts.set_index("customer_id").segment.to_dict()
        assert classes == {
            who: ours.segment(one.days, one.orders, one.amount) for who, one in summed.items()
        }
        assert len(set(classes.values())) == 8


def test_shares_of_the_classes_are_the_measured_ones(counted: Any) -> None:
    shares = counted["rfm"].segment.value_counts(normalize=True).round(4).to_dict()
    assert shares == truths()["rfm"]["seen_88"]


def test_campaigns_brought_what_the_table_of_members_says(counted: Any) -> None:
    members = data.load("campaign_members")
    said = members.groupby(["campaign_id", "arm"]).agg(
        customers=("arm", "size"), bought=("converted", "sum"), yuan=("spent", "sum")
    )
    sums = counted["uplift"].groupby(["campaign_id", "arm"])[["customers", "bought", "fen"]].sum()
    assert (sums.customers == said.customers).all()
    assert (sums.bought == said.bought).all()
    assert (sums.fen == (said.yuan * 100).round()).all()


def test_the_models_find_in_the_results_what_is_planted(counted: Any, tmp_path: Path) -> None:
    for name, frame in counted.items():
        frame.to_parquet(tmp_path / f"{name}.parquet")
    woken = found.brought(tmp_path, "M03", sleeping=True)
    assert woken.low < truths()["campaigns"]["values"]["M03"]["sleeping"] < woken.high
    assert found.brought(tmp_path, "M04", loyal=True).high < 0
    assert not found.brought(tmp_path, "M02").sure
    model = found.repeat_process(tmp_path)
    planted = truths()["repeat"]["values"]
    assert model.r / model.alpha == pytest.approx(planted["r"] / planted["alpha"], rel=0.2)


def tables(page: str) -> list[list[str]]:
    """The cells of every row of every table of a page."""
    rows = [line for line in page.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_the_page_says_what_the_shop_gives(counted: Any, tmp_path: Path) -> None:
    for name, frame in counted.items():
        frame.to_parquet(tmp_path / f"{name}.parquet")
    page = (ROOT / "book" / "scale.md").read_text(encoding="utf-8")

    def shown(up: Uplift) -> str:
        low, middle, high = (
            f"{100 * share:+.1f}".replace("-", "−") for share in (up.low, up.difference, up.high)
        )
        return f"{middle}（{low}至{high}）"

    cells = {row[0]: row[1:] for row in tables(page) if len(row) == 5}
    planted = truths()
    woken = planted["campaigns"]["values"]["M03"]["sleeping"]
    assert cells["M03券，睡着的客户多买"][0] == shown(found.brought(tmp_path, "M03", sleeping=True))
    assert cells["M03券，睡着的客户多买"][-1] == f"+{100 * woken:.0f}"
    assert cells["M02红包，全部客户多买"][0] == shown(found.brought(tmp_path, "M02"))
    assert cells["BG/NBD的r"][0] == f"{found.repeat_process(tmp_path).r:.3f}"
    assert cells["BG/NBD的r"][-1] == str(planted["repeat"]["values"]["r"])
    assert f"{len(data.load('customers')):,}位" in page


def test_the_page_shows_the_pipeline_as_it_is() -> None:
    page = (ROOT / "book" / "scale.md").read_text(encoding="utf-8")
    shown = re.findall(r"```python\n(def .+?)```", page, re.S)
    assert len(shown) == 1
    body = re.sub(r'    """.+?"""\n', "", inspect.getsource(pipeline.cohorts), flags=re.S)
    assert shown[0] == body


# Borders


def little(folder: Path, orders: list[tuple[str, str, str, float]]) -> Path:
    """A shop of a few orders, of moments on Shanghai's clock, in which nobody is asked anything."""
    at = [
        [datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) for text in one[1:3] if text]
        for one in orders
    ]
    who = sorted({one[0] for one in orders})
    tables = {
        "orders": {"customer_id": [one[0] for one in orders], "created_at": [one[0] for one in at],
                   "paid_at": [one[1] if len(one) == 2 else None for one in at],
                   "paid_amount": [one[3] for one in orders]},
        "customers": {"customer_id": who, "sms_consent": [True] * len(who), "ads_consent": [False] * len(who)},
        "campaigns": {"campaign_id": ["M1"], "starts_on": ["2025-06-01"], "ends_on": ["2025-06-02"]},
        "campaign_members": {"campaign_id": ["M1"] * len(who), "customer_id": who, "arm": ["实验"] * len(who)},
    }  # fmt: skip
    for name, columns in tables.items():
        frame = pd.DataFrame(columns)
        for column in ("created_at", "paid_at"):
            if column in frame:
                frame[column] = pd.to_datetime(frame[column], utc=True)
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    return folder


def test_a_month_and_a_year_begin_at_midnight_in_shanghai(tmp_path: Path) -> None:
    made = by_duckdb(little(tmp_path, [
        ("甲", "2025-01-31T23:59:59", "2025-02-01T00:10:00", 10.0),
        ("甲", "2025-02-01T00:00:00", "2025-02-01T00:10:00", 20.0),
        ("乙", "2025-12-31T23:50:00", "2025-12-31T23:59:59", 30.0),
        ("丙", "2025-12-31T23:50:00", "2026-01-01T00:00:00", 40.0),
        ("丁", "2025-03-01T12:00:00", "", 50.0),
    ]))  # fmt: skip
    january, december = 55 * 12, 55 * 12 + 11
    assert rows(made["cohorts"], ("joined", "later", "customers", "orders", "fen")) == {
        (january, 0, 1, 1, 1000), (january, 1, 1, 1, 2000), (december, 0, 1, 1, 3000)
    }  # fmt: skip
    assert rows(made["rfm"], ("customer_id", "ago")) == {
        ("甲", 333 * 86400 + 86400 - 600),
        ("乙", 1),
    }


def test_a_campaign_lasts_from_its_first_midnight_to_the_end_of_its_last_day(
    tmp_path: Path,
) -> None:
    moments = (
        "2025-05-31T23:59:59",
        "2025-06-01T00:00:00",
        "2025-06-02T23:59:59",
        "2025-06-03T00:00:00",
    )
    shop = little(tmp_path, [(f"C{nth}", at, at, 1.0) for nth, at in enumerate(moments)])
    assert rows(by_duckdb(shop)["uplift"], ("loyal", "sleeping", "customers", "bought", "fen")) == {
        (False, False, 4, 2, 200)
    }


def test_equals_stand_in_the_order_of_their_keys(tmp_path: Path) -> None:
    same = "2025-05-05T05:05:05"
    shop = little(tmp_path, [(f"C{nth}", same, same, 88.8) for nth in (3, 1, 5, 2, 4)])
    assert rows(by_duckdb(shop)["rfm"], ("customer_id", "r", "f", "m", "fen")) == {
        (f"C{nth}", nth, nth, nth, 8880) for nth in range(1, 6)
    }


def test_the_mean_belongs_to_the_high(tmp_path: Path) -> None:
    at = "2025-05-05T05:05:05"
    shop = little(tmp_path, [("甲", at, at, 10.01), ("乙", at, at, 10.03), ("丙", at, at, 10.02)])
    classes = dict(rows(by_duckdb(shop)["rfm"], ("customer_id", "segment")))
    assert classes == {"甲": "一般挽留", "乙": "重要挽留", "丙": "重要挽留"}


# The other engine


class SparkOptions(Config):
    """What Ibis asks of its options for Spark; where Spark is installed they are there."""

    treat_nan_as_null: bool = False


def test_the_same_pipeline_is_sql_for_spark(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spark itself runs in ``make scale``: tests/scale_engines.py."""
    if ibis.options.pyspark is None:
        monkeypatch.setattr(ibis.options, "pyspark", SparkOptions())
    with engines.duckdb() as engine:
        counted = pipeline.results(pipeline.read(engine, folder))
        for name, table in counted.items():
            sql = PySparkCompiler().to_sqlglot(table.unbind()).sql("spark")
            parsed = sqlglot.parse_one(sql, read="spark")
            assert "UNIX_TIMESTAMP" in sql, name
            assert "EPOCH(" not in sql, name
            assert parsed.named_selects == list(table.columns)


def test_until_is_a_moment_wherever_the_clock_hangs() -> None:
    assert pipeline.seconds(pipeline.UNTIL) == pipeline.seconds(
        datetime(2025, 12, 31, 16, tzinfo=UTC)
    )
