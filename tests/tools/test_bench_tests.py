"""Where the seconds of the tests went, read from what pytest reports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools import bench_tests

OLD = """<testsuites><testsuite>
<testcase classname="tests.live.test_a" name="test_one[x]@file" time="2.5" />
<testcase classname="tests.live.test_a" name="test_one[y]" time="1.5"><skipped /></testcase>
<testcase classname="tests.test_b" name="test_two" time="6" />
</testsuite></testsuites>"""
NEW = """<testsuites><testsuite>
<testcase classname="tests.live.test_a" name="test_one" time="1" />
<testcase classname="tests.test_c" name="test_three" time="9" />
</testsuite></testsuites>"""


@pytest.fixture
def reports(tmp_path: Path) -> list[Path]:
    files = [tmp_path / "old.xml", tmp_path / "new.xml"]
    for file, text in zip(files, (OLD, NEW), strict=True):
        file.write_text(text, encoding="utf-8")
    return files


def test_seconds_are_summed_by_file_or_by_test_whatever_its_parameters(reports: list[Path]) -> None:
    assert bench_tests.seconds(reports[0]) == {"tests.live.test_a": 4, "tests.test_b": 6}
    assert bench_tests.seconds(reports[0], tests=True) == {
        "tests.live.test_a::test_one": 4,
        "tests.test_b::test_two": 6,
    }


def test_reports_stand_side_by_side_the_dearest_first(
    reports: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    bench_tests.spent(reports)
    told = capsys.readouterr().out.splitlines()
    assert [line[2:-2].split(" | ") for line in told if "---" not in line] == [
        ["file", "old s", "new s", "ratio"],
        ["tests.test_c", "0.0", "9.0", ""],
        ["tests.test_b", "6.0", "0.0", "0.00"],
        ["tests.live.test_a", "4.0", "1.0", "0.25"],
        ["in all", "10.0", "10.0", "1.00"],
        ["in what all reports have", "4.0", "1.0", "0.25"],
    ]


def test_a_report_of_pytest_itself_is_read(tmp_path: Path) -> None:
    test, report = tmp_path / "test_it.py", tmp_path / "it.xml"
    test.write_text("def test_it(): pass\n", encoding="utf-8")
    command = ["pytest", "-q", "-c", "/dev/null", f"--rootdir={tmp_path}", f"--junitxml={report}"]
    subprocess.run([sys.executable, "-m", *command, str(test)], check=True, capture_output=True)
    assert [*bench_tests.seconds(report, tests=True)] == ["test_it::test_it"]
