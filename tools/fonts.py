"""Make the chart fonts: Noto Sans SC (OFL) cut down to GB2312 plus the project's own characters."""

from __future__ import annotations

import shutil

from fontTools import subset

from tools.paths import NODE_MODULES, ROOT
from tools.setup import npm

PACKAGE = NODE_MODULES / "@expo-google-fonts" / "noto-sans-sc"
TARGET = ROOT / "widgets" / "kefu" / "fonts"
WEIGHTS = {
    "Regular": "400Regular/NotoSansSC_400Regular.ttf",
    "Bold": "700Bold/NotoSansSC_700Bold.ttf",
}


def gb2312() -> set[str]:
    """Return every character of GB2312, and ASCII."""
    pairs = (bytes((high, low)) for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF))
    return {p.decode("gb2312", "ignore") for p in pairs} - {""} | {
        chr(n) for n in range(0x20, 0x7F)
    }


def project() -> set[str]:
    """Return every character of the project's own texts, data and code."""
    kinds = ("*.md", "*.ipynb", "*.py", "*.csv", "*.json")
    folders = ("book", "notebooks", "datasets", "widgets")
    files = [f for folder in folders for kind in kinds for f in (ROOT / folder).rglob(kind)]
    return {c for file in files for c in file.read_text(encoding="utf-8") if c.isprintable()}


def main() -> None:
    """Write one subset for each weight and the licence beside them."""
    npm("ci")
    TARGET.mkdir(exist_ok=True)
    text = "".join(sorted(gb2312() | project() | set("¥%‰°±×÷−–—…“”‘’·①②③④⑤⑥⑦⑧⑨⑩★☆✓✗≤≥≠≈→←↑↓")))
    for weight, source in WEIGHTS.items():
        options = subset.Options(hinting=False, layout_features=["kern"], recalc_timestamp=False)
        font = subset.load_font(PACKAGE / source, options)
        cut = subset.Subsetter(options)
        cut.populate(text=text)
        cut.subset(font)
        subset.save_font(font, TARGET / f"NotoSansSC-{weight}.ttf", options)
    shutil.copy(PACKAGE / "LICENSE_FONT", TARGET / "OFL.txt")


if __name__ == "__main__":
    main()
