"""The measuring of engines and sweeps: digests, watching, the tables; Spark and Dask run in ``make scale``."""

from __future__ import annotations

import random
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from datasets import crowd
from tests.data.recover import Tables
from tools.scale import __main__ as measure
from tools.scale import engines, sweep

# A digest


def results(target: Path, frame: pd.DataFrame, files: int = 1) -> str:
    """Write a frame as each of the results, in so many files; return the digest."""
    for name in measure.RESULTS:
        made = target / f"{name}.parquet"
        made.mkdir(parents=True)
        for nth in range(files):
            frame[nth::files].to_parquet(made / f"{nth}.parquet", index=False)
    return measure.digest(target)


FRAME = pd.DataFrame(
    {"who": [f"C{n}" for n in range(50)], "fen": range(50), "yes": [True, False] * 25}
)


def test_a_digest_knows_no_order_of_rows_columns_or_files(tmp_path: Path) -> None:
    order = random.Random(1).sample(range(50), 50)
    shuffled = FRAME.iloc[order][["yes", "fen", "who"]]
    one, other = results(tmp_path / "a", FRAME), results(tmp_path / "b", shuffled, files=3)
    assert one == other
    assert len(one) == 12


@pytest.mark.parametrize("change", [
    lambda frame: frame.assign(fen=frame.fen.where(frame.fen != 7, 8)),
    lambda frame: frame[1:],
    lambda frame: pd.concat([frame, frame[:1]]),
    lambda frame: frame.rename(columns={"fen": "yuan"}),
    lambda frame: frame.astype({"fen": "float64"}),
])  # fmt: skip
def test_a_digest_sees_one_cell_one_row_one_type(tmp_path: Path, change: Any) -> None:
    assert results(tmp_path / "a", FRAME) != results(tmp_path / "b", change(FRAME))


# Watching


