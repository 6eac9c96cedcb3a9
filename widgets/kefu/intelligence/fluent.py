"""What a language model does, as small as it goes: the next character by the few before it.

It has read the shop's answers and writes on from a beginning, each character drawn as often as it
followed the same few characters there. Each step is right, and yet the whole may say what nobody wrote:
why 大模型 speak fluently and invent. A real one looks back much further and has read much more.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping

from kefu import data
from kefu.errors import expected

LONGEST = 90
MOST = 8


@data.cached
def answers() -> Mapping[str, str]:
    """Return the shop's answers by their entries, each ending in a full stop."""
    return {row["entry_id"]: f"{row['answer'].rstrip('。')}。" for row in data.rows("knowledge")}


@data.cached
def _followers(texts: tuple[str, ...], back: int) -> Mapping[str, Counter[str]]:
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for place, character in enumerate(text):
            found[text[max(0, place - back) : place]][character] += 1
    return found


def following(text: str, back: int) -> dict[str, float]:
    """Return what may come next after a text and how often it did, the likeliest first.

    Looks at the last ``back`` characters (1 to 8); nothing where these were never followed.

    >>> list(following("亲，满88元包", 3))
    ['邮']
    """
    if not 1 <= back <= MOST:
        raise ValueError(expected("back", f"1 to {MOST}", f"1到{MOST}", back))
    count = _followers(tuple(answers().values()), back).get(text[-back:], Counter())
    total = sum(count.values())
    return {character: n / total for character, n in count.most_common()}


def write(start: str, back: int, seed: int) -> str:
    """Return a sentence that begins with ``start``; the same for the same ``seed``."""
    drawn = random.Random(seed)
    text = start
    while not text.endswith("。") and len(text) < LONGEST and (next_ := following(text, back)):
        text += drawn.choices(list(next_), list(next_.values()))[0]
    return text


def source(text: str) -> str:
    """Return the first entry whose answer holds these very words; empty if none does, or for no words.

    >>> source("货到付款") != "", source("。")
    (True, '')
    """
    said = text.rstrip("。")
    return next((entry for entry, answer in answers().items() if said and said in answer), "")


def pieces(text: str) -> list[tuple[str, str]]:
    """Return the longest pieces that one entry says word by word, in order, each with the entry.

    >>> [piece for piece, _ in pieces("亲，货到付款，请在发货前告诉我订单号。")]
    ['亲，', '货到付款，', '请在发货前告诉我', '订单号。']
    """
    found, rest = [], text
    while rest:
        size = next((n for n in range(len(rest), 0, -1) if source(rest[:n])), 1)
        found.append((rest[:size], source(rest[:size])))
        rest = rest[size:]
    return found


def crossing(text: str, back: int) -> str:
    """Return the beginning of a sentence up to where it first went another way than its entry.

    Of a sentence that no entry was left for, it ends before the character that had most rivals.
    """
    first = pieces(text)[0][0]
    if len(first) < len(text):
        return first
    places = range(back, len(text))
    return text[: max(places, key=lambda place: len(following(text[:place], back)), default=back)]
