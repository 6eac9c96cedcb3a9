"""A quiz as SCORM 1.2, in Chromium beside scorm-again: scored, told, kept, and taken up again."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Frame, Page

from kefu.demos import quiz
from tools.paths import ROOT
from tools.questions import scorm
from tools.serve import served
from web import book

CHAPTERS = book.written()
RUNTIME = ROOT / "web/node_modules/scorm-again/dist/scorm12.min.js"
LIMIT = 4096
"""How many characters SCORM 1.2 lets a package keep in ``cmi.suspend_data``."""
LMS = """<!doctype html><meta charset="utf-8"><title>LMS</title><script src="scorm12.min.js"></script><script>
window.kept = JSON.parse(localStorage.kept ?? "null"); window.told = [];
window.API = new Scorm12API({autocommit: false, logLevel: 4, onLogMessage: (level, text) => told.push(text)});
if (kept) API.loadFromJSON(kept.cmi, "cmi");
for (const at of ["LMSCommit", "LMSFinish"]) API.on(at, () => {
  localStorage.kept = JSON.stringify(window.kept = API.renderCMIToJSONObject());
});
</script><iframe src="index.html" style="width: 900px; height: 800px"></iframe>"""
"""A platform as small as can be: it gives the package an API, and what it kept the last time."""


def package(number: str = "02") -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(scorm.package(book.chapter(number))))


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda c: c.number)
def test_a_package_has_all_that_it_lists(chapter: book.Chapter) -> None:
    content = scorm.package(chapter)
    assert content == scorm.package(chapter)
    assert len(content) < 25_000
    found = zipfile.ZipFile(io.BytesIO(content))
    manifest = ElementTree.fromstring(found.read("imsmanifest.xml"))
    space = {"": "http://www.imsproject.org/xsd/imscp_rootv1p1p2"}
    assert manifest.findtext("metadata/schemaversion", namespaces=space) == "1.2"
    (resource,) = manifest.iterfind("resources/resource", space)
    listed = [one.get("href") for one in resource.iterfind("file", space)]
    assert ["imsmanifest.xml", *listed] == found.namelist()
    assert resource.get("href") == "index.html"
    assert resource.get("{http://www.adlnet.org/xsd/adlcp_rootv1p2}scormtype") == "sco"
    page = found.read("index.html").decode()
    assert "http:" not in page
    assert "https:" not in page


def test_the_script_of_the_quiz_is_that_of_the_book() -> None:
    found = package()
    for name in scorm.OWN:
        assert found.read(name) == (ROOT / "widgets/kefu/demos" / name).read_bytes()


def test_the_adapter_is_short() -> None:
    assert len(scorm.ADAPTER.read_text(encoding="utf-8").splitlines()) <= 50


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scorm.main(["--chapter", "02", "--to", str(tmp_path)])
    assert (tmp_path / "02.zip").read_bytes() == scorm.package(book.chapter("02"))
    assert "8 questions" in capsys.readouterr().out
    with pytest.raises(SystemExit, match=r"^kefu: "):
        scorm.main(["--chapter", "99", "--to", str(tmp_path)])


# In Chromium


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The package of chapter 02 unpacked in a platform."""
    folder = tmp_path_factory.mktemp("platform")
    package().extractall(folder)
    (folder / "lms.html").write_text(LMS, encoding="utf-8")
    (folder / RUNTIME.name).write_bytes(RUNTIME.read_bytes())
    with served(folder) as address:
        yield address


@pytest.fixture
def launch(chromium: Browser, platform: str) -> Iterator[Callable[[], tuple[Page, Frame]]]:
    """Return a function that launches the package for one student, each time as if come back."""
    context = chromium.new_context()
    wrong: list[str] = []

    def go(name: str = "lms.html") -> tuple[Page, Frame]:
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda told: wrong.append(told.text) if told.type == "error" else None)
        page.goto(platform + name)
        frame = page.frames[1] if name == "lms.html" else page.main_frame
        frame.wait_for_selector("[data-alive]")
        return page, frame

    yield go
    context.close()
    assert wrong == []


def value(page: Page, name: str) -> Any:
    found = page.evaluate("name => API.LMSGetValue(name)", name)
    assert page.evaluate("API.LMSGetLastError()") in ("0", 0)
    return found


QUESTIONS = quiz(book.chapter("02").quiz).questions


def answer(frame: Frame, question: dict[str, Any], *, right: bool = True) -> None:
    form = frame.locator(f"form[data-id='{question['id']}']")
    if question["kind"] == "number":
        form.get_by_role("textbox").fill(str(question["answer"] if right else -98765))
    elif question["kind"] == "order":
        steps = question["items"] if right else question["items"][::-1]
        script = "rows => rows.map(row => row.querySelector('.kefu-item').firstChild.data)"
        for place, text in enumerate(steps):
            while form.locator(".kefu-steps li").evaluate_all(script).index(text) > place:
                form.get_by_role("button", name=f"上移：{text}", exact=True).click()
    else:
        for at, option in enumerate(question["options"]):
            if option["right"] == right:
                form.locator(".kefu-choices li").nth(at).locator("label").click()
                if question["kind"] == "single":
                    break
    form.get_by_role("button", name="核对", exact=True).click()


def test_it_is_scored_and_kept_and_taken_up_again(
    launch: Callable[..., tuple[Page, Frame]],
) -> None:
    page, frame = launch()
    answer(frame, QUESTIONS[0])
    assert value(page, "cmi.core.lesson_status") == "incomplete"
    assert float(value(page, "cmi.core.score.raw")) == int(100 / len(QUESTIONS) + 0.5)
    answer(frame, QUESTIONS[1], right=False)
    assert int(value(page, "cmi.interactions._count")) == 2
    frame.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    told = page.evaluate("kept.cmi")
    assert told["core"]["exit"] == "suspend"
    assert [one["result"] for one in interactions(told)] == ["correct", "wrong"]
    page.close()

    page, frame = launch()
    done = [
        frame.locator(f"form[data-id='{one['id']}']").get_by_role("status").last
        for one in QUESTIONS[:2]
    ]
    assert "对" in done[0].inner_text()
    assert done[1].inner_text()
    assert (
        frame.evaluate("localStorage.length") == 1
    )  # what the platform keeps; the quiz itself nothing
    for question in QUESTIONS[1:]:
        answer(frame, question)
    assert value(page, "cmi.core.lesson_status") == "completed"
    kept = value(page, "cmi.suspend_data")
    assert len(kept) <= LIMIT / 2
    assert sorted(json.loads(kept)["answers"]) == sorted(f"02/{one['id']}" for one in QUESTIONS)
    assert float(value(page, "cmi.core.score.raw")) >= int(
        100 * (len(QUESTIONS) - 1) / len(QUESTIONS)
    )
    assert page.evaluate("told") == []


def interactions(told: dict[str, Any]) -> list[dict[str, Any]]:
    found = told["interactions"]
    return list(found.values()) if isinstance(found, dict) else list(found)


def test_without_a_platform_the_quiz_works_as_in_the_book(
    launch: Callable[..., tuple[Page, Frame]],
) -> None:
    page, frame = launch("index.html")
    answer(frame, QUESTIONS[0])
    page.reload()
    assert (
        frame.locator(f"form[data-id='{QUESTIONS[0]['id']}']")
        .get_by_role("status")
        .last.inner_text()
    )
