"""Who comes again: BG/NBD, Pareto/NBD beside it, and Gamma-Gamma for what they spend.

A customer's history is three numbers: how many times he bought again, when last, and how long we have
known him; both times in weeks since his first purchase. BG/NBD (Fader, Hardie and Lee 2005) says: while a
customer is there he buys at a rate of his own, Poisson; after each purchase he leaves for good with a
chance of his own; rates differ by a gamma distribution (``r``, ``alpha``, per week), chances by a beta
(``a``, ``b``). Nobody tells us when he leaves: `probability_alive` is what his silence says. Pareto/NBD
(Schmittlein, Morrison and Colombo 1987) lets him leave at any moment. Gamma-Gamma (Fader and Hardie 2013)
is about the mean amount of a purchase, taken as independent of how often he buys.

Fitting needs NumPy and SciPy, which are imported when a ``fit_…`` is called; all the rest is the
standard library, so that a page can compute with the fitted numbers (`SHOP`, `CDNOW`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import exp, isfinite, lgamma, log, log1p
from typing import Any, TypeVar

from kefu.errors import need

WEEK = timedelta(weeks=1)
_When = TypeVar("_When", date, datetime)


@dataclass(frozen=True)
class RepeatHistory:
    """What the models know of a customer: all that matters, and nothing else.

    ``repeats`` purchases after the first (x), the last of them ``last`` weeks after the first (t_x,
    0 without a repeat), known for ``known`` weeks since the first (T).
    """

    repeats: int
    last: float
    known: float

    def __post_init__(self) -> None:
        need("repeats", self.repeats == int(self.repeats) and self.repeats >= 0,
             "a whole number >= 0", "不小于0的整数", self.repeats)  # fmt: skip
        sound = isfinite(self.known) and 0 <= self.last <= self.known
        need("last", sound, f"from 0 to {self.known} weeks", f"0到{self.known}周", self.last)
        need(
            "last", self.repeats or not self.last, "0 without a repeat", "没有复购时为0", self.last
        )


def histories(purchases: Iterable[tuple[str, _When]], until: _When) -> dict[str, RepeatHistory]:
    """Return each customer's history from (customer, moment), as known at ``until``.

    Purchases after ``until`` are not known yet: a customer who began later is not there. Two
    purchases of one moment are two; make one of those of a day before, where a model counts days.

    >>> histories([("甲", date(2025, 1, 1)), ("甲", date(2025, 1, 15))], date(2025, 1, 29))
    {'甲': RepeatHistory(repeats=1, last=2.0, known=4.0)}
    """
    moments: dict[str, list[_When]] = {}
    for customer, moment in purchases:
        if moment <= until:
            moments.setdefault(customer, []).append(moment)
    return {
        who: RepeatHistory(len(at) - 1, (max(at) - min(at)) / WEEK, (until - min(at)) / WEEK)
        for who, at in moments.items()
    }


# BG/NBD


@dataclass(frozen=True)
class BGNBD:
    """Buying at a rate of gamma(``r``, ``alpha``) a week, leaving after a purchase by beta(``a``, ``b``).

    >>> CDNOW.alive(RepeatHistory(2, 30.43, 38.86)) > 0.7
    True
    """

    r: float
    alpha: float
    a: float
    b: float

    def __post_init__(self) -> None:
        _positive(self, "r", "alpha", "a", "b")

    def log_likelihood(self, one: RepeatHistory) -> float:
        """Return the logarithm of how likely a history is."""
        r, alpha, a, b, x = self.r, self.alpha, self.a, self.b, one.repeats
        shape = lgamma(r + x) - lgamma(r) + r * log(alpha)
        there = _lbeta(a, b + x) - _lbeta(a, b) - (r + x) * log(alpha + one.known)
        if not x:
            return shape + there
        gone = _lbeta(a + 1, b + x - 1) - _lbeta(a, b) - (r + x) * log(alpha + one.last)
        return shape + _both(there, gone)

    def alive(self, one: RepeatHistory) -> float:
        """Return how likely the customer is still there: 1 without a repeat, as nobody leaves before."""
        if not one.repeats:
            return 1.0
        r, alpha, a, b, x = self.r, self.alpha, self.a, self.b, one.repeats
        odds = a / (b + x - 1) * ((alpha + one.known) / (alpha + one.last)) ** (r + x)
        return float(1 / (1 + odds))

    def expected(self, one: RepeatHistory, weeks: float) -> float:
        """Return how many purchases to expect in the ``weeks`` to come, of a customer with this history."""
        need("weeks", weeks >= 0, "weeks >= 0", "不小于0的周数", weeks)
        r, alpha, b, x = self.r, self.alpha, self.b, one.repeats
        # the formula has a limit at a = 1, and no value
        a = self.a if abs(self.a - 1) > 1e-7 else 1 + 1e-7
        now = alpha + one.known
        series = hypergeometric(r + x, b + x, a + b + x - 1, weeks / (now + weeks))
        head = (a + b + x - 1) / (a - 1)
        stays = (now / (now + weeks)) ** (r + x)
        return float(head * (1 - stays * series) * self.alive(one))

    def new(self, weeks: float) -> float:
        """Return how many repeat purchases to expect of a new customer in the ``weeks`` to come.

        Between them stand all who leave soon and the few who stay: no customer is like the mean.
        """
        return self.expected(RepeatHistory(0, 0.0, 0.0), weeks)


def probability_alive(model: BGNBD | ParetoNBD, one: RepeatHistory) -> float:
    """Return how likely a customer is still there, by a model: 0 to 1.

    >>> round(probability_alive(CDNOW, RepeatHistory(2, 30.43, 38.86)), 3)
    0.727
    """
    return model.alive(one)


def expected_purchases(model: BGNBD | ParetoNBD, one: RepeatHistory, weeks: float) -> float:
    """Return how many purchases a model expects of a customer in the ``weeks`` to come.

    >>> round(expected_purchases(CDNOW, RepeatHistory(2, 30.43, 38.86), 39), 3)
    1.226
    """
    return model.expected(one, weeks)


# Pareto/NBD


@dataclass(frozen=True)
class ParetoNBD:
    """As `BGNBD`, but a customer leaves at any moment, at a rate of gamma(``s``, ``beta``) a week."""

    r: float
    alpha: float
    s: float
    beta: float

    def __post_init__(self) -> None:
        _positive(self, "r", "alpha", "s", "beta")

    def _left(self, one: RepeatHistory) -> float:
        """Return the log of A0: what leaving between the last purchase and now adds, for each who stays.

        Scaled by (α+T)^(r+x) (β+T)^s, so that nothing overflows.
        """
        r, alpha, s, beta, x = self.r, self.alpha, self.s, self.beta, one.repeats
        total = r + s + x
        larger, second = (alpha, s + 1) if alpha >= beta else (beta, r + x)
        spread = abs(alpha - beta)
        now = (r + x) * log(alpha + one.known) + s * log(beta + one.known)

        def part(at: float) -> float:
            series = hypergeometric(total, second, total + 1, spread / (larger + at))
            return log(series) - total * log(larger + at) + now

        early, late = part(one.last), part(one.known)
        return early + log1p(-exp(late - early)) if late < early else float("-inf")

    def log_likelihood(self, one: RepeatHistory) -> float:
        """Return the logarithm of how likely a history is."""
        r, alpha, s, beta, x = self.r, self.alpha, self.s, self.beta, one.repeats
        shape = lgamma(r + x) - lgamma(r) + r * log(alpha) + s * log(beta)
        now = (r + x) * log(alpha + one.known) + s * log(beta + one.known)
        return shape - now + _both(0.0, log(s / (r + s + x)) + self._left(one))

    def alive(self, one: RepeatHistory) -> float:
        """Return how likely the customer is still there."""
        return 1 / (1 + self.s / (self.r + self.s + one.repeats) * exp(self._left(one)))

    def expected(self, one: RepeatHistory, weeks: float) -> float:
        """Return how many purchases to expect in the ``weeks`` to come, of a customer with this history."""
        need("weeks", weeks >= 0, "weeks >= 0", "不小于0的周数", weeks)
        now = self.beta + one.known
        rate = (self.r + one.repeats) / (self.alpha + one.known)
        if self.s == 1:
            stays = now * log1p(weeks / now)
        else:
            stays = now / (self.s - 1) * (1 - (now / (now + weeks)) ** (self.s - 1))
        return rate * stays * self.alive(one)


# Gamma-Gamma


@dataclass(frozen=True)
class GammaGamma:
    """Mean amounts of a purchase: gamma of shape ``p`` around each customer's own, that by ``q``, ``gamma``."""

    p: float
    q: float
    gamma: float

    def __post_init__(self) -> None:
        _positive(self, "p", "q", "gamma")

    @property
    def mean(self) -> float:
        """The mean amount over all customers; infinite where ``q`` is at most 1."""
        return self.p * self.gamma / (self.q - 1) if self.q > 1 else float("inf")

    def expected(self, purchases: int, mean: float) -> float:
        """Return the mean amount to expect of a customer who paid ``mean`` in so many purchases.

        Between his own mean and that of all: the more purchases, the nearer to his own.

        >>> model = GammaGamma(6.249, 3.745, 15.448)
        >>> round(model.expected(0, 0), 2), round(model.expected(2, 22.35), 2)
        (35.17, 24.66)
        """
        need("purchases", purchases >= 0, "a number >= 0", "不小于0的数", purchases)
        weight = self.p * purchases / (self.p * purchases + self.q - 1)
        return (1 - weight) * self.mean + weight * mean


