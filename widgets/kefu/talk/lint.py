"""What an agent's line lacks, and what it should not say: seven faults, each with the words that show it.

Rules of words, no model: a reader sees why. How well they do on lines that they were not made on is
measured by ``python -m datasets.measure_lint``. What they cannot hear:

- Sense: a feeling, a promise or an insult in words that the lists lack; a list word in another sense.
- Tone: irony, and an apology that only opens a refusal (“不好意思，规定就是这样”) counts as one.
- Truth: a number from ``facts`` counts as said, whatever the sentence does with it, unless it is denied
  right before or is a part of another (7天 of 17天).
- Far references: a denial or a quotation is looked for in the same clause and before the word; a few words
  after it. Reported speech without quotation marks is heard after 您说, 同事答应 and the like only.
- Whether what is promised can be kept: “今天18点前” is a next step, kept or not.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from kefu.errors import expected
from kefu.language import LONGEST

Kind = Literal["没接情绪", "没说事实", "没有下一步", "越权承诺", "违禁用语", "推责", "太长"]
KINDS: tuple[Kind, ...] = (
    "没接情绪", "没说事实", "没有下一步", "越权承诺", "违禁用语", "推责", "太长",
)  # fmt: skip
NEEDS = ("情绪", "事实", "下一步")
LONG = 100
"""Characters that a customer reads on a phone without scrolling: six lines of a bubble."""


@dataclass(frozen=True)
class Finding:
    """One fault of a line: its kind, the words of the line that show it, and why it is one.

    Of what is missing only a next step has words: those that stand in its place.
    """

    kind: Kind
    words: str
    why: str


@dataclass(frozen=True)
class Pattern:
    """Words that are a fault where they are meant; ``unless`` is what in the line excuses them.

    ``affirmed``: an imperative 别 before the words denies nothing (别大惊小怪).
    """

    kind: Kind
    why: str
    words: re.Pattern[str]
    unless: re.Pattern[str] | None = None
    affirmed: bool = False


@dataclass(frozen=True)
class Lists:
    """The word lists, ready to use: what should not be said, and by name what else is looked for."""

    faults: tuple[Pattern, ...]
    heard: Mapping[str, re.Pattern[str]]


@cache
def lists() -> Lists:
    """Return the word lists, ``words.toml``, by hand."""
    told = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    named: dict[str, str] = {}

    def filled(pattern: str) -> re.Pattern[str]:
        return re.compile(re.sub("<([a-z]+)>", lambda found: named[found[1]], pattern))

    for name, pattern in told["lists"].items():
        named[name] = filled(pattern).pattern
    faults = tuple(
        Pattern(
            one["kind"],
            one["why"],
            filled("|".join(f"(?:{pattern})" for pattern in one["words"])),
            filled(one["unless"]) if "unless" in one else None,
            one.get("affirmed", False),
        )
        for one in told["fault"]
    )
    return Lists(faults, {name: filled(pattern) for name, pattern in told["heard"].items()})


def _heard(name: str) -> re.Pattern[str]:
    return lists().heard[name]


QUOTED = re.compile('“[^“”]*”|「[^「」]*」|『[^『』]*』|"[^"]*"')
BREAKS = ",。!?;~\n"
CLAUSE = re.compile(f"[^{BREAKS}]+")
"""What is said in one breath."""
FAR = 40
"""Characters around words in which what denies them is looked for."""
NEAR = 6
"""Characters that a denial reaches where no list of words says what is denied."""


@dataclass(frozen=True)
class _Line:
    """A line without case, width, spaces and emoji; ``at`` says where each character stands in the text."""

    text: str
    plain: str
    at: tuple[int, ...]

    @classmethod
    def read(cls, text: str) -> _Line:
        plain: list[str] = []
        at: list[int] = []
        for place, character in enumerate(text):
            for one in unicodedata.normalize("NFKC", character).lower():
                if one == "\n" or not (one.isspace() or _drawn(one)):
                    plain.append(one)
                    at.append(place)
        return cls(text, "".join(plain), tuple(at))

    def words(self, start: int, end: int) -> str:
        """Return the text between two places of the plain one."""
        return self.text[self.at[start] : self.at[end - 1] + 1] if start < end else ""


def _drawn(character: str) -> bool:
    """Tell whether a character is an emoji or a part of one: its skin, its joiner, its variant."""
    return unicodedata.category(character) in {"So", "Sk", "Cf", "Mn", "Me"} and character > "\x7f"


DIGITS = {c: str(n) for n, c in enumerate("零一二三四五六七八九")} | {"两": "2"}
NUMERAL = re.compile(f"[十{''.join(DIGITS)}]+")


def _figures(plain: str) -> str:
    """Return a text with Chinese numerals below a hundred as digits.

    >>> _figures("十八块，两天，二十五元")
    '18块，2天，25元'
    """

    def digits(found: re.Match[str]) -> str:
        tens, ten, ones = found[0].partition("十")
        if ten and len(tens) < 2 and len(ones) < 2 and ones != "十":
            return f"{DIGITS.get(tens, '1')}{DIGITS.get(ones, '0')}"
        return "".join(DIGITS.get(one, one) for one in found[0])

    return NUMERAL.sub(digits, plain)


def _meant(own: str, start: int, end: int, affirmed: bool = False) -> bool:
    """Tell whether words of a line are the agent's own: neither denied nor what another said."""
    before = max(own.rfind(mark, max(0, start - FAR), start) for mark in BREAKS) + 1
    ahead = _heard("no_denial").sub("", own[max(before, start - FAR) : start])
    if affirmed:
        ahead = ahead.replace("别", "")
    behind = CLAUSE.match(own, end, end + FAR)
    return not (
        _heard("denied").search(ahead)
        or _heard("reported").search(ahead)
        or (behind and _heard("taken_back").match(behind[0]))
    )


