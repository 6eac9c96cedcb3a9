"""Make the tables of our invented shop 暖巷生活馆 from a seed: ``python -m datasets.generate``.

Everything here is invented: products, prices, orders, carriers and their bills. The same seed
gives the same bytes on every supported Python. Planted on purpose, for chapter 02 to find:

- baskets bunch just above the free-shipping threshold of 88 yuan (customers top up);
- the warehouse rests on Sundays, so orders paid on Saturday evening miss the 24-hour promise;
- 双11 brings a backlog from 11 to 14 November;
- the carrier billed 18 parcels one step too many.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from kefu.presales.freight import FreeShipping, Parcel, buyer_pays, compare, zone_of
from kefu.presales.promises import SHANGHAI

FOLDER = Path(__file__).parent
SEED = 88
ORDERS = 1600
MISBILLED = 18
FIRST, LAST = date(2025, 10, 1), date(2025, 11, 30)
RULE = FreeShipping(min_amount=88, excluded=frozenset(("新疆", "西藏", "香港", "澳门", "台湾")))

# sku, title, price and cost (yuan), weight (kg), length, width, height (cm)
PRODUCTS = [
    ("NX01", "纯棉圆领短袖", "59.00", "26.00", "0.25", 28, 22, 3),
    ("NX02", "中筒袜三双装", "19.90", "7.50", "0.12", 20, 12, 4),
    ("NX03", "加厚毛巾", "16.80", "6.20", "0.15", 25, 15, 4),
    ("NX04", "绒面抱枕套", "25.00", "9.00", "0.20", 25, 20, 3),
    ("NX05", "水洗棉四件套", "199.00", "98.00", "2.30", 40, 32, 14),
    ("NX06", "羊毛围巾", "129.00", "58.00", "0.30", 30, 22, 6),
    ("NX07", "宽松针织开衫", "169.00", "76.00", "0.55", 35, 28, 7),
    ("NX08", "直筒牛仔裤", "149.00", "66.00", "0.70", 35, 28, 5),
    ("NX09", "碎花连衣裙", "189.00", "84.00", "0.40", 32, 26, 5),
    ("NX10", "防滑家居拖鞋", "29.90", "12.00", "0.35", 30, 20, 10),
    ("NX11", "不锈钢保温杯", "69.00", "30.00", "0.40", 26, 9, 9),
    ("NX12", "布艺收纳箱", "49.00", "21.00", "1.10", 50, 40, 12),
    ("NX13", "羽丝绒枕芯", "89.00", "38.00", "0.95", 45, 35, 20),
    ("NX14", "珊瑚绒毯", "99.00", "45.00", "1.20", 38, 30, 12),
    ("NX15", "防滑衣架十只装", "15.80", "6.00", "0.45", 42, 22, 6),
    ("NX16", "香薰蜡烛", "39.00", "14.00", "0.38", 12, 12, 12),
    ("NX17", "门厅吸水地垫", "45.00", "19.00", "0.80", 40, 12, 12),
    ("NX18", "帆布手提包", "55.00", "22.00", "0.32", 38, 34, 4),
    ("NX19", "儿童连帽卫衣", "79.00", "35.00", "0.38", 30, 24, 5),
    ("NX20", "高弹打底裤", "49.00", "19.00", "0.22", 26, 18, 4),
    ("NX21", "轻暖羽绒服", "399.00", "205.00", "0.80", 42, 34, 12),
    ("NX22", "免烫衬衫", "119.00", "52.00", "0.28", 32, 24, 4),
    ("NX23", "手绘马克杯", "32.00", "12.50", "0.42", 13, 11, 11),
    ("NX24", "棉麻桌布", "58.00", "24.00", "0.50", 30, 24, 5),
]
# how often each product is put into a basket first, and which ones top a basket up
POPULAR = [9, 7, 6, 4, 3, 4, 5, 5, 6, 5, 5, 2, 3, 3, 4, 3, 2, 3, 5, 6, 2, 4, 3, 2]
ADD_ONS = ("NX15", "NX03", "NX02", "NX04", "NX10")
PROVINCES = {
    "浙江": 15, "江苏": 13, "上海": 10, "广东": 12, "山东": 7, "安徽": 6, "河南": 6, "湖北": 5, "福建": 5,
    "四川": 5, "北京": 5, "江西": 4, "湖南": 4, "河北": 4, "辽宁": 3, "陕西": 3, "重庆": 3, "天津": 2,
    "广西": 2, "云南": 2, "贵州": 2, "黑龙江": 2, "吉林": 1, "山西": 2, "内蒙古": 1, "甘肃": 1, "海南": 1,
    "宁夏": 1, "青海": 1, "新疆": 2, "西藏": 1, "香港": 1,
}  # fmt: skip
PAYMENTS = {
    "支付宝余额": 30,
    "花呗": 26,
    "余额宝": 16,
    "快捷支付": 18,
    "网银": 3,
    "朋友代付": 4,
    "货到付款": 3,
}
HOURS = [2, 1, 1, 1, 1, 1, 2, 3, 5, 7, 9, 8, 8, 8, 7, 7, 7, 7, 8, 10, 13, 14, 11, 6]


def paid_times(rng: random.Random, orders: int) -> list[datetime]:
    """Return sorted times of payment: evenings are busy, 双11 is twelve ordinary days in one."""
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    weights = [12 if d == date(2025, 11, 11) else 3 if d == date(2025, 11, 1) else 1 for d in days]
    chosen = rng.choices(days, weights, k=orders)
    hours = rng.choices(range(24), HOURS, k=orders)
    clock = [time(hour, int(rng.random() * 60), int(rng.random() * 60)) for hour in hours]
    return sorted(datetime.combine(d, t, SHANGHAI) for d, t in zip(chosen, clock, strict=True))


def working(moment: datetime) -> datetime:
    """Return the next moment at which the warehouse works: 9 to 18 o'clock, not on Sundays."""
    while moment.weekday() == 6 or moment.hour >= 18:
        moment = datetime.combine(moment.date() + timedelta(days=1), time(9), SHANGHAI)
    return max(moment, datetime.combine(moment.date(), time(9), SHANGHAI))