# Fitting: needs NumPy and SciPy


@dataclass(frozen=True)
class Fitted:
    """A model at its best parameters, how likely all histories are under it (log), and of how many customers."""

    model: Any
    log_likelihood: float
    customers: int


def fit_bgnbd(people: Iterable[RepeatHistory] | Mapping[RepeatHistory, int]) -> Fitted:
    """Return BG/NBD at the parameters under which all histories together are most likely.

    A mapping says how many customers have a history: a million of them are some thousand histories,
    where times are rounded to days. Raises ``ValueError`` where nobody bought again.
    """
    import numpy as np
    from scipy.special import betaln, gammaln

    def value(theta: Any, x: Any, last: Any, known: Any) -> Any:
        r, alpha, a, b = theta
        shape = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        there = betaln(a, b + x) - (r + x) * np.log(alpha + known)
        gone = betaln(a + 1, b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + last)
        return shape + np.where(x > 0, np.logaddexp(there, gone), there) - betaln(a, b)

    return _fit(BGNBD, value, people)


def fit_pareto_nbd(people: Iterable[RepeatHistory] | Mapping[RepeatHistory, int]) -> Fitted:
    """Return Pareto/NBD at its best parameters, as `fit_bgnbd`."""
    import numpy as np
    from scipy.special import gammaln, hyp2f1

    def value(theta: Any, x: Any, last: Any, known: Any) -> Any:
        r, alpha, s, beta = theta
        total, larger = r + s + x, max(alpha, beta)
        second = s + 1 if alpha >= beta else r + x

        def part(at: Any) -> Any:
            series = hyp2f1(total, second, total + 1, abs(alpha - beta) / (larger + at))
            return np.log(series) - total * np.log(larger + at)

        early, late = part(last), part(known)
        with np.errstate(divide="ignore"):
            left = np.log(s / total) + early + np.log1p(-np.exp(np.minimum(late - early, 0)))
        there = -(r + x) * np.log(alpha + known) - s * np.log(beta + known)
        shape = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta)
        return shape + np.logaddexp(there, left)

    return _fit(ParetoNBD, value, people)


