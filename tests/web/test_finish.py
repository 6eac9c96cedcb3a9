"""The finishing line: each step on a small site of the real theme's files, and what it made of the book."""

from __future__ import annotations

import base64
import doctest
import hashlib
import importlib
import re
import shutil
from collections import Counter
from collections.abc import Callable
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pydata_sphinx_theme
import pytest
import sphinx
from bs4 import BeautifulSoup
from sphinx.errors import ExtensionError

from web import build
from web.build import Site
from web.extensions import finish, search
from web.extensions.finish import (
    access,
    chinese,
    formulas,
    light,
    pictures,
    policy,
    storage,
    tables,
    trim,
)

THEME = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
BASIC = Path(sphinx.__file__).parent / "themes" / "basic" / "static"
FRAME = f"<div>{pd.DataFrame({'元': [1]}).to_html(notebook=True)}</div>"
PAGE = f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>一页 &#8212; 书</title>
<link href="_static/book.css" rel="stylesheet">
<link rel="preload" as="script" href="_static/scripts/bootstrap.js">
<script defer src="_static/scripts/fontawesome.js"></script>
<script src="_static/documentation_options.js"></script>
<script src="_static/doctools.js"></script>
<script src="_static/searchtools.js"></script>
<script defer src="_static/design-tabs.js?v=1"></script>
<script data-cfasync="false">
  document.documentElement.dataset.mode = localStorage.getItem("mode") || "auto";
</script>
<script>let own = 1;</script>
</head><body><i class="fa-solid fa-magnifying-glass" title="Color mode"></i>
<div id="pst-primary-sidebar" class="x"><nav aria-label="Main"></nav><nav aria-label="Page"></nav></div>
<b title="System Settings"></b><b title="Toggle primary sidebar"></b>
<b title="Toggle secondary sidebar" aria-label="列印成 PDF"></b>
<article class="bd-article"><section id="a"><h1>一页</h1><p>运费<span class="formula" data-tex="x"></span>。
<img src="_images/a.svg"><img src="_images/b.svg"></p></section></article>
<div class="cell_output">{FRAME}</div>
<p>最后更新于 2026 年.</p></body></html>
"""


@pytest.fixture
def small(tmp_path: Path) -> Site:
    """Return a site of one page, as Sphinx leaves it."""
    static, images = tmp_path / "_static", tmp_path / "_images"
    for name in ("styles/pydata-sphinx-theme.css", "scripts/pydata-sphinx-theme.js",
                 "scripts/fontawesome.js", "vendor/fontawesome/webfonts/fa-solid-900.ttf"):  # fmt: skip
        (static / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(THEME / name, static / name)
    shutil.copy(BASIC / "doctools.js", static)
    texts = {
        "book.css": ".x{top:0}.unused{top:1px}",
        "documentation_options.js": "const DOCUMENTATION_OPTIONS = {};",
        "translations.js": 'Documentation.addTranslations({"plural_expr": "0"});',
    }
    for name, text in texts.items():
        (static / name).write_text(text, encoding="utf-8")
    images.mkdir()
    for name in ("a.svg", "b.svg"):
        (images / name).write_text('<svg viewBox="0 0 9 6">', encoding="utf-8")
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    return build.read(tmp_path, ["a"])


def page(site: Site) -> str:
    """Return the one page of a small site."""
    (html,) = site.pages.values()
    return html


def digests(page: BeautifulSoup) -> set[str]:
    """Return the sources that a page's inline scripts and handlers need, by a second reading."""
    scripts = [
        tag.string or ""
        for tag in page.find_all("script", src=False)
        if not (tag.get("type") or "").endswith("json")
    ]
    handlers = [
        value
        for tag in page.find_all()
        for name, value in tag.attrs.items()
        if name.startswith("on")
    ]
    return {
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in (*scripts, *handlers)
    }


def sources(page: BeautifulSoup, directive: str = "script-src") -> set[str]:
    """Return the sources that a page's policy allows."""
    content = page.select_one("meta[http-equiv=Content-Security-Policy]")["content"]
    parts = dict(part.strip().split(" ", 1) for part in content.split(";"))
    return set(parts[directive].split())


def soup(html: str) -> BeautifulSoup:
    """Return a page to look things up in."""
    return BeautifulSoup(html, "html.parser")


