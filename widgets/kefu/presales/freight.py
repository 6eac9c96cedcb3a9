"""Freight: what a parcel costs to send, which carrier is cheapest, and who pays.

Weights are in kg, sizes in cm, money in yuan. Amounts may be given as numbers or as text and are
kept as ``Decimal`` to six places, so that 0.1 + 0.2 kg is 0.3 kg. Carriers, tariffs and zones
come from the invented tables ``tariffs`` and ``zones``, seen from a warehouse in 嘉兴, 浙江.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from kefu import data
from kefu.amounts import Number, count, exact, one_of, set_fields, yuan
from kefu.errors import expected

# In common use, but carriers differ and change: the carrier's own price list decides.
DIVISORS: Mapping[str, int] = MappingProxyType(
    {
        "express": 6000,  # IATA air cargo and many express services
        "international": 5000,  # DHL and other international couriers
        "domestic": 8000,  # some domestic parcel services in China
        "road": 12000,  # road freight
    }
)
"""Named divisors, cm³ per kg: the smaller the divisor, the dearer a bulky parcel."""

METHODS = ("平邮", "快递", "物流")
"""The three ways to send goods: ordinary post, express, freight line."""

MAX_PIECES = 12
"""The most pieces ``split`` takes: the work triples with each piece."""


@dataclass(frozen=True)
class Tariff:
    """A price for the first weight and one for each step beyond it (kg, yuan).

    Raises ``ValueError`` or ``TypeError`` unless the weights are > 0 and the fees are >= 0 with
    at most two decimals.
    """

    first_weight: Decimal
    first_fee: Decimal
    step_weight: Decimal
    step_fee: Decimal

    def __post_init__(self) -> None:
        set_fields(
            self,
            first_weight=exact(self.first_weight, "first_weight", positive=True),
            first_fee=yuan(self.first_fee, "first_fee"),
            step_weight=exact(self.step_weight, "step_weight", positive=True),
            step_fee=yuan(self.step_fee, "step_fee"),
        )

    def steps(self, weight: Number) -> int:
        """Return how many steps ``weight`` kg (> 0) takes beyond the first weight.

        A fraction of a step counts as a full one.

        >>> Tariff(1, 10, 1, 4).steps(2.4)
        2
        """
        beyond = exact(weight, "weight", positive=True) - self.first_weight
        whole, fraction = divmod(max(beyond, Decimal(0)), self.step_weight)
        return int(whole) + bool(fraction)

    def fee(self, weight: Number) -> Decimal:
        """Return the freight of ``weight`` kg (> 0) in yuan: first fee + steps x step fee.

        The formula of Chinese parcel tariffs, 首重 + 续重.

        >>> Tariff(1, 10, 1, 4).fee(2.4)
        Decimal('18.00')
        """
        return self.first_fee + self.steps(weight) * self.step_fee


def volumetric_weight(
    length: Number, width: Number, height: Number, divisor: Number = 6000
) -> Decimal:
    """Return length x width x height / divisor in kg, for sizes > 0 in cm.

    ``divisor`` is in cm³/kg, or a name in ``DIVISORS``. Raises ``ValueError`` or ``TypeError``.

    >>> volumetric_weight(40, 30, 25)
    Decimal('5')
    """
    volume = (
        exact(length, "length", positive=True)
        * exact(width, "width", positive=True)
        * exact(height, "height", positive=True)
    )
    return exact(volume / _divisor(divisor), "volumetric weight")


def chargeable_weight(
    actual: Number, length: Number, width: Number, height: Number, divisor: Number = 6000
) -> Decimal:
    """Return the weight that is charged, in kg: the actual or the volumetric one if greater.

    ``actual`` is in kg (> 0); the rest is as in ``volumetric_weight``. The rule of IATA and of
    express carriers.

    >>> chargeable_weight(2, 40, 30, 25), chargeable_weight(2, 40, 30, 25, "road")
    (Decimal('5'), Decimal('2.5'))
    """
    return max(
        exact(actual, "actual", positive=True), volumetric_weight(length, width, height, divisor)
    )


@data.cached
def _zones() -> dict[str, str]:
    return {row["province"]: row["zone"] for row in data.rows("zones")}


def provinces() -> tuple[str, ...]:
    """Return the short names of the 34 provinces and regions, in the official order."""
    return tuple(_zones())


def zone_of(province: str) -> str:
    """Return the freight zone of a province; raises ``ValueError`` with the names that exist.

    >>> zone_of("浙江"), zone_of("新疆")
    ('江浙沪', '偏远')
    """
    return _zones()[one_of(province, "province", provinces())]


@dataclass(frozen=True)
class FreeShipping:
    """The seller pays the freight (包邮) where every condition given holds; with none, always.

    ``min_amount`` is in yuan, ``min_items`` in pieces (>= 1), and ``excluded`` names provinces
    that never ship free. Raises ``ValueError`` or ``TypeError``, for an unknown province too.
    """

    min_amount: Decimal | None = None
    min_items: int | None = None
    excluded: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.min_amount is not None:
            set_fields(self, min_amount=yuan(self.min_amount, "min_amount"))
        if self.min_items is not None:
            set_fields(self, min_items=count(self.min_items, "min_items", least=1))
        names = frozenset(one_of(name, "excluded", provinces()) for name in self.excluded)
        set_fields(self, excluded=names)

    def applies(self, amount: Number, items: int, province: str | None = None) -> bool:
        """Tell whether an order of ``amount`` yuan and ``items`` pieces ships free.

        ``province`` None means "not in an excluded province"; an unknown one raises
        ``ValueError``.

        >>> rule = FreeShipping(min_amount=88, excluded={"西藏", "新疆"})
        >>> rule.applies(88, 1), rule.applies(87.9, 1), rule.applies(88, 1, "新疆")
        (True, False, False)
        """
        paid, pieces = yuan(amount, "amount"), count(items, "items")
        if province is not None:
            one_of(province, "province", provinces())
        return (
            (self.min_amount is None or paid >= self.min_amount)
            and (self.min_items is None or pieces >= self.min_items)
            and province not in self.excluded
        )


def buyer_pays(
    fee: Number, rule: FreeShipping | None, amount: Number, items: int, province: str | None = None
) -> Decimal:
    """Return the buyer's share of the freight in yuan: 0 where ``rule`` applies, else ``fee``.

    ``rule`` None means that the shop never ships free.

    >>> buyer_pays(18, FreeShipping(min_items=2), amount=60, items=2)
    Decimal('0.00')
    """
    due = yuan(fee, "fee")
    free = rule is not None and rule.applies(amount, items, province)
    return Decimal("0.00") if free else due


@dataclass(frozen=True)
class Parcel:
    """A parcel or a piece of goods: weight in kg (> 0) and, where it matters, size in cm.

    Without a size the weight alone counts. Raises ``ValueError`` or ``TypeError``, also where
    only a part of the size is given.
    """

    weight: Decimal
    length: Decimal = Decimal(0)
    width: Decimal = Decimal(0)
    height: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        given = {"length": self.length, "width": self.width, "height": self.height}
        size = {name: exact(value, name) for name, value in given.items()}
        if any(size.values()) and not all(size.values()):
            wanted = "all three or none", "三项全填或全不填"
            raise ValueError(expected("length, width, height", *wanted, (*given.values(),)))
        set_fields(self, weight=exact(self.weight, "weight", positive=True), **size)

    @property
    def volume(self) -> Decimal:
        """The volume in cm³; 0 without a size."""
        return self.length * self.width * self.height


@dataclass(frozen=True)
class Service:
    """What one carrier offers to one zone.

    ``method`` is one of ``METHODS``; ``divisor`` is in cm³/kg or a name in ``DIVISORS``;
    ``max_weight`` is the greatest chargeable weight taken, in kg, which keeps bulky goods out of
    small packets; ``days`` is the usual time under way. Raises ``ValueError`` or ``TypeError``.
    """

    carrier: str
    method: str
    zone: str
    tariff: Tariff
    divisor: Decimal
    max_weight: Decimal
    days: int

    def __post_init__(self) -> None:
        if not isinstance(self.carrier, str) or not self.carrier.strip():
            raise ValueError(expected("carrier", "a name", "承运商名称", self.carrier))
        one_of(self.method, "method", METHODS)
        one_of(self.zone, "zone", dict.fromkeys(_zones().values()))
        set_fields(
            self,
            divisor=_divisor(self.divisor),
            max_weight=exact(self.max_weight, "max_weight", positive=True),
            days=count(self.days, "days"),
        )


@dataclass(frozen=True)
class Rate:
    """A carrier's price for one parcel, in yuan, with the weights in kg that lead to it.

    ``volumetric`` is 0 for a parcel without a size.
    """

    service: Service
    volumetric: Decimal
    chargeable: Decimal
    fee: Decimal


@dataclass(frozen=True)
class Split:
    """An order sent as one or more parcels: the pieces' positions with the rate, and the sum."""

    parcels: tuple[tuple[tuple[int, ...], Rate], ...]
    fee: Decimal


