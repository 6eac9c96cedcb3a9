from __future__ import annotations

import ast
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import copy_lint
from tools.copy_lint import (
    RULES,
    findings,
    markdown,
    mend,
    mended,
    mended_code,
    mended_markdown,
    pieces,
    strings,
)

PUNCTUATION = "half-width punctuation beside Chinese"
BRACKET = "half-width bracket beside Chinese"
SPACE = "space between Chinese and Western"
QUOTE = "straight quote beside Chinese"
CANT = "cant"

# rule, text with the fault, the text mended (None: a person has to)
PLANTED: list[tuple[str, str, str | None]] = [
    (PUNCTUATION, "先猜,再验证", "先猜，再验证"),
    (PUNCTUATION, "先猜;再验证", "先猜；再验证"),
    (PUNCTUATION, "这样说:好", "这样说：好"),
    (PUNCTUATION, "包邮吗?", "包邮吗？"),
    (PUNCTUATION, "到了!", "到了！"),
    (PUNCTUATION, "SKU,规格", "SKU，规格"),
    (PUNCTUATION, "付款后发货.", "付款后发货。"),
    (PUNCTUATION, "付款后发货. 再上传", "付款后发货。再上传"),
    (BRACKET, "首重(first weight)", "首重（first weight）"),
    (BRACKET, "千牛(商家工作台)很好", "千牛（商家工作台）很好"),
    (BRACKET, "kefu(本书的包)", "kefu（本书的包）"),
    (SPACE, "满88 元包邮", "满88元包邮"),
    (SPACE, "满 88元包邮", "满88元包邮"),
    (SPACE, "打开 JupyterLab 试试", "打开JupyterLab试试"),
    (SPACE, "占20% 左右", "占20%左右"),
    (SPACE, "先猜 再验证", None),
    (QUOTE, '他说"包邮"吗', None),
    (QUOTE, "他说'包邮'吗", None),
    *((CANT, f"为客户{word}", None) for word in ("赋能", "找抓手", "做闭环", "打造价值")),
    (CANT, "众所周知，首重一千克", None),
    (CANT, "综上所述，包邮好", None),
]
CLEAN = [
    "满88元包邮，不满则付运费；“凑单”可以省钱。",
    "首重（first weight）一般是1 kg，收10元。",
    "A/B test, then decide: yes or no?",
    "2025年11月8日20:15付款，12.5元。",
    "周末——尤其是星期六——最容易超时……",
]
flat = st.text(st.sampled_from("中文包邮ab1%,.;:?!“”，。 \n"), max_size=40)
mixed = st.text(st.sampled_from("中文包邮ab1%,.;:?!()（）“”，。 \n"), max_size=40)


def rules(text: str) -> set[str]:
    return {finding.split(":")[0] for finding in findings(text)}


def wrong(path: Path) -> set[str]:
    """The rules that the whole command would report for one file."""
    return {rule for _, text in pieces(path) for rule in rules(text)}


# Each rule


def test_every_rule_has_a_planted_fault() -> None:
    assert {rule for rule, _, _ in PLANTED} == set(RULES)


@pytest.mark.parametrize(("rule", "fault", "right"), PLANTED)
def test_a_planted_fault_is_found(rule: str, fault: str, right: str | None) -> None:
    assert rule in rules(fault)


@pytest.mark.parametrize(("rule", "fault", "right"), PLANTED)
def test_a_planted_fault_is_mended_or_left_to_a_person(
    rule: str, fault: str, right: str | None
) -> None:
    assert mended(fault) == (fault if right is None else right)
    assert right is None or findings(right) == []


@pytest.mark.parametrize("text", CLEAN)
def test_clean_copy_is_neither_reported_nor_changed(text: str) -> None:
    assert findings(text) == []
    assert mended(text) == text


def test_a_finding_shows_the_words_around_it() -> None:
    (found,) = findings("运费看重量,也看体积。")
    assert "运费看重量,也看体积" in found


@pytest.mark.parametrize("mender", [mended, mended_markdown], ids=lambda f: f.__name__)
@given(text=flat)
def test_mending_twice_changes_nothing_more(mender: Any, text: str) -> None:
    assert mender(mender(text)) == mender(text)


@pytest.mark.parametrize("text", ["甲(乙(丙)丁)", "（甲） ,b"])
def test_mending_once_is_enough_for_nested_faults(text: str) -> None:
    assert mended(mended(text)) == mended(text)


CODE_IN_BRACES = [
    ("""f"共{', '.join(names)}位,都到了\"""", """f"共{', '.join(names)}位，都到了\""""),
    ("""f"等{a if b else '无', c}(秒)\"""", None),
    ("""f"{'客人':<6}, {sum(one.n for one in 名单)} 位\"""", None),
    (
        """f"退{max(due, 0)}元;运费{fee(a, 重量)}元\"""",
        """f"退{max(due, 0)}元；运费{fee(a, 重量)}元\"""",
    ),
    ("""rf"{{不是,代码}}{x}\"""", """rf"{{不是，代码}}{x}\""""),
    ("""f"{n:{width}},中\"""", """f"{n:{width}}，中\""""),
]


