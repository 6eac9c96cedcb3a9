from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kefu.presales.promotions import (
    MAX_OFFERS,
    Cart,
    FullReduction,
    Gift,
    Item,
    Layer,
    NthDiscount,
    Offer,
    PlatformCoupon,
    Quote,
    ShopCoupon,
    allocate,
    best_price,
    checkout,
    price,
)

COAT, SCARF, SOCKS = Item("coat", 320), Item("scarf", 80), Item("socks", "9.90", 3)


def only(*skus: str) -> frozenset[str]:
    return frozenset(skus)


def names(quote: Quote) -> list[str]:
    return [step.offer.name for step in quote.steps]


# ---------------------------------------------------------------- items and carts


def test_cart_sums_its_amount_and_its_pieces() -> None:
    cart = Cart((COAT, SOCKS))
    assert (cart.amount, cart.pieces) == (Decimal("349.70"), 4)


def test_item_keeps_one_exact_price_for_number_and_text() -> None:
    assert Item("a", 9.9) == Item("a", "9.90") == Item("a", Decimal("9.9"))


def test_cart_takes_any_sequence_of_items() -> None:
    assert Cart([COAT]) == Cart((COAT,))


@pytest.mark.parametrize(
    ("sku", "cost", "quantity", "argument"),
    [
        ("", 1, 1, "sku"),
        ("a", -1, 1, "price"),
        ("a", "1.005", 1, "price"),
        ("a", "nan", 1, "price"),
        ("a", 1, 0, "quantity"),
    ],
)
def test_item_names_the_bad_argument(sku: str, cost: Any, quantity: int, argument: str) -> None:
    with pytest.raises(ValueError, match=f"^{argument}: expected"):
        Item(sku, cost, quantity)


def test_item_rejects_half_a_piece() -> None:
    with pytest.raises(TypeError, match="quantity"):
        Item("a", 1, 1.5)


@pytest.mark.parametrize("items", [(), (COAT, Item("coat", 1))])
def test_cart_rejects_no_items_and_a_sku_twice(items: tuple[Item, ...]) -> None:
    with pytest.raises(ValueError, match="items: expected different SKUs"):
        Cart(items)


def test_records_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        COAT.price = 1


# ---------------------------------------------------------------- allocation


def test_allocation_gives_the_odd_fen_to_the_largest_remainder() -> None:
    # 10.00 over 10 : 20 : 41 = 1.408.., 2.816.., 5.774..: two fen left, for .901 and .746
    shares = allocate(Decimal(10), [Decimal(10), Decimal(20), Decimal(41)])
    assert shares == (Decimal("1.41"), Decimal("2.82"), Decimal("5.77"))


def test_allocation_breaks_ties_for_the_earlier_line() -> None:
    assert allocate(Decimal("0.01"), [Decimal(5), Decimal(5)]) == (Decimal("0.01"), Decimal(0))


def test_allocation_of_nothing_over_nothing_is_nothing() -> None:
    assert allocate(Decimal(0), [Decimal(0), Decimal(0)]) == (0, 0)
    assert allocate(Decimal(0), []) == ()


@pytest.mark.parametrize(
    ("discount", "weights"),
    [("10.01", ["10"]), ("0.01", []), ("-1", ["10"]), ("1", ["-1", "10"]), ("1", ["1.005"])],
)
def test_allocation_rejects_too_much_negatives_and_parts_of_a_fen(
    discount: str, weights: list[str]
) -> None:
    with pytest.raises(ValueError, match=r"^(discount|weights): expected"):
        allocate(Decimal(discount), [Decimal(weight) for weight in weights])


# ---------------------------------------------------------------- each offer by hand


@pytest.mark.parametrize(("pieces", "pay"), [(2, 15), (3, 25), (4, 30), (5, 40)])
def test_second_piece_at_half_price_counts_full_pairs(pieces: int, pay: int) -> None:
    assert price(Cart((Item("a", 10, pieces),)), [NthDiscount("第2件5折")]).pay == pay


def test_nth_discount_reduces_the_cheapest_piece_of_each_group_dear_to_cheap() -> None:
    # 60 50 50 | 30 20 (no full group): the third piece, at 50, is free
    cart = Cart((Item("d", 20), Item("c", 30), Item("a", 60), Item("b", 50, 2)))
    quote = price(cart, [NthDiscount("买2送1", 3, 0)])
    assert [line.discount for line in quote.lines] == [0, 0, 0, 50]
    # in pairs: 60 50 | 50 30 | 20: the first 50 and the 30
    quote = price(cart, [NthDiscount("第2件半价")])
    assert [line.discount for line in quote.lines] == [0, 15, 0, 25]


