"""How arguments and results cross the wall of the sandbox: as JSON, by exact type.

What comes out of the sandbox is only ever read here, into plain values: no class that a student
wrote crosses, so that an ``__eq__`` of theirs never meets a marker. Standard library only, because
the sandbox reads this file too.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections import Counter, OrderedDict, defaultdict
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

LONGEST = 200_000
"""Characters of a result as JSON that are read."""
DEEPEST = 12
SHANGHAI = ZoneInfo("Asia/Shanghai")
GROUPS: dict[str, type[Any]] = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
TEXTS: dict[type[Any], str] = {Decimal: "Decimal", Fraction: "Fraction", date: "date"}
READ: dict[str, Any] = {
    "Decimal": Decimal, "Fraction": lambda text: Fraction(*map(int, text.split("/"))), "date": date.fromisoformat,
    "int": int, "float": float.fromhex, "bytes": bytes.fromhex,
}  # fmt: skip


class Strange(Exception):
    """A value of a type that does not cross, or JSON that says no value."""


def pack(value: Any, deep: int = 0) -> list[Any]:
    """Return a value as JSON-able lists that say its exact type; ``Strange`` names another type."""
    kind = type(value)
    if deep > DEEPEST:
        raise Strange(f"nested deeper than {DEEPEST}")
    if value is None:
        return ["None"]
    if kind in (bool, str):
        return [kind.__name__, value]
    if kind is int:
        return ["int", hex(value)]
    if kind is float:
        return ["float", value.hex()]
    if kind is bytes:
        return ["bytes", value.hex()]
    if kind in TEXTS:
        return [TEXTS[kind], str(value)]
    if kind is datetime:
        ours = getattr(value.tzinfo, "key", None) == SHANGHAI.key
        return ["datetime", value.isoformat(), ours]
    if kind is timedelta:
        return ["timedelta", value.days, value.seconds, value.microseconds]
    if kind in GROUPS.values():
        return [kind.__name__, [pack(one, deep + 1) for one in value]]
    if kind in (dict, Counter, OrderedDict, defaultdict):
        pairs = [[pack(key, deep + 1), pack(one, deep + 1)] for key, one in dict.items(value)]
        return ["dict", pairs]
    if (plain := _unwrapped(value, kind)) is not value:
        return pack(plain, deep)
    return _of_book(value, kind, deep)


def _unwrapped(value: Any, kind: type[Any]) -> Any:
    """Return a number, text or time of numpy or pandas as Python's own; anything else as it is."""
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    names = ("float64", "float32", "int64", "int32", "uint64", "bool_", "str_")
    if numpy and kind in [getattr(numpy, name) for name in names]:
        return value.item()
    if pandas and kind is pandas.Timestamp:
        return value.to_pydatetime()
    if pandas and kind is pandas.Timedelta:
        return value.to_pytimedelta()
    return value


def _of_book(value: Any, kind: type[Any], deep: int) -> list[Any]:
    """Return a record or a label of the book's own package."""
    place = getattr(kind, "__module__", "")
    if getattr(sys.modules.get(str(place)), kind.__qualname__, None) is not kind:
        raise Strange(kind.__qualname__)
    if str(place).startswith("kefu."):
        if isinstance(value, Enum):
            return ["label", place, kind.__qualname__, value.name]
        if is_dataclass(value):
            told = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
            return ["record", place, kind.__qualname__,
                    [[name, pack(one, deep + 1)] for name, one in told.items()]]  # fmt: skip
    raise Strange(kind.__qualname__)


def unpack(packed: Any) -> Any:
    """Return the value that ``pack`` packed; ``Strange`` for anything that it cannot have written."""
    try:
        return _value(packed)
    except Strange:
        raise
    except Exception as error:
        raise Strange(f"{type(error).__name__}") from error


def _value(packed: Any) -> Any:
    kind, *rest = packed
    if kind == "None":
        return None
    if kind in ("bool", "str"):
        if type(rest[0]).__name__ != kind:
            raise Strange(str(kind))
        return rest[0]
    if kind == "int":
        return int(rest[0], 16)
    if kind in READ:
        return READ[kind](rest[0])
    if kind == "datetime":
        moment = datetime.fromisoformat(rest[0])
        return moment.astimezone(SHANGHAI) if rest[1] is True else moment
    if kind == "timedelta":
        return timedelta(*rest)
    if kind in GROUPS:
        return GROUPS[kind](_value(one) for one in rest[0])
    if kind == "dict":
        return {_value(key): _value(one) for key, one in rest[0]}
    if kind in ("label", "record") and str(rest[0]).startswith("kefu."):
        made: Any = getattr(importlib.import_module(rest[0]), rest[1])
        if kind == "label" and issubclass(made, Enum):
            return made[rest[2]]
        if kind == "record" and is_dataclass(made):
            kept: Any = made
            return kept(**{name: _value(one) for name, one in rest[2]})
    raise Strange(str(kind)[:40])


def line(value: Any) -> str:
    """Return a value as one line of JSON; ``Strange`` for one that is too long or of a strange type."""
    try:
        text = json.dumps(pack(value))
    except RecursionError:
        raise Strange("nested in itself") from None
    if len(text) > LONGEST:
        raise Strange(f"longer than {LONGEST} characters")
    return text
