"""Write the book's dictionary page ``book/data.md``.

Tables and columns come from ``datasets/datapackage.json``, the numbers of rows from the tables
themselves, the figures from ``kefu.kpis``.
"""

from __future__ import annotations

from typing import Any

from kefu import data
from kefu.kpis import KPIS, Kpi
from tools.paths import ROOT

TARGET = ROOT / "book" / "data.md"
TYPES = {"string": "文字", "integer": "整数", "number": "数", "boolean": "true或false",
         "date": "日期", "datetime": "时刻"}  # fmt: skip
BETTER = {"high": "越高越好", "low": "越低越好"}
OPEN = "无"
"""The privacy kind of columns that are about no person: most of them, so it is not repeated."""

INTRODUCTION = """\
% `make data` makes this page; change datasets/datapackage.json or widgets/kefu/kpis.py instead
# 数据说明

{description}

读一张表，一行就够；类型、时区都已设好：

```python
from kefu import data

orders = data.load("orders")
```

自己的表只要列名相同，也能读：`data.load("orders", "我的订单.csv")`。Excel、WPS存的CSV不必再转：GB 18030、UTF-16、\
制表符都认得，`2025/1/3 8:05`（当作北京时间）、`1,234.50`、全角数字、`="123"`、`是`和`否`、空行也都认得；\
凡是换了样子读的，`.attrs["read"]`里说明哪一列、哪些行、原来写什么、当成了什么。\
哪一行哪一列不合要求、为什么，都会列出来，不会悄悄丢掉；加上`bad="keep"`保留这些行，\
加上`bad="drop"`去掉这些行，清单在`.attrs["bad"]`里。\
分不清的（`01/02/2025`）和已经丢了的（订单号变成`4.5E+18`）不猜，会说怎样重新导出。

想在Excel或WPS里看本书的表，用`data.for_excel("orders", "订单.csv")`另存一份再打开：不会乱码，\
`02`这样的编号也不会变成2；全部表一起存，用`python -m kefu.data --excel 文件夹`。

一个班可以有自己的一家店：`python -m datasets.generate --seed 7 --folder 文件夹`生成数据，\
`data.use("文件夹")`（或环境变量`KEFU_DATA`）以后，笔记本、演示和检查格都用它，`data.use()`换回本书的店。

下面列出每一列的含义、类型和取值。没写“可空”的列，每行都有值。

## 隐私

数据是虚构的，但请按真数据的规矩用它。每一列都定了隐私类别，写在各表的末尾；没有列出的属于“{open}”。

{kinds}

## 各表怎样连起来

点表名看它的各列。

{overview}
"""
REAL = """\
## 真实数据

虚构的数据好教方法，真实的数据好验真假。下面两份随Python包安装，只读取，不转发：\
`data.real("cdnow")`读清洗后的，`data.real("cdnow", clean=False)`读原样的。
"""
FIGURES = """\
## 指标与公式

代码（`kefu.kpis`）、本页与[术语表](glossary.md)用同一份定义。比例类指标在代码里是0到1的数。
"""


def link(table: str) -> str:
    """Return a link to a table's section."""
    return f"[{table}](#table-{table.replace('_', '-')})"


def targets(table: dict[str, Any]) -> list[str]:
    """Return the tables that a table's foreign keys name, each once."""
    keys = table["schema"].get("foreignKeys", [])
    return list(dict.fromkeys(key["reference"]["resource"] for key in keys))


def values(field: dict[str, Any]) -> str:
    """Return a column's type, unit and allowed values in words."""
    rules = field.get("constraints", {})
    low, high = rules.get("minimum"), rules.get("maximum")
    spans = {
        (True, True): f"{low}到{high}",
        (True, False): f"不小于{low}",
        (False, True): f"不大于{high}",
    }
    parts = [
        "选一" if "enum" in rules else TYPES[field["type"]],
        field.get("unit", ""),
        "、".join(rules.get("enum", ())),
        spans.get((low is not None, high is not None), ""),
        f"形如`{rules['pattern']}`" if "pattern" in rules else "",
        "" if rules.get("required") else "可空",
        "不重复" if rules.get("unique") else "",
    ]
    return "，".join(filter(None, parts)).replace("选一，", "选一：")


def entry(field: dict[str, Any]) -> str:
    """Return one column as an entry of a definition list."""
    return f"`{field['name']}` {field['title']}\n: {field['description']}{values(field)}。"


