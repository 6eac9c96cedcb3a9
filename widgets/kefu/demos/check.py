"""Check cells of exercises: tell right from wrong, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Case = tuple[tuple[Any, ...], Any, str]


def check(answer: Callable[..., Any], cases: Sequence[Case]) -> None:
    """Print, case by case, whether the reader's function gives what it should.

    A case is ``(arguments, expected result, why)``; the result of a case without arguments is the
    exercise's answer, so it is not given away. A function that still returns ``None`` is reported
    as not yet written, and an error as what the reader's code raised; neither stops the notebook.
    """
    right = 0
    for arguments, wanted, why in cases:
        call = f"{answer.__name__}({', '.join(map(repr, arguments))})"
        should = f"，应为{wanted}" if arguments else ""
        try:
            got = answer(*arguments)
        except Exception as error:
            print(f"✗ {call} 出错：{type(error).__name__}: {error}")
            continue
        if got is None:
            print(f"… {call} 还没有返回结果{should}")
        elif equal(got, wanted):
            right += 1
            print(f"✓ {call} → {got}")
        else:
            print(f"✗ {call} → {got}不对{should}：{why}")
    print(f"{right}/{len(cases)}通过" + ("，全对！" if right == len(cases) else "，改一改再运行。"))


def equal(got: Any, wanted: Any) -> bool:
    """Tell whether both are the same; a result that cannot be compared, such as a table, is not."""
    try:
        return bool(got == wanted)
    except Exception:
        return False
