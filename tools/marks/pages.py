"""What comes of it: a table that Excel opens, and a page of feedback for each student.

All that a student typed is text on the page and in the table: escaped there, and here never at the
beginning of a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from tools.marks.chapter import Exercise
from tools.marks.marker import Result
from tools.marks.quizzes import Answered
from tools.marks.reading import Student

BLIND = (
    "这张表看不见的：代码是不是自己写的（抄同学的、抄参考解答的、请别人或程序代写的）；小测是第几次才答对的"
    "（网页答完就讲对错，可以再答）；没有存进文件的修改。判断题和对话不在里面，请按教师页的评分表给分。"
)
STYLE = """
body{font:16px/1.7 "PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif;max-width:46rem;margin:2rem auto;
padding:0 1rem;color:#222;background:#fff}h1{font-size:1.4rem}h2{font-size:1.15rem;margin-top:2rem}
h3{font-size:1rem;margin:1.2rem 0 .2rem}
pre{background:#f4f4f1;padding:.6rem;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}ul{padding-left:1.2rem}
li,p,td{overflow-wrap:anywhere}.right{color:#17633a}.wrong{color:#a3341f}.note{background:#fdf3df;padding:.5rem .8rem}
""".replace("\n", "")
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@dataclass
class Marked:
    """A student with what came of the quiz and the exercises.

    ``quiz`` and ``results`` are None where there is nothing to mark; a result is None where nothing
    was written for it.
    """

    student: Student
    quiz: list[Answered] | None = None
    results: list[Result | None] | None = None
    said: list[str] = field(default_factory=list)
    page: str = ""

    @property
    def read(self) -> bool:
        """Whether there is a submission at all."""
        return not self.student.files[0].fault

    @property
    def points(self) -> float:
        """The points of the exercises."""
        return round(sum((one.points for one in self.results or [] if one), 0.0), 2)


def plain(value: object) -> object:
    """Return what stands in a cell of the table: a text that would begin a formula gets an apostrophe.

    >>> plain("=1+1"), plain("小满"), plain(-1)
    ("'=1+1", '小满', -1)
    """
    if not isinstance(value, str):
        return value
    text = "".join(c if c.isprintable() else " " for c in value)
    return f"'{text}" if text.lstrip()[:1] in set("=+-@＝＋－＠") - {""} else text


def table(
    marked: Sequence[Marked], questions: int, exercises: Sequence[Exercise], run: bool
) -> str:
    """Return the table as the text of a CSV, with the mark by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    most = sum(one.stars for one in exercises)
    writer.writerow([
        "学号", "姓名", "小测得分", "小测满分", "练习得分", "练习满分", *(f"小测{n}" for n in range(1, questions + 1)),
        *(f"{one.label}（{one.stars}分）" for one in exercises), "说明", "文件", "书的版本", "反馈页",
    ])  # fmt: skip
    for one in marked:
        quiz = [""] * questions if one.quiz is None else [
            "" if answer.given is None else int(answer.right) for answer in one.quiz
        ]  # fmt: skip
        results = [
            "" if result is None else result.points
            for result in one.results or [None] * len(exercises)
        ]
        score = "" if one.quiz is None else sum(answer.right for answer in one.quiz)
        writer.writerow([plain(value) for value in (
            one.student.number, one.student.name, score, questions if one.read else "",
            one.points if one.read and run else "", most if one.read else "", *quiz, *results,
            "；".join(one.said), "、".join(file.file for file in one.student.files),
            "、".join(sorted({file.edition for file in one.student.files} - {""})), one.page,
        )])  # fmt: skip
    return "\ufeff" + out.getvalue()


def file_name(student: Student, taken: set[str]) -> str:
    """Return a name for a student's page that no other has, of letters that every system takes."""
    stem = re.sub(r"[^\w·-]+", "_", student.who).strip("_")[:60] or "无名"
    name, n = f"{stem}.html", 1
    while name.casefold() in taken:
        n += 1
        name = f"{stem}-{n}.html"
    taken.add(name.casefold())
    return name


def _sign(right: bool) -> str:
    return f"<b class='{'right' if right else 'wrong'}'>{'✓' if right else '✗'}</b>"


def _list(lines: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>" if lines else ""


def _question(n: int, one: Answered) -> str:
    said = "没有答。" if one.given is None else f"你的答案：{escape(one.given)}"
    return (
        f"<h3>{_sign(one.right)} {n}. {escape(one.ask)}</h3><p>{said}</p>"
        f"{_list([escape(line) for line in one.why])}"
    )


def _exercise(one: Exercise, result: Result | None) -> str:
    head = f"<h3>{escape(one.title)}"
    if result is None:
        return f"{head}：0/{one.stars}分</h3><p>没有写。</p>"
    whole = result.right == result.cases
    parts = [f"{head}：{_sign(whole)} {result.points:g}/{result.most}分</h3>"]
    parts.append(f"<p>{result.cases}次试，对{result.right}次。</p>")
    if result.said:
        parts.append(f"<p class='wrong'>{escape(result.said)}</p>")
    lines = []
    for case in result.verdicts:
        if not case["public"]:
            continue
        more = case.get("fault") or case.get("lacks") or (f"→ {case['got']}" if case["got"] else "")
        why = "" if case["right"] else f"。{escape(case['why'])}"
        lines.append(
            f"{_sign(case['right'])} <code>{escape(case['call'])}</code> {escape(str(more))}{why}"
        )
    hidden = [case for case in result.verdicts if not case["public"]]
    if hidden:
        right = sum(case["right"] for case in hidden)
        lines.append(
            f"{_sign(right == len(hidden))} 换了{len(hidden)}组书上没有的数再试，对{right}组"
        )
    parts.append(_list(lines))
    if result.printed.strip():
        parts.append(f"<p>它打印的（开头）：</p><pre>{escape(result.printed[:500])}</pre>")
    return "".join(parts)


def feedback(one: Marked, title: str, exercises: Sequence[Exercise]) -> str:
    """Return a student's page."""
    parts = [f"<h1>{escape(title)}：{escape(one.student.who)}</h1>"]
    if one.said:
        parts.append(f"<div class='note'>{_list([escape(said) for said in one.said])}</div>")
    if one.quiz is not None:
        right = sum(answer.right for answer in one.quiz)
        parts.append(f"<h2>小测：{right}/{len(one.quiz)}</h2>")
        parts += [_question(n, answer) for n, answer in enumerate(one.quiz, 1)]
    if one.results is not None:
        most = sum(exercise.stars for exercise in exercises)
        parts.append(f"<h2>练习：{one.points:g}/{most}分</h2><p>练习在另一家店的数据上、换了数重新运行过，"
                     "和你页面上看到的数不一定一样。全对得满分，部分对按比例得一半以内。</p>")  # fmt: skip
        parts += [_exercise(*both) for both in zip(exercises, one.results, strict=True)]
    names = "、".join(file.file for file in one.student.files)
    parts.append(f"<p>批的文件：{escape(names)}</p>")
    return (
        "<!doctype html><html lang='zh-CN'><meta charset='utf-8'>"
        f"<meta http-equiv='Content-Security-Policy' content=\"{POLICY}\">"
        "<meta name='viewport' content='width=device-width'>"
        f"<title>{escape(title)}</title><style>{STYLE}</style><body>{''.join(parts)}</body></html>\n"
    )
