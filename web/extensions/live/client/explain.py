"""What an error says to a beginner: the frames of his own code, and one Chinese sentence.

Imported when a cell first fails, so that it costs a page's start nothing; it uses only what a start
has already. The nearest name is the one that Python's own traceback offers (difflib would have to be
fetched).
"""

from __future__ import annotations

import re
from traceback import StackSummary, TracebackException

PAIRS = {"(": ")", "[": "]", "{": "}"}
QUOTES = "“”‘’＂＇"
ENGLISH = {"、": ",", "。": ".", "【": "[", "】": "]", "《": "<", "》": ">", "×": "*", "÷": "/",
           "—": "-", "−": "-", "…": "..."}  # fmt: skip
"""What stands for Chinese punctuation in code; full-width forms of ASCII are reckoned."""

SYNTAX = (
    (r"expected an indented block", "{line}要往里缩进：冒号下面的行，前面空4格。"),
    (r"unexpected indent", "{line}前面多了空格：和上一行对齐。"),
    (r"unindent does not match", "{line}的缩进和上面哪一行都对不齐：每层空4格。"),
    (r"inconsistent use of tabs", "{line}混用了Tab和空格：都改成空格。"),
    (r"non-printable character U\+3000", "{line}有全角空格：删掉，换成英文输入法的空格。"),
    (r"non-printable character", "{line}有看不见的字符，多半是复制来的：删掉重打。"),
    (r"unmatched '(.)'", "{line}多了一个“{0}”，或前面少了和它配对的括号。"),
    (
        r"parenthesis '(.)' does not match .* '(.)'",
        "{line}的“{0}”和前面的“{1}”配不上：括号要成对。",
    ),
    (r"unterminated triple-quoted", "{line}开始的三个引号，后面没有配对的三个引号。"),
    (r"unterminated", "{line}的引号没有配对：开头和结尾要用同一种引号。"),
    (r"expected ':'", "{line}末尾少了英文冒号“:”。"),
    (r"meant '=='", "{line}：判断相等用两个等号“==”，一个等号是赋值。"),
    (r"forgot a comma", "{line}两项之间好像少了英文逗号“,”，或少了括号。"),
    (r"parentheses in call to '(\w+)'", "{line}：{0}后面要加括号，写成{0}(…)。"),
    (r"'(return|yield)' outside function", "{line}：{0}要写在函数里，看看它前面有没有缩进。"),
    (r"cannot assign to", "{line}：等号左边只能是名字，看看是不是写反了。"),
    (r"", "{line}Python读不懂：看看这一行和上一行，是不是少了括号、引号、冒号或逗号。"),
)
COMMON = (
    (ZeroDivisionError, r"", "除数是0：先判断它是不是0，再除。"),
    (ArithmeticError, r"DivisionUndefined", "除数是0：先判断它是不是0，再除。"),
    (ArithmeticError, r"ConversionSyntax", "这段文字不能变成Decimal：只留数字、小数点和正负号。"),
    (TypeError, r"'float' and 'decimal\.Decimal'|'decimal\.Decimal' and 'float'",
     "Decimal不能和带小数点的数直接算：把那个数也写成Decimal，如Decimal(\"0.5\")。"),
    (TypeError, r"NoneType", "有一个值是None，就是没有值：多半是函数忘了return。"),
    (TypeError, r"concatenate|unsupported operand|not supported between|multiply sequence",
     "类型不合：文字和数不能直接算，也不能比。文字用int()或Decimal()变成数，数用str()变成文字。"),
    (TypeError, r"missing \d+ required", "调用函数时少给了参数：数一数括号里的个数。"),
    (TypeError, r"takes .* positional argument", "调用函数时，参数的个数和定义的不一样：数一数。"),
    (TypeError, r"unexpected keyword argument '(\w+)'", "这个函数没有叫“{0}”的参数：看看拼写。"),
    (TypeError, r"not callable", "括号前面的不是函数：是不是少了乘号，或把函数的名字用来存了别的值？"),
    (TypeError, r"not subscriptable", "它不是列表、字典或文字，不能用方括号取值。"),
    (TypeError, r"not iterable", "它只是一个值，不能一个一个地取：这里要列表、字典或文字。"),
    (IndexError, r"", "序号超出了范围：第一个是[0]，最后一个是[-1]；也许它是空的。"),
    (ValueError, r"for int\(\).*: '(.*)'", "“{0}”不能变成整数：只留数字；有小数点的用Decimal()。"),
    (ValueError, r"to float: '(.*)'", "“{0}”不能变成数：只留数字、小数点和正负号。"),
    (ValueError, r"values to unpack", "等号左边的名字和右边的值，个数不一样。"),
    (FileNotFoundError, r"", "网页里的Python读不到你电脑上的文件：请在JupyterLab里打开本章运行。"),
    (RecursionError, r"", "函数一直在叫自己，停不下来：要有一种情形不再叫自己。"),
    (MemoryError, r"", "内存不够了：这里的列表或文字太大。"),
)  # fmt: skip
HOMES = {"Decimal": "decimal", "date": "datetime", "datetime": "datetime", "timedelta": "datetime",
         "ceil": "math", "floor": "math", "sqrt": "math", "Counter": "collections",
         "defaultdict": "collections", "dataclass": "dataclasses"}  # fmt: skip
