"""The pages of the book, for tests that visit each."""

from __future__ import annotations

import pytest

from web import book

CHAPTERS = book.pages()
PAGES = [f"{name}.html" for name in (*CHAPTERS, "search", "genindex")]
"""Every page of the book; index.html only leads to the cover."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that takes ``visit`` once for each page of the book."""
    if "visit" in metafunc.fixturenames:
        metafunc.parametrize("visit", PAGES, indirect=True, scope="module")
