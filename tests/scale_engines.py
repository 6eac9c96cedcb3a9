"""Spark and Dask themselves, which are no part of ``make test``: ``make scale`` runs this before it measures.

Spark needs a Java, and both need the packages of tools/scale/requirements.txt.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from datasets import crowd
from datasets.shop import habits, people
from datasets.shop.calendar import DAY, DAYS
from datasets.shop.truths import planted
from kefu.operations.clv import RepeatHistory, fit_bgnbd
from tools.scale import engines, pipeline, sweep
from tools.scale.__main__ import digest

pytestmark = pytest.mark.filterwarnings("default")  # of the engines' own: psutil, pandas, tornado


def daemons() -> list[int]:
    """The Spark masters and workers that this process has started and that still run."""
    found = []
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it has just ended
            if re.search(r"\bdeploy\.(master|worker)\.", " ".join(one.cmdline())):
                found.append(one.pid)
    return found


def test_spark_on_two_workers_finds_what_duckdb_finds_and_leaves_nothing_running(
    tmp_path: Path,
) -> None:
    shop = tmp_path / "crowd"
    crowd.write(shop, 1500, seed=7, step=400, processes=1)
    for name, chosen in (("duckdb", engines.duckdb()), ("spark", engines.spark(""))):
        (tmp_path / name).mkdir()
        with chosen as engine:
            engines.count(engine, shop, tmp_path / name)
            if name == "spark":
                machines = engine._session.sparkContext._jsc.sc().getExecutorMemoryStatus()
                assert len(daemons()) == 1 + engines.WORKERS  # the master is one
                assert machines.size() == 1 + engines.WORKERS  # the driver is one
    assert digest(tmp_path / "spark") == digest(tmp_path / "duckdb")
    assert daemons() == []


def test_dask_finds_what_one_process_finds_in_the_order_of_the_cases() -> None:
    cases = sweep.nights(1)[::3]
    with sweep.dask("") as spread:
        assert spread(sweep.night, cases) == sweep.one_by_one(sweep.night, cases)


def test_a_failing_run_fails_the_sweep() -> None:
    with sweep.dask("") as spread, pytest.raises(ValueError, match=r"^seed"):
        spread(sweep.night, [sweep.Night(0, "人工优先", -1)])


def test_orders_that_campaigns_add_and_take_away_are_what_moves_the_fit() -> None:
    """BG/NBD finds what is planted among the orders that nobody was asked for; more customers do not help."""
    fits = []
    for asked in (False, True):
        histories: Counter[RepeatHistory] = Counter()
        for number in range(1, 50_001):
            rng = random.Random(f"88/{number}")
            person = people.person(rng, number)
            plans = habits.purchases(rng, person)
            plans = habits.campaigned(rng, person, plans)[0] if asked else plans
            if plans:
                first, last = plans[0].at / DAY, plans[-1].at / DAY
                weeks = round(last - first) / 7, round(DAYS - first) / 7
                histories[RepeatHistory(len(plans) - 1, *weeks)] += 1
        fits.append(fit_bgnbd(histories).model)
    without, with_them = fits
    values = planted("repeat")
    assert without.r == pytest.approx(values["r"], abs=0.02)
    assert without.alpha == pytest.approx(values["alpha"], abs=0.3)
    assert with_them.r > without.r + 0.03
    assert with_them.a > without.a


def test_what_the_pipeline_reads_is_what_the_crowd_has() -> None:
    assert set(pipeline.Tables.__dataclass_fields__) == {*crowd.COLUMNS, "campaigns"}
