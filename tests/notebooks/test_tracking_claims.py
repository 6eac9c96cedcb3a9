"""What chapter 05 says of the shop's tables in words: a change of the data must not belie it."""

from __future__ import annotations

import nbformat

from kefu import data
from web import book


def said() -> str:
    notebook = nbformat.read(book.ready("05"), as_version=4)
    return "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def test_the_number_of_chats_is_the_one_told() -> None:
    assert f"全年{len(data.rows('chats'))}次会话" in said()
