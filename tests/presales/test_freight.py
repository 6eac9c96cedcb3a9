from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import FrozenInstanceError
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu import data
from kefu.presales.freight import (
    DIVISORS,
    MAX_PIECES,
    FreeShipping,
    Parcel,
    Service,
    Split,
    Tariff,
    buyer_pays,
    chargeable_weight,
    compare,
    provinces,
    read_tariffs,
    split,
    volumetric_weight,
    zone_of,
)

BOOK = Tariff(1, 10, 1, 4)
SERVICES = read_tariffs()
NEAR_TO_FAR = ["江浙沪", "近区", "中区", "远区", "偏远", "港澳台"]
ROW = {
    "carrier": "某快递",
    "method": "快递",
    "zone": "中区",
    "first_weight": "1",
    "first_fee": "10.00",
    "step_weight": "1",
    "step_fee": "4.00",
    "divisor": "6000",
    "max_weight": "30",
    "days": "3",
}
BAD_NUMBERS: list[tuple[Any, type[Exception]]] = [
    (float("nan"), ValueError),
    (float("inf"), ValueError),
    (-1, ValueError),
    ("两斤", ValueError),
    ("", ValueError),
    (True, TypeError),
    (None, TypeError),
    ([1], TypeError),
]
BAD_OR_ZERO = [*BAD_NUMBERS, (0, ValueError)]

grams = st.integers(1, 50_000)
fen = st.integers(0, 10_000).map(lambda n: Decimal(n) / 100)
sizes = st.integers(1, 120)
somewhere = st.sampled_from(provinces())
tariffs = st.builds(
    lambda first, first_fee, step, step_fee: Tariff(first / 1000, first_fee, step / 1000, step_fee),
    grams,
    fen,
    grams,
    fen,
)
light_or_heavy = st.one_of(st.integers(1, 2_500), st.integers(1, 40_000)).map(lambda n: n / 1000)
parcels = st.one_of(
    st.builds(Parcel, light_or_heavy),
    st.builds(Parcel, light_or_heavy, *[st.integers(1, 60)] * 3),
)


# Tariff


@pytest.mark.parametrize(
    ("weight", "fee"),
    [(0.01, 10), (0.5, 10), (1, 10), ("1.0", 10), (1.01, 14), (2, 14), (2.001, 18), (2.4, 18)],
)
def test_fee_charges_a_full_step_for_a_fraction(weight: float, fee: int) -> None:
    assert BOOK.fee(weight) == fee


def test_fee_has_two_decimals() -> None:
    assert str(BOOK.fee(2.4)) == "18.00"
    assert str(Tariff(1, "9.9", 1, 4).fee(1)) == "9.90"


def test_fee_counts_steps_of_half_a_kilogram() -> None:
    tariff = Tariff(1, 18, 0.5, 4)
    assert [tariff.fee(w) for w in (1, 1.5, 1.51, 2.4)] == [18, 22, 26, 30]


def test_fee_counts_steps_of_100_grams() -> None:
    tariff = Tariff(0.1, "2.40", 0.1, "0.70")
    assert [tariff.steps(w) for w in (0.1, 0.2, 0.25, 0.3, 1, 2)] == [0, 1, 2, 2, 9, 19]


def test_float_dust_does_not_tip_a_step() -> None:
    assert 0.1 + 0.2 > 0.3
    assert Tariff(0.1, 2, 0.1, 1).steps(0.1 + 0.2) == 2


def test_tariffs_of_equal_figures_are_equal_however_typed() -> None:
    assert Tariff(1, 10, 1, 4) == Tariff("1.0", "10.00", 1.0, Decimal(4))
    assert len({Tariff(1, 10, 1, 4), Tariff("1", "10", "1", "4")}) == 1


def test_tariff_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        BOOK.first_fee = Decimal(1)  # type: ignore[misc]