@pytest.mark.parametrize(
    "name", ["access", "chinese", "light", "pictures", "policy", "storage", "trim"]
)
def test_examples_in_the_steps_hold(name):
    done = doctest.testmod(importlib.import_module(f"web.extensions.finish.{name}"))
    assert done.failed == 0 < done.attempted


# the line


def app(site: Site) -> Any:
    """Return what the line asks of Sphinx."""
    env = SimpleNamespace(collect_relations=lambda: {"a": [None, None, None]}, found_docs={"a"})
    config = SimpleNamespace(root_doc="a", language="zh_CN")
    return SimpleNamespace(outdir=str(site.folder), env=env, config=config)


def test_a_page_is_read_once_and_written_once(small, monkeypatch):
    done: Counter[tuple[str, str]] = Counter()

    def counted(name: str) -> None:
        act = getattr(Path, name)

        def count(path: Path, *given: Any, **options: Any) -> Any:
            done[name.partition("_")[0], path.name] += 1
            return act(path, *given, **options)

        monkeypatch.setattr(Path, name, count)

    for name in ("read_text", "read_bytes", "write_text", "write_bytes"):
        counted(name)
    finish.finish(app(small))
    assert done["read", "a.html"] == done["write", "a.html"] == 1


def test_a_finished_page_has_what_each_step_gives(small):
    finish.finish(app(small))
    page = soup((small.folder / "a.html").read_text(encoding="utf-8"))
    assert page.select_one("nav")["aria-label"] == "全书目录"
    assert page.select_one("#pst-primary-sidebar")["role"] == "region"
    assert page.select_one(".formula svg")
    assert [image.get("loading") for image in page.select("img")] == [None, "lazy"]
    assert (small.static / "icons.css").is_file()
    assert (small.static / "search" / "index.json.gz").is_file()
    assert ".unused" not in page.select_one("style#style").string
    assert digests(page) <= sources(page)
    assert not re.search(r"(?<!bookStorage\.)localStorage\.", page.head.decode())
    assert "new Function" not in "".join(f.read_text() for f in small.static.glob("book-*.js"))
    listed = (small.folder / "sw.js").read_text(encoding="utf-8")
    assert hashlib.sha256((small.folder / "a.html").read_bytes()).hexdigest()[:16] in listed


def test_no_step_after_the_policy_changes_a_page(small):
    for step in finish.STEPS[: finish.STEPS.index(policy.protect) + 1]:
        step(small)
    sheltered = dict(small.pages)
    for step in finish.STEPS[finish.STEPS.index(policy.protect) + 1 :]:
        step(small)
    assert small.pages == sheltered


def test_an_earlier_builds_pages_are_gone_but_jupyterlites_stay(small):
    lite = small.folder / "lite" / "index.html"
    lite.parent.mkdir()
    lite.touch()
    builder = SimpleNamespace(format="html")
    finish.clear(SimpleNamespace(builder=builder, outdir=str(small.folder)))  # type: ignore[arg-type]
    assert list(small.folder.rglob("*.html")) == [lite]


def without(text: str, instead: str = "") -> Callable[[Site], None]:
    """Return what takes a text out of the page."""

    def act(site: Site) -> None:
        assert text in page(site)
        site.edit(lambda html: html.replace(text, instead))

    return act


def spoilt(name: str, text: str = "") -> Callable[[Site], None]:
    """Return what writes another text into a file of the site."""
    return lambda site: (site.folder / name).write_text(text, encoding="utf-8") and None