@pytest.mark.parametrize(("line", "right"), CODE_IN_BRACES)
def test_code_in_an_f_string_s_braces_is_left_alone(line: str, right: str | None) -> None:
    code = f"said = {line}\n"
    found = mended_code(code)
    kept = re.findall(r"(?<!\{)\{[^{].*?\}", line)
    assert all(part in found for part in kept)
    assert right is None or found == f"said = {right}\n"
    assert mended_code(found) == found
    ast.parse(found)


@given(text=mixed)
def test_an_f_string_without_braces_is_mended_as_any_other(text: str) -> None:
    quoted = repr(text)
    assert mended_code(f"a = f{quoted}\n")[5:] == mended_code(f"a = {quoted}\n")[4:]


@pytest.mark.parametrize("path", copy_lint.files(), ids=lambda p: p.name)
def test_the_book_is_mended_already(tmp_path: Path, path: Path) -> None:
    copied = Path(shutil.copy(path, tmp_path))
    mend(copied)
    assert copied.read_text(encoding="utf-8") == path.read_text(encoding="utf-8")


@given(text=mixed)
def test_mending_changes_punctuation_and_spaces_only(text: str) -> None:
    def words(copy: str) -> str:
        return "".join(c for c in copy if c.isalnum())

    assert words(mended(text)) == words(text)
    assert mended(text).count("\n") == text.count("\n")


# Markdown: code, links, math and tags are no copy

UNTOUCHED = [
    "```python\nx = f(中, 'a')  # 注, b\n```",
    "`购物车(cart),单`",
    "$$\n\\text{运费}, (\\text{首重})\n$$",
    "$\\text{件}, 2$",
    "[术语表](../book/glossary,中.md)",
    '<img src="a.svg" alt="图, (甲)">',
    "---\ntitle: 首页, (一)\n---",
    ":::{note} 题, (一)",
]


@pytest.mark.parametrize("text", UNTOUCHED, ids=lambda t: t[:8])
def test_what_is_no_copy_is_neither_reported_nor_changed(text: str) -> None:
    assert findings(markdown(text)) == []
    assert mended_markdown(text) == text


@pytest.mark.parametrize("text", UNTOUCHED[:6], ids=lambda t: t[:8])
def test_the_copy_around_it_is_mended(text: str) -> None:
    fault, right = f"先猜,再看\n\n{text}\n\n然后,验证", f"先猜，再看\n\n{text}\n\n然后，验证"
    assert PUNCTUATION in rules(markdown(fault))
    assert mended_markdown(fault) == right
    assert findings(markdown(right)) == []


def test_a_links_words_are_copy_but_not_its_address() -> None:
    fault = "看[术语,表](book/a,中.md)吧"
    assert PUNCTUATION in rules(markdown(fault))
    assert mended_markdown(fault) == "看[术语，表](book/a,中.md)吧"


@pytest.mark.parametrize(
    "text", ["**要紧**的话", "- 一条", "1. 一条", "## 标题", "> 引文", "| 甲 | 乙 |"]
)
def test_the_marks_of_markdown_are_no_faults(text: str) -> None:
    assert findings(markdown(text)) == []
    assert mended_markdown(text) == text


# Python: strings and comments are copy, code and docstrings are not


def test_only_the_strings_and_comments_of_code_are_mended() -> None:
    fault = 'print("先猜,再看")  # 先猜,再看\nnumbers = [甲, 乙(1), 丙]\n'
    right = 'print("先猜，再看")  # 先猜，再看\nnumbers = [甲, 乙(1), 丙]\n'
    assert mended_code(fault) == right
    assert mended_code(right) == right


def test_docstrings_are_left_alone() -> None:
    code = (
        '"""Money (钱), in yuan."""\n\n\ndef fee():\n    """Fee (运费), in yuan."""\n    return 1\n'
    )
    assert mended_code(code) == code
    assert [text for _, text in strings(code)] == []


def test_formatted_strings_are_copy_but_not_what_they_compute() -> None:
    code = 'print(f"共{len(x)}单,合计{sum(y, 0)}元")\n'
    assert mended_code(code) == 'print(f"共{len(x)}单，合计{sum(y, 0)}元")\n'


def test_mended_code_still_runs_and_computes_the_same() -> None:
    code = 'def f(a, b=2):\n    # 先加,再乘\n    return (a + b) * 2, "和,积"\nresult = f(1)\n'
    space: dict[str, Any] = {}
    exec(mended_code(code), space)
    assert space["result"] == (6, "和，积")


def test_the_strings_of_code_are_found_with_their_lines() -> None:
    code = 'a = 1\nb = "先猜,再看"\nc = f"满{a} 元"\n'
    assert list(strings(code)) == [(2, "先猜,再看"), (3, "满"), (3, " 元")]