def _unquoted(plain: str) -> str:
    """Return a text of the same length with what stands in quotation marks blanked."""
    return QUOTED.sub(lambda found: "\0" * len(found[0]), plain)


def _said(line: _Line, limits: Sequence[str] = ()) -> Iterator[Finding]:
    """Yield what should not have been said, words of a kind that overlap once."""
    own = _unquoted(line.plain)
    seen: dict[Kind, list[tuple[int, int]]] = {}
    for pattern in (*map(_limit, limits), *lists().faults):
        if pattern.unless and pattern.unless.search(own):
            continue
        spans = seen.setdefault(pattern.kind, [])
        for found in pattern.words.finditer(own):
            start, end = found.span()
            if _meant(own, start, end, pattern.affirmed) and not any(
                start < last and first < end for first, last in spans
            ):
                spans.append((start, end))
                yield Finding(pattern.kind, line.words(start, end), pattern.why)


SMALL = "给您你我们了也都会再的就能"
"""Words that may stand between those of a limit, or be missing: 免运费 is 给您免了运费 too."""


@lru_cache
def _limit(limit: str) -> Pattern:
    """Return the pattern of a promise that this turn's agent may not give."""
    plain = _Line.read(limit).plain
    kept = [one for one in plain if one not in SMALL]
    words = f"[{SMALL}]{{0,3}}".join(map(re.escape, kept))
    if len(kept) < 3:  # too little to tell it by
        words = re.escape(plain) or "(?!)"
    why = f"“{limit}”不在你的权限里，要照规则或请主管定"
    return Pattern("越权承诺", why, re.compile(words))


def _missing(
    line: _Line, needs: frozenset[str], facts: Sequence[Sequence[str]]
) -> Iterator[Finding]:
    """Yield what had to be done and was not."""
    if "情绪" in needs and not _feeling(line):
        yield Finding("没接情绪", "", "先说出客人的感受或难处，再办事；叫人别急、请人放心不算")
    if "事实" in needs:
        told = _facts(line.text)
        lacking = [
            "或".join(f"“{word}”" for word in group[:2])
            for group in facts
            if not any(_told(told, one) for one in group)
        ]
        if lacking:
            yield Finding("没说事实", "", f"客人要听的还没说全，话里该有{'，'.join(lacking)}")
    if "下一步" in needs and not _next_step(line):
        vague = _heard("vague").search(line.plain)
        last = [one.span() for one in CLAUSE.finditer(line.plain)][-1:]
        words = line.words(*(vague.span() if vague else last[0] if last else (0, 0)))
        yield Finding("没有下一步", words, "没说清接下来做什么、最晚什么时候，客人只能再来问一遍")


BETWEEN = re.compile(r"(?<![a-z\d.]) | (?![a-z\d.])|(?<=\d) (?=[a-z])")
"""A space that parts neither numbers nor Latin words: 退 18 元 is 退18元, 3 kg is 3kg, XL 42 is not xl42."""
YUAN, LARGE = "元块", "百千万"
PRICE = re.compile(rf"\d+\.\d+(?=[{YUAN}])")
BEFORE = {"number": rf"(?<![\d.{LARGE}])", "letter": r"(?<![a-z\d])"}
AFTER = {"number": rf"(?![\d{LARGE}]|\.\d)", "letter": r"(?![a-z\d])"}
"""What may not touch a fact's first and last character: a number is told whole, and so is a Latin word."""


