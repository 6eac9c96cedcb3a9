"""The cover of PDF and EPUB, drawn with the book's own fonts and colours."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from kefu.charts import FONTS, GOLD, INK, PERSIMMON, TEAL

SIZE = (1240, 1754)
"""A4 at 150 dots an inch."""
PAPER, PALE = "#fbf8f2", "#e3eeeb"
PARTS = ("售前接待", "售后处理", "客户运营", "智能服务")


def font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    """Return one of the book's fonts."""
    return ImageFont.truetype(str(FONTS / f"NotoSansSC-{weight}.ttf"), size)


def cover(title: str, subtitle: str, authors: str) -> bytes:
    """Return the cover as PNG: the title, a question with its answer in two bubbles, the four parts."""
    picture = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, SIZE[0], 26), fill=PERSIMMON)
    draw.text((120, 190), title, font=font("Bold", 170), fill=INK)
    draw.text((126, 430), subtitle, font=font("Regular", 46), fill=TEAL)
    draw.rounded_rectangle((120, 640, 880, 800), 40, fill=PALE)
    draw.text((172, 688), "发广东运费多少？", font=font("Regular", 54), fill=INK)
    draw.rounded_rectangle((360, 850, 1120, 1010), 40, fill=TEAL)
    draw.text((412, 898), "10 + 2×4 = 18元", font=font("Bold", 54), fill="white")
    stairs, left, floor = [], 120, 1420
    for step in range(7):
        top = floor - 40 - 36 * step
        stairs += [(left + 143 * step, top), (left + 143 * (step + 1), top)]
    draw.line(stairs, fill=TEAL, width=8, joint="curve")
    draw.line((120, floor, 1120, floor), fill=PALE, width=4)
    x, y = stairs[5]
    draw.ellipse((x - 90, y - 18, x - 54, y + 18), fill=PERSIMMON)
    for number, part in enumerate(PARTS):
        place = 120 + 257 * number
        draw.rectangle((place, 1480, place + 56, 1490), fill=(TEAL, PERSIMMON, GOLD, INK)[number])
        draw.text((place, 1506), part, font=font("Regular", 44), fill=INK)
    draw.text((120, 1636), authors, font=font("Regular", 40), fill=INK)
    target = io.BytesIO()
    picture.quantize(128, dither=Image.Dither.NONE).save(target, "PNG", optimize=True)
    return target.getvalue()
