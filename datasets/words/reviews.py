"""What customers write after a purchase, and what the shop answers."""

from __future__ import annotations

import random

from datasets.words.knowledge import product_facts
from datasets.words.phrase import expand, lines, load, slip

CAUSES = ("质量", "色差", "描述不符", "物流", "服务", "尺码", "误会", "恶意")
# the blocks that other blocks name in braces
WORDS = (
    *("very", "deliver", "serve", "carrier", "agent", "again", "price", "flaw4"),
    *("big", "late", "height", "size", "claim", "reach", "point_claim"),
)


def text(rng: random.Random, name: str, title: str = "") -> str:
    """Return one text of a block of reviews.yml, about the product of this title."""
    blocks: dict[str, str] = load("reviews")
    kinds = load("products").get(product_facts(title)["product_id"], {"kinds": ["家居"]})["kinds"]
    praise = rng.sample(
        lines(blocks["praise_尺码" if "尺码" in kinds else f"praise_{kinds[0]}"]), 2
    )
    own = {word: f"[{'|'.join(lines(blocks[word]))}]" for word in WORDS}
    facts = {**product_facts(title), **own, "praise": praise[0], "praise2": praise[1]}
    return expand(rng, rng.choice(lines(blocks[name])), facts)


def check(stars: int, cause: str) -> None:
    """Raise ``ValueError`` where stars are not 1 to 5 or a cause is not one of ``CAUSES``."""
    if stars not in range(1, 6):
        raise ValueError(f"stars: expected 1 to 5, got {stars!r}")
    if cause and cause not in CAUSES:
        raise ValueError(f"cause: expected one of {CAUSES} or none, got {cause!r}")


def review(rng: random.Random, stars: int, cause: str, title: str) -> str:
    """Return a review: praise for 4 and 5 stars, else its cause; slips as in any typing."""
    check(stars, cause)
    name = cause or {5: "five", 4: "four"}.get(stars, "three_plain")
    said = text(rng, name, title)
    return slip(rng, said) if rng.random() < 0.05 else said


def waiting(rng: random.Random, seconds: int, title: str) -> str:
    """Return the bad review of one who waited so many seconds for an answer."""
    minutes = seconds // 60
    wait = f"{'一两三四五六七八九'[minutes - 1]}分多钟" if minutes < 10 else f"{minutes}多分钟"
    return text(rng, "waiting", title).replace("WAIT", wait)


def furious(rng: random.Random, cause: str, title: str, claim: int) -> str:
    """Return the review of an honest customer in a fury, who claims so many yuan."""
    return text(rng, f"furious_{cause}", title).replace("CLAIM", str(claim))


def calmed(rng: random.Random, cause: str, title: str) -> str:
    """Return what that customer adds when all has been put right."""
    return text(rng, f"calmed_{cause}", title)


def reply(rng: random.Random, stars: int, cause: str, title: str = "") -> str:
    """Return the shop's public answer to a review."""
    check(stars, cause)
    return text(rng, f"reply_{cause or ('good' if stars > 3 else 'three')}", title)


def follow_up(rng: random.Random, stars: int, cause: str, title: str = "") -> str:
    """Return the customer's later word: three complaints in five have been put right by then."""
    check(stars, cause)
    if cause == "恶意":
        return text(rng, "follow_恶意", title)
    if not cause:
        return text(rng, "follow_good", title)
    return text(rng, "follow_solved" if rng.random() < 0.6 else "follow_unsolved", title)


def comment(rng: random.Random, csat: int) -> str:
    """Return a remark at the end of the survey, by its satisfaction of 1 to 5."""
    check(csat, "")
    return text(rng, f"comment_{csat}")