def fit_gamma_gamma(means: Iterable[tuple[int, float]]) -> Fitted:
    """Return Gamma-Gamma at its best parameters, of (purchases, mean amount) for each customer.

    Raises ``ValueError`` for amounts that are not above 0: a gift tells nothing of what one spends.
    """
    import numpy as np
    from scipy.special import gammaln

    pairs = list(means)
    need("means", pairs and all(n >= 1 and z > 0 for n, z in pairs),
         "customers with at least one purchase and an amount > 0", "至少买过一次、金额大于0的客户",
         pairs[:3])  # fmt: skip
    x, z = (np.array(column, float) for column in zip(*pairs, strict=True))

    def value(theta: Any) -> Any:
        p, q, gamma = theta
        shape = gammaln(p * x + q) - gammaln(p * x) - gammaln(q)
        amounts = q * np.log(gamma) + (p * x - 1) * np.log(z) + p * x * np.log(x)
        return (shape + amounts - (p * x + q) * np.log(x * z + gamma)).sum()

    theta, best = _highest(value, 3)
    return Fitted(GammaGamma(*theta), best, len(pairs))


def _fit(make: Callable[..., Any], value: Callable[..., Any], people: Any) -> Fitted:
    """Return the model whose sum of ``value`` over the histories, each as often as it occurs, is highest."""
    import numpy as np

    counts = people if isinstance(people, Mapping) else Counter(people)
    known = [(one.repeats, one.last, one.known, many) for one, many in counts.items()]
    need("people", any(one[0] for one in known), "customers of whom one bought again",
         "至少有一位买过第二次的客户", len(known))  # fmt: skip
    x, last, weeks, many = (np.array(column, float) for column in zip(*known, strict=True))
    theta, best = _highest(lambda theta: (many * value(theta, x, last, weeks)).sum(), 4)
    return Fitted(make(*theta), best, int(many.sum()))