"""Where names come from that a book imports in its first cell and a beginner forgets."""
MODULES = ("math", "random", "json", "re", "csv", "statistics", "decimal", "collections", "itertools",
           "functools", "os", "sys", "time", "calendar", "ipywidgets")  # fmt: skip
"""Not all of the library: names such as ``code`` and ``token`` are more often misspelt ones."""
SHORT = {"np": "numpy", "pd": "pandas", "plt": "matplotlib"}
HEAVY = ("numpy", "pandas", "matplotlib", "scipy", "sklearn", "seaborn", "requests")


def output(failure: BaseException, own: str) -> dict:
    """Return an exception as a cell's output; the reader's files have names that begin with ``own``."""
    told = TracebackException.from_exception(failure)
    trim(told, own)
    last = "".join(told.format_exception_only())
    place = told.stack[-1].line if told.stack else ""
    if isinstance(failure, SyntaxError) and not told.stack:
        told.stack = None  # type: ignore[assignment]  # or a heading would stand over no frame
    return {
        "output_type": "error",
        "ename": type(failure).__name__,
        "evalue": str(failure),
        "traceback": "".join(told.format()).rstrip().splitlines(),
        "why": why(failure, last, place or ""),
    }


def trim(told: TracebackException, own: str) -> None:
    """Leave out frames that are not the reader's, and earlier exceptions in which none is."""
    told.stack = StackSummary.from_list([f for f in told.stack if f.filename.startswith(own)])
    for name in ("__cause__", "__context__"):
        before = getattr(told, name)
        if before is not None:
            trim(before, own)
            if not before.stack:
                setattr(told, name, None)


def why(failure: BaseException, last: str = "", place: str = "") -> str:
    """Return what the error means and what to do, or nothing.

    ``last`` is what the traceback says of the exception, ``place`` the reader's line that raised it.
    """
    message = str(failure)
    if isinstance(failure, SyntaxError):
        return syntax(failure)
    if isinstance(failure, OSError | EOFError) and re.search(r"\binput\s*\(", place):
        return "网页里的Python不能用input()提问：把要输入的值直接写进代码，如weight = \"2.4\"。"  # fmt: skip
    if isinstance(failure, NameError):
        return name(failure, last)
    if isinstance(failure, ImportError):
        return module(failure)
    if isinstance(failure, KeyError) and failure.args:
        return f"里面没有{failure.args[0]!r}这个键：看看拼写，是文字还是数，或先用in判断有没有。"
    if found := re.search(r"'?([\w.]+)'? (?:object )?has no attribute '(\w+)'", message):
        if found[1] == "NoneType":
            return "点号前面的值是None，就是没有值：多半是函数忘了return。"
        return f"“{found[1]}”没有“{found[2]}”这个属性或方法：{nearest(last) or '看看拼写。'}"
    for kind, pattern, words in COMMON:
        if isinstance(failure, kind) and (found := re.search(pattern, message)):
            return words.format(*found.groups())
    return ""


