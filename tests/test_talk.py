"""All conversations of the book: each is sound, each play ends where it says, none is named twice."""

from __future__ import annotations

from collections import Counter

import pytest

from kefu.talk import best, play, scenarios
from kefu.talk.book import files, names
from kefu.talk.check import leaks
from tools.paths import ROOT
from web import book

FILES = {path.name: path for path in files()}
TALKS = {name: one for path in FILES.values() for name, one in scenarios(path).items()}


def test_every_chapter_s_file_is_found() -> None:
    there = {one.talks for one in book.chapters() if one.talks.is_file()}
    assert {path.resolve() for path in FILES.values() if path.name != "sample.toml"} == there
    assert all(path.is_relative_to(ROOT) for path in there)


@pytest.mark.parametrize(("name", "play_"), [(n, p) for n, one in TALKS.items() for p in one.plays])
def test_every_play_ends_where_it_says(name, play_) -> None:
    assert play(TALKS[name], play_.moves).at == play_.ends


@pytest.mark.parametrize("name", TALKS)
def test_every_ending_is_played(name) -> None:
    assert {one.ends for one in TALKS[name].plays} == set(TALKS[name].endings)


@pytest.mark.parametrize("name", TALKS)
def test_the_best_path_has_every_point(name) -> None:
    assert play(TALKS[name], best(TALKS[name])).total == 6


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_the_right_option_does_not_stand_out_by_its_length(path) -> None:
    assert list(leaks(scenarios(path).values())) == []


def test_no_name_is_given_twice() -> None:
    given = Counter(name for path in FILES.values() for name in names(path))
    assert [name for name, times in given.items() if times > 1] == []
