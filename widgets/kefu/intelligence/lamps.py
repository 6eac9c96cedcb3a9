"""Four lamps over a reply: is it covered by its source, are its numbers, its no and its who there.

What a shop can check of a sentence that a machine wrote, without another machine: every clause has words
of the source (coverage), every number stands there in some form (numbers, 七天 as 7天, 两天 as 48小时), what is
denied is denied there too (negation), and who pays or proves is the same (roles). All four may be green and
the reply still be wrong: of another entry, without its condition, with two numbers in each other's place.
How often each lamp is right is measured by ``python -m datasets.measure_grounded``.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from kefu.amounts import share
from kefu.errors import expected
from kefu.intelligence.language import HERE
from kefu.language import normal

Lantern = Literal["覆盖", "数字", "否定", "角色"]
LAMPS: tuple[Lantern, ...] = ("覆盖", "数字", "否定", "角色")
ENOUGH = 0.4
"""Share of a clause's characters that its source must have; lower lets inventions pass, higher honest words fail."""

STRETCH = 4
"""So many characters in a row that the source does not have are an invention, however long the clause."""

FEW = 3
"""Fewer characters than these are no invention, however short the clause."""

PARTS = re.compile(r"[。！!？?；;，,：:\n]+")
WORDS: Mapping[str, Any] = tomllib.loads((HERE / "lamp_words.toml").read_text(encoding="utf-8"))
"""What words count as courtesies, denials, roles and duties, by hand."""

PLEASANT = re.compile(WORDS["pleasant"])
"""Courtesies, particles and hedges: they claim nothing, so that no source is asked for them."""


@dataclass(frozen=True)
class Lit:
    """One lamp: green or red, and the words of the reply that turned it red."""

    lamp: Lantern
    green: bool
    seen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checked:
    """The four lamps over one reply."""

    findings: tuple[Lit, ...]

    @property
    def green(self) -> bool:
        """Whether no lamp is red."""
        return all(one.green for one in self.findings)

    @property
    def red(self) -> tuple[Lantern, ...]:
        """The lamps that are red."""
        return tuple(one.lamp for one in self.findings if not one.green)

    def __getitem__(self, lamp: Lantern) -> Lit:
        """Return one lamp by its name."""
        return next(one for one in self.findings if one.lamp == lamp)


def check(reply: str, evidence: str, asked: str = "", enough: float = ENOUGH) -> Checked:
    """Return the four lamps of a reply over the text that it is to rest on.

    Words of the question ``asked`` are no invention: the coverage lamp counts them as covered. ``enough``
    (0 to 1) is the share of a clause that it asks for.

    >>> check("亲，满八十八元包邮", "满88元包邮，新疆除外").green
    True
    >>> check("亲，满68元包邮", "满88元包邮，新疆除外").red
    ('数字',)
    """
    for argument, value in (("reply", reply), ("evidence", evidence), ("asked", asked)):
        if not isinstance(value, str):
            raise TypeError(expected(argument, "text", "文字", value))
    least, source = float(share(enough, "enough")), f"{asked} {evidence}"
    found: dict[Lantern, list[str]] = {
        "覆盖": [part for part in parts(reply) if unheard(part, source, least)],
        "数字": [one.seen for one in numbers_without(reply, evidence)],
        "否定": list(turned(reply, evidence)),
        "角色": list(swapped(reply, evidence)),
    }
    return Checked(tuple(Lit(lamp, not found[lamp], tuple(found[lamp])) for lamp in LAMPS))


def parts(text: str) -> tuple[str, ...]:
    """Return the clauses of a text, those without a word left out.

    >>> parts("亲，满88元包邮；新疆除外。")
    ('亲', '满88元包邮', '新疆除外')
    """
    plain = unicodedata.normalize("NFKC", text)
    return tuple(part.strip() for part in PARTS.split(plain) if re.search(r"\w", part))


def coverage(clause: str, evidence: str) -> float:
    """Return the share of a clause's characters that the source has; 1 where it claims nothing.

    Numbers have a lamp of their own and do not count here, nor do courtesies.
    """
    said = _words(clause)
    held = set(_words(evidence))
    return sum(one in held for one in said) / len(said) if said else 1.0


