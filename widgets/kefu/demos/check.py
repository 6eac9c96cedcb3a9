"""Check cells of exercises: tell right from wrong, and why."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from traceback import extract_tb
from typing import Any

Trial = tuple[tuple[Any, ...], Any, str]

HINTS = {
    NameError: "这个名字还没有定义：看看拼写，或先运行上面的格",
    TypeError: "类型不合：文字要先变成数，参数的个数也要对上",
    ValueError: "类型对，值不合适",
    KeyError: "没有这个键或这一列",
    IndexError: "下标超出了范围，列表可能是空的",
    AttributeError: "它没有这个属性或方法：看看拼写",
    ZeroDivisionError: "除数是0，先判断再除",
    RecursionError: "自己调用自己，停不下来",
}


def check(answer: Callable[..., Any], cases: Sequence[Trial]) -> None:
    """Print, case by case, whether the reader's function gives what it should.

    A case is ``(arguments, expected result, why)``. What is expected is told after a try: not while
    the function returns ``None`` in every case, which is reported as not yet written; and never for
    a case without arguments, whose result is the exercise's answer. An error is told as what the
    reader's code raised and where; it does not stop the notebook. Each case gets its own arguments,
    so that a function may change them.
    """
    if not callable(answer):
        print("✗ 这里要一个函数：用def写，不要把名字改成别的值。")
        return
    name = getattr(answer, "__name__", "你的函数")
    results = [result(answer, arguments) for arguments, _, _ in cases]
    tried = any(got is not None or error for got, error in results)
    right = empty = 0
    for (arguments, wanted, why), (got, error) in zip(cases, results, strict=True):
        call = f"{name}({', '.join(map(shown, arguments))})"
        should = f"，应为{shown(wanted)}" if arguments and tried else ""
        if error:
            print(f"✗ {call} {trouble(answer, error)}")
        elif got is None:
            empty += 1
            print(f"… {call} 还没有返回结果{should}")
        elif equal(got, wanted):
            right += 1
            print(f"✓ {call} → {shown(got)}")
        else:
            print(f"✗ {call} → {shown(got)}不对{should}：{why}")
    done = right == len(cases)
    left = "写好再运行；写了还这样，多半是忘了return。" if empty else "改一改再运行。"
    print(f"{right}/{len(cases)}通过，{'全对！' if done else left}")


def result(answer: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Any, Exception | None]:
    """Return what the reader's function gives, or the error that it raised."""
    try:
        return answer(*deepcopy(arguments)), None
    except Exception as error:
        return None, error


def shown(value: Any) -> str:
    """Return a value as a reader writes it: texts in quotes, dates without their module's name."""
    if isinstance(value, str | list | tuple | dict | set):
        return repr(value).replace("datetime.date", "date")
    return repr(value).removeprefix("datetime.") if hasattr(value, "isoformat") else str(value)


def trouble(answer: Callable[..., Any], error: Exception) -> str:
    """Return what went wrong in the reader's code: the last line of it that ran, the error.

    A check may call the reader's function by one of its own, which stands in another cell: a cell is a
    file beside the others, where the kernel keeps them.
    """
    code = getattr(answer, "__code__", None)
    cells = Path(code.co_filename).parent if code else None
    lines = [
        frame.lineno
        for frame in extract_tb(error.__traceback__)
        if Path(frame.filename).parent == cells and not frame.filename.startswith("<frozen")
    ]
    where = f"第{lines[-1]}行" if lines else ""
    hint = next((words for kind, words in HINTS.items() if isinstance(error, kind)), "")
    return f"{where}出错：{type(error).__name__}: {error}" + (f"（{hint}）" if hint else "")


def equal(got: Any, wanted: Any) -> bool:
    """Tell whether both are the same; a result that cannot be compared, such as a table, is not.

    A float may differ in its last digits, as sums of floats do.
    """
    try:
        if isinstance(got, float) and isinstance(wanted, int | float | Decimal):
            return math.isclose(got, float(wanted), rel_tol=1e-9, abs_tol=1e-9)
        return bool(got == wanted)
    except Exception:
        return False