def test_nth_discount_rounds_the_reduced_price_half_up_to_the_fen() -> None:
    quote = price(Cart((Item("a", "9.97"),)), [NthDiscount("限时5折", 1)])
    assert (quote.pay, quote.saved) == (Decimal("4.99"), Decimal("4.98"))


def test_nth_discount_copes_with_a_million_pieces() -> None:
    assert price(Cart((Item("a", 1, 10**6),)), [NthDiscount("第2件半价")]).pay == 750_000


@pytest.mark.parametrize(("amount", "off"), [(300, 50), (599, 50), (600, 100), (1000, 150)])
def test_repeated_reduction_counts_full_thresholds(amount: int, off: int) -> None:
    reduction = FullReduction("每满300减50", 300, 50, repeat=True)
    assert price(Cart((Item("a", amount),)), [reduction]).saved == max(off, 50)
    once = FullReduction("满300减50", 300, 50)
    assert price(Cart((Item("a", amount),)), [once]).saved == 50


def test_repeated_reduction_stops_at_its_cap() -> None:
    capped = FullReduction("每满300减50,最多120", 300, 50, repeat=True, cap=120)
    assert price(Cart((Item("a", 1000),)), [capped]).saved == 120


def test_reduction_is_split_over_its_scope_alone() -> None:
    cart = Cart((COAT, SCARF, Item("hat", 100)))
    quote = price(cart, [FullReduction("满400减50", 400, 50, scope=only("coat", "scarf"))])
    assert [line.discount for line in quote.lines] == [40, 10, 0]
    assert [line.pay for line in quote.lines] == [280, 70, 100]
    assert (quote.steps[0].base, quote.steps[0].off, quote.steps[0].left) == (400, 50, 450)


def test_coupon_takes_no_more_than_is_left_in_its_scope() -> None:
    quote = price(
        Cart((COAT, Item("pin", 3))), [ShopCoupon("无门槛5元券", 0, 5, scope=only("pin"))]
    )
    assert (quote.pay, quote.saved) == (320, 3)


def test_layers_apply_in_order_and_each_threshold_sees_what_is_left() -> None:
    # 2 coats 640 - 160 (second at half) = 480 - 50 (满400) = 430 - 30 = 400 - 2 x 40 = 320
    offers = [
        Gift("满320送袜子", 320, "袜子", "9.9"),
        PlatformCoupon("每满200减40", 200, 40, repeat=True),
        ShopCoupon("店铺券满430减30", 430, 30),
        FullReduction("满400减50", 400, 50),
        NthDiscount("第2件半价"),
    ]
    quote = price(Cart((Item("coat", 320, 2),)), offers)
    assert [step.offer.layer for step in quote.steps] == list(Layer)
    assert [step.base for step in quote.steps] == [640, 480, 430, 400, 320]
    assert [step.off for step in quote.steps] == [160, 50, 30, 80, 0]
    assert [step.left for step in quote.steps] == [480, 430, 400, 320, 320]
    assert (quote.list_amount, quote.pay, quote.saved) == (640, 320, 320)
    assert [gift.gift for gift in quote.gifts] == ["袜子"]


def test_gift_is_judged_on_what_is_paid_in_the_end() -> None:
    cart, gift = Cart((COAT,)), Gift("满300送帽子", 300, "帽子", 39)
    assert price(cart, [gift]).gifts == (gift,)
    with pytest.raises(ValueError, match="满300送帽子"):
        price(cart, [gift, ShopCoupon("减30", 0, 30)])


def test_no_offer_leaves_the_list_price() -> None:
    quote = price(Cart((COAT,)), [])
    assert (quote.pay, quote.saved, quote.steps, quote.gifts) == (320, 0, (), ())


# ---------------------------------------------------------------- broken rules


def test_price_refuses_two_offers_of_one_layer() -> None:
    with pytest.raises(ValueError, match=r"one offer in the layer SHOP_COUPON.*券一.*店铺券层"):
        price(Cart((COAT,)), [ShopCoupon("券一", 0, 1), ShopCoupon("券二", 0, 2)])


def test_price_refuses_item_offers_that_share_a_sku_of_the_cart() -> None:
    one = NthDiscount("甲", 1, scope=only("coat", "hat"))
    other = NthDiscount("乙", 1, "0.8", scope=only("scarf", "hat"))
    assert price(Cart((COAT, SCARF)), [one, other]).pay == 160 + 64
    with pytest.raises(ValueError, match="layer ITEM"):
        price(Cart((COAT, SCARF, Item("hat", 10))), [one, other])


