"""The pages of the book, for tests that visit each."""

from __future__ import annotations

import pytest

from web import book

NAMES = [*book.pages(), "search", "genindex"]
"""Every page of the book; index.html only leads to the cover, 404.html has tests of its own."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that reads what a visit told once for each page of the book."""
    if {"seen", "phone"} & set(metafunc.fixturenames):
        metafunc.parametrize("name", NAMES)