def read_tariffs(rows: Iterable[Mapping[str, Any]] | None = None) -> tuple[Service, ...]:
    """Return the services of the book's table ``tariffs``, or of a reader's own rows.

    A missing row means that the carrier does not serve the zone. Raises ``ValueError`` with the
    line (the header is line 1) for a missing column, a bad value or a row that comes twice.

    >>> read_tariffs()[2].tariff.fee(2.4)
    Decimal('18.00')
    """
    services: dict[tuple[str, str, str], Service] = {}
    for line, row in enumerate(data.rows("tariffs") if rows is None else rows, start=2):
        try:
            service = _service(row)
            key = (service.carrier, service.method, service.zone)
            if key in services:
                raise ValueError(expected("row", "one per carrier and zone", "每家每区一行", key))
        except KeyError as error:
            message = expected("column", str(error), f"{error}", list(row))
            raise ValueError(f"line {line}: {message}") from None
        except (TypeError, ValueError) as error:
            raise ValueError(f"line {line}: {error}") from None
        services[key] = service
    return tuple(services.values())


@data.cached
def _book_services() -> tuple[Service, ...]:
    return read_tariffs()


def compare(
    parcel: Parcel | Number, province: str, services: Iterable[Service] | None = None
) -> tuple[Rate, ...]:
    """Return what each carrier that takes the parcel asks, cheapest first, then fastest.

    ``parcel`` may be a bare weight in kg. Left out are carriers that do not serve the province's
    zone or take no such weight. ``services`` None means the book's. Raises ``ValueError`` for an
    unknown province.

    >>> [(rate.service.carrier, str(rate.fee)) for rate in compare(2.4, "广东")]
    [('青鸟快递', '18.00'), ('极光速运', '30.00'), ('远帆物流', '32.00')]
    """
    piece = _parcel(parcel)
    return _rates(piece.weight, piece.volume, _serving(province, services))