def privacy(fields: list[dict[str, Any]]) -> str:
    """Return which columns are of which privacy kind and why; those about no person go unsaid."""
    lines: dict[str, list[str]] = {}
    for field in fields:
        if field["privacy"] != OPEN:
            why = f"- **{field['privacy']}**，{field['privacy_note']}："
            lines.setdefault(why, []).append(f"`{field['name']}`")
    return (
        "\n".join(["隐私：", "", *(why + "、".join(names) for why, names in lines.items())])
        if lines
        else ""
    )


def section(table: dict[str, Any], rows: int, used_by: list[str]) -> str:
    """Return one table: what it is, its keys and relations, its columns."""
    schema = table["schema"]
    joins = [
        f"- {'、'.join(f'`{f}`' for f in key['fields'])} → "
        f"{link(key['reference']['resource'])}的{'、'.join(f'`{f}`' for f in key['reference']['fields'])}"
        for key in schema.get("foreignKeys", [])
    ]
    name = table["name"]
    keys = "加".join(f"`{key}`" for key in schema["primaryKey"])
    kept = "；手工维护" if table.get("hand_kept") else ""
    parts = [
        f"(table-{name.replace('_', '-')})=\n### {name}：{table['title']}",
        f"{table['description']}",
        f"{rows}行；主键{keys}{kept}。",
        "\n".join(["连到：", "", *joins]) if joins else "",
        f"被{'、'.join(map(link, used_by))}引用。" if used_by else "",
        *map(entry, schema["fields"]),
        privacy(schema["fields"]),
    ]
    return "\n\n".join(filter(None, parts))


def real(one: dict[str, Any]) -> str:
    """Return one real data set: source, licence, faults, columns."""
    faults = "\n".join(f"- {fault}" for fault in one["faults"])
    facts = [
        f"- 来自：{one['source']}",
        f'- 读法：`data.real("{one["name"]}")`，文件在Python包{one["package"]} {one["version"]}里',
        f"- 许可：{one['licence']}",
        f"- 隐私：{one['privacy']}。{one['privacy_note']}。",
    ]
    fields = [
        f"`{f['name']}` {f['title']}\n: {f['description']}{TYPES[f['type']]}。"
        for f in one["fields"]
    ]
    return "\n\n".join(
        [
            f"### {one['title']}",
            one["description"],
            "\n".join(facts),
            f"已知的毛病：\n\n{faults}",
            *fields,
        ]
    )


def figure(one: Kpi) -> str:
    """Return one figure: words, formula, unit, what it needs, where it comes from."""
    fields = "、".join(f"`{field}`" for field in one.fields)
    return (
        f"### {one.name}（{one.name_en}）\n\n{one.formula}。\n\n$$\n{one.latex}\n$$\n\n"
        f"- 单位：{one.unit}，{BETTER[one.better]}\n- 代码：`kpis.{one.compute.__name__}`\n"
        f"- 用到：{fields}\n- 依据：{one.source.rstrip('.')}"
    )


def document() -> str:
    """Return the whole page."""
    package = data.package()
    tables: dict[str, dict[str, Any]] = {t["name"]: t for t in package["resources"]}
    rows = {name: len(data.rows(name)) for name in tables}
    kinds = "\n".join(
        f"- **{kind}**：{about['description']}" for kind, about in package["privacy_kinds"].items()
    )
    used_by = {name: [t for t in tables if name in targets(tables[t])] for name in tables}
    overview, sections = [], []
    for group in package["groups"]:
        lines = ["| 表 | 内容 | 行数 | 连到 |", "|---|---|--:|---|"]
        lines += [
            f"| {link(t)} | {tables[t]['title']} | {rows[t]} | "
            f"{'、'.join(map(link, targets(tables[t])))} |"
            for t in group["tables"]
        ]
        overview.append("\n".join([f"**{group['title']}**", "", *lines]))
        sections.append(f"## {group['title']}")
        sections += [section(tables[t], rows[t], used_by[t]) for t in group["tables"]]
    opening = INTRODUCTION.format(
        description=package["description"], kinds=kinds, open=OPEN, overview="\n\n".join(overview)
    )
    parts = [opening.rstrip(), *sections, REAL.rstrip(), *map(real, package["real"]),
             FIGURES.rstrip(), *map(figure, KPIS)]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write book/data.md."""
    TARGET.write_text(document(), encoding="utf-8")
    print(f"kefu: {TARGET.relative_to(ROOT)}: {len(data.package()['resources'])} tables")


if __name__ == "__main__":
    main()
