"""Ten bad reviews with what the shop's tables hold of each: ``casebook.toml``, by hand, held to the tables."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

from kefu.amounts import one_of

Page = Literal["chat", "parcel", "batch", "bought"]
PAGES: dict[Page, str] = {"chat": "聊天", "parcel": "包裹", "batch": "批次", "bought": "订单与往来"}
Truth = Literal["质量", "色差", "描述不符", "物流", "服务", "尺码", "误会", "恶意"]
TRUTHS: tuple[Truth, ...] = get_args(Truth)


@dataclass(frozen=True)
class Filed:
    """A bad review and the pages of its file; ``seen`` are the signs that each page shows or rules out.

    ``truth`` is what the review was about, ``page`` where that is decided and ``why`` by what.
    """

    review: str
    order: str
    who: str
    what: str
    at: str
    stars: int
    text: str
    pages: Mapping[Page, tuple[str, ...]]
    seen: Mapping[Page, Mapping[str, bool]]
    truth: Truth
    page: Page
    why: str

    def signs(self, opened: Collection[Page]) -> dict[str, bool]:
        """Return what the opened pages show and rule out, in the order of the pages.

        >>> [len(one.signs(["chat"])) for one in casebook()[:2]]
        [0, 5]
        """
        return {
            name: here
            for page in PAGES
            if page in opened
            for name, here in self.seen.get(page, {}).items()
        }


@cache
def casebook() -> tuple[Filed, ...]:
    """Return the ten, in the order in which they are dealt."""
    text = Path(__file__).with_name("casebook.toml").read_text(encoding="utf-8")
    return tuple(
        Filed(
            one["review"], one["order"], one["who"], one["what"], one["at"], one["stars"], one["text"],
            {page: tuple(one[page]) for page in PAGES},
            one.get("seen", {}),
            one_of(one["truth"], "truth", TRUTHS),
            one_of(one["page"], "page", list(PAGES)),
            one["why"],
        )
        for one in tomllib.loads(text)["case"]
    )  # fmt: skip
