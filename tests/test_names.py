"""One meaning a word: no two modules of the package give one name to two kinds of things.

Public classes, enumerations and type aliases are compared; what a module imports is not its own.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

KEFU = Path(__file__).parents[1] / "widgets" / "kefu"


def defined(code: str) -> Iterator[str]:
    """Yield the public classes and type aliases that a module defines at its top level.

    An alias is told by its name: Capitals for a type, CAPITALS for a constant.
    """
    for node in ast.parse(code).body:
        names = []
        if isinstance(node, ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names = [node.target.id]
        yield from (name for name in names if name[0].isupper() and not name.isupper())


def doubles(modules: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the public names that more than one module defines, with the modules."""
    places = defaultdict(list)
    for module, code in modules.items():
        for name in defined(code):
            places[name].append(module)
    return {name: found for name, found in places.items() if len(found) > 1}


def package() -> dict[str, str]:
    """Return the code of every module of kefu by its path."""
    return {
        path.relative_to(KEFU).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(KEFU.rglob("*.py"))
    }


def test_a_public_name_has_one_meaning() -> None:
    assert doubles(package()) == {}


@pytest.mark.parametrize(
    "planted",
    [
        "class Rate:\n    pass",
        "@dataclass(frozen=True)\nclass Rate:\n    price: int",
        "class Rate(StrEnum):\n    LOW = '低'",
        "Rate = Literal['高', '低']",
        "Rate: TypeAlias = tuple[int, ...]",
    ],
)
def test_a_second_meaning_is_seen(planted: str) -> None:
    found = doubles({**package(), "operations/planted.py": planted})
    assert found == {"Rate": ["presales/freight.py", "operations/planted.py"]}


@pytest.mark.parametrize(
    "harmless",
    [
        "from kefu.presales.freight import Rate",
        "RATE = 3",
        "class _Rate:\n    pass",
        "def work():\n    class Rate:\n        pass",
        "rate = 3",
    ],
)
def test_imports_constants_and_what_is_private_are_no_second_meaning(harmless: str) -> None:
    assert doubles({**package(), "operations/harmless.py": harmless}) == {}