@pytest.mark.parametrize(
    "offer",
    [
        NthDiscount("第2件半价"),
        FullReduction("满321减1", 321, 1),
        ShopCoupon("满321减1", "320.01", 1),
        PlatformCoupon("满321减1", 321, 1),
        Gift("满321送帽子", 321, "帽子", 1),
        ShopCoupon("帽子券", 0, 1, scope=only("hat")),
        NthDiscount("帽子折", 1, scope=only("hat")),
    ],
)
def test_price_refuses_and_best_price_leaves_out_an_unmet_offer(offer: Offer) -> None:
    with pytest.raises(ValueError, match=f"threshold is met.*{offer.name}"):
        price(Cart((COAT,)), [offer])
    assert best_price(Cart((COAT,)), [offer]) == price(Cart((COAT,)), [])


@pytest.mark.parametrize(
    ("make", "argument"),
    [
        (lambda: NthDiscount(" "), "name"),
        (lambda: NthDiscount("折", 0), "n"),
        (lambda: NthDiscount("折", 2, 1), "rate"),
        (lambda: NthDiscount("折", 2, -1), "rate"),
        (lambda: NthDiscount("折", scope=frozenset()), "scope"),
        (lambda: NthDiscount("折", scope="coat"), "scope"),
        (lambda: FullReduction("减", -1, 1), "threshold"),
        (lambda: FullReduction("减", 1, "0.001"), "off"),
        (lambda: FullReduction("减", 1, 1, cap=-1), "cap"),
        (lambda: FullReduction("减", 0, 1, repeat=True), "threshold"),
        (lambda: PlatformCoupon("券", 0, 1, repeat=True), "threshold"),
        (lambda: ShopCoupon("券", 1, "一元"), "off"),
        (lambda: Gift("赠", 1, "", 1), "gift"),
        (lambda: Gift("赠", 1, "帽子", -1), "value"),
    ],
)
def test_offer_names_the_bad_argument(make: Any, argument: str) -> None:
    with pytest.raises(ValueError, match=f"^{argument}: expected"):
        make()


def test_repeat_is_true_or_false_and_nothing_else() -> None:
    with pytest.raises(TypeError, match=r"^repeat: expected True or False, got 'no'"):
        FullReduction("减", 300, 50, repeat="no")  # type: ignore[arg-type]


@dataclass(frozen=True)
class NewGuests(ShopCoupon):
    """A coupon with a field of its own that is no money, though a gift has one of that name."""

    value: str = "新客"


def test_an_offer_checks_its_own_fields_and_none_of_a_subclass() -> None:
    coupon = NewGuests("新客券", 99, "5")
    assert (coupon.threshold, coupon.off, coupon.value) == (Decimal(99), Decimal(5), "新客")


# ---------------------------------------------------------------- the best combination


def test_best_price_leaves_out_a_reduction_that_costs_a_better_coupon_its_threshold() -> None:
    # with the reduction 310 - 20 = 290 < 299, so no coupon; without it 310 - 40 = 270
    offers = [FullReduction("满300减20", 300, 20), ShopCoupon("满299减40", 299, 40)]
    quote = best_price(Cart((Item("coat", 310),)), offers)
    assert (quote.pay, names(quote)) == (270, ["满299减40"])


def test_best_price_leaves_out_one_item_offer_of_two_to_keep_a_threshold() -> None:
    # both: 100 + 100 = 200; without the smaller: 100 + 120 = 220 - 60 = 160
    offers = [
        NthDiscount("甲5折", 1, "0.5", scope=only("a")),
        NthDiscount("乙折", 1, "0.833333", scope=only("b")),
        ShopCoupon("满220减60", 220, 60),
    ]
    quote = best_price(Cart((Item("a", 200), Item("b", 120))), offers)
    assert (quote.pay, names(quote)) == (160, ["甲5折", "满220减60"])


def test_best_price_prefers_of_equal_pays_the_more_valuable_gift() -> None:
    offers = [Gift("送袜子", 100, "袜子", 9), Gift("送帽子", 300, "帽子", 39)]
    assert [gift.gift for gift in best_price(Cart((COAT,)), offers).gifts] == ["帽子"]


