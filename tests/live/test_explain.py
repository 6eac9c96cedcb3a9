"""What a beginner's error says: the reader's own frames, and one Chinese sentence."""

from __future__ import annotations

import ast
import json
import math
import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.live.living import CHAPTER, IN_CHROMIUM
from web.extensions.live.build import CLIENT

CELL = "<格1>"
ERRORS = {
    "print（1）": "第1行的“（”是中文标点：换成英文的“(”。",
    "x = [1，2]": "第1行的“，”是中文标点：换成英文的“,”。",
    "if 1：\n    pass": "第1行的“：”是中文标点：换成英文的“:”。",
    "x = [1、2]": "第1行的“、”是中文标点：换成英文的“,”。",
    "print(“你好”)": "第1行的引号是中文的：换成英文的引号。",
    "print('你好’)": "第1行有一个引号是中文的：开头和结尾都用英文的引号。",
    "x =\u30001": "第1行有全角空格：删掉，换成英文输入法的空格。",
    "fee_now = 2\nfee_noww + 1": "没有“fee_noww”这个名字：是不是想写“fee_now”？",
    "print(kg_in_all)": "没有“kg_in_all”这个名字：看看拼写；如果是在别的格里定义的，先运行那一格。",
    "print(你好)": "没有“你好”这个名字：如果它是文字，两边加英文的引号。",
    "def f():\n    n += 1\nf()": "函数里给这个名字赋了值，它就是函数自己的：要先赋值，再用。",
    "if 1:\nprint(1)": "第2行要往里缩进：冒号下面的行，前面空4格。",
    "x = 1\n  y = 2": "第2行前面多了空格：和上一行对齐。",
    "if 1:\n    x = 1\n  y = 2": "第3行的缩进和上面哪一行都对不齐：每层空4格。",
    "weight = input('多重？')": '网页里的Python不能用input()提问：把要输入的值直接写进代码，如weight = "2.4"。',
    "print((1 + 2)": "第1行的“(”没有配对的“)”。",
    "print(1))": "第1行多了一个“)”，或前面少了和它配对的括号。",
    "x = (1]": "第1行的“]”和前面的“(”配不上：括号要成对。",
    "print('你好)": "第1行的引号没有配对：开头和结尾要用同一种引号。",
    "if 1\n    pass": "第1行末尾少了英文冒号“:”。",
    "if x = 1:\n    pass": "第1行：判断相等用两个等号“==”，一个等号是赋值。",
    "print 1": "第1行：print后面要加括号，写成print(…)。",
    "return 1": "第1行：return要写在函数里，看看它前面有没有缩进。",
    "1 +": "第1行Python读不懂：看看这一行和上一行，是不是少了括号、引号、冒号或逗号。",
    "def half(n):\n    return n / 0\nhalf(8)": "除数是0：先判断它是不是0，再除。",
    "from decimal import Decimal\nDecimal(0) / 0": "除数是0：先判断它是不是0，再除。",
    "'重' + 2": "类型不合：文字和数不能直接算，也不能比。文字用int()或Decimal()变成数，数用str()变成文字。",
    "'2.4' > 2": "类型不合：文字和数不能直接算，也不能比。文字用int()或Decimal()变成数，数用str()变成文字。",
    "from decimal import Decimal\nDecimal(2) * 0.5":
        "Decimal不能和带小数点的数直接算：把那个数也写成Decimal，如Decimal(\"0.5\")。",
    "from decimal import Decimal\nDecimal('两斤')": "这段文字不能变成Decimal：只留数字、小数点和正负号。",
    "def f():\n    print(1)\nf() + 1": "有一个值是None，就是没有值：多半是函数忘了return。",
    "def f(a):\n    return a\nf()": "调用函数时少给了参数：数一数括号里的个数。",
    "def f(a):\n    return a\nf(1, 2)": "调用函数时，参数的个数和定义的不一样：数一数。",
    "n = 2\nn(3)": "括号前面的不是函数：是不是少了乘号，或把函数的名字用来存了别的值？",
    "{'广东': 8}['广西']": "里面没有'广西'这个键：看看拼写，是文字还是数，或先用in判断有没有。",
    "[1, 2][2]": "序号超出了范围：第一个是[0]，最后一个是[-1]；也许它是空的。",
    "'a'.uppr()": "“str”没有“uppr”这个属性或方法：是不是想写“upper”？",
    "None.fee": "点号前面的值是None，就是没有值：多半是函数忘了return。",
    "int('2.4')": "“2.4”不能变成整数：只留数字；有小数点的用Decimal()。",
    "sqrt(2)": "先从模块里取来“sqrt”：在第1行写from math import sqrt。",
    "statistics.mean([1])": "先导入模块：在第1行写import statistics。",
    "pd.DataFrame()": "网页里的Python没有pandas：这段代码请在JupyterLab里打开本章运行。",
    "import nothing_here": "没有“nothing_here”这个模块：看看拼写。网页里只有标准库和本书自带的包。",
    "from math import squirt": "“math”里没有“squirt”：看看拼写。",
    "open('我的.csv')": "网页里的Python读不到你电脑上的文件：请在JupyterLab里打开本章运行。",
    "def f():\n    return f()\nf()": "函数一直在叫自己，停不下来：要有一种情形不再叫自己。",
}  # fmt: skip
SILENT = (
    "raise ValueError('weight: expected a positive number（weight应为正数）')",
    "assert False",
)
OFFERS = sys.version_info >= (
    3,
    12,
)  # before that only the interpreter's own printing offers a name
ANSWERS = json.dumps([*ERRORS, *SILENT])