PLANTED: dict[str, tuple[Callable[[Site], None], Callable[[Site], None], str]] = {
    "label": (chinese.translate, without('"Main"', '"Navigation"'), "Main"),
    "day": (chinese.translate, without("最后更新于"), "chinese: no page has"),
    "sidebar": (access.mend, without("pst-primary-sidebar", "sidebar"), "access: no page has"),
    "theme": (access.mend, spoilt("_static/scripts/pydata-sphinx-theme.js"), "theme's script"),
    "frame": (tables.shape, without("dataframe"), "tables: no page has"),
    "formula": (formulas.set_all, without('data-tex="x"', 'data-tex="x" id="y"'), "are not set"),
    "picture": (pictures.size_all, spoilt("_images/b.svg", "GIF89a"), "b.svg is no PNG"),
    "memory": (storage.shelter, without("localStorage"), "storage: no page has"),
    "remembers": (
        storage.shelter,
        spoilt("_static/scripts/pydata-sphinx-theme.js"),
        "keeps nothing",
    ),
    "scripts": (light.lighten, without("<script src", "<script defer src"), "light: no page"),
    "options": (light.lighten, without("documentation_options"), "light: no page has"),
    "icons": (light.lighten, without("fontawesome.js"), "light: no page has"),
    "icon": (light.lighten, spoilt("_static/styles/pydata-sphinx-theme.css"), "found no icon"),
    "search": (search.index_pages, without("searchtools.js"), "search: no page has"),
    "plural": (policy.without_eval, spoilt("_static/translations.js"), "no plural rule"),
    "evaluation": (policy.without_eval, spoilt("_static/doctools.js"), "in another way"),
    "sheet": (trim.trim, without('rel="stylesheet"'), "trim: no page has"),
    "script": (trim.trim, without("<script defer", "<script async"), "trim: no page has"),
    "preload": (trim.trim, without("preload"), "trim: no page has"),
    "tabs": (trim.trim, without("design-tabs"), "trim: no page has"),
    "policy": (policy.protect, policy.protect, "has a policy before"),
}
"""What a new version of the theme, or of Sphinx, may have in another way: no step passes it by."""


@pytest.mark.parametrize("name", PLANTED)
def test_a_step_that_no_longer_finds_its_work_fails_the_build(small, name):
    step, plant, said = PLANTED[name]
    plant(small)
    with pytest.raises(ExtensionError, match=said):
        step(small)


@pytest.mark.parametrize("name", sorted(PLANTED.keys() - {"policy"}))
def test_the_same_step_passes_where_nothing_was_planted(small, name):
    step, _, _ = PLANTED[name]
    if step is trim.trim:
        light.lighten(small)
    step(small)


def test_the_theme_s_scripts_use_the_book_s_memory_which_stands_before_them(small):
    storage.shelter(small)
    scripts = [script.string for script in soup(page(small)).select("script:not([src])")]
    assert "bookStorage = {" in scripts[0]
    assert "bookStorage.localStorage.getItem" in scripts[1]
    assert "bookStorage" not in (small.static / "doctools.js").read_text(encoding="utf-8")
    theme = (small.static / storage.THEME).read_text(encoding="utf-8")
    assert "bookStorage.sessionStorage" in theme
    assert not re.search(r"(?<!bookStorage\.)(local|session)Storage", theme)


def test_the_plural_rule_of_the_installed_sphinx_stands_as_code(small):
    doctools = small.static / "doctools.js"
    assert "new Function" in doctools.read_text(encoding="utf-8")
    policy.without_eval(small)
    assert "new Function" not in doctools.read_text(encoding="utf-8")
    assert "PLURAL_EXPR = (n) => (0);" in doctools.read_text(encoding="utf-8")


# formulas


def test_chinese_in_a_formula_stands_without_gaps_and_is_spoken():
    (html,) = formulas.drawn([(r"\text{运费} = \frac{a}{b}", True)])
    page = soup(html)
    first, second = page.svg.select("text")
    size, gap = float(first["font-size"][:-2]), re.search(r"translate\((\d+)", second["transform"])
    assert gap
    assert abs(float(gap[1]) - size) <= 1
    assert "运费" in page.math.get_text()


@pytest.mark.parametrize("tex", [r"\frac{a}{", r"\nosuchcommand x", "x_1_2"])
def test_formula_with_an_error_is_told(tex):
    with pytest.raises(ExtensionError, match=re.escape(f"formula {tex}: ")):
        formulas.drawn([(tex, False)])


# pictures


def test_pictures_of_the_book_say_their_size(site, pages):
    shown = [
        image
        for name in pages
        for image in soup((site / name).read_text(encoding="utf-8")).select(
            "article img[src*='/_images/']"
        )
    ]
    assert shown
    assert [i["src"] for i in shown if not (i.get("width") and i.get("height"))] == []


# the policy


SCRIPTED = """<!doctype html><html><head lang="zh"><title>x</title>
<script>let a = "&lt;" + '</b>';</script><script type="module">
import "./x.js";
</script><script src="y.js"></script><script type="application/json">{"a": 1}</script>
</head><body onload="go(&quot;1&quot;)"><button onclick='back()'>x</button></body></html>"""


# tables


def table(frame: pd.DataFrame) -> BeautifulSoup:
    """Return a frame as a page shows it."""
    return soup(tables.shaped(frame._repr_html_()))


