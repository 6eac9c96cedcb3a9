"""The reserve before the sale: on the days of a promotion what queues longest overflows to her.

Who answers is settled after what happens, so that the rota changes no fact: by Bayes' rule the
share of chats that overflow, by how long they waited and whether they were bought, makes the
reserve as good at selling as planted. The shares are dealt out rather than drawn, because her
chats are so few that chance could hide what is planted.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections import Counter
from dataclasses import dataclass, field

from datasets.shop.calendar import DAY, PROMOTIONS, festival
from datasets.shop.people import AGENTS, Agent, present
from datasets.shop.truths import planted

RESERVE = next(agent for agent in AGENTS if agent.agent_id == planted("rota")["agent_id"])


@dataclass
class Rota:
    """Deals the chats before the sale out between the reserve and the shift."""

    due: Counter[tuple[str, int, bool]] = field(default_factory=Counter)

    def overflows(self, moment: int, response: int, bought: bool) -> bool:
        """Return whether a chat with a person goes to the reserve, and count it."""
        values = planted("rota")
        band = bisect(values["seconds"], response) - 1
        share = values["share"][band]
        if bought:
            odds = values["skill"] * share / (1 - share)
            share = odds / (1 + odds)
        cell = festival(moment // DAY), band, bought
        self.due[cell] += share
        if self.due[cell] < 0.5:
            return False
        self.due[cell] -= 1
        return True

    def settled(
        self, rng: random.Random, drawn: Agent, moment: int, response: int | None, bought: bool
    ) -> Agent:
        """Return who answers where ``drawn`` was drawn from the team before the sale.

        ``response`` is ``None`` where the robot answered first: such a chat waits for nobody.
        """
        promotion = festival(moment // DAY) in PROMOTIONS
        if promotion and response is not None and self.overflows(moment, response, bought):
            return RESERVE
        if drawn is not RESERVE or (promotion and response is None):
            return drawn
        return rng.choice(present(RESERVE.team, moment, reserve=False))