def test_best_price_gives_up_a_gift_for_a_fen() -> None:
    offers = [Gift("送帽子", 320, "帽子", 39), ShopCoupon("一分券", 0, "0.01")]
    assert names(best_price(Cart((COAT,)), offers)) == ["一分券"]


def test_best_price_prefers_of_equal_pays_fewer_offers_then_the_order_given() -> None:
    ten, twenty = ShopCoupon("券10", 0, 10), PlatformCoupon("券20", 0, 20)
    ten_more = FullReduction("减10", 0, 10)
    cart = Cart((Item("a", 20),))
    assert names(best_price(cart, [ten_more, ten, twenty])) == ["券20"]
    assert names(best_price(Cart((Item("a", 10),)), [twenty, ten, ten_more])) == ["券20"]
    assert names(best_price(Cart((Item("a", 10),)), [ten, ten_more, twenty])) == ["券10"]


def test_best_price_takes_of_equal_pairs_the_one_with_the_earliest_offer() -> None:
    # 100 - 20 - 30 = 100 - 25 - 25; 100 - 25 = 75 is too little for the first offer
    offers = [
        PlatformCoupon("券30", 80, 30),
        FullReduction("减25", 0, 25),
        PlatformCoupon("券25", 0, 25),
        FullReduction("减20", 0, 20),
    ]
    assert names(best_price(Cart((Item("a", 100),)), offers)) == ["减20", "券30"]


def test_best_price_leaves_out_offers_that_take_nothing_off() -> None:
    offers = [ShopCoupon("零元券", 0, 0), Gift("送空气", 0, "空气", 0)]
    assert best_price(Cart((COAT,)), offers).steps == ()


def test_best_price_refuses_more_offers_than_it_can_compare() -> None:
    with pytest.raises(ValueError, match=f"offers: expected at most {MAX_OFFERS}"):
        best_price(Cart((COAT,)), [ShopCoupon("券", 0, 1)] * (MAX_OFFERS + 1))


def test_best_price_answers_in_a_hard_case() -> None:
    # any eight of fifteen equal items may be reduced before the coupon is lost: thousands of ties
    items = tuple(Item(f"s{i}", 20) for i in range(MAX_OFFERS - 1))
    halves: list[Offer] = [NthDiscount(i.sku, 1, scope=only(i.sku)) for i in items]
    quote = best_price(Cart(items), [*halves, ShopCoupon("满220减150", 220, 150)])
    assert (quote.pay, len(quote.steps)) == (70, 9)
    assert names(quote)[:8] == [f"s{i}" for i in range(8)]


# ---------------------------------------------------------------- against brute force, in fen
# A case is plain data, so that the second opinion below shares nothing with the module:
# lines are (price, pieces), offers are dictionaries, "scope" holds indices of lines.

Case = tuple[list[tuple[int, int]], list[dict[str, Any]]]
LAYERS = ["nth", "full", "coupon", "platform", "gift"]
MONEY = st.sampled_from([0, 1, 333, 1000, 2000, 2999, 5000, 9990, 10000]) | st.integers(0, 30000)


def offers_for(size: int) -> st.SearchStrategy[dict[str, Any]]:
    scope = st.none() | st.frozensets(st.integers(0, size), min_size=1)
    reduction = {"threshold": MONEY.filter(bool), "off": MONEY, "scope": scope}
    return st.one_of(
        st.fixed_dictionaries(
            {
                "kind": st.just("nth"),
                "n": st.integers(1, 3),
                "rate": st.integers(0, 99),
                "scope": scope,
            }
        ),
        st.fixed_dictionaries(
            {
                "kind": st.just("full"),
                "repeat": st.booleans(),
                "cap": st.none() | MONEY,
                **reduction,
            }
        ),
        st.fixed_dictionaries({"kind": st.just("coupon"), **reduction}),
        st.fixed_dictionaries({"kind": st.just("platform"), "repeat": st.booleans(), **reduction}),
        st.fixed_dictionaries(
            {
                "kind": st.just("gift"),
                "threshold": MONEY,
                "value": st.integers(0, 3),
                "scope": scope,
            }
        ),
    )


@st.composite
def cases(draw: st.DrawFn, most: int = 6) -> Case:
    lines = draw(st.lists(st.tuples(MONEY, st.integers(1, 4)), min_size=1, max_size=3))
    return lines, draw(st.lists(offers_for(len(lines)), max_size=most))


