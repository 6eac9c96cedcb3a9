"""What a page of the book knows of the modules that it has compiled alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from kefu.practice import record


def test_the_noted_digest_is_that_of_the_modules() -> None:
    """Where it is not: ``python -m kefu.practice.record``."""
    assert record.NOTED.read_text(encoding="ascii").strip() == record.modules()


def test_where_the_modules_are_not_to_be_read_the_noted_digest_stands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = record.modules()
    monkeypatch.setattr(record, "HERE", tmp_path)
    assert record.modules() == whole