@pytest.fixture(scope="module")
def explain() -> ModuleType:
    spec = spec_from_file_location("live_explain", CLIENT / "explain.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def failed(code: str, **names: Any) -> BaseException:
    """Run a cell as the page's kernel does; return what it raised."""
    try:
        exec(compile(ast.parse(code, CELL), CELL, "exec"), {"__name__": "__main__", **names})
    except BaseException as error:
        return error
    raise AssertionError(f"{code!r} ran")


@pytest.fixture
def told(explain: ModuleType) -> Callable[..., dict[str, Any]]:
    return lambda code, **names: explain.output(failed(code, **names), "<格")


@pytest.mark.parametrize("code", [c for c in ERRORS if "input" not in c])
def test_an_error_of_a_beginner_is_explained(told: Callable[..., Any], code: str) -> None:
    if "是不是想写" in ERRORS[code] and not OFFERS:
        pytest.skip("this Python's traceback offers no names")
    assert told(code)["why"] == ERRORS[code]


@pytest.mark.parametrize("error", [EOFError, OSError])
def test_a_question_that_nobody_can_answer_is_explained(
    explain: ModuleType, error: type[Exception]
) -> None:
    assert "不能用input()" in explain.why(error("I/O error"), "", 'w = input("多重")')
    assert explain.why(error("I/O error"), "", "w = read()") == ""


@pytest.mark.parametrize("name", ["numpy", "pandas"])
def test_what_no_page_has_is_named(explain: ModuleType, name: str) -> None:
    error = ModuleNotFoundError(f"No module named '{name}'", name=name)
    assert explain.why(error).startswith(f"网页里的Python没有{name}：")


def test_a_name_that_python_offers_is_offered(explain: ModuleType) -> None:
    last = "NameError: name 'fee_noww' is not defined. Did you mean: 'fee_now'?"
    assert explain.why(NameError("x", name="fee_noww"), last).endswith("是不是想写“fee_now”？")


@pytest.mark.parametrize("code", SILENT)
def test_an_error_that_explains_itself_is_left_alone(told: Callable[..., Any], code: str) -> None:
    assert told(code)["why"] == ""


@pytest.mark.parametrize("code", [c for c in ERRORS if "input" not in c])
def test_a_traceback_has_the_reader_s_own_frames_only(told: Callable[..., Any], code: str) -> None:
    lines = told(code)["traceback"]
    files = [line.strip() for line in lines if line.strip().startswith("File ")]
    assert files
    assert all(file.startswith(f'File "{CELL}"') for file in files)


def test_what_a_package_raises_keeps_its_last_message_and_loses_its_own_frames(
    told: Callable[..., Any],
) -> None:
    lines = told("def mean(n):\n    return loads(n)\nmean('{')", loads=json.loads)["traceback"]
    assert [line for line in lines if line.startswith("  File")] == [
        f'  File "{CELL}", line 3, in <module>',
        f'  File "{CELL}", line 2, in mean',
    ]
    assert lines[-1].startswith("json.decoder.JSONDecodeError: Expecting property name")


def test_an_earlier_error_inside_a_package_is_left_out_and_the_reader_s_own_is_kept(
    explain: ModuleType, told: Callable[..., Any]
) -> None:
    def checked(text: str) -> float:
        try:
            return math.sqrt(float(text))
        except ValueError as error:
            raise ValueError("text应为数") from error

    lines = told("checked('两')", checked=checked)["traceback"]
    assert lines[-1] == "ValueError: text应为数"
    assert "could not convert" not in "".join(lines)
    lines = told("try:\n    1 / 0\nexcept ZeroDivisionError:\n    {}['x']")["traceback"]
    assert "ZeroDivisionError: division by zero" in lines
    assert lines[-1] == "KeyError: 'x'"
    inside = explain.output(failed("checked('两')", checked=checked), "<none of them")
    assert inside["traceback"] == ["ValueError: text应为数"]


RUN_ALL = """async codes => {
    const engine = window.liveEngine, cell = engine.cells.find(one => one.exercise), said = [];
    for (const code of codes) {
        await engine.run(cell, code);
        said.push([cell.place.querySelector('.live-why')?.textContent ?? '', cell.place.textContent]);
    }
    return said;
}"""


@IN_CHROMIUM
def test_the_page_s_own_python_says_the_same_and_fetches_nothing_for_it(
    opened: Callable[[str], Page],
) -> None:
    page = opened(CHAPTER)
    cases = {**ERRORS, **dict.fromkeys(SILENT, "")}
    said = page.evaluate(RUN_ALL, list(cases))
    assert dict(zip(cases, (why for why, _ in said), strict=True)) == cases
    assert not [text for _, text in said if "live_" in text or "/lib/" in text]
    fetched = page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert not [url for url in fetched if "python_rest" in url]


@pytest.mark.parametrize(
    ("text", "at", "word"),
    [("x = [1，2]", 6, "“，”"), ("if 1：", 4, "“：”"), ("x = 1a", 5, "读不懂")],
)
def test_the_figure_before_a_chinese_sign_is_not_blamed(
    explain: ModuleType, text: str, at: int, word: str
) -> None:
    failure = SyntaxError(
        "invalid decimal literal", ("<a>", 1, at, text)
    )  # as Python 3.11.2 says it
    assert word in explain.why(failure)
