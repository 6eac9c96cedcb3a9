"""The reader's memory by itself, in Node.js: its keys, what it carries over, what it forgets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.web.kept import memory
from tools.paths import ROOT
from web import build

EDITION = {
    "notebooks/presales/02_preparation": {1: "c002", 4: "c005", 5: "c006", 44: "c045", 50: "c051"},
    "notebooks/aftersales/06_returns": {1: "c002", 38: "c039", 39: "c040", 44: "c045"},
    "notebooks/operations/10_satisfaction": {1: "c002", 44: "c045", 50: "c051"},
    "notebooks/intelligence/13_bots": {
        1: "c002", 22: "c023", 24: "c024a", 26: "c025", 43: "c040", 44: "c041", 48: "c045",
        49: "c046", 53: "c050", 54: "c051", 58: "c055", 59: "c056",
    },
    "book/gallery": {1: "g002", 3: "g004", 18: "g019", 46: "g047"},
}  # fmt: skip
"""The cells, by their places, of the last edition that kept them so; never to be changed."""
HARNESS = """
const kept = new Map(Object.entries(%(kept)s));
const storage = {
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => kept.set(key, value),
  removeItem: (key) => kept.delete(key),
};
const open = async (path) => {
  globalThis.localStorage = storage;
  globalThis.location = new URL(`https://host${path}book/progress.html`);
  globalThis.document = Object.assign(new EventTarget(), { documentElement: { dataset: { content_root: "../" } } });
  return import(`%(store)s?${encodeURIComponent(path)}`);
};
const told = await (async () => { %(act)s })();
console.log(JSON.stringify({ told, kept: Object.fromEntries(kept) }));
"""


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """Return a function that has a store, with what the browser holds before, do something."""

    def run(act: str, **before: Any) -> tuple[Any, dict[str, str]]:
        store = tmp_path / "store.mjs"
        store.write_text((ROOT / "web" / "store.js").read_text(encoding="utf-8"), encoding="utf-8")
        held = {key: json.dumps(value) for key, value in before.items()}
        script = tmp_path / "run.mjs"
        words = {"kept": json.dumps(held), "store": store.as_uri(), "act": act}
        script.write_text(HARNESS % words, encoding="utf-8")
        done = json.loads(build.node(script))
        return done["told"], done["kept"]

    return run


ANSWER = {"02/a": {"at": 1, "answer": [1], "right": True, "first": True, "tries": 1}}


def test_two_editions_at_one_host_keep_apart_what_is_done_in_each(run):
    told, kept = run(
        """const [one, other] = [await open("/2025/"), await open("/2026/")];
        one.remember(({ answers }) => (answers["02/a"] = { at: 1 }));
        other.remember(({ answers }) => (answers["02/b"] = { at: 2 }));
        const before = [one.recall().answers, other.recall().answers];
        other.forget();
        return [...before, one.recall().answers, other.recall().answers];"""
    )
    first, second = {"02/a": {"at": 1}}, {"02/b": {"at": 2}}
    assert told == [first, second, first, {}]
    assert list(kept) == ["kefu /2025/"]


def test_what_was_kept_before_keys_had_a_path_is_carried_over_once_and_forgotten_with_the_rest(run):
    told, kept = run(
        """const store = await open("/book/");
        const before = store.recall().answers;
        store.remember(({ answers }) => delete answers["02/a"]);
        return [before, store.recall().answers, store.forget(), store.recall().answers];""",
        kefu=memory(answers=ANSWER),
    )
    assert told == [ANSWER, {}, True, {}]
    assert kept == {}


def test_cells_kept_by_their_places_are_kept_by_their_ids(run):
    places = [(f"{page}#{at}", f"{page}#{id}") for page, ids in EDITION.items() for at, id in ids.items()]  # fmt: skip
    assert len({new for _, new in places}) == len(places)
    old, new = ({pair[side]: {"at": 1, "text": pair[1]} for pair in places} for side in (0, 1))
    told, _ = run(
        'return (await open("/")).recall();',
        kefu=memory(edits=old, exercises={places[0][0]: {"at": 1}}),
    )
    assert told["edits"] == new
    assert told["exercises"] == {places[0][1]: {"at": 1}}
    again, _ = run('return (await open("/")).recall();', **{"kefu /": told})
    assert again == told


def test_what_is_handed_in_says_edition_and_whose_it_is_where_that_was_said(run):
    kept = memory(exercises={"notebooks/presales/02_preparation#c045": {"at": 1}})
    act = 'return (await open("/")).handed("0.1.0", {number: " 202601 ", name: ""});'
    told, after = run(act, **{"kefu /": kept})
    assert told == {**kept, "edition": "0.1.0", "who": {"number": "202601"}}
    assert json.loads(after["kefu /"]) == kept
    told, _ = run(act.replace(" 202601 ", " "), **{"kefu /": kept})
    assert told == {**kept, "edition": "0.1.0"}