def _facts(text: str) -> str:
    """Return a text as facts are looked for in it: figures as digits, prices without needless zeros.

    >>> _facts("XL 42 码 退 十八 元，共 12.60元")
    'xl 42码退18元,共12.6元'
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).lower().split())
    figures = _figures("".join(one for one in BETWEEN.sub("", plain) if not _drawn(one)))
    return PRICE.sub(lambda found: found[0].rstrip("0").rstrip("."), figures)


def _told(told: str, fact: str) -> bool:
    """Tell whether a fact is said, not as a part of another number or word, and not denied right before."""
    words = _facts(fact)
    kinds = ["number" if c.isdigit() else "letter" if c.isascii() and c.isalpha() else ""
             for c in (words[:1], words[-1:])]  # fmt: skip
    whole = f"{BEFORE.get(kinds[0], '')}{re.escape(words)}{AFTER.get(kinds[1], '')}"
    return any(
        not _heard("false").search(told[: found.start()]) for found in re.finditer(whole, told)
    )


def _feeling(line: _Line) -> bool:
    """Tell whether the customer's feeling or trouble is named."""
    return bool(_heard("feeling").search(_heard("soothed").sub("", line.plain)))


def _next_step(line: _Line) -> bool:
    """Tell whether a clause says what will be done and when, or two neighbours do so together."""
    parts = CLAUSE.findall(line.plain)
    for n, part in enumerate(parts):
        if not _heard("when").search(part) or _heard("not_yet").search(part):
            continue
        if _heard("action").search(part):
            return True
        beside = ",".join(parts[max(n - 1, 0) : n + 2])
        if _heard("deadline").search(part) and _heard("action").search(beside):
            return True
    return False


def lint(
    utterance: str,
    needs: Iterable[str] = frozenset(),
    facts: Sequence[Sequence[str]] = (),
    limits: Sequence[str] = (),
) -> list[Finding]:
    """Return the faults of an agent's line, in the order of ``KINDS``.

    ``needs`` is what the line must do, of 情绪, 事实 and 下一步; of each group in ``facts`` one must be
    said where 事实 is needed; ``limits`` are promises beyond the agent's authority here. Raises
    ``TypeError`` for anything but text, ``ValueError`` for another need.

    >>> [(one.kind, one.words) for one in lint("亲放心，明天保证到！", needs={"情绪"})]
    [('没接情绪', ''), ('越权承诺', '保证')]
    >>> lint("我们不能保证明天到")
    []
    """
    if not isinstance(utterance, str):
        raise TypeError(expected("utterance", "text", "文字", utterance))
    asked = frozenset(needs)
    if not asked <= {*NEEDS}:
        raise ValueError(expected("needs", f"some of {NEEDS}", "情绪、事实、下一步中的几项", needs))
    line = _Line.read(utterance)
    found = [*_missing(line, asked, facts), *_said(line, limits)]
    size = len(line.plain)
    if size > LONG:
        why = f"有{size}个字，手机上要拉着看，超过{LONG}个字就分两条发"
        found.append(Finding("太长", line.words(LONG, size), why))
    return sorted(found, key=lambda one: KINDS.index(one.kind))


def acts(utterance: str) -> frozenset[str]:
    """Return what a line does, whatever its words: the faults it says, 情绪, 下一步, or 敷衍 instead of one.

    >>> sorted(acts("让您久等了，明天保证到"))
    ['情绪', '越权承诺']
    """
    line = _Line.read(utterance)
    found: set[str] = {one.kind for one in _said(line)}
    if _feeling(line):
        found.add("情绪")
    if _next_step(line):
        found.add("下一步")
    elif _heard("vague").search(line.plain):
        found.add("敷衍")
    return frozenset(found)


def denied(utterance: str) -> list[tuple[str, bool]]:
    """Return the letters, digits and characters of a line, each with whether the line denies it.

    Denied is in a clause what follows 不用, 没有 and the like, and what stands before 不了 or 不行 at its end.

    >>> "".join(one for one, no in denied("微信转不了，不用您点，在平台退") if no)
    '微信转您点'
    """
    told: list[tuple[str, bool]] = []
    for clause in CLAUSE.findall(_Line.read(utterance[:LONGEST]).plain):
        plain = _heard("no_denial_here").sub(lambda found: "\0" * len(found[0]), clause)
        no: set[int] = set()
        for found in _heard("denies").finditer(plain):
            no.update(range(found.end(), found.end() + NEAR))
        if closed := _heard("denied_before").search(plain):
            no.update(range(closed.start() - NEAR, closed.start()))
        told += [(one, place in no) for place, one in enumerate(clause) if one.isalnum()]
    return told
