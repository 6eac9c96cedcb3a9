"""Tests of a page, or of a file, share a worker, and with it the visit or the fixture that is dear."""

from __future__ import annotations

import pytest

from tests.conftest import group


def test_a_test_is_sent_to_its_group(request: pytest.FixtureRequest) -> None:
    """The group stands at the end of its name, where pytest and pytest-xdist agree on names."""
    if not hasattr(request.config, "workerinput"):
        pytest.skip("nothing is spread over workers")
    assert request.node.nodeid.endswith(f"@{group(request.node)}")
