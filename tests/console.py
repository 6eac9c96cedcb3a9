"""What a page complains of on its console."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage

OWN = "Service Worker registration blocked by Playwright"
"""Not the page's word: most tests keep the service worker out."""


def complains(message: ConsoleMessage) -> bool:
    """Return whether a page's message is an error or a warning of its own."""
    return message.type in ("error", "warning") and message.text != OWN
