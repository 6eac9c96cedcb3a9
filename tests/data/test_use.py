"""Another class's shop: what reads the tables follows the folder in use, and forgets the former one."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kefu import data, demos
from kefu.explore import describe
from kefu.intelligence.bots import shop_bot, shop_questions
from kefu.intelligence.evaluation import questions, stored
from kefu.presales.freight import compare, zone_of
from kefu.rules import rule
from tests.data.recover import Tables
from tools.paths import ROOT

KEFU = ROOT / "widgets" / "kefu"
BY_HAND = {"tariffs", "zones", "rules", "everyday_questions"}


@pytest.fixture(autouse=True)
def _back() -> Iterator[None]:
    yield
    data.use()


def test_tables_of_another_folder_are_read_until_the_books_own_are_again(other: Tables) -> None:
    own = data.rows("orders")
    assert data.use() == data.folder() == ROOT / "datasets"
    assert data.use(str(other.folder)) == data.folder() == other.folder
    assert data.rows("orders") != own
    assert len(data.load("orders")) == len(data.rows("orders"))
    assert data.path("orders").parent == other.folder
    assert not data.is_book("orders")
    assert data.is_book("knowledge")  # another seed keeps it
    data.use()
    assert data.rows("orders") == own
    assert data.is_book("orders")


def test_what_is_kept_by_hand_is_the_books_unless_the_folder_has_its_own(
    other: Tables, tmp_path: Path
) -> None:
    fees = [rate.fee for rate in compare(2.4, "广东")]
    data.use(other.folder)
    assert {data.path(name).parent for name in BY_HAND} == {ROOT / "datasets"}
    assert [rate.fee for rate in compare(2.4, "广东")] == fees
    assert rule("R16").title == "七日无理由退货"
    mine = Path(shutil.copytree(other.folder, tmp_path / "mine"))
    zones = data.path("zones").read_text("utf-8").replace("广东,中区", "广东,江浙沪")
    (mine / "zones.csv").write_text(zones, "utf-8-sig")
    data.use(mine)
    assert zone_of("广东") == "江浙沪"
    assert [rate.fee for rate in compare(2.4, "广东")] != fees


def test_bots_and_demos_follow_the_folder(other: Tables) -> None:
    asked, known, bot = questions("测试"), shop_questions(), shop_bot("keyword")
    picture = demos.topup().picture()
    data.use(other.folder)
    assert questions("测试") != asked
    assert shop_questions() != known
    assert shop_bot("keyword") is not bot
    assert demos.topup().picture() != picture
    mine = stored()
    assert {len(found) for found in mine.values()} == {len(questions("测试"))}
    assert [p.question for p in mine["neural"]] == list(questions("测试"))
    assert sum(p.right for p in mine["neural"]) > 0.8 * len(mine["neural"])
    data.use()
    assert questions("测试") == asked
    assert demos.topup().picture() == picture


def test_no_cache_of_the_package_keeps_the_former_shop() -> None:
    for path in KEFU.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        uses = {ast.unparse(node) for node in tree.body if isinstance(node, ast.ImportFrom)}
        if "from kefu import data" not in uses:
            continue
        kept = [ast.unparse(d) for f in tree.body if isinstance(f, ast.FunctionDef)
                for d in f.decorator_list]  # fmt: skip
        assert not [name for name in kept if name.startswith(("cache", "lru_cache"))], path.name


def test_a_folder_that_is_no_shop_is_refused_and_nothing_changes(
    other: Tables, tmp_path: Path
) -> None:
    data.use(other.folder)
    for place, said in (
        (tmp_path / "nowhere", r"^place: expected a folder with a shop's tables, got .*nowhere"),
        (tmp_path, r"^place: .*; it lacks products, .*baskets, .*（缺少products、"),
    ):
        with pytest.raises(ValueError, match=said):
            data.use(place)
    mine = Path(shutil.copytree(other.folder, tmp_path / "mine"))
    orders = (mine / "orders.csv").read_text("utf-8")
    (mine / "orders.csv").write_text(orders.replace("kind", "sort", 1), "utf-8")
    with pytest.raises(ValueError, match=r"orders.csv lacks \['kind'\].*多出的列：\['sort'\]"):
        data.use(mine)
    (mine / "orders.csv").write_text(orders, "utf-16")
    with pytest.raises(ValueError, match=r"orders.csv lacks \['order_id'"):
        data.use(mine)
    (mine / "orders.csv").unlink()
    with pytest.raises(ValueError, match=r"it lacks orders（缺少orders）"):
        data.use(mine)
    assert data.folder() == other.folder


def started(place: object) -> subprocess.CompletedProcess[str]:
    """A Python of its own with ``KEFU_DATA`` set, which says what it reads."""
    code = "from kefu import data; print(len(data.rows('orders'))); print(data.use().name)"
    return subprocess.run([sys.executable, "-c", code], env=os.environ | {"KEFU_DATA": str(place)},
                          capture_output=True, text=True, check=False)  # fmt: skip


def test_the_environment_says_which_shop_is_read_first(other: Tables, tmp_path: Path) -> None:
    assert started(other.folder).stdout.split() == [str(len(other["orders"])), "datasets"]
    assert started("").stdout.split() == [str(len(data.rows("orders"))), "datasets"]
    assert "ValueError: KEFU_DATA: expected a folder" in started(tmp_path / "nowhere").stderr


EXPLORERS = sorted((ROOT / "notebooks").glob("*/[0-9][0-9]_explore.toml"))


@pytest.mark.parametrize("file", EXPLORERS, ids=lambda file: file.name)
def test_an_explorer_shows_another_class_its_own_shop(other: Tables, file: Path) -> None:
    """All of a chapter's at once: what they share, such as bots that learn, is made once a shop."""
    data.use(other.folder)
    for name in describe(file):
        said = demos.explore(file, name).picture()
        assert "数据：你们班自己那家店" in said, name
        assert "<svg" in said, name