@pytest.mark.parametrize(("bad", "error"), BAD_OR_ZERO)
def test_fee_names_a_bad_weight(bad: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        BOOK.fee(bad)
    assert str(caught.value).startswith("weight: expected a number > 0, got " + repr(bad))


@pytest.mark.parametrize(("bad", "error"), BAD_OR_ZERO)
@pytest.mark.parametrize("argument", ["first_weight", "step_weight"])
def test_tariff_names_a_bad_weight(argument: str, bad: Any, error: type[Exception]) -> None:
    good: dict[str, Any] = {"first_weight": 1, "first_fee": 10, "step_weight": 1, "step_fee": 4}
    with pytest.raises(error, match=f"^{argument}: expected a number > 0, got "):
        Tariff(**{**good, argument: bad})


@pytest.mark.parametrize(("bad", "error"), BAD_NUMBERS)
@pytest.mark.parametrize("argument", ["first_fee", "step_fee"])
def test_tariff_names_a_bad_fee(argument: str, bad: Any, error: type[Exception]) -> None:
    good: dict[str, Any] = {"first_weight": 1, "first_fee": 10, "step_weight": 1, "step_fee": 4}
    with pytest.raises(error, match=f"^{argument}: expected a number >= 0, got "):
        Tariff(**{**good, argument: bad})


def test_tariff_rejects_a_fee_finer_than_a_fen() -> None:
    with pytest.raises(ValueError, match=r"^first_fee: expected yuan with at most two decimals"):
        Tariff(1, 10.005, 1, 4)


@given(tariffs, grams, grams)
def test_fee_never_falls_as_weight_rises(tariff: Tariff, one: int, other: int) -> None:
    light, heavy = sorted((one, other))
    assert tariff.fee(light / 1000) <= tariff.fee(heavy / 1000)


@given(grams, fen, grams, fen, grams)
def test_fee_equals_a_ceiling_in_whole_grams(
    first: int, first_fee: Decimal, step: int, step_fee: Decimal, weight: int
) -> None:
    steps = max(0, -((first - weight) // step))
    fee = Tariff(first / 1000, first_fee, step / 1000, step_fee).fee(weight / 1000)
    assert fee == first_fee + steps * step_fee


@given(st.integers(1, 10_000), st.integers(1, 10_000), st.integers(0, 300))
def test_float_weights_on_a_boundary_take_exactly_its_steps(first: int, step: int, k: int) -> None:
    first_kg, step_kg = first / 1000, step / 1000
    tariff = Tariff(first_kg, 10, step_kg, 4)
    assert tariff.steps(first_kg + k * step_kg) == k
    assert tariff.steps(first_kg + k * step_kg + 0.0001) == k + 1


# Volumetric and chargeable weight


@pytest.mark.parametrize(
    ("divisor", "kg"),
    [(6000, "5"), (5000, "6"), ("road", "2.5"), ("domestic", "3.75"), ("international", "6")],
)
def test_volumetric_weight_is_volume_over_divisor(divisor: int | str, kg: str) -> None:
    assert volumetric_weight(40, 30, 25, divisor) == Decimal(kg)


def test_named_divisors_are_the_published_ones() -> None:
    assert DIVISORS == {"express": 6000, "international": 5000, "domestic": 8000, "road": 12000}


def test_named_divisors_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        DIVISORS["express"] = 1  # type: ignore[index]


def test_chargeable_weight_takes_the_greater() -> None:
    assert chargeable_weight(2, 40, 30, 25) == 5
    assert chargeable_weight(8, 40, 30, 25) == 8


def test_chargeable_weight_defaults_to_the_express_divisor() -> None:
    assert chargeable_weight(1, 50, 40, 30) == chargeable_weight(1, 50, 40, 30, "express") == 10


@pytest.mark.parametrize(("bad", "error"), BAD_OR_ZERO)
@pytest.mark.parametrize("argument", ["actual", "length", "width", "height"])
def test_chargeable_weight_names_a_bad_argument(
    argument: str, bad: Any, error: type[Exception]
) -> None:
    good: dict[str, Any] = {"actual": 1, "length": 10, "width": 10, "height": 10}
    with pytest.raises(error, match=f"^{argument}: expected a number > 0, got "):
        chargeable_weight(**{**good, argument: bad})


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf"), "sea"])
def test_a_bad_divisor_lists_the_names(bad: Any) -> None:
    with pytest.raises(ValueError, match=r"^divisor: expected .* express, .* road, got ") as caught:
        chargeable_weight(1, 10, 10, 10, bad)
    assert repr(bad) in str(caught.value)


@pytest.mark.parametrize("bad", [True, None])
def test_a_divisor_that_is_no_number_is_a_type_error(bad: Any) -> None:
    with pytest.raises(TypeError, match=r"^divisor: "):
        chargeable_weight(1, 10, 10, 10, bad)


@given(grams, sizes, sizes, sizes, st.sampled_from([*DIVISORS, 4000, 7000]))
def test_chargeable_weight_is_never_below_actual_or_volumetric(
    weight: int, length: int, width: int, height: int, divisor: int | str
) -> None:
    charged = chargeable_weight(weight / 1000, length, width, height, divisor)
    volumetric = volumetric_weight(length, width, height, divisor)
    assert charged >= Decimal(weight) / 1000
    assert charged >= volumetric
    assert charged in (Decimal(weight) / 1000, volumetric)


# Parcel


def test_parcel_size_is_optional() -> None:
    assert Parcel(2.4).volume == 0
    assert Parcel(2.4, 40, 30, 25).volume == 30_000


@pytest.mark.parametrize("size", [(40,), (40, 30), (0, 30, 25), (40, 30, 0)])
def test_parcel_wants_all_of_the_size_or_none(size: tuple[int, ...]) -> None:
    with pytest.raises(
        ValueError, match=r"^length, width, height: expected all three or none, got"
    ):
        Parcel(1, *size)


@pytest.mark.parametrize(("bad", "error"), BAD_OR_ZERO)
def test_parcel_names_a_bad_weight(bad: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"^weight: expected a number > 0, got "):
        Parcel(bad)


@pytest.mark.parametrize(("bad", "error"), BAD_NUMBERS)
def test_parcel_names_a_bad_height(bad: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"^height: expected a number >= 0, got "):
        Parcel(1, 10, 10, bad)


# Free shipping


def test_free_shipping_without_conditions_always_applies() -> None:
    assert FreeShipping().applies(0, 0)
    assert FreeShipping().applies(1, 1, "西藏")


@pytest.mark.parametrize(("amount", "free"), [("87.99", False), (88, True), (88.01, True)])
def test_free_shipping_from_88_yuan(amount: float, free: bool) -> None:
    assert FreeShipping(min_amount=88).applies(amount, 1) is free


@pytest.mark.parametrize(("items", "free"), [(1, False), (2, True), (3, True)])
def test_free_shipping_from_two_items(items: int, free: bool) -> None:
    assert FreeShipping(min_items=2).applies(5, items) is free


@pytest.mark.parametrize(
    ("amount", "items", "free"), [(88, 2, True), (88, 1, False), (87, 2, False), (87, 1, False)]
)
def test_free_shipping_needs_every_condition(amount: int, items: int, free: bool) -> None:
    assert FreeShipping(min_amount=88, min_items=2).applies(amount, items) is free


def test_free_shipping_leaves_out_excluded_provinces() -> None:
    rule = FreeShipping(excluded={"新疆", "西藏"})
    assert not rule.applies(500, 5, "新疆")
    assert rule.applies(500, 5, "浙江")


def test_free_shipping_without_a_province_means_not_an_excluded_one() -> None:
    assert FreeShipping(excluded={"新疆"}).applies(500, 5)


@pytest.mark.parametrize("excluded", [{"火星"}, ["浙江", "新疆省"], "新疆"])
def test_free_shipping_rejects_an_unknown_excluded_province(excluded: Any) -> None:
    with pytest.raises(ValueError, match=r"^excluded: expected one of 北京, "):
        FreeShipping(excluded=excluded)


def test_free_shipping_rejects_an_unknown_province() -> None:
    with pytest.raises(ValueError, match=r"^province: expected one of 北京, .* got '火星'"):
        FreeShipping().applies(88, 1, "火星")


@pytest.mark.parametrize(("bad", "error"), [b for b in BAD_NUMBERS if b[0] is not None])
def test_free_shipping_names_a_bad_amount(bad: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"^min_amount: "):
        FreeShipping(min_amount=bad)
    with pytest.raises(error, match=r"^amount: "):
        FreeShipping().applies(bad, 1)


@pytest.mark.parametrize(("bad", "error"), [(0, ValueError), (1.5, TypeError), (True, TypeError)])
def test_free_shipping_names_a_bad_number_of_items(bad: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"^min_items: expected a whole number >= 1, got "):
        FreeShipping(min_items=bad)


def test_buyer_pays_nothing_where_free_shipping_applies() -> None:
    assert str(buyer_pays(18, FreeShipping(min_amount=88), 88, 1)) == "0.00"


def test_buyer_pays_the_fee_where_it_does_not() -> None:
    assert str(buyer_pays(18, FreeShipping(min_amount=88), 87, 1)) == "18.00"
    assert buyer_pays(18, FreeShipping(excluded={"新疆"}), 200, 1, "新疆") == 18


def test_buyer_pays_the_fee_without_a_rule() -> None:
    assert buyer_pays("18.5", None, 1000, 10) == Decimal("18.50")


def test_buyer_pays_rejects_a_negative_fee_even_when_shipping_is_free() -> None:
    with pytest.raises(ValueError, match=r"^fee: "):
        buyer_pays(-1, FreeShipping(), 88, 1)


# Zones and tariffs: the data


def test_there_are_34_provinces_each_with_a_zone() -> None:
    rows = data.rows("zones")
    assert len(rows) == len(provinces()) == len(set(provinces())) == 34
    assert {zone_of(province) for province in provinces()} == set(NEAR_TO_FAR)


@pytest.mark.parametrize(
    ("province", "zone"),
    [("浙江", "江浙沪"), ("安徽", "近区"), ("广东", "中区"), ("四川", "远区"), ("台湾", "港澳台")],
)
def test_zone_of_a_province_as_seen_from_the_warehouse(province: str, zone: str) -> None:
    assert zone_of(province) == zone


@pytest.mark.parametrize("bad", ["火星", "浙江省", "", None, 3, ["浙江"]])
def test_zone_of_an_unknown_province_lists_the_names(bad: Any) -> None:
    with pytest.raises(
        ValueError, match=r"^province: expected one of 北京, .*, 澳门, got "
    ) as caught:
        zone_of(bad)
    assert repr(bad) in str(caught.value)


def by_carrier() -> Iterator[tuple[str, list[Service]]]:
    for carrier, group in groupby(SERVICES, key=lambda s: s.carrier):
        yield carrier, sorted(group, key=lambda s: NEAR_TO_FAR.index(s.zone))


def test_each_carrier_and_zone_has_one_tariff() -> None:
    keys = [(row["carrier"], row["zone"]) for row in data.rows("tariffs")]
    assert len(keys) == len(set(keys)) == len(SERVICES)


def test_fees_and_days_rise_with_distance_for_each_carrier() -> None:
    for carrier, services in by_carrier():
        for near, far in pairwise(services):
            assert near.tariff.first_fee < far.tariff.first_fee, carrier
            assert near.tariff.step_fee < far.tariff.step_fee, carrier
            assert near.days <= far.days, carrier


def test_the_four_carriers_have_their_method_divisor_and_limit() -> None:
    assert {(s.carrier, s.method, int(s.divisor), int(s.max_weight)) for s in SERVICES} == {
        ("青鸟快递", "快递", 6000, 30),
        ("极光速运", "快递", 5000, 30),
        ("绿邮小包", "平邮", 8000, 2),
        ("远帆物流", "物流", 12000, 200),
    }


def test_fast_carrier_is_dearer_and_faster_in_every_zone() -> None:
    plain = {s.zone: s for s in SERVICES if s.carrier == "青鸟快递"}
    for fast in (s for s in SERVICES if s.carrier == "极光速运" and s.zone in plain):
        for weight in (0.5, 1, 2.4, 10, 30):
            assert fast.tariff.fee(weight) > plain[fast.zone].tariff.fee(weight)
        assert fast.days < plain[fast.zone].days


def test_money_in_the_table_has_two_decimals() -> None:
    for row in data.rows("tariffs"):
        for column in ("first_fee", "step_fee"):
            assert Decimal(row[column]).as_tuple().exponent == -2


@pytest.mark.parametrize("name", ["zones", "tariffs"])
def test_tables_are_utf8_with_unix_line_ends(name: str) -> None:
    content = data.path(name).read_bytes()
    assert b"\r" not in content
    assert content.endswith(b"\n")
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8")


def test_book_example_is_in_the_table() -> None:
    (service,) = (s for s in SERVICES if (s.carrier, s.zone) == ("青鸟快递", "中区"))
    assert service.tariff == BOOK


def test_read_tariffs_takes_a_readers_own_rows() -> None:
    (service,) = read_tariffs([ROW])
    assert service == Service("某快递", "快递", "中区", BOOK, 6000, 30, 3)


def test_read_tariffs_takes_numbers_and_named_divisors() -> None:
    numbers = {"first_weight": 1, "first_fee": 10.0, "step_fee": 4, "max_weight": 30.0, "days": 3}
    assert read_tariffs([{**ROW, **numbers, "divisor": "express"}]) == read_tariffs([ROW])


@pytest.mark.parametrize(
    ("column", "bad"),
    [
        ("carrier", " "),
        ("carrier", None),
        ("method", "飞鸽"),
        ("zone", "月球"),
        ("first_weight", "0"),
        ("first_weight", "NaN"),
        ("first_fee", "十元"),
        ("first_fee", "-1"),
        ("step_weight", "0"),
        ("step_fee", ""),
        ("step_fee", "0.005"),
        ("divisor", "0"),
        ("max_weight", "inf"),
        ("max_weight", None),
        ("days", "2.5"),
        ("days", "三"),
        ("days", None),
        ("days", -1),
    ],
)
def test_read_tariffs_names_the_line_and_column_of_a_bad_value(column: str, bad: Any) -> None:
    with pytest.raises(ValueError, match=f"^line 3: {column}: expected .*, got ") as caught:
        read_tariffs([ROW, {**ROW, "zone": "远区", column: bad}])
    assert repr(bad) in str(caught.value)


@pytest.mark.parametrize("column", list(ROW))
def test_read_tariffs_names_a_missing_column(column: str) -> None:
    row = {name: value for name, value in ROW.items() if name != column}
    with pytest.raises(ValueError, match=f"^line 2: column: expected '{column}', got "):
        read_tariffs([row])


def test_read_tariffs_rejects_a_row_that_comes_twice() -> None:
    with pytest.raises(ValueError, match=r"^line 3: row: expected one per carrier and zone, got "):
        read_tariffs([ROW, {**ROW, "first_fee": "12.00"}])


# Comparing carriers


def names(weight: Parcel | float, province: str) -> list[str]:
    return [rate.service.carrier for rate in compare(weight, province)]


def test_compare_puts_the_cheapest_first() -> None:
    rates = compare(2.4, "广东")
    assert [(r.service.carrier, str(r.fee)) for r in rates] == [
        ("青鸟快递", "18.00"),
        ("极光速运", "30.00"),
        ("远帆物流", "32.00"),
    ]


def test_compare_leaves_out_carriers_over_their_limit() -> None:
    assert "绿邮小包" in names(2, "广东")
    assert "绿邮小包" not in names(2.001, "广东")
    assert names(31, "广东") == ["远帆物流"]
    assert names(200.1, "广东") == []


def test_compare_leaves_out_carriers_that_do_not_serve_the_zone() -> None:
    assert sorted(names(1, "香港")) == ["极光速运", "绿邮小包"]


def test_compare_holds_the_limit_against_the_chargeable_weight() -> None:
    bulky = Parcel(1.5, 50, 40, 30)
    assert "绿邮小包" not in names(bulky, "广东")
    assert "绿邮小包" in names(1.5, "广东")


def test_compare_charges_a_bulky_parcel_by_each_carriers_divisor() -> None:
    rates = compare(Parcel(3, 40, 30, 25), "广东")
    assert {r.service.carrier: (r.volumetric, r.chargeable) for r in rates} == {
        "青鸟快递": (5, 5), "极光速运": (6, 6), "远帆物流": (Decimal("2.5"), 3)
    }  # fmt: skip
    assert {r.volumetric for r in compare(3, "广东")} == {0}


def test_compare_breaks_ties_by_days() -> None:
    slow, fast = read_tariffs([ROW, {**ROW, "carrier": "顺路快递", "days": "1"}])
    assert [r.service for r in compare(1, "广东", [slow, fast])] == [fast, slow]


def test_compare_with_no_services_is_empty() -> None:
    assert compare(1, "广东", []) == ()


def test_compare_rejects_an_unknown_province() -> None:
    with pytest.raises(ValueError, match=r"^province: "):
        compare(1, "火星")


@given(parcels, somewhere)
def test_compare_is_sorted_and_true_to_each_tariff(parcel: Parcel, province: str) -> None:
    rates = compare(parcel, province, SERVICES)
    assert list(rates) == sorted(rates, key=lambda r: (r.fee, r.service.days))
    for rate in rates:
        assert rate.service.zone == zone_of(province)
        size = (parcel.length, parcel.width, parcel.height, rate.service.divisor)
        assert rate.volumetric == (volumetric_weight(*size) if parcel.volume else 0)
        assert rate.chargeable == max(parcel.weight, rate.volumetric)
        assert rate.chargeable <= rate.service.max_weight
        assert rate.fee == rate.service.tariff.fee(rate.chargeable)


# Splitting an order


def set_partitions(items: Sequence[int]) -> Iterator[list[list[int]]]:
    """Every way to put the items into parcels, by putting the first into each."""
    if not items:
        yield []
        return
    first, *others = items
    for partition in set_partitions(others):
        yield [[first], *partition]
        for i, part in enumerate(partition):
            yield [*partition[:i], [first, *part], *partition[i + 1 :]]


def cheapest_fee(pieces: Sequence[Parcel], province: str) -> Decimal | None:
    """The fee of the pieces in one parcel, from weights and volumes alone."""
    weight, volume = sum(p.weight for p in pieces), sum(p.volume for p in pieces)
    fees = []
    for service in SERVICES:
        charged = max(weight, (volume / service.divisor).quantize(Decimal("0.000001")))
        if service.zone == zone_of(province) and charged <= service.max_weight:
            fees.append(service.tariff.fee(charged))
    return min(fees, default=None)


def brute_force(pieces: Sequence[Parcel], province: str) -> tuple[Decimal, int] | None:
    """The least fee, then the fewest parcels, over all set partitions."""
    found = []
    for partition in set_partitions(range(len(pieces))):
        fees = [cheapest_fee([pieces[i] for i in part], province) for part in partition]
        if None not in fees:
            found.append((sum((f for f in fees if f is not None), Decimal(0)), len(partition)))
    return min(found, default=None)


def test_set_partitions_counts_the_bell_numbers() -> None:
    counts = [sum(1 for _ in set_partitions(range(n))) for n in range(6)]
    assert counts == [1, 1, 2, 5, 15, 52]


def parts(result: Split) -> list[tuple[tuple[int, ...], str]]:
    return [(indices, rate.service.carrier) for indices, rate in result.parcels]


def test_split_sends_a_light_piece_apart_where_that_is_cheaper() -> None:
    result = split([3, 0.2], "广东")
    assert parts(result) == [((0,), "青鸟快递"), ((1,), "绿邮小包")]
    assert str(result.fee) == "21.10"


def test_split_keeps_together_what_is_cheaper_together() -> None:
    result = split([0.6, 1.2, 0.6], "广东")
    assert parts(result) == [((0, 1, 2), "青鸟快递")]
    assert result.fee == 18


def test_split_prefers_fewer_parcels_at_the_same_fee() -> None:
    (flat,) = read_tariffs([{**ROW, "first_fee": "4.00"}])
    assert parts(split([1, 1, 1], "广东", [flat])) == [((0, 1, 2), "某快递")]


def test_split_must_part_what_no_carrier_takes_in_one() -> None:
    assert compare(220, "广东") == ()
    assert len(split([110, 110], "广东").parcels) == 2


def test_split_adds_volumes() -> None:
    cushions = [Parcel(0.5, 40, 30, 15)] * 2
    ((indices, rate),) = split(cushions, "广东").parcels
    assert indices == (0, 1)
    assert rate.chargeable == 2 * volumetric_weight(40, 30, 15, rate.service.divisor)


def test_split_takes_the_most_pieces_it_promises() -> None:
    result = split([0.4] * MAX_PIECES, "四川")
    assert sorted(i for indices, _ in result.parcels for i in indices) == list(range(MAX_PIECES))


@pytest.mark.parametrize("pieces", [0, MAX_PIECES + 1])
def test_split_rejects_no_pieces_or_too_many(pieces: int) -> None:
    with pytest.raises(ValueError, match=f"^items: expected 1 to 12 pieces, got {pieces}"):
        split([1] * pieces, "广东")


def test_split_names_a_piece_that_no_carrier_takes() -> None:
    with pytest.raises(
        ValueError, match=r"^items\[1\]: expected a piece some carrier takes to 香港"
    ):
        split([1, 31], "香港")


@settings(max_examples=60, deadline=None)
@given(st.lists(parcels, min_size=1, max_size=5), somewhere)
def test_split_equals_brute_force_over_all_partitions(pieces: list[Parcel], province: str) -> None:
    best = brute_force(pieces, province)
    if best is None:
        with pytest.raises(ValueError, match=r"^items\["):
            split(pieces, province, SERVICES)
        return
    result = split(pieces, province, SERVICES)
    assert (result.fee, len(result.parcels)) == best


@settings(max_examples=60, deadline=None)
@given(st.lists(light_or_heavy, min_size=1, max_size=6), st.sampled_from(["浙江", "广东", "新疆"]))
def test_split_sends_every_piece_once_for_at_most_one_parcels_fee(
    weights: list[float], province: str
) -> None:
    result = split(weights, province, SERVICES)
    sent = sorted(i for indices, _ in result.parcels for i in indices)
    assert sent == list(range(len(weights)))
    assert result.fee == sum(rate.fee for _, rate in result.parcels)
    for rate in compare(Parcel(sum(Parcel(w).weight for w in weights)), province, SERVICES):
        assert result.fee <= rate.fee