def _highest(value: Callable[[Any], Any], parameters: int) -> tuple[list[float], float]:
    """Return the positive parameters at which ``value`` is highest, and that value."""
    import numpy as np
    from scipy.optimize import minimize

    options = {"maxiter": 6000, "maxfev": 6000, "fatol": 1e-7, "xatol": 1e-7}
    start = np.zeros(parameters)
    for _ in range(2):  # a second simplex starts where the first came to rest
        found = minimize(
            lambda theta: -float(value(np.exp(theta))), start, method="Nelder-Mead", options=options
        )
        start = found.x
    return [float(one) for one in np.exp(found.x)], -float(found.fun)


# Numbers that both models share


def hypergeometric(a: float, b: float, c: float, z: float) -> float:
    """Return Gauss's hypergeometric function 2F1 for 0 <= z < 1, by its series, to a relative 1e-12.

    >>> round(hypergeometric(1, 1, 2, 0.5), 6)  # -ln(1 - z) / z
    1.386294
    """
    need("z", 0 <= z < 1, "from 0 to below 1", "0到1（不含1）的数", z)
    total = term = 1.0
    for n in range(200_000):
        ratio = (a + n) * (b + n) / ((c + n) * (n + 1)) * z
        term *= ratio
        total += term
        if ratio < 1 and abs(term) * ratio <= 1e-13 * (1 - ratio) * abs(total):
            return total
    raise ValueError(f"z: the series does not settle at {z}（z={z}时级数不收敛）")


def _lbeta(one: float, other: float) -> float:
    return lgamma(one) + lgamma(other) - lgamma(one + other)


def _both(one: float, other: float) -> float:
    """Return the logarithm of the sum of two numbers of which the logarithms are given."""
    high, low = max(one, other), min(one, other)
    return high + log1p(exp(low - high))


def _positive(record: object, *names: str) -> None:
    for name in names:
        value = getattr(record, name)
        need(name, isfinite(value) and value > 0, "a number > 0", "大于0的数", value)


CDNOW = BGNBD(0.2426, 4.4135, 0.7929, 2.4258)
"""BG/NBD of the 2,357 customers of CDNOW as printed (Fader, Hardie and Lee 2005), in weeks."""
SHOP = BGNBD(0.6380, 8.5811, 0.9007, 2.6875)
"""BG/NBD of the book's 2,769 buyers at the end of 2025, as `fit_bgnbd` finds it, in weeks."""
