"""Sphinx extension: the finishing line, which takes the written pages through all that is left to do.

Each page is read once, goes through the steps in memory, and is written once. Every step is a function
of the whole site in a module of its own, and an error ends the build: also where what a step is there
to change is no longer found, as a new version of the theme may have it. The order of the steps:

1. words: labels in Chinese, tables of pandas, then markup for keyboards and screen readers;
2. what the text holds: formulas, whose set form the search reads; pictures;
3. scripts and icons: ``storage`` gives the theme's scripts a memory that never fails them, ``light`` has
   scripts wait and cuts the font to the icons that the pages name;
4. the search reads the texts, which no later step changes, and takes Sphinx's scripts out;
5. the plural rule becomes plain code while ``doctools.js`` is a file of its own; then ``trim`` makes one
   sheet and one script of all, and so needs every page as it will be, its tags and scripts;
6. the policy names the hashes of all inline scripts of a page, so nothing changes a page after it;
7. the offline worker lists every file of the site by its hash, the finished pages too.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sphinx.application import Sphinx

from web import build
from web.extensions import offline, search

from . import access, chinese, formulas, light, pictures, policy, storage, tables, trim

STEPS: tuple[Callable[[build.Site], None], ...] = (
    chinese.translate,
    tables.shape,
    access.mend,
    formulas.set_all,
    pictures.size_all,
    storage.shelter,
    light.lighten,
    search.index_pages,
    policy.without_eval,
    trim.trim,
    policy.protect,
    offline.write_worker,
)


def in_order(app: Sphinx) -> list[str]:
    """Return the names of all pages in the order of the book; those outside its contents last."""
    following = {name: links[2] for name, links in app.env.collect_relations().items()}
    found, name = [], app.config.root_doc
    while name and name not in found:
        found.append(name)
        name = following.get(name) or ""
    return [*found, *sorted(app.env.found_docs - {*found})]


def finish(app: Sphinx) -> None:
    """Take the site through the steps."""
    site = build.read(Path(app.outdir), in_order(app), app.config.language)
    for step in STEPS:
        step(site)
    site.write()


def clear(app: Sphinx) -> None:
    """Delete an earlier build's pages, so that Sphinx writes all anew: a page is finished only once."""
    if build.pages_made(app):
        for page in build.found(Path(app.outdir)):
            page.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to Sphinx, behind all that writes pages or files."""
    for part in (chinese, light, trim, formulas, access, pictures):
        part.prepare(app)
    app.connect("builder-inited", clear)
    build.after(app, finish, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
