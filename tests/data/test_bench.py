"""The generator's benchmark."""

from __future__ import annotations

import sys

import pytest

from datasets import bench


def test_the_benchmark_prints_a_row_for_each_size_and_format(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--sizes", "1000"])
    bench.main()
    rows = [line.split(" | ") for line in capsys.readouterr().out.splitlines()[2:]]
    assert [row[1] for row in rows] == ["CSV", "Parquet"]
    for row in rows:
        assert float(row[5].split()[0]) > 20  # MB: a Python process at least
        assert float(row[6].split()[0]) > 1


def test_a_generator_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--sizes", "1"])
    with pytest.raises(SystemExit, match="the generator failed"):
        bench.main()
