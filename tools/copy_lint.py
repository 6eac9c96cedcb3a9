"""Check the Chinese copy: full-width punctuation, no space between Chinese and Western, no cant.

Looks at what a reader of the Chinese edition sees: pages, notebooks' text and strings, quizzes, talks,
and the strings (not docstrings) of the package. ``--fix`` mends punctuation and spaces in place.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import re
import sys
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.paths import ROOT

HAN = r"[\u4e00-\u9fff]"
RULES = {
    "half-width punctuation beside Chinese": rf"{HAN}[,;:?!]|[,;?!]{HAN}|{HAN}\.(?=\s|$|{HAN})",
    "half-width bracket beside Chinese": rf"{HAN}\(|\({HAN}|{HAN}\)|\){HAN}",
    "space between Chinese and Western": rf"{HAN} +[A-Za-z0-9]|[A-Za-z0-9%] +{HAN}|{HAN} +{HAN}",
    "straight quote beside Chinese": rf"(?<![(=,\[ {{])[\"']{HAN}|{HAN}[\"'](?![,)\]:}}])",
    "cant": "赋能|抓手|闭环|打造|众所周知|综上所述",
}
# code, math, links' targets, HTML tags and directives' own syntax are no copy
NO_COPY = re.compile(
    r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$|\]\([^)\n]*\)|<[^>\n]+>|^\s*:[\w-]+:|^:::.*?$|^---\n.*?\n---$",
    re.S | re.M,
)


WIDE = str.maketrans(",;:?!", "\uff0c\uff1b\uff1a\uff1f\uff01")


def findings(text: str) -> list[str]:
    """Return what is wrong with one text, each with the characters around it."""
    return [
        f"{name}: …{text[max(hit.start() - 8, 0) : hit.end() + 8]!r}…"
        for name, pattern in RULES.items()
        for hit in re.finditer(pattern, text)
    ]


def mended(text: str) -> str:
    """Return a text with full-width punctuation and no space between Chinese and Western."""
    while (better := _mended_once(text)) != text:
        text = better
    return text


def _mended_once(text: str) -> str:
    def wide(hit: re.Match[str]) -> str:
        return hit.group().translate(WIDE)

    text = re.sub(rf"(?<={HAN})\.(?=\s|$|{HAN})", "。", text)
    text = re.sub(rf"\((?=[^()\n]*\))(?:[^()\n]*{HAN}[^()\n]*)\)|(?<={HAN})\([^()\n]*\)",
                  lambda hit: f"\uff08{hit.group()[1:-1]}\uff09", text)  # fmt: skip
    text = re.sub(rf"(?<={HAN})[,;:?!]|[,;?!](?={HAN})", wide, text)
    text = re.sub(r"(?<=[）”》】])[,;:?!]|[,;:?!](?=[（“《【])", wide, text)
    text = re.sub(rf"(?<={HAN}) +(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%]) +(?={HAN})", "", text)
    return re.sub(r"(?<=[，。；：？！（）]) +(?=\S)", "", text)


def mend(path: Path) -> None:
    """Mend one file in place, leaving code, links and tags alone."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        fixed = mended_markdown(source)
    elif path.suffix == ".py":
        fixed = mended_code(source)
    elif path.suffix in (".json", ".toml"):
        fixed = mended(source)
    else:
        notebook = json.loads(source)
        for cell in notebook["cells"]:
            mender = mended_markdown if cell["cell_type"] == "markdown" else mended_code
            cell["source"] = mender("".join(cell["source"])).splitlines(keepends=True)
        fixed = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    if fixed != source:
        path.write_text(fixed, encoding="utf-8")


def mended_markdown(text: str) -> str:
    """Return Markdown with its copy mended."""
    parts, last = [], 0
    for hit in NO_COPY.finditer(text):
        parts += [mended(text[last : hit.start()]), hit.group()]
        last = hit.end()
    return "".join([*parts, mended(text[last:])])


def mended_code(code: str) -> str:
    """Return Python code with its strings and comments mended, but not its docstrings."""
    lines = code.splitlines(keepends=True)
    kinds = {
        tokenize.STRING,
        tokenize.COMMENT,
        getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING),
    }
    before = tokenize.NEWLINE
    tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    spans = []
    for token in tokens:
        if (token.type in kinds and token.start[0] == token.end[0] and (
            token.type == tokenize.COMMENT
            or before not in (tokenize.NEWLINE, tokenize.INDENT, tokenize.NL, tokenize.DEDENT)
        )) or (token.type in kinds and before == tokenize.NL and token.string.startswith(("f", '"'))):  # fmt: skip
            spans.append((token.start, token.end[1]))
        before = token.type
    for (row, first), last in reversed(spans):
        line = lines[row - 1]
        lines[row - 1] = line[:first] + mended_token(line[first:last]) + line[last:]
    return "".join(lines)


