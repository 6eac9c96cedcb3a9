"""What other programs read of a page: title, description, Open Graph, languages, sitemap; what hosts serve."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tools import serve
from tools.paths import ROOT
from tools.serve import QuietHandler
from web import book
from web.extensions import address as told

PUBLIC = "https://example.org/a/book"
HERE = f"{PUBLIC}/"
PAGE = "notebooks/presales/02_preparation"


def head(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def meta(page: BeautifulSoup) -> dict[str, str]:
    tags = page.select("meta[content]:is([name], [property])")
    return {tag.get("property") or tag["name"]: tag["content"] for tag in tags}


# the book, whose public address is not known yet


def test_every_page_has_a_title_a_language_and_its_own_description(site, pages):
    descriptions: dict[str, list[str]] = {}
    for name in pages:
        page = head(site / name)
        assert page.html["lang"] == "zh-CN"
        assert "网店客服" in page.title.get_text()
        if name != "404.html":
            descriptions.setdefault(meta(page)["description"], []).append(name)
    assert all(
        8 <= len(text) <= told.LONGEST + 1 and re.search("[\u4e00-\u9fff]{4}", text)
        for text in descriptions
    )
    shared = [names for names in descriptions.values() if len(names) > 1]
    assert shared == [["book/index.html", "index.html"]]


def test_every_page_tells_open_graph_what_it_is(site, pages):
    for name in set(pages) - {"404.html"}:
        page = meta(head(site / name))
        assert page["og:title"]
        assert page["og:description"] == page["description"]
        assert page["og:locale"] == "zh_CN"
        assert page["og:site_name"] == "网店客服"
        assert page["og:type"] == ("article" if name.startswith("notebooks/") else "website")


def test_no_address_is_made_up(site, pages):
    for name in pages:
        page = head(site / name)
        assert not page.select("link[rel=canonical], link[hreflang]")
        assert not {"og:url", "og:image"} & meta(page).keys()
        assert not [v for v in meta(page).values() if urlsplit(v).netloc]
    assert not (site / "sitemap.xml").exists()


# a small book with a public address and an English edition


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("small")
    texts = {
        "book/index": "# 小书\n\n一本小书。讲两件事。\n\n```{toctree}\nother\n../notebooks/a/01_one\n```\n",
        "book/other": "# “别的”页\n\n学习目标：你能：\n\n1. 算运费；\n2. 说“人话”。\n",
        "notebooks/a/01_one": "# 第01章\n\n![图](x.svg)\n\n先说一句？再说一句。\n",
        "en/book/other": "# Other\n\nA page.\n",
    }
    for name, text in texts.items():
        (source / f"{name}.md").parent.mkdir(parents=True, exist_ok=True)
        (source / f"{name}.md").write_text(text, encoding="utf-8")
    (source / "notebooks" / "a" / "x.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    settings: dict[str, Any] = {
        "extensions": ["myst_parser", "web.extensions.address"],
        "html_theme": "sphinx_book_theme", "language": "zh_CN", "root_doc": "book/index",
        "html_title": "小书", "html_baseurl": PUBLIC, "exclude_patterns": ["en"],
        "source_suffix": {".md": "markdown"},
    }  # fmt: skip
    out = source / "out"
    with patch_docutils(), docutils_namespace():
        app = Sphinx(source, None, out, source / "trees", "html", settings, status=None,
                     warningiserror=True)  # fmt: skip
        app.build()
    return out


def test_canonical_and_open_graph_addresses_are_the_public_ones(small):
    page = head(small / "notebooks" / "a" / "01_one.html")
    address = f"{HERE}notebooks/a/01_one.html"
    assert page.select_one("link[rel=canonical]")["href"] == address
    tags = meta(page)
    assert tags["og:url"] == address
    assert tags["og:image"] == f"{HERE}_static/pictures/card.png"
    assert (ROOT / "web" / "assets" / "pictures" / "card.png").is_file()
    assert tags["description"] == "先说一句？再说一句。"


def test_a_first_sentence_that_leads_to_a_list_takes_the_list(small):
    tags = meta(head(small / "book" / "other.html"))
    assert tags["description"] == "你能：算运费；说“人话”。"
    assert tags["og:title"] == "“别的”页"


def test_the_twin_in_english_is_named_where_it_exists(small):
    links = head(small / "book" / "other.html").select("link[hreflang]")
    assert {link["hreflang"]: link["href"] for link in links} == {
        "zh-CN": f"{HERE}book/other.html",
        "en": f"{HERE}en/book/other.html",
    }
    assert not head(small / "book" / "index.html").select("link[hreflang]")


def test_the_sitemap_lists_every_page_once(small):
    root = ElementTree.parse(small / "sitemap.xml").getroot()
    listed = [place.text for place in root.iter(f"{{{told.SITEMAP}}}loc")]
    pages = ("book/index", "book/other", "notebooks/a/01_one")
    assert listed == [f"{HERE}{page}.html" for page in pages]


def test_the_front_door_leads_to_the_cover(small):
    page = head(small / "index.html")
    assert page.select_one("meta[http-equiv=refresh]")["content"] == "0; url=book/index.html"
    assert page.select_one("link[rel=canonical]")["href"] == f"{HERE}book/index.html"
    assert page.select_one("a")["href"] == "book/index.html"


def test_what_has_moved_is_found_at_its_old_address(chromium, site, address):
    for old, new in book.MOVED.items():
        assert not (ROOT / f"{old}.md").exists()
        page = head(site / f"{old}.html")
        assert page.title.get_text() == head(site / f"{new}.html").title.get_text()
        window = chromium.new_page()
        window.goto(f"{address}{old}.html", wait_until="commit")
        window.wait_for_url(f"{address}{new}.html")
        window.close()


def test_the_lost_page_knows_the_public_root(small):
    assert head(small / "404.html").select_one("base")["href"] == "/a/book/"


# hosts that run Jekyll


class Jekyll(QuietHandler):
    """A host that drops what begins with ``_`` or a dot, as GitHub Pages and Gitee Pages do."""

    def translate_path(self, path: str) -> str:
        dropped = any(part[:1] in ("_", ".") for part in urlsplit(path).path.split("/"))
        kept = (Path(self.directory) / ".nojekyll").is_file() or not dropped
        return super().translate_path(path if kept else "/nowhere")


def refused(site: Path) -> set[int]:
    """Return what a host that runs Jekyll answers for all that a page names, where it is not 200."""
    page = head(site / "notebooks" / "a" / "01_one.html")
    named = [tag.get("src") or tag["href"] for tag in page.select("script[src], img, link[href]")]
    inside = [name for name in named if not urlsplit(name).netloc]
    assert any(name.startswith("../../_images/") for name in inside)
    assert any(name.startswith("../../_static/") for name in inside)
    answers = set()
    with serve.served(site, Jekyll) as address:
        for name in inside:
            try:
                urlopen(urljoin(f"{address}notebooks/a/", name)).close()
            except HTTPError as error:
                answers.add(error.code)
    return answers


def test_a_host_that_runs_jekyll_drops_nothing(small, tmp_path):
    assert refused(small) == set()
    for path in small.iterdir():
        if path.name != ".nojekyll":
            (tmp_path / path.name).symlink_to(path)
    assert refused(tmp_path) == {404}
