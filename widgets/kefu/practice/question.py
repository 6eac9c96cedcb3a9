"""What a customer asks in the night, and the ways to answer, one of which is right and well said.

Neither the order of the ways nor their lengths tell which: both are drawn. What is right is computed by a
chapter's model (`kefu.practice.cases`); how it is said is read by `kefu.talk.lint`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from random import Random

from kefu.talk import Finding, lint

NOTHING = Decimal("0.00")
PARTS = {
    "01": "presales/01_service", "02": "presales/02_preparation", "03": "presales/03_desk",
    "04": "presales/04_reception", "05": "aftersales/05_tracking", "06": "aftersales/06_returns",
    "07": "aftersales/07_disputes", "08": "aftersales/08_reviews", "09": "operations/09_customers",
    "10": "operations/10_satisfaction", "11": "operations/11_loyalty",
    "12": "operations/12_audience", "13": "intelligence/13_bots",
    "14": "intelligence/14_knowledge", "15": "intelligence/15_staffing",
    "16": "intelligence/16_live",
}  # fmt: skip
"""The notebook of each chapter, without its ending."""


@dataclass(frozen=True)
class Lesson:
    """A section of a chapter: what would have helped."""

    chapter: str
    section: str

    @property
    def page(self) -> str:
        """The chapter's notebook below ``notebooks``, without its ending."""
        return PARTS[self.chapter]

    @property
    def said(self) -> str:
        """Return it in words, as the coach names it."""
        return f"第{self.chapter}章“{self.section}”"


@dataclass(frozen=True)
class DeskAnswer:
    """One way to answer: its words, whether the matter is right, the mistake, and yuan given away by it.

    ``owes`` are those of its words that promise something; right or wrong, they belong into the list of
    things to do.
    """

    text: str
    right: bool = False
    slip: str = ""
    away: Decimal = NOTHING
    owes: str = ""


@dataclass(frozen=True)
class DeskQuestion:
    """What is asked, what may be looked up, and the ways to answer in the order in which they are shown.

    ``needs`` is what the answer must do besides (see `kefu.talk.lint`); ``why`` says how the right one comes
    about, ``advice`` where to look without giving it away. ``due`` is money that the customer has a right to.
    ``about`` is what is talked of: a product, so that who asks twice asks of one, or the host's words;
    ``who`` the customer, where the papers name him; ``thanks`` what may be said to a right
    answer, ``pledge`` what is promised with it by another's words.
    """

    kind: str
    lesson: Lesson
    says: str
    facts: tuple[tuple[str, str], ...]
    ways: tuple[DeskAnswer, ...]
    why: str
    advice: str
    needs: frozenset[str] = frozenset()
    due: Decimal = NOTHING
    gifts: tuple[str, ...] = ()
    about: str = ""
    who: str = ""
    thanks: tuple[str, ...] = ()
    pledge: str = ""

    def faults(self, way: DeskAnswer) -> tuple[Finding, ...]:
        """Return how a way is badly said."""
        return heard(way.text, self.needs)

    @property
    def best(self) -> int:
        """The place of the way that is right and well said."""
        return next(n for n, one in enumerate(self.ways) if one.right and not self.faults(one))

    @property
    def matter(self) -> str:
        """The best way's words without those that come after the matter and change nothing of it."""
        text = self.ways[self.best].text
        ends = sorted({*TAILS, *INNER} - {""}, key=len, reverse=True)
        return text.removesuffix(next((end for end in ends if text.endswith(end)), ""))


