"""The engines of the pipeline: DuckDB in this process, Spark on a cluster, pandas beside them.

``python -m tools.scale.engines duckdb FOLDER TARGET`` counts the shop in a folder and writes the five
results as Parquet. Spark works on the cluster that ``SPARK_MASTER`` names, whose machines have to see
both folders under the same path; else on a standalone cluster of two workers, each with one core and
1 GB, that is started for it on this machine and stopped after it.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import ibis

from tools.scale import frames, pipeline

WORKERS = 2
HOST = "127.0.0.1"
PATIENCE = 180  # seconds


@contextmanager
def duckdb() -> Iterator[Any]:
    """Give DuckDB, in this process and its memory."""
    engine = ibis.duckdb.connect()
    yield engine
    engine.disconnect()


@contextmanager
def spark(master: str) -> Iterator[Any]:
    """Give Spark on the cluster of this address, or without one on a cluster for the occasion."""
    from pyspark.sql import SparkSession  # only here: it is no part of the book's environment

    place = nullcontext((master, dict[str, str]())) if master else cluster()
    with place as (address, settings):
        builder = SparkSession.builder.master(address).appName("kefu")
        quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false"}
        for name, value in (quiet | settings).items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        try:
            yield ibis.pyspark.connect(session)
        finally:
            session.stop()


@contextmanager
def cluster(workers: int = WORKERS) -> Iterator[tuple[str, dict[str, str]]]:
    """Start a standalone cluster on this machine; give its address and the settings for its size."""
    import pyspark

    start = Path(pyspark.__file__).parent / "bin" / "spark-class"
    port, web = free_port(), free_port()
    address = f"spark://{HOST}:{port}"
    with ExitStack() as stack:
        scratch = stack.enter_context(tempfile.TemporaryDirectory())
        env = os.environ | {"SPARK_LOCAL_IP": HOST, "SPARK_DAEMON_MEMORY": "256m",
                            "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"}  # fmt: skip
        log = stack.enter_context(Path(scratch, "log").open("wb"))
        processes: list[subprocess.Popen[bytes]] = []

        def run(what: str, *options: str) -> None:
            command = [str(start), f"org.apache.spark.deploy.{what}", "--host", HOST, *options]
            processes.append(subprocess.Popen(command, env=env, stdout=log, stderr=log))

        try:
            run("master.Master", "--port", str(port), "--webui-port", str(web))
            wait_for(lambda: len(alive(web)) == 0)
            for _ in range(workers):
                run("worker.Worker", "--cores", "1", "--memory", "1g", "--work-dir", scratch,
                    "--webui-port", "0", address)  # fmt: skip
            wait_for(lambda: len(alive(web)) == workers)
            yield address, {
                "spark.driver.host": HOST, "spark.driver.bindAddress": HOST,
                "spark.executor.memory": "1g", "spark.executor.cores": "1",
                "spark.sql.shuffle.partitions": str(4 * workers),
            }  # fmt: skip
        finally:
            for process in reversed(processes):
                process.terminate()
            for process in processes:
                process.wait(PATIENCE)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


def alive(web: int) -> list[Any]:
    """Return the workers that a master knows of; raises ``OSError`` while it is not up."""
    with urlopen(f"http://{HOST}:{web}/json/", timeout=5) as answer:
        told = json.load(answer)
    return [worker for worker in told["workers"] if worker["state"] == "ALIVE"]


def wait_for(there: Any) -> None:
    """Wait until something is there. Raises ``TimeoutError`` where it does not come."""
    until = time.monotonic() + PATIENCE
    while True:
        with suppress(OSError):
            if there():
                return
        if time.monotonic() > until:
            raise TimeoutError(f"no Spark cluster within {PATIENCE} seconds; is there a Java?")
        time.sleep(0.2)


def count(engine: Any, folder: Path, target: Path) -> None:
    """Count the shop in a folder; write each result as Parquet."""
    found = pipeline.results(pipeline.read(engine, folder), keep=lambda table: table.cache())
    for name, table in found.items():
        engine.to_parquet(table, target / f"{name}.parquet")


def main() -> None:
    """Count with one engine and print how many seconds it took to start and to count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=("pandas", "duckdb", "spark"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    options.target.mkdir(parents=True, exist_ok=True)
    began = time.perf_counter()
    if options.engine == "pandas":
        started = began
        frames.count(options.folder, options.target)
        ended = time.perf_counter()
    else:
        chosen = (
            duckdb() if options.engine == "duckdb" else spark(os.environ.get("SPARK_MASTER", ""))
        )
        with chosen as engine:
            started = time.perf_counter()
            count(engine, options.folder.resolve(), options.target.resolve())
            ended = time.perf_counter()
    print(json.dumps({"start": started - began, "count": ended - started}))


if __name__ == "__main__":
    main()