def test_tags_within_strings_are_no_copy() -> None:
    (found,) = strings("x = \"<p class='a'>甲</p>\"")
    assert findings(found[1]) == []


# Whole files


def notebook(*cells: tuple[str, str]) -> str:
    return json.dumps(
        {"cells": [{"cell_type": kind, "source": [source]} for kind, source in cells]},
        ensure_ascii=False, indent=1,
    ) + "\n"  # fmt: skip


FILES = {
    "page.md": ("先猜,再看`a,中`\n", "先猜，再看`a,中`\n"),
    "module.py": ('x = "先猜,再看"\n', 'x = "先猜，再看"\n'),
    "02_quiz.json": (
        '[{"ask": "先猜,再看?", "options": [{"text": "对,的", "right": true, "why": "因,果"}]}]',
        '[{"ask": "先猜，再看？", "options": [{"text": "对，的", "right": true, "why": "因，果"}]}]',
    ),
    "02_guesses.json": (
        '{"truths": [{"ask": "先猜,再看", "why": "因,果"}], "guesses": [{"shows": "其实,是", "ask": "猜"}]}',
        '{"truths": [{"ask": "先猜，再看", "why": "因，果"}], "guesses": [{"shows": "其实，是", "ask": "猜"}]}',
    ),
    "02_talks.toml": (
        '[talk."一"]\nscene = "先猜,再看?"\nturn.open.option = [{ say = "对,的" }]\n',
        '[talk."一"]\nscene = "先猜，再看？"\nturn.open.option = [{ say = "对，的" }]\n',
    ),
    "02_explore.toml": (
        '[late]\ntitle = "先猜,再看?"\n[late.group.day]\nvalues = ["对,的"]\n',
        '[late]\ntitle = "先猜，再看？"\n[late.group.day]\nvalues = ["对，的"]\n',
    ),
    "chapter.ipynb": (
        notebook(("markdown", "先猜,再看"), ("code", 'print("先猜,再看")  # 先猜,再看')),
        notebook(("markdown", "先猜，再看"), ("code", 'print("先猜，再看")  # 先猜，再看')),
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_each_kind_is_reported_and_mended(tmp_path: Path, name: str) -> None:
    fault, right = FILES[name]
    path = tmp_path / name
    path.write_text(fault, encoding="utf-8")
    assert wrong(path) == {PUNCTUATION}
    mend(path)
    assert path.read_text(encoding="utf-8") == right
    assert wrong(path) == set()


@pytest.mark.parametrize("name", FILES)
def test_a_clean_file_is_not_written_again(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(FILES[name][1], encoding="utf-8")
    path.chmod(0o444)
    before = path.stat().st_mtime_ns
    mend(path)
    assert path.stat().st_mtime_ns == before


def test_every_part_of_a_quiz_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "02_quiz.json"
    for part in ("ask", "text", "why", "items"):
        option = {"text": "甲", "right": True, "why": "乙"}
        question: dict[str, Any] = {"ask": "问", "options": [option]}
        own = part in ("ask", "items")
        (question if own else option)[part] = ["赋能"] if part == "items" else "赋能"
        path.write_text(json.dumps([question]), encoding="utf-8")
        assert wrong(path) == {CANT}


def test_a_comment_in_a_notebooks_code_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "chapter.ipynb"
    path.write_text(notebook(("code", "x = 1  # 先猜,再看")), encoding="utf-8")
    assert [where for where, text in pieces(path) if findings(text)] == ["cell 1 comment"]


def test_the_books_own_files_are_all_looked_at() -> None:
    names = {path.name for path in copy_lint.files()}
    assert {
        "02_preparation.ipynb", "02_quiz.json", "glossary.md", "freight.py", "README.zh-CN.md",
        "sample.toml", "sayings.toml", "inquiries.toml",
    } <= names  # fmt: skip
    assert not any(".ipynb_checkpoints" in path.parts for path in copy_lint.files())


@pytest.mark.parametrize(("words", "status"), [("先猜，再看", 0), ("先猜,再看", 1)])
def test_the_command_fails_when_a_finding_is_left(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: str,
    status: int,
) -> None:
    page = tmp_path / "page.md"
    page.write_text(words, encoding="utf-8")
    monkeypatch.setattr(copy_lint, "files", lambda: [page])
    monkeypatch.setattr(copy_lint, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["copy_lint"])
    with pytest.raises(SystemExit) as ended:
        copy_lint.main()
    assert ended.value.code == status
    assert ("page.md: text: half-width" in capsys.readouterr().out) is bool(status)
    monkeypatch.setattr(sys, "argv", ["copy_lint", "--fix"])
    with pytest.raises(SystemExit) as ended:
        copy_lint.main()
    assert ended.value.code == 0
    assert page.read_text(encoding="utf-8") == "先猜，再看"