@lru_cache(maxsize=4096)
def heard(text: str, needs: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """Return the faults of a line by `kefu.talk.lint`, what facts it must tell left aside."""
    return tuple(lint(text, needs - {"事实"}))


# Ways to say it

TAILS = (
    "", "您随时问。", "有事叫我。", "我一直在。", "有疑问再叫我。", "哪里没说清，您再问我。",
    "您不清楚就再问一句。", "您慢慢看，看完再说也行。", "有哪里对不上，您跟我说一声。",
    "这是照着记录一条一条对下来的。", "要是还有别的，这个窗口里接着问。",
    "我把过程也留在这个窗口里了，您什么时候看都行。",
)  # fmt: skip
"""Words after the matter that change nothing of it; they make lines of different lengths."""
KIND = (
    "让您着急了，对不起。", "这么晚还要您操心，抱歉。", "换了谁都急，真对不起。",
    "这件事让您费神，实在抱歉。", "给您添麻烦了，对不起。",
)  # fmt: skip
PLAIN = ("查好了。", "看过了。", "我看了记录。", "对过一遍了。", "帮您查到了。")
INNER = (
    "", "你看呢？", "我是这么看的。", "有事叫我。", "拿不准再叫我。", "哪里没说清，你再问我。",
    "这个窗口我先不关。", "你再对一遍，有出入就告诉我。", "我是照着记录一步一步看下来的。",
    "先记下来，交班的时候也说一声。", "要是还有别的想看的，你再跟我说一声吧。",
    "我把过程写在这个窗口里了，你什么时候看都行。",
)  # fmt: skip
"""The same, to a colleague."""
TRIES = 80
MIXED = 0.4
"""How often some of the ways of an answer to a trouble have a word for it, and some have none."""


def four(
    draw: Random, right: str, wrong: Sequence[tuple[str, str]], *, upset: bool | None = None,
    away: Sequence[Decimal] = (), inner: bool = False,
) -> tuple[DeskAnswer, ...]:  # fmt: skip
    """Return four ways in a drawn order: the right matter, and ``wrong`` ones with their mistakes.

    All begin and end in words of the same lists, so that no words but those of the matter tell which is right.
    Of a trouble (``upset`` is not None) all have a word for it where somebody is upset, none where nobody is;
    or half of them have one: of the upset's then two matters, each both ways, and of the others', who need
    none, the right one has none. So neither is right more often: what the customer says tells whether he is
    upset. ``away`` is what a wrong matter gives away, in yuan; a colleague (``inner``) is told the matter alone.
    """
    matters = [DeskAnswer(right, True)]
    gives = [*away, *[NOTHING] * len(wrong)]
    for (text, slip), yuan in zip(wrong, gives, strict=False):
        if text not in [one.text for one in matters]:
            matters.append(DeskAnswer(text, False, slip, yuan))
    kept = [matters[0], *draw.sample(matters[1:], min(3, len(matters) - 1))]
    if inner:
        return spread(draw, kept, INNER)
    kind, plain = draw.sample(KIND, 4), draw.sample(PLAIN, 4)
    heads = kind if upset else plain
    if upset is not None and draw.random() < MIXED:
        heads = [plain[0], kind[1], kind[2], plain[3]]
        if upset:
            kept = [kept[0], kept[1], kept[0], kept[1]]
            heads = [kind[0], kind[1], plain[2], plain[3]]
    return spread(
        draw, [replace(one, text=head + one.text) for one, head in zip(kept, heads, strict=False)]
    )


def owing(ways: Sequence[DeskAnswer], told: Mapping[str, str]) -> tuple[DeskAnswer, ...]:
    """Return the ways, each with the words in it that promise something, by the matter that it tells."""
    return tuple(
        replace(one, owes=next((owes for text, owes in told.items() if text in one.text), ""))
        for one in ways
    )


def joined(*parts: str) -> str:
    """Return what is to be said as one line: parts that are said, each ended once.

    >>> joined("少算了一步续重", "", "运费10元。")
    '少算了一步续重；运费10元'
    """
    return "；".join(part.rstrip("。；") for part in parts if part)


def spread(
    draw: Random, ways: Sequence[DeskAnswer], ends: Sequence[str] = TAILS
) -> tuple[DeskAnswer, ...]:
    """Return the ways in a drawn order with tails, so that the first has a drawn rank among the lengths."""

    def tailed() -> list[DeskAnswer]:
        tails = draw.sample(ends, len(ways))
        return [replace(one, text=one.text + tail) for one, tail in zip(ways, tails, strict=True)]

    return ranked(draw, tailed, len(ways))


def ranked(
    draw: Random, make: Callable[[], Sequence[DeskAnswer]], many: int = 4
) -> tuple[DeskAnswer, ...]:
    """Return what ``make`` draws, in a drawn order, where the first has a drawn rank among the lengths.

    ``make`` is called until that is so, `TRIES` times at most, and returns ``many`` ways each time.
    """
    rank = draw.randrange(many)
    best: tuple[int, list[DeskAnswer]] = (many + 1, [])
    for _ in range(TRIES):
        tried = list(make())
        sizes = [len(one.text) for one in tried]
        far = abs(sum(size < sizes[0] for size in sizes[1:]) - rank) + (len({*sizes}) < len(sizes))
        if far < best[0]:
            best = (far, tried)
        if not far:
            break
    made = best[1]
    draw.shuffle(made)
    return tuple(made)


def facts(**told: object) -> tuple[tuple[str, str], ...]:
    """Return labels with what they say, empty ones left out."""
    return tuple(
        (name.replace("_", " "), str(value)) for name, value in told.items() if value != ""
    )


def distinct(texts: Iterable[tuple[str, str]], right: str) -> list[tuple[str, str]]:
    """Return the wrong matters that differ from the right one and from one another, in order."""
    found: dict[str, str] = {}
    for text, slip in texts:
        if text != right:
            found.setdefault(text, slip)
    return list(found.items())