def total(column: int, products: Sequence[int]) -> Decimal:
    """Return the sum of one column of PRODUCTS (2 price, 3 cost) over a basket."""
    return sum((Decimal(str(PRODUCTS[n][column])) for n in products), Decimal("0.00"))


def wishes(rng: random.Random) -> list[int]:
    """Return the products that one customer came for."""
    pieces = rng.choices((1, 2, 3, 4), (52, 28, 14, 6))[0]
    return rng.choices(range(len(PRODUCTS)), POPULAR, k=pieces)


def basket(rng: random.Random) -> list[int]:
    """Return the products of one basket, topped up by many whose gap to free shipping is small."""
    chosen = wishes(rng)
    gap = 88 - total(2, chosen)
    if 0 < gap <= 30 and rng.random() < 0.62:
        enough = [n for n, p in enumerate(PRODUCTS) if p[0] in ADD_ONS and Decimal(p[2]) >= gap]
        chosen += [rng.choice(enough)] if enough else []
    return chosen


def parcel(products: Sequence[int]) -> Parcel:
    """Return the parcel of a basket: pieces stacked in one box, 0.1 kg of packing."""
    rows = [PRODUCTS[n] for n in products]
    weight = sum((Decimal(r[4]) for r in rows), Decimal("0.10"))
    return Parcel(weight, max(r[5] for r in rows), max(r[6] for r in rows), sum(r[7] for r in rows))


def shipping(
    rng: random.Random, paid: datetime, kind: str
) -> tuple[datetime, datetime, date | None]:
    """Return when the tracking number was uploaded, when shipped, and the agreed day of a presale."""
    agreed = max(date(2025, 11, 18), paid.date() + timedelta(days=7)) if kind == "预售" else None
    start = datetime.combine(agreed - timedelta(days=1), time(9), SHANGHAI) if agreed else paid
    backlog = date(2025, 11, 11) <= start.date() <= date(2025, 11, 14)
    lead = rng.triangular(0.5, 9, 2.5) + (rng.triangular(4, 40, 16) if backlog else 0)
    uploaded = working(working(start) + timedelta(hours=lead))
    shipped = uploaded + timedelta(hours=rng.triangular(1, 20, 6))
    return uploaded.replace(microsecond=0), shipped.replace(microsecond=0), agreed


def orders(seed: int, number: int) -> Iterable[dict[str, object]]:
    """Yield the orders in the order of their payment."""
    rng = random.Random(seed)
    times = paid_times(rng, number)
    misbilled = set(rng.sample(range(number), MISBILLED * number // ORDERS))
    for place, paid in enumerate(times):
        products = basket(rng)
        amount = total(2, products)
        province = rng.choices(list(PROVINCES), list(PROVINCES.values()))[0]
        box = parcel(products)
        offers = compare(box, province)
        wanted = rng.choices(("青鸟快递", "极光速运", "绿邮小包"), (74, 16, 10))[0]
        offer = next((o for o in offers if o.service.carrier == wanted), offers[0])
        billed = offer.fee
        if place in misbilled:
            billed += offer.service.tariff.step_fee
        before = date(2025, 10, 25) <= paid.date() <= date(2025, 11, 10)
        kind = "预售" if before and rng.random() < 0.12 else "现货"
        uploaded, shipped, agreed = shipping(rng, paid, kind)
        yield {
            "order_id": f"NX{paid:%Y%m%d}{place + 1:05d}",
            "paid_at": paid.isoformat(),
            "payment": rng.choices(list(PAYMENTS), list(PAYMENTS.values()))[0],
            "province": province,
            "zone": zone_of(province),
            "kind": kind,
            "agreed_date": agreed or "",
            "pieces": len(products),
            "goods_amount": amount,
            "goods_cost": total(3, products),
            "weight_kg": box.weight,
            "length_cm": box.length,
            "width_cm": box.width,
            "height_cm": box.height,
            "carrier": offer.service.carrier,
            "buyer_freight": buyer_pays(offer.fee, RULE, amount, len(products), province),
            "billed_freight": billed,
            "uploaded_at": uploaded.isoformat(),
            "shipped_at": shipped.isoformat(),
        }


def baskets(seed: int, number: int = 300) -> Iterable[dict[str, object]]:
    """Yield baskets of the week before the shop had a free-shipping threshold."""
    rng = random.Random(f"baskets {seed}")
    for place in range(number):
        yield {"basket_id": f"B{place + 1:04d}", "goods_amount": total(2, wishes(rng))}


def write(name: str, rows: Iterable[dict[str, object]], folder: Path) -> None:
    """Write one table as UTF-8 CSV with LF line ends."""
    table = list(rows)
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    print(f"kefu: {name}.csv: {len(table)} rows")


def main() -> None:
    """Write products.csv, baskets.csv and orders.csv."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=SEED, help="another seed makes another class's shop"
    )
    parser.add_argument("--orders", type=int, default=ORDERS, help="number of orders")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    names = ("sku", "title", "price", "cost", "weight_kg", "length_cm", "width_cm", "height_cm")
    write("products", (dict(zip(names, p, strict=True)) for p in PRODUCTS), options.folder)
    write("baskets", baskets(options.seed), options.folder)
    write("orders", orders(options.seed, options.orders), options.folder)


if __name__ == "__main__":
    main()