def unheard(clause: str, evidence: str, least: float = ENOUGH) -> bool:
    """Tell whether a clause says what its source does not: too little of it covered, or too much in a row."""
    said = _words(clause)
    strange = len(said) - round(coverage(clause, evidence) * len(said))
    little = strange >= FEW and coverage(clause, evidence) < least
    return little or stretch(clause, evidence) >= STRETCH


def stretch(clause: str, evidence: str) -> int:
    """Return the longest run of a clause's characters that its source does not have.

    >>> stretch("满88元包邮还送一把雨伞", "满88元包邮")
    6
    """
    held, run, longest = set(_words(evidence)), 0, 0
    for one in _words(clause):
        run = 0 if one in held else run + 1
        longest = max(longest, run)
    return longest


def _words(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).lower()
    for one in reversed(list(quantities(plain))):
        plain = plain[: one.start] + plain[one.end :]
    return re.sub(r"[\W_\d]+", "", WHO.sub("", PLEASANT.sub("", DENIAL.sub("", plain))))


# Numbers

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
UNITS: dict[str, tuple[str, Fraction]] = {
    **{u: ("分钟", Fraction(n)) for u, n in (
        ("分钟", 1), ("个小时", 60), ("小时", 60), ("个钟头", 60), ("钟头", 60), ("天", 1440), ("日", 1440),
        ("个星期", 10080), ("星期", 10080), ("个礼拜", 10080), ("礼拜", 10080), ("周", 10080))},
    **{u: ("元", Fraction(n)) for u, n in (("元", 1), ("块钱", 1), ("块", 1), ("毛", Fraction(1, 10)),
                                          ("角", Fraction(1, 10)))},
    **{u: ("毫米", Fraction(n)) for u, n in (("毫米", 1), ("厘米", 10), ("公分", 10), ("cm", 10), ("米", 1000))},
    **{u: ("克", Fraction(n)) for u, n in (("克", 1), ("公斤", 1000), ("千克", 1000), ("kg", 1000), ("斤", 500))},
    **{u: ("毫升", Fraction(n)) for u, n in (("毫升", 1), ("ml", 1), ("升", 1000))},
    **{u: ("件", Fraction(1)) for u in "件条只双张个份包盒袋套样位"},
    **{u: ("℃", Fraction(1)) for u in ("℃", "°c", "摄氏度", "度")},
    **{u: ("工作日", Fraction(1)) for u in ("个工作日", "工作日")},
    **{u: ("月", Fraction(1)) for u in ("个月", "月份", "月")},
    "%": ("%", Fraction(1)), "成": ("%", Fraction(10)), "折": ("折", Fraction(1)), "倍": ("倍", Fraction(1)),
    "年": ("年", Fraction(1)), "次": ("次", Fraction(1)), "遍": ("次", Fraction(1)), "码": ("码", Fraction(1)),
    "层": ("层", Fraction(1)), "支": ("支", Fraction(1)), "点": ("点", Fraction(1)), "号": ("号", Fraction(1)),
}  # fmt: skip
UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
HAN = "零〇一二两三四五六七八九十百千万半"
NOT_NUMBERS, DATE, WEEKDAY, FRACTION, ORDINAL, HOUR = (
    re.compile(WORDS[name].replace("HAN", HAN))
    for name in ("not_numbers", "date", "weekday", "fraction", "ordinal", "hour")
)
PLAIN = re.compile(rf"(?P<value>\d+(?:\.\d+)?|[{HAN}]+)(?P<unit>{UNIT})?", re.IGNORECASE)
SPAN = re.compile(WORDS["span"])