def program(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> str:
    """Write a module that can be run by ``-m``; return its name."""
    (folder / "watched.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    return "watched"


def test_a_program_is_watched_with_all_that_it_starts(tmp_path: Path, monkeypatch: Any) -> None:
    took = measure.watch(program(tmp_path, monkeypatch, """
import json, subprocess, sys, time
child = "import time; held = b'x' * 200_000_000; time.sleep(1)"
subprocess.run([sys.executable, "-c", child])
began = time.process_time()
while time.process_time() - began < 0.3:
    pass
print("a line before")
print(json.dumps({"start": 1.5, "count": float(sys.argv[1])}))
"""), "2.5")  # fmt: skip
    assert took.told == {"start": 1.5, "count": 2.5}
    assert 200 < took.peak < 400
    assert took.cpu >= 0.3
    assert measure.line(took).startswith("1.5 s | 2.5 s | ")


def test_a_program_that_fails_is_told_by_its_last_words(tmp_path: Path, monkeypatch: Any) -> None:
    name = program(tmp_path, monkeypatch, "raise ValueError('no such shop')")
    with pytest.raises(SystemExit, match=r"^kefu: watched here failed: ValueError: no such shop$"):
        measure.watch(name, "here")


# The command


@pytest.fixture
def home(tmp_path: Path, monkeypatch: Any) -> Path:
    """The command on a small crowd, made in this process, and no sweep."""
    monkeypatch.setattr(measure, "HOME", tmp_path)
    monkeypatch.setattr(crowd, "write", partial(crowd.write, processes=1))
    monkeypatch.setattr(measure, "sweep", lambda seeds: True)
    monkeypatch.setattr(
        sys, "argv", ["scale", "--customers", "600", "--engines", "pandas", "duckdb"]
    )
    return tmp_path


def test_the_command_prints_a_row_for_each_engine_and_what_the_models_find(
    home: Path, capsys: Any
) -> None:
    measure.main()
    lines = capsys.readouterr().out.splitlines()
    table = [line.split(" | ") for line in lines if line.startswith("| 600 ")]
    assert [row[2] for row in table] == ["pandas", "duckdb"]
    assert table[0][-1] == table[1][-1]
    assert lines[-4].startswith("BG/NBD of 600: r ")
    assert [line.split()[:2] for line in lines[-3:]] == [
        ["M02", "all:"], ["M03", "sleeping:"], ["M04", "loyal:"]
    ]  # fmt: skip
    assert {path.name for path in home.iterdir()} == {"600", "600-pandas", "600-duckdb"}


def test_engines_that_differ_fail_the_command(home: Path, monkeypatch: Any) -> None:
    took = measure.Watched(1.0, 1.0, 1.0, {"start": 0.0, "count": 1.0})
    monkeypatch.setattr(measure, "watch", lambda *command: took)
    monkeypatch.setattr(measure, "tell", lambda customers: None)
    monkeypatch.setattr(measure, "digest", lambda target: target.name)
    with pytest.raises(SystemExit, match="two ways found different results"):
        measure.main()


# The page


def test_the_page_s_tables_agree_with_themselves_and_with_the_command() -> None:
    page = (measure.ROOT / "book" / "scale.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in page.splitlines()
        if row.count("`") == 2
    ]
    counted = [row for row in rows if len(row) == 8]
    assert [(row[0], row[2]) for row in counted] == [
        (f"{size:,}", engine) for size in measure.SIZES for engine in measure.ENGINES
    ]
    for size in measure.SIZES:
        assert len({(row[1], row[-1]) for row in counted if row[0] == f"{size:,}"}) == 1
    swept = [row for row in rows if len(row) == 7]
    assert [row[:2] for row in swept] == [
        [f"{len(sweep.nights()):,}", way] for way in ("one", "dask")
    ]
    assert len({row[-1] for row in swept}) == 1


def test_the_page_s_commands_are_there() -> None:
    page = (measure.ROOT / "book" / "scale.md").read_text(encoding="utf-8")
    make = (measure.ROOT / "Makefile").read_text(encoding="utf-8")
    target = make[make.index("\nscale:") :].split("\n\n")[0]
    for name in ("CUSTOMERS", "ENGINES"):
        assert f" {name}=" in page
        assert f"$({name})" in target
    for name, module in (("SPARK_MASTER", engines), ("SCHEDULER", sweep)):
        assert f"{name}=" in page
        assert name in Path(module.__file__ or "").read_text(encoding="utf-8")


# A cluster that does not come


def test_a_cluster_that_does_not_come_is_given_up(monkeypatch: Any) -> None:
    monkeypatch.setattr(engines, "PATIENCE", 0)
    with pytest.raises(TimeoutError, match="no Spark cluster within 0 seconds"):
        engines.wait_for(lambda: engines.alive(engines.free_port()))


def test_a_free_port_is_one_that_can_be_had() -> None:
    with socket.socket() as one:
        one.bind((engines.HOST, engines.free_port()))


# Sweeps


def test_a_sweep_has_every_case_once_and_any_order_gives_the_same() -> None:
    cases = sweep.nights(2)
    assert len(cases) == len(set(cases)) == len(sweep.SEATS) * 4 * 2
    few = cases[::9]
    made = sweep.one_by_one(sweep.night, few)
    assert made == sweep.one_by_one(sweep.night, few[::-1])[::-1]
    assert len(set(made)) > 1


def test_the_night_has_the_table_s_arrivals(committed_minutes: float) -> None:
    assert len(sweep.rates()) == 180
    assert sum(sweep.rates()) == pytest.approx(committed_minutes)


@pytest.fixture
def committed_minutes() -> float:
    """How many came before the sale from 23:00 to 02:00, as pandas reads the table."""
    table = Tables(measure.ROOT / "datasets")["rush"].set_index("at").presales
    return float(table["2025-11-10 23:00":"2025-11-11 01:59"].sum())


def test_more_seats_let_fewer_leave() -> None:
    left = [
        sum(sweep.night(sweep.Night(seats, "人工优先", seed))[2] for seed in range(5))
        for seats in (2, 4, 8)
    ]
    assert left == sorted(left, reverse=True)
    assert left[0] > 2 * left[1]