def nearest(last: str) -> str:
    """Return the name that Python offers, as a question."""
    found = re.search(r"Did you mean: '(\w+)'", last)
    return f"是不是想写“{found[1]}”？" if found else ""


def foreign(failure: SyntaxError, message: str) -> str:
    """Return the sign that code does not know, or nothing; before 3.11.4 Python blamed the figure before it."""
    if found := re.search(r"invalid character '(.)'", message):
        return found[1]
    at = failure.offset or 0
    sign = (failure.text or "")[at : at + 1] if "decimal literal" in message else ""
    return sign if sign in ENGLISH or "！" <= sign <= "～" else ""


def syntax(failure: SyntaxError) -> str:
    """Return what is wrong with the line that Python cannot read."""
    line, message = f"第{failure.lineno}行", failure.msg or ""
    if sign := foreign(failure, message):
        if sign in QUOTES:
            return f"{line}的引号是中文的：换成英文的引号。"
        if "！" <= sign <= "～":
            return f"{line}的“{sign}”是中文标点：换成英文的“{chr(ord(sign) - 0xFEE0)}”。"
        if sign in ENGLISH:
            return f"{line}的“{sign}”是中文标点：换成英文的“{ENGLISH[sign]}”。"
        return f"{line}的“{sign}”只能写在引号里面。"
    if found := re.search(r"'(.)' was never closed", message):
        return f"{line}的“{found[1]}”没有配对的“{PAIRS[found[1]]}”。"
    if "unterminated" in message and any(sign in (failure.text or "") for sign in QUOTES):
        return f"{line}有一个引号是中文的：开头和结尾都用英文的引号。"
    for pattern, words in SYNTAX:
        if found := re.search(pattern, message):
            return words.format(*found.groups(), line=line)
    return ""


def name(failure: NameError, last: str) -> str:
    """Return what to do about a name that is not there."""
    wanted = failure.name or ""
    if isinstance(failure, UnboundLocalError):
        return "函数里给这个名字赋了值，它就是函数自己的：要先赋值，再用。"
    if wanted in SHORT:
        return absent(SHORT[wanted])
    if wanted in HOMES:
        return f"先从模块里取来“{wanted}”：在第1行写from {HOMES[wanted]} import {wanted}。"
    if wanted in MODULES:
        return f"先导入模块：在第1行写import {wanted}。"
    if close := nearest(last):
        return f"没有“{wanted}”这个名字：{close}"
    if re.search("[一-鿿]", wanted):
        return f"没有“{wanted}”这个名字：如果它是文字，两边加英文的引号。"
    return f"没有“{wanted}”这个名字：看看拼写；如果是在别的格里定义的，先运行那一格。"


def absent(wanted: str) -> str:
    """Return where code runs that needs what no page has."""
    return f"网页里的Python没有{wanted}：这段代码请在JupyterLab里打开本章运行。"


def module(failure: ImportError) -> str:
    """Return what to do about a module, or a name in one, that is not there."""
    first = (failure.name or "").partition(".")[0]
    if found := re.search(r"cannot import name '(\w+)' from '([\w.]+)'", str(failure)):
        return f"“{found[2]}”里没有“{found[1]}”：看看拼写。"
    if not isinstance(failure, ModuleNotFoundError):
        return ""
    if first in HEAVY:
        return absent(first)
    return f"没有“{failure.name}”这个模块：看看拼写。网页里只有标准库和本书自带的包。"
