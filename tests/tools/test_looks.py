"""The photographs of pages: what is asked for, and what is taken of a page."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image

from tools import looks

LONG = """<meta name="viewport" content="width=device-width"><body style="margin:0">
<div class="kefu-demo" style="height:300px">图</div><p style="height:5000px">"""


def size(picture: Path) -> tuple[int, int]:
    """Return a picture's width and height in px."""
    with Image.open(picture) as opened:
        return opened.size


def test_an_unknown_page_is_told_before_a_browser_starts(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["looks", "book/daily", "book/nowhere"])
    with pytest.raises(SystemExit) as stop:
        looks.main()
    assert stop.value.code == 2
    assert "expected pages of _toc.yml, got book/nowhere" in capsys.readouterr().err


def test_a_page_is_touched_until_it_listens(chromium):
    page = chromium.new_page()
    page.set_content("""<p class="live-demo-cell"><script>
        setTimeout(() => addEventListener('touchstart', () => {
            document.documentElement.dataset.live = 'alive';
        }), 700);
    </script>""")
    looks.wake(page)
    assert page.locator("html[data-live=alive]").count() == 1
    page.context.close()


def test_a_page_is_taken_in_screens_to_its_foot_and_each_demo_by_itself(chromium, tmp_path):
    page = chromium.new_page(**looks.SCREENS[390])
    page.set_content(LONG)
    assert looks.photograph(page, tmp_path, demos_only=False) == 4
    assert list(map(size, sorted(tmp_path.glob("page-*.png")))) == [(390, looks.TALL)] * 3
    assert size(tmp_path / "demo-01.png") == (390, 300)
    page.context.close()