def split(
    items: Sequence[Parcel | Number], province: str, services: Iterable[Service] | None = None
) -> Split:
    """Return the cheapest way to send 1 to 12 pieces as one or more parcels.

    A parcel weighs the sum of its pieces and takes the sum of their volumes; each goes with its
    cheapest carrier. Among equal fees the fewest parcels win. Exact, by dynamic programming over
    the sets of pieces. Raises ``ValueError`` for more pieces, none, or one that no carrier takes.

    >>> split([3, 0.2], "广东").fee, compare(3.2, "广东")[0].fee
    (Decimal('21.10'), Decimal('22.00'))
    """
    pieces = [_parcel(item) for item in items]
    if not 1 <= len(pieces) <= MAX_PIECES:
        english, chinese = f"1 to {MAX_PIECES} pieces", f"1到{MAX_PIECES}件"
        raise ValueError(expected("items", english, chinese, len(pieces)))
    serving = _serving(province, services)

    # A set of pieces is a number whose bit i stands for piece i.
    loads = [(Decimal(0), Decimal(0))]
    for piece in pieces:
        loads += [(weight + piece.weight, volume + piece.volume) for weight, volume in loads]
    cheapest: dict[int, Rate] = {}
    for part in range(1, len(loads)):
        if rates := _rates(*loads[part], serving):
            cheapest[part] = rates[0]
    for i in range(len(pieces)):
        if 1 << i not in cheapest:
            english, chinese = (
                f"a piece some carrier takes to {province}",
                f"有承运商能送到{province}的货",
            )
            raise ValueError(expected(f"items[{i}]", english, chinese, items[i]))

    # best[pieces]: the fee, the number of parcels, and the parcel that holds the lowest piece.
    best = [(Decimal("0.00"), 0, 0)]
    for left in range(1, len(loads)):
        choices = []
        for part in _with_lowest(left):
            if part in cheapest:
                fee, parcels, _ = best[left ^ part]
                choices.append((fee + cheapest[part].fee, parcels + 1, part))
        best.append(min(choices))

    chosen = []
    left = len(loads) - 1
    while left:
        part = best[left][2]
        chosen.append((tuple(i for i in range(len(pieces)) if part >> i & 1), cheapest[part]))
        left ^= part
    return Split(tuple(chosen), best[-1][0])