def grid(frame: pd.DataFrame) -> list[list[str]]:
    """Return what a page shows of a frame, row by row."""
    rows = table(frame).select("tr")
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in rows]


def test_a_table_has_no_index_that_only_counts():
    frame = pd.DataFrame({"商品": ["围巾", "袜子"], "元": [129.0, 39.8]}, index=[3, 17])
    assert grid(frame) == [["商品", "元"], ["围巾", "129.0"], ["袜子", "39.8"]]
    assert grid(frame.set_index("商品"))[1] == ["围巾", "129.0"]
    assert grid(frame.rename_axis("行号"))[1] == ["3", "围巾", "129.0"]  # a name: it says something


def test_a_table_has_one_row_of_headings():
    counts = pd.crosstab(
        pd.Series(["尺码", "尺码"], name="原因"), pd.Series(["退货", "换货"], name="申请（%）")
    )
    assert grid(counts) == [
        ["原因", "退货", "换货"][:1] + sorted(counts.columns),
        ["尺码", "1", "1"],
    ]
    assert table(counts).caption.get_text() == "申请（%）"
    assert table(counts.reset_index(drop=True)).caption.get_text() == "申请（%）"
    assert table(pd.DataFrame({"元": [1]})).caption is None


def test_numbers_stand_on_the_right_with_their_points_below_each_other():
    frame = pd.DataFrame({"价": ["2", "-1,030.5", "0.25%", ""], "货号": ["B2411", "12", "7", "3"]})
    prices = table(frame).select("tr > :first-child")
    assert [cell["class"] for cell in prices] == [["text-right"]] * 5
    assert [cell.get("data-pad") for cell in prices] == [None, ".00", "0", None, None]
    assert table(frame).select("tr > :last-child.text-right") == []


def test_a_table_with_joined_cells_stays_as_pandas_writes_it():
    frame = pd.DataFrame({("甲", "a"): [1], ("甲", "b"): [2]})
    html = frame.to_html()
    assert tables.shaped(html) == html


def test_every_table_of_the_book_has_its_shape(site, pages):
    found = [
        table
        for name in pages
        for table in soup((site / name).read_text("utf-8")).select("table.dataframe")
    ]
    assert len(found) > 10
    for one in found:
        assert len(one.select("thead tr")) == 1
        assert not all(
            row.find(["th", "td"]).get_text().isdecimal() for row in one.select("tbody tr")
        )
        assert one.select("td.text-right")


def test_policy_names_every_inline_script_and_handler_and_no_other():
    page = soup(policy.sheltered(SCRIPTED))
    own = {"'self'", "'wasm-unsafe-eval'", "'unsafe-hashes'"}
    assert len(digests(page)) == 4
    assert sources(page) == own | digests(page)
    assert page.head.find().get("http-equiv") == "Content-Security-Policy"


@pytest.mark.parametrize(
    ("html", "before"),
    [
        (
            "<!DOCTYPE html>\n<html lang=zh><body><header>x</header></body></html>",
            "<!DOCTYPE html>\n<html lang=zh>",
        ),
        ('<meta http-equiv="Refresh" content="0; url=book/index.html" />', ""),
        ("<!doctype html><p>x", "<!doctype html>"),
    ],
)
def test_page_without_a_head_is_sheltered_as_well(html, before):
    written = policy.sheltered(html)
    assert written.startswith(f'{before}<meta http-equiv="Content-Security-Policy" ')
    assert html.removeprefix(before) in written


def test_policy_follows_the_page():
    first, second = SCRIPTED, SCRIPTED.replace("'</b>'", "'</i>'")
    assert sources(soup(policy.sheltered(first))) != sources(soup(policy.sheltered(second)))


def test_policy_of_a_quiet_page_allows_the_site_alone():
    allowed = policy.policy("<html><head></head><body></body></html>")
    assert "unsafe-hashes" not in allowed
    assert "unsafe-eval" not in allowed.replace("wasm-unsafe-eval", "")
    assert not re.search(
        r"https?:|\*|'unsafe-inline'(?<!style-src 'self' 'unsafe-inline')", allowed
    )


def test_every_page_of_the_book_names_its_own_inline_scripts(site, pages):
    assert pages
    for name in pages:
        page = soup((site / name).read_text(encoding="utf-8"))
        assert digests(page) <= sources(page), name
        assert {s for s in sources(page) if s.startswith("'sha256-")} <= digests(page), name
        assert not any(unescape(s) != s for s in sources(page))
