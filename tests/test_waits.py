"""How tests wait for a page: what only seems to wait makes a test that fails once in a while."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


def waits(code: str) -> Iterator[str]:
    """Yield what each ``wait_for_function`` of the code waits for, names by what they stand for."""
    tree = ast.parse(code)
    named = {
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".wait_for_function"):
            (first, *_) = node.args
            yield ast.unparse(named.get(first.id, first) if isinstance(first, ast.Name) else first)


def polls(wanted: str) -> bool:
    """Tell whether the browser can ask this again: a function's text that promises nothing."""
    head, arrow, body = wanted.partition("=>")
    return bool(arrow) and "async" not in head and not re.search(r"Promise|\.then\(", body)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("() => window.done", True),
        ("window.done", False),
        ("async () => window.done", False),
        ("() => new Promise(done => done(false))", False),
        ("() => fetch('x').then(answer => answer.ok)", False),
    ],
)
def test_planted_waits_are_told_apart(wanted, told):
    assert [polls(one) for one in waits(f"page.wait_for_function({wanted!r})")] == [told]


def test_every_wait_in_a_page_truly_asks_again():
    texts = [path.read_text("utf-8") for path in TESTS.rglob("*.py")]
    found = [one for text in texts for one in waits(text)]
    assert len(found) > 5
    assert [one for one in found if not polls(one)] == []
