"""What chapter 15 says of the shop's tables in words: a change of the data must not belie it."""

from __future__ import annotations

from kefu import data
from tests.notebooks.reading import holds, says


def test_the_number_of_chats_is_the_one_told() -> None:
    assert holds(says("15"), f"全年{len(data.rows('chats'))}次会话")