@dataclass(frozen=True)
class Quantity:
    """A number as it stands in a text, from ``start`` to ``end``, in the basic unit of its ``kind``.

    ``kind`` is empty where it has no unit; ``raw`` is the number as said; times, lengths, weights and money
    are converted, so that 48小时 and 两天 are equal.
    """

    kind: str
    value: Fraction
    raw: Fraction
    seen: str
    start: int
    end: int

    @property
    def unsaid(self) -> bool:
        """Whether it is an hour up to 12 without a part of the day: 8点 may be 20点."""
        return self.kind == "点" and self.value <= 12 and self.seen[0] in HAN + "0123456789"

    def same(self, other: Quantity) -> bool:
        """Tell whether both may mean the same: a missing unit or part of the day is no difference."""
        if self.kind == other.kind == "点" and (self.unsaid or other.unsaid):
            return (self.value - other.value) % 12 == 0
        if {self.kind, other.kind} == {"日期", "号"}:
            return (self.value - other.value) % 100 == 0
        if "号" in (self.kind, other.kind) and self.seen[-1] + other.seen[-1] in ("号日", "日号"):
            return self.raw == other.raw
        if self.kind and other.kind:
            return (self.kind, self.value) == (other.kind, other.value)
        return self.raw == other.raw


def value_of(numeral: str) -> tuple[Fraction, ...]:
    """Return what a numeral may stand for: 88, 八十八, 半; two for 两三; none where it is no number.

    >>> [str(n) for n in value_of("一百零五") + value_of("两三") + value_of("半")]
    ['105', '2', '3', '1/2']
    """
    if re.fullmatch(r"\d+(\.\d+)?", numeral):
        return (Fraction(numeral),)
    if numeral == "半":
        return (Fraction(1, 2),)
    if "半" in numeral or not numeral or numeral[0] in "百千万":
        return ()
    if not set(numeral) & set(TENS):
        known = [DIGITS[c] for c in numeral]
        if len(known) == 2 and known[1] == known[0] + 1:
            return Fraction(known[0]), Fraction(known[1])
        return (Fraction("".join(map(str, known))),)
    total, last = 0, 0
    for place, c in enumerate(numeral):
        if c in DIGITS:
            last = DIGITS[c]
        elif c == "万":
            total, last = (total + last) * TENS[c], 0
        else:
            total, last = total + (1 if c == "十" and place == 0 else last) * TENS[c], 0
    return (Fraction(total + last),)


