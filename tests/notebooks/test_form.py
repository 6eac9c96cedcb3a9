"""The form of the chapters, and that each thing in which one has not the form is told."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from tests.tools.test_chapter import NAME, made  # noqa: F401  a book whose chapter 04 is to come
from tools import chapter as command
from tools.reference import form
from web import book


@pytest.mark.parametrize("chapter", book.written(), ids=lambda c: f"{c.number}_{c.name}")
def test_a_chapter_has_the_form(chapter: book.Chapter) -> None:
    assert form.faults(chapter) == []


# Planted faults, in the skeleton of a chapter


@pytest.fixture
def skeleton(made: Path) -> tuple[book.Chapter, Path]:  # noqa: F811
    """The skeleton of chapter 04, which has the form, in a book of its own."""
    command.make(command.planned("04", NAME, "", "", made), NAME, made)
    return book.chapter("04", made), made


def test_the_skeleton_has_the_form(skeleton: tuple[book.Chapter, Path]) -> None:
    assert form.faults(*skeleton) == []


LONG = "这一句很长，" * 600
IN_THE_NOTEBOOK: list[tuple[str, str, str]] = [
    ("## 对话演练", "## 谈话", "part 对话演练 is missing or out of order"),
    ("### 工位卡", "### 卡片", "part 工位卡 is missing or out of order"),
    ("## 二、一个例子：接待率", "## 常见误区", "## 常见误区: not a part of a chapter any more"),
    ("动词开头（主线）；", "动词开头；", "ends with neither （主线） nor （进阶）"),
    ("约60分钟：主线30分钟", "约70分钟：主线30分钟", "30 + 30 minutes are not 70"),
    ("主线30分钟，进阶30分钟", "主线50分钟，进阶10分钟", "takes 50 minutes, at most 45"),
    ("约60分钟：主线30分钟，进阶30分钟。", "约60分钟。", "expected 约80分钟：主线40分钟，进阶40分钟。"),
    ('demos.truths("04_guesses.json")', "demos.quiz(1)", "开篇判断: no cell demos.truths("),
    (", again=True)", ")", "再判断一次: no cell demos.truths("),
    ('demos.guess("04_guesses.json", "five-more")', 'demos.check(1, "")', "demos.rehearsal() stands before any guess"),
    ('demos.guess("04_guesses.json", "which-stage")', "x = 1", '"stages") stands before any guess'),
    ('"five-more")', '"six-more")', "guess six-more: not in 04_guesses.json"),
    ('"five-more")', '"when-slow")', "guess when-slow: used 2 times"),
    ('guess("04_', 'guess("06_', "guess five-more: stands in 06_guesses.json"),
    ("**改一改**：把", "**先猜**：把", "先猜 in words"),
    ("<summary>答案</summary>", "<summary>看看</summary>", "动手：拨一拨接待率: **改一改**"),
    ('demos.talk("示例04乙")', "demos.kano()", "对话演练: 1 conversations, at least 2"),
    ('demos.talk("示例04乙")', "demos.kano()", "conversation 示例04乙: shown nowhere"),
    ('talk("示例04乙")', 'talk("没有这一段")', "conversation 没有这一段: not in 04_talks.toml"),
    ("小鹿在别家买错过尺码，这回要问个准话。", "", "conversation 示例04乙: no line before it"),
    ('demos.explore("04_explore.toml", "waits")', "demos.kano()", "1 explorers in the main track"),
    ("### 数据实验二", "### 实验二", '"waits"): not under 数据实验'),
    ("### 进阶：用模型算一遍", "### 用模型算一遍", "code in the main track: day = served_share"),
    ("这里写客服桌上", LONG, "characters of prose, at most 3500"),
    ("- **客人等久了**：先认", f"- **客人等久了**：{LONG}", "工位卡: "),
    ("判断题：", "想一想：", "练习: no 判断题"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("right", "wrong", "told"), IN_THE_NOTEBOOK, ids=range(len(IN_THE_NOTEBOOK))
)
def test_a_fault_in_a_notebook_is_told(
    skeleton: tuple[book.Chapter, Path], right: str, wrong: str, told: str
) -> None:
    chapter, root = skeleton
    assert chapter.path
    notebook = nbformat.read(chapter.path, as_version=4)
    assert any(right in cell.source for cell in notebook.cells)
    for cell in notebook.cells:
        cell.source = cell.source.replace(right, wrong)
    nbformat.write(notebook, chapter.path)
    found = form.faults(chapter, root)
    assert any(told in line for line in found), found


BESIDE: list[tuple[str, str, str, str]] = [
    ("teach.md", "## 板书", "## 黑板", "expected the sections"),
    ("teach.md", "# 第04章　教师页", "# 教师", "expected the title 第04章　教师页"),
    ("teach.md", "| 20 |", "| 25 |", "minutes add up to [50, 45]"),
    ("teach.md", "| 说人话 | 官话、太长 | 还行 | 短，听得懂 |\n", "", "no table of 5 things"),
    ("teach.md", "客服卡", "卡", "角色扮演: no 客服卡"),
    ("teach.md", "- **素养**", "- **别的**", "目标: no 素养"),
    ("teach.md", "3. **", "**", "三个提问: 2 questions"),
    ("teach.md", "测验20", "测验30", "评分: expected 测验 20"),
    (
        "teach.md",
        "| 分钟 |",
        "| 时间 |",
        "expected whole minutes in a column 分钟 of every row, got ''",
    ),
    (
        "teach.md",
        "| 20 |",
        "| 约20 |",
        "expected whole minutes in a column 分钟 of every row, got '约20'",
    ),
    ("teach.md", "| 20 |", "|", "expected whole minutes in a column 分钟 of every row"),
    ("quiz.json", "[", "", "04_quiz.json: "),
    ("quiz.json", '"kind"', '"sort"', "04_quiz.json: question 1 kind: expected one of single"),
    ("guesses.json", '"truths"', '"trues"', "04_guesses.json: file: expected truths and guesses"),
    ("guesses.json", '"shows"', '"show"', "04_guesses.json: guesses 1: expected no other field"),
    ("talks.toml", "[talk.", "[", "04_talks.toml: "),
    ("talks.toml", 'kind = "good"', "kind = []", "04_talks.toml: talk 示例04甲 ending"),
]


@pytest.mark.parametrize(("file", "right", "wrong", "told"), BESIDE, ids=range(len(BESIDE)))
def test_a_fault_in_a_file_beside_it_is_told(
    skeleton: tuple[book.Chapter, Path], file: str, right: str, wrong: str, told: str
) -> None:
    chapter, root = skeleton
    path = chapter.source.with_name(f"04_{file}")
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    found = form.faults(chapter, root)
    assert any(told in line for line in found), found


def test_a_right_option_that_is_the_longest_too_often_is_told(
    skeleton: tuple[book.Chapter, Path],
) -> None:
    chapter, root = skeleton
    for path, part in ((chapter.quiz, "小测"), (chapter.guesses, "guesses")):
        told = json.loads(path.read_text(encoding="utf-8"))
        for question in told if isinstance(told, list) else told["guesses"]:
            for option in question.get("options", []):
                option["text"] += "，而且很长很长很长很长" if option["right"] else ""
        path.write_text(json.dumps(told), encoding="utf-8")
        assert any(
            line.startswith(f"{part}: the right option is the longest")
            for line in form.faults(chapter, root)
        )


def test_a_quiz_of_another_length_is_told(skeleton: tuple[book.Chapter, Path]) -> None:
    chapter, root = skeleton
    chapter.quiz.write_text(json.dumps(json.loads(chapter.quiz.read_text("utf-8"))[:7]), "utf-8")
    assert form.faults(chapter, root) == ["小测: 7 questions, expected 8"]


def test_a_page_for_teachers_that_is_missing_or_not_listed_is_told(
    skeleton: tuple[book.Chapter, Path],
) -> None:
    chapter, root = skeleton
    contents = root / "_toc.yml"
    listed = contents.read_text(encoding="utf-8")
    contents.write_text(listed.replace("      - file: notebooks/presales/04_teach\n", ""), "utf-8")
    line = "04_teach.md: _toc.yml does not list notebooks/presales/04_teach, under 教师"
    assert form.faults(chapter, root) == [line]
    (root / f"{chapter.teach}.md").unlink()
    assert form.faults(chapter, root) == ["04_teach.md: is not there"]


def test_what_stands_before_the_first_heading_is_told_so(
    skeleton: tuple[book.Chapter, Path],
) -> None:
    chapter, root = skeleton
    assert chapter.path
    notebook = nbformat.read(chapter.path, as_version=4)
    before = [nbformat.v4.new_markdown_cell("**改一改**：没有答案。\n\n**先猜**一下。"),
              nbformat.v4.new_code_cell("demos.kano()"), nbformat.v4.new_code_cell("x = 1")]  # fmt: skip
    notebook.cells = [*before, *notebook.cells]
    nbformat.write(notebook, chapter.path)
    found = [line for line in form.faults(chapter, root) if "before the first heading: " in line]
    assert [line.partition(": ")[2][:8] for line in found] == [
        "先猜 in wo", "demos.ka", "**改一改**：", "code in "
    ]  # fmt: skip


def test_the_length_leaves_out_what_is_no_prose_of_the_main_track() -> None:
    cells = [nbformat.v4.new_markdown_cell(text) for text in (
        "# 题\n\n甲乙，[丙](x.md)**丁**。",
        "## 一、节\n\n| 表 | 格 |\n|---|---|\n\n$$x$$\n\n> **规则卡　[名](y)**：不算。\n\n戊$a$己",
        "<details>\n<summary>答案</summary>\n\n不算\n\n</details>",
        "### 进阶：深\n\n不算\n\n#### 里面\n\n也不算",
        "### 回来\n\n庚",
        "## 练习\n\n不算",
        "## 小测\n\n不算",
        "## 小结\n\n辛",
    )]  # fmt: skip
    assert form.prose(form.Reader().read(cells)) == "题甲乙，丙丁。一、节戊己回来庚小结辛"