def _divisor(divisor: Number) -> Decimal:
    if isinstance(divisor, str) and divisor in DIVISORS:
        return Decimal(DIVISORS[divisor])
    try:
        return exact(divisor, "divisor", positive=True)
    except ValueError:
        names = ", ".join(DIVISORS)
        english, chinese = f"a number > 0 or one of {names}", f"大于0的数，或以下之一：{names}"
        raise ValueError(expected("divisor", english, chinese, divisor)) from None


def _parcel(item: Parcel | Number) -> Parcel:
    return item if isinstance(item, Parcel) else Parcel(exact(item, "weight", positive=True))


def _service(row: Mapping[str, Any]) -> Service:
    """Make a service of one row of a table, whose whole numbers may be text."""
    tariff = Tariff(row["first_weight"], row["first_fee"], row["step_weight"], row["step_fee"])
    days = row["days"]
    if isinstance(days, str) and days.strip().isdecimal():
        days = int(days)
    return Service(
        row["carrier"],
        row["method"],
        row["zone"],
        tariff,
        row["divisor"],
        row["max_weight"],
        days,
    )


def _serving(province: str, services: Iterable[Service] | None) -> list[Service]:
    zone = zone_of(province)
    return [s for s in (_book_services() if services is None else services) if s.zone == zone]


def _rates(weight: Decimal, volume: Decimal, serving: Iterable[Service]) -> tuple[Rate, ...]:
    """Return the rates for a load in kg and cm³, cheapest first, then fastest."""
    rates = []
    for service in serving:
        volumetric = exact(volume / service.divisor, "volumetric weight")
        chargeable = max(weight, volumetric)
        if chargeable <= service.max_weight:
            fee = service.tariff.fee(chargeable)
            rates.append(Rate(service, volumetric, chargeable, fee))
    return tuple(sorted(rates, key=lambda r: (r.fee, r.service.days, r.service.carrier)))


def _with_lowest(pieces: int) -> Iterator[int]:
    """Yield every set within ``pieces`` that holds its lowest piece."""
    lowest = pieces & -pieces
    others = rest = pieces ^ lowest
    yield pieces
    while rest:
        rest = (rest - 1) & others
        yield rest | lowest