def quantities(text: str) -> Iterator[Quantity]:
    """Yield the numbers of a text in their order; 一样, 万一, 这一件 and the like are none.

    >>> [(q.kind, str(q.value)) for q in quantities("四十八小时内退，9到24点在线，一样打九折")]
    [('分钟', '2880'), ('点', '9'), ('点', '24'), ('折', '9')]
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    plain = re.sub(r"(?<=\d),(?=\d{3})", "，", plain)  # keeps the places
    taken = [m.span() for m in NOT_NUMBERS.finditer(plain)]
    found = [*_special(plain, taken)]
    taken += [(one.start, one.end) for one in found]
    for m in PLAIN.finditer(plain):
        if any(m.start() < end and start < m.end() for start, end in taken):
            continue
        unit = m["unit"] or _later(plain, m.end())
        if (
            not unit
            and m["value"][0] in HAN
            and not (set(m["value"]) & set("十百千") and len(m["value"]) > 1)
        ):
            continue
        values = value_of(m["value"])
        if unit == "折" and len(m["value"]) == 2 and not set(m["value"]) & set(TENS):
            values = (Fraction("".join(str(DIGITS.get(c, c)) for c in m["value"])) / 10,)
        kind, times = UNITS.get(unit, ("", Fraction(1)))
        found += [Quantity(kind, v * times, v, m[0], m.start(), m.end()) for v in values]
    yield from sorted(found, key=lambda one: one.start)


def _later(text: str, at: int) -> str:
    """Return the unit of a number that a span leads to: of 2 in 2到3天."""
    span = SPAN.match(text, at)
    number = PLAIN.match(text, span.end()) if span else None
    return (number["unit"] or _later(text, number.end())) if number else ""


def _special(text: str, taken: list[tuple[int, int]]) -> Iterator[Quantity]:
    """Yield dates, days of the week, per cents, ordinals and hours; mark their places as taken."""

    def free(m: re.Match[str]) -> bool:
        clash = any(m.start() < end and start < m.end() for start, end in taken)
        if not clash:
            taken.append(m.span())
        return not clash

    for m in DATE.finditer(text):
        month, day = value_of(m["month"]), value_of(m["day"])
        if month and day and free(m):
            value = month[0] * 100 + day[0]
            yield Quantity("日期", value, value, m[0], *m.span())
    for m in WEEKDAY.finditer(text):
        if free(m):
            value = Fraction(DIGITS.get(m[1], 7))
            yield Quantity("星期几", value, value, m[0], *m.span())
    for m in FRACTION.finditer(text):
        if (values := value_of(m[1])) and free(m):
            yield Quantity("%", values[0], values[0], m[0], *m.span())
    for m in ORDINAL.finditer(text):
        values = value_of(m[1]) if m[1] else (Fraction(1 + (m[0] in ("次日", "隔天"))),)
        if values and free(m):
            yield Quantity("第", values[0], values[0], m[0], *m.span())
    for m in HOUR.finditer(text):
        if (values := value_of(m["hour"])) and free(m):
            late = m["part"] in ("下午", "傍晚", "晚上", "夜里", "晚") and values[0] <= 12
            yield Quantity("点", values[0] + 12 * late, values[0], m[0], *m.span())


def numbers_without(reply: str, evidence: str) -> tuple[Quantity, ...]:
    """Return the numbers of a reply that its source does not have in any form.

    One of a thing (一条, 一只) is no number unless the source counts things otherwise.
    """
    held = tuple(quantities(evidence))
    counts = any(other.kind == "件" for other in held)
    return tuple(
        q
        for q in quantities(reply)
        if not any(q.same(other) for other in held)
        and (counts or (q.kind, q.value) != ("件", Fraction(1)))
    )


# Negation

NO, LIGHT = WORDS["no"], WORDS["light"]
FIXED = re.compile(WORDS["fixed"])
"""Words that hold 不, 无 or 别 and deny nothing that follows."""

EITHER = re.compile(WORDS["either"])
DENIAL = re.compile(rf"(?:{NO})(?:{NO}|{LIGHT})*")
NOS = re.compile(NO)
CARRIED = re.compile(WORDS["carried"])


@dataclass(frozen=True)
class Stripped:
    """A clause without its denials, and the places in it where one stood before the next character."""

    text: str
    denied: frozenset[int]

    def sides(self, core: str) -> set[bool]:
        """Return of a word whether it is denied, wherever it stands: both sides may occur."""
        places = (m.start() for m in re.finditer(re.escape(core), self.text))
        return {place in self.denied or place - 1 in self.denied for place in places}


def stripped(clause: str) -> Stripped:
    """Return a clause without its denials; two of them one behind the other take each other back.

    >>> stripped("深色不会掉色")
    Stripped(text='深色掉色', denied=frozenset({2}))
    """
    plain = EITHER.sub(r"\1", FIXED.sub("", clause))
    text, denied, last = "", set(), 0
    for m in DENIAL.finditer(plain):
        text += plain[last : m.start()]
        if len(NOS.findall(m[0])) % 2:
            if m.end() == len(plain) or not plain[m.end()].isalnum():
                text += NOS.sub("", m[0])  # what is denied is this very word
                denied.add(len(text) - len(NOS.sub("", m[0])))
            else:
                denied.add(len(text))
        else:
            text += NOS.sub("", m[0])
        last = m.end()
    text += plain[last:]
    if denied:  # a word for or carries the denial on
        denied |= {m.end() for m in CARRIED.finditer(text) if m.end() > min(denied)}
    return Stripped(text, frozenset(denied))


def cores(clause: Stripped) -> Iterator[str]:
    """Yield what a clause denies: two of the three characters behind each denial, one where there is no more."""
    for place in sorted(clause.denied):
        for start in (place, place + 1):
            core = re.match(r"\w{1,2}", clause.text[start:])
            if core and core[0][0] not in "的了吗呢就" and (start == place or len(core[0]) == 2):
                yield core[0]


def alike(one: str, other: str) -> float:
    """Return the share of a clause's characters that another has: how far both speak of the same."""
    said, held = set(_words(one)), set(_words(other))
    return len(said & held) / len(said) if said else 0.0


SAME = 0.5
"""From this share on two clauses are taken to speak of the same thing."""