def mended_token(token: str) -> str:
    r"""Return a string or comment mended; of an f-string its text, while what stands in braces is code.

    >>> print(mended_token("f\"共{', '.join(names)}位,都到了\""))
    f"共{', '.join(names)}位，都到了"
    """
    # before 3.12 an f-string is one token, code and all
    if not re.match("(f|rf|fr)[\"']", token, re.IGNORECASE):
        return mended(token)
    text, held = "", []
    while token:
        end = placeholder(token)
        held += [token[:end]] * bool(end)
        size = end or (2 if token.startswith("{{") else 1)
        text += PLACE if end else token[:size]
        token = token[size:]
    pairs = zip(mended(text).split(PLACE), [*held, ""], strict=True)
    return "".join(part for pair in pairs for part in pair)


PLACE = "\ue000"
"""Stands for what is in braces: neither Chinese nor Western."""


def placeholder(text: str) -> int:
    """Return where the braces end with which a text begins, 0 where it begins with none or a doubled one.

    >>> placeholder("{a[')}']}元"), placeholder("{n:{width}}"), placeholder("{{不是}}"), placeholder("元")
    (9, 11, 0, 0)
    """
    if not text.startswith("{") or text.startswith("{{"):
        return 0
    depth, quote = 0, ""
    for place, one in enumerate(text):
        if quote:
            quote = "" if one == quote else quote
        elif one in "\"'":
            quote = one
        else:
            depth += (one == "{") - (one == "}")
            if not depth:
                return place + 1
    return 0


def markdown(text: str) -> str:
    """Return Markdown with all that is no copy blanked out, emphasis marks dropped."""
    kept = NO_COPY.sub(lambda hit: "]" if hit.group().startswith("](") else "\ufffc", text)
    lines = [re.sub(r"^\s*(\||[-*+]|\d+\.|#+|>)\s", "", line) for line in kept.splitlines()]
    return "\n".join(line.replace(" | ", "\ufffc").replace("**", "") for line in lines)


def strings(code: str) -> Iterator[tuple[int, str]]:
    """Yield the Chinese strings of Python code with their lines; docstrings are English."""
    tree = ast.parse(code)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    skipped = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, documented)
               and node.body and isinstance(node.body[0], ast.Expr)}  # fmt: skip
    skipped |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in skipped
        ):
            yield node.lineno, re.sub(r"<[^>]+>", "\ufffc", node.value)


def pieces(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the texts of one file with where they stand."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield "text", markdown(source)
    elif path.suffix == ".py":
        yield from ((f"line {line}", text) for line, text in strings(source))
    elif path.suffix == ".json":
        told = json.loads(source)
        for question in told if isinstance(told, list) else [*told["truths"], *told["guesses"]]:
            yield from ((question["ask"], text) for text in texts(question))
    elif path.suffix == ".toml":
        told = tomllib.loads(source)
        for name, one in told.get("talk", told).items():  # talks, or a chapter's explorers
            yield from ((name, text) for text in texts(one))
    else:
        for number, cell in enumerate(json.loads(source)["cells"], start=1):
            text = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                yield f"cell {number}", markdown(text)
            else:
                yield from ((f"cell {number} line {line}", piece) for line, piece in strings(text))
                comments = re.findall(r"# (.*)$", text, re.M)
                yield from ((f"cell {number} comment", comment) for comment in comments)


def texts(value: Any) -> Iterator[str]:
    """Yield every text of a quiz's question, a talk or an explorer, which keeps them in lists and under names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)


def files(root: Path = ROOT) -> list[Path]:
    """Return all files with copy for readers of the Chinese edition."""
    patterns = (
        "book/**/*.md",
        "notebooks/**/*.ipynb",
        "book/*.ipynb",
        "notebooks/**/*.md",
        "notebooks/**/*_quiz.json",
        "notebooks/**/*_guesses.json",
        "notebooks/**/*_talks.toml",
        "notebooks/**/*_explore.toml",
        "widgets/kefu/talk/sample.toml",
        "widgets/kefu/presales/sayings.toml",
        "widgets/kefu/aftersales/inquiries.toml",
        "widgets/kefu/aftersales/casebook.toml",
        "widgets/kefu/**/*.py",
    )
    found = [path for pattern in patterns for path in root.glob(pattern)]
    return [
        *sorted(p for p in found if ".ipynb_checkpoints" not in p.parts),
        root / "README.zh-CN.md",
        root / "hub" / "README.zh-CN.md",
    ]


def main() -> None:
    """Print every finding, after mending what ``--fix`` can; exit 1 where one is left."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fix", action="store_true", help="mend punctuation and spaces in place")
    if parser.parse_args().fix:
        for path in files():
            mend(path)
    wrong = [
        f"{path.relative_to(ROOT)}: {where}: {finding}"
        for path in files()
        for where, text in pieces(path)
        for finding in findings(text)
    ]
    print("\n".join(wrong) or "kefu: the Chinese copy is clean")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