def build(case: Case) -> tuple[Cart, list[Offer]]:
    """The same case in the module's words; an offer's name is its place."""
    lines, specs = case
    offers: list[Offer] = []
    for place, spec in enumerate(specs):
        given_scope = spec["scope"]
        scope = None if given_scope is None else frozenset(f"s{i}" for i in given_scope)
        money = {
            key: None if spec[key] is None else Decimal(spec[key]).scaleb(-2)
            for key in ("threshold", "off", "cap", "value")
            if key in spec
        }
        rest: dict[str, Any] = {**money, "name": str(place), "scope": scope}
        if spec["kind"] == "nth":
            rest |= {"n": spec["n"], "rate": Decimal(spec["rate"]).scaleb(-2)}
        if "repeat" in spec:
            rest["repeat"] = spec["repeat"]
        if spec["kind"] == "gift":
            rest["gift"] = "帽子"
        kinds = [NthDiscount, FullReduction, ShopCoupon, PlatformCoupon, Gift]
        offers.append(kinds[LAYERS.index(spec["kind"])](**rest))
    items = (Item(f"s{i}", Decimal(fen).scaleb(-2), n) for i, (fen, n) in enumerate(lines))
    return Cart(tuple(items)), offers


def shares_of(off: int, weights: list[int]) -> list[int]:
    """Largest remainder, by fractions."""
    total = sum(weights)
    exact = [Fraction(off * weight, total) if total else Fraction(0) for weight in weights]
    shares = [share.numerator // share.denominator for share in exact]
    while sum(shares) < off:
        owed = [share - got for share, got in zip(exact, shares, strict=True)]
        shares[owed.index(max(owed))] += 1
    return shares


def fen_to_pay(case: Case, chosen: tuple[int, ...]) -> tuple[list[int], int] | None:
    """What is left of each line and the gifts' value, in fen; None: against the rules."""
    lines, specs = case
    rest = [fen * pieces for fen, pieces in lines]
    value = 0
    seen: set[Any] = set()
    for kind in LAYERS:
        for spec in (specs[i] for i in chosen if specs[i]["kind"] == kind):
            scope = range(len(lines)) if spec["scope"] is None else spec["scope"]
            inside = [i for i in range(len(lines)) if i in scope]
            marks = {("nth", i) for i in inside} if kind == "nth" else {kind}
            if not inside or marks & seen:
                return None
            seen |= marks
            if kind == "nth":
                pieces = [(-lines[i][0], i) for i in inside for _ in range(lines[i][1])]
                hit = sorted(pieces)[spec["n"] - 1 :: spec["n"]]
                if not hit:
                    return None
                for minus_fen, i in hit:
                    rest[i] -= -minus_fen - (-minus_fen * spec["rate"] + 50) // 100
                continue
            base = sum(rest[i] for i in inside)
            if base < spec["threshold"]:
                return None
            value += spec.get("value", 0)
            off = spec.get("off", 0) * (base // spec["threshold"] if spec.get("repeat") else 1)
            if spec.get("cap") is not None:
                off = min(off, spec["cap"])
            shares = shares_of(min(off, base), [rest[i] for i in inside])
            for i, share in zip(inside, shares, strict=True):
                rest[i] -= share
    return rest, value


def subsets(case: Case) -> list[tuple[int, ...]]:
    places = range(len(case[1]))
    return [chosen for size in range(len(places) + 1) for chosen in combinations(places, size)]


def in_fen(amount: Decimal) -> int:
    assert amount == amount.quantize(Decimal("0.01"))
    return int(amount * 100)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_best_price_is_what_brute_force_finds(case: Case) -> None:
    legal = {chosen: fen_to_pay(case, chosen) for chosen in subsets(case)}
    found = {
        (sum(paid[0]), -paid[1], len(chosen), chosen)
        for chosen, paid in legal.items()
        if paid is not None
    }
    quote = best_price(*build(case))
    gifts = sum(in_fen(Decimal(gift.value)) for gift in quote.gifts)
    chosen = tuple(sorted(int(name) for name in names(quote)))
    assert (in_fen(quote.pay), -gifts, len(chosen), chosen) == min(found)


def parts(offers: list[Offer]) -> list[list[Offer]]:
    return [[*some] for size in range(len(offers) + 1) for some in combinations(offers, size)]


def pays(cart: Cart, offers: list[Offer]) -> Decimal | None:
    """What is to pay with exactly these offers, None where they may not be used."""
    try:
        return price(cart, offers).pay
    except ValueError:
        return None


def usable(cart: Cart, offer: Offer, first: list[Offer], chosen: list[Offer]) -> bool:
    """Whether an automatic offer that was left out could be used after the automatic ones before it."""
    earlier = [one for one in (*first, *chosen) if one.layer < offer.layer]
    beside = [one for one in first if one.layer == offer.layer]
    return pays(cart, [*earlier, *beside, offer]) is not None


def test_an_offer_of_the_readers_may_leave_too_little_for_an_automatic_one() -> None:
    cart = Cart((Item("外套", 310),))
    half, reduction = NthDiscount("五折", n=1), FullReduction("满300减20", 300, 20)
    quote = checkout(cart, [reduction], [half])
    assert (list(names(quote)), quote.pay) == (["五折"], 155)


@settings(max_examples=60, deadline=None)
@given(cases(most=5), st.data())
def test_checkout_uses_what_it_must_and_chooses_the_rest_as_best_price(
    case: Case, data: st.DataObject
) -> None:
    cart, offers = build(case)
    own = data.draw(st.integers(0, len(offers)))
    forced, rest = offers[:own], offers[own:]
    quote = checkout(cart, forced, rest)

    def whole(must: list[Offer], chosen: list[Offer]) -> bool:
        for place, offer in enumerate(forced):
            sooner = [one for one in must
                      if one.layer < offer.layer or any(one is other for other in forced[:place])]  # fmt: skip
            if not any(one is offer for one in must) and usable(cart, offer, sooner, chosen):
                return False
        return True

    possible = [pays(cart, [*must, *chosen]) for must in parts(forced) for chosen in parts(rest)
                if whole(must, chosen)]  # fmt: skip
    assert quote.pay == min(pay for pay in possible if pay is not None)
    assert checkout(cart, [], offers).pay == best_price(cart, offers).pay


def test_checkout_refuses_more_offers_than_it_can_compare() -> None:
    with pytest.raises(ValueError, match=f"offers: expected at most {MAX_OFFERS}"):
        checkout(Cart((COAT,)), [ShopCoupon("券", 0, 1)], [ShopCoupon("券", 0, 1)] * MAX_OFFERS)


@settings(max_examples=60, deadline=None)
@given(cases(most=5))
def test_price_allows_and_charges_what_brute_force_does(case: Case) -> None:
    cart, offers = build(case)
    for chosen in subsets(case):
        paid = fen_to_pay(case, chosen)
        picked = [offers[i] for i in chosen]
        if paid is None:
            with pytest.raises(ValueError, match="chosen_offers: expected"):
                price(cart, picked)
        else:
            assert [in_fen(line.pay) for line in price(cart, picked).lines] == paid[0]


@settings(max_examples=100, deadline=None)
@given(cases(most=8))
def test_quote_adds_up_and_no_line_is_negative(case: Case) -> None:
    cart, offers = build(case)
    quote = best_price(cart, offers)
    assert quote.list_amount == cart.amount == quote.pay + quote.saved
    assert sum(line.pay for line in quote.lines) == quote.pay >= 0
    assert sum(line.discount for line in quote.lines) == quote.saved
    assert sum(step.off for step in quote.steps) == quote.saved
    for line in quote.lines:
        assert line.amount == line.pay + line.discount
        assert min(line.pay, line.discount) >= 0


@settings(max_examples=100, deadline=None)
@given(cases(most=8), st.data())
def test_order_of_offers_does_not_change_the_pay(case: Case, data: st.DataObject) -> None:
    cart, offers = build(case)
    shuffled = data.draw(st.permutations(offers))
    one, other = best_price(cart, offers), best_price(cart, shuffled)
    assert (one.pay, len(one.steps)) == (other.pay, len(other.steps))


@settings(max_examples=100, deadline=None)
@given(cases(most=8))
def test_one_more_offer_never_raises_the_pay(case: Case) -> None:
    cart, offers = build(case)
    assert best_price(cart, offers).pay <= best_price(cart, offers[1:]).pay <= cart.amount


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 10**7), max_size=8), st.data())
def test_allocation_is_exact_bounded_and_monotone(fen: list[int], data: st.DataObject) -> None:
    off = data.draw(st.integers(0, sum(fen)))
    weights = [Decimal(weight).scaleb(-2) for weight in fen]
    shares = [in_fen(share) for share in allocate(Decimal(off).scaleb(-2), weights)]
    assert sum(shares) == off
    assert shares == shares_of(off, fen)
    for (weight, share), (heavier, more) in combinations(sorted(zip(fen, shares, strict=True)), 2):
        assert 0 <= share <= weight
        assert abs(share - Fraction(off * weight, sum(fen) or 1)) < 1
        assert share <= more or weight == heavier