def turned(reply: str, evidence: str) -> Iterator[str]:
    """Yield the clauses that deny what their source affirms, or affirm what it denies.

    Looked at are the source's clauses that speak of the same. What stands in a clause with a denial of
    its own, though not behind it (洗碗机不能进), is taken for neither.
    """
    held = [(part, stripped(part)) for part in parts(evidence)]
    for part in new(reply, evidence):
        mine = stripped(part)
        near = [
            theirs for other, theirs in held if max(alike(part, other), alike(other, part)) > SAME
        ]
        if any(_denies(core, mine, near) for core in cores(mine)) or any(
            _sides(core, near) == {True} and mine.sides(core) == {False} and not mine.denied
            for theirs in near
            for core in cores(theirs)
        ):
            yield part


def new(reply: str, evidence: str) -> Iterator[str]:
    """Yield the clauses of a reply that its source does not have word by word."""
    held = {normal(part) for part in parts(evidence)}
    yield from (part for part in parts(reply) if normal(part) not in held)


def _sides(core: str, clauses: Iterable[Stripped]) -> set[bool]:
    return {side for clause in clauses for side in clause.sides(core)}


def _denies(core: str, mine: Stripped, near: list[Stripped]) -> bool:
    """Tell whether a word that a clause denies, and does not affirm too, is only affirmed in the source."""
    holding = [theirs for theirs in near if core in theirs.text]
    affirmed = bool(holding) and not any(theirs.denied for theirs in holding)
    return affirmed and False not in mine.sides(core)


# Roles

Role = Literal["买家", "卖家", "快递", "平台", "保险"]
ROLES: dict[Role, re.Pattern[str]] = {
    role: re.compile(words) for role, words in WORDS["roles"].items()
}
WHO = re.compile("|".join(f"(?P<{role}>{words.pattern})" for role, words in ROLES.items()))
NO_ROLE = re.compile(WORDS["no_role"])
DUTIES: dict[str, str] = WORDS["duties"]
DUTY = re.compile("|".join(f"(?P<{name}>{words})" for name, words in DUTIES.items()))


def who(clause: str) -> tuple[Role, ...]:
    """Return the roles that a clause names, in their order, the same one behind itself once.

    >>> who("运费由您承担，我们不出")
    ('买家', '卖家')
    """
    found: list[Role] = []
    for m in WHO.finditer(NO_ROLE.sub("", clause)):
        role = next(one for one in ROLES if m[one])
        if not found or found[-1] != role:
            found.append(role)
    return tuple(found)


def duties(clause: str) -> set[tuple[Role, str]]:
    """Return who has to pay, make good or prove by a clause: the last role named before the duty.

    >>> duties("来回运费我们承担")
    {('卖家', '付')}
    """
    plain = NO_ROLE.sub("", clause)
    roles = [(m.end(), next(one for one in ROLES if m[one])) for m in WHO.finditer(plain)]
    found = set()
    for m in DUTY.finditer(plain):
        before = [role for end, role in roles if end <= m.start()]
        if before:
            found.add((before[-1], next(name for name in DUTIES if m[name])))
    return found


def swapped(reply: str, evidence: str) -> Iterator[str]:
    """Yield the clauses of a reply in which another one acts, pays or proves than in the source."""
    held = parts(evidence)
    owed = set().union(*(duties(part) for part in held)) if held else set()
    for part in new(reply, evidence):
        near = sorted((alike(part, other), n) for n, other in enumerate(held) if who(other))
        mine = who(part)
        if mine and near and near[-1][0] >= SAME:
            best = near[-1][0]
            rivals = [who(held[n]) for degree, n in near if degree == best]
            if not any(_fits(mine, theirs) for theirs in rivals):
                yield part
                continue
        if any(
            (role, duty) not in owed and any(other == duty for _, other in owed)
            for role, duty in duties(part)
        ):
            yield part


def _fits(mine: tuple[Role, ...], theirs: tuple[Role, ...]) -> bool:
    """Tell whether roles agree: the same order, or one side names no more than the other in it."""
    short, long = sorted((mine, theirs), key=len)
    rest = iter(long)
    return all(role in rest for role in short)
