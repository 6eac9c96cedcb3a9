"""A questionnaire with six faults, mended one by one: who replies, whose sheet counts, what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import ipywidgets as widgets

from kefu.demos.cards import following, onward
from kefu.demos.core import Demo, table
from kefu.demos.hands import IntSlider, press
from kefu.demos.svg import Frame, broad, chart, legend
from kefu.operations.surveys import FAULTS, Flaw, SurveyOutcome, sample_size, survey_outcome

AS_IT_WAS = 0


@dataclass(frozen=True)
class Rewording:
    """One way to put a question: its words, the fault that is left in it, if any, and why."""

    words: str
    fault: Flaw | None
    why: str


DRAFT: tuple[tuple[Rewording, ...], ...] = (
    (
        Rewording("第1题，必答：您的月收入和生日是？", "敏感放最前", "一进门就问家底，人先走了三成。"),
        Rewording("还放第1题，后面写一句“严格保密，请放心填写”", "敏感放最前",
            "保密是该做的，可用处没说，也不能不答，客人照样关掉。"),
        Rewording("挪到末尾，写明生日只用来送积分，可以不答；收入删掉", None,
            "敏感的放后、说清用处、许人不答；收入说不出用处，就不问。"),
        Rewording("仍放第1题，只问生日，客人嫌烦了再说", "敏感放最前", "少了一样，可还堵在门口。"),
    ),
    (
        Rewording("客服热情、发货快，您满意吗？", "一题两问", "答“不满意”的，不知道气的是哪一件。"),
        Rewording("客服热情、发货快、包装好，您满意吗？", "一题两问", "两件变成了三件，更读不出来。"),
        Rewording("热情又麻利的客服，您一定满意吧？", "诱导", "两件成了一件，可又替客人想好了答案。"),
        Rewording("拆成两题：客服的态度怎样？发货快不快？", None, "一题一问，哪一件不满意，一看就知道。"),
    ),
    (
        Rewording("九成客人夸我们的毯子软，您觉得呢？", "诱导", "照着答的人多，收多少份都往好里偏。"),
        Rewording("毯子摸上去怎样？很软、软、一般、硬、很硬", None, "不夸不贬，两头的选项一样多。"),
        Rewording("这么软的毯子，您会推荐给朋友吗？", "诱导", "换了个问法，话还是替他说了一半。"),
        Rewording("毯子软不软、厚不厚，您都满意吗？", "一题两问", "不诱导了，可又装进两件事。"),
    ),
    (
        Rewording("您对本店SKU丰富度、动销款怎么看？", "行话", "听不懂的人随手一填，或者关掉。"),
        Rewording("您对商品矩阵的宽度和深度怎么看？", "行话", "换了一套行话。"),
        Rewording("上次来，您要的颜色和尺码有没有？", None, "问他碰见过的事，答得出来。"),
        Rewording("我们款式很全，您说是吧？", "诱导", "听得懂了，可答案也写好了。"),
    ),
    (
        Rewording("您多久来一次？A每周　B每月1—4次　C每月　D偶尔", "选项打架",
            "每周来的，B也对；每月来的，B和C都对。"),
        Rewording("过去三个月买过几次？0次、1次、2—3次、4次以上", None, "互斥又穷尽，每个人只落在一格里。"),
        Rewording("您多久来一次？A经常　B有时　C偶尔　D看心情", "选项打架", "“有时”和“偶尔”，一人一把尺子。"),
        Rewording("您的复购频次属于哪一档？高频、中频、低频", "行话", "格子不打架了，可他不知道自己算哪一档。"),
    ),
    (
        Rewording("第9—14题：几口人、星座、养宠物吗、爱吃什么……", "多余", "说不出拿来办什么事，填到一半人就走了。"),
        Rewording("挪到最前，趁客人还有耐心", "多余", "多余的放前头，走得更早。"),
        Rewording("只留星座，别的删掉，题都设计好了", "多余", "星座拿来办什么事？说不出，就还是多余。"),
        Rewording("整块删掉，问卷剩八题", None, "不必要的不问。不超过十题、三分钟。"),
    ),
)  # fmt: skip
"""Each question as it was, and three ways to mend it, one of which does."""
TOPICS = ("收入", "客服", "毯子", "款式", "次数", "家里")
"""What each place asks about, as its button says it."""
NAMES = tuple(f"q{n}" for n in range(1, len(DRAFT) + 1))
OVERVIEW = 0


def survey_lab(sent: int = 300) -> Demo:
    """Return the questionnaire as it was drafted, to be ``sent`` to so many customers."""
    c: dict[str, widgets.ValueWidget] = {
        "sent": IntSlider(value=sent, min=100, max=3000, step=100, description="发出多少份"),
        "truth": IntSlider(value=70, min=50, max=85, description="真的满意（%）"),
        "reply": IntSlider(value=60, min=20, max=90, description="没毛病时的回复率（%）"),
        "page": widgets.Dropdown(
            options=[("看结果", OVERVIEW), *((f"第{n}处", n) for n in range(1, len(DRAFT) + 1))],
            value=OVERVIEW,
            description="看哪一处",
        ),
        **{
            name: widgets.Dropdown(
                options=[("原题", AS_IT_WAS), *((f"改法{n}", n) for n in (1, 2, 3))],
                value=AS_IT_WAS,
                description=f"第{place}处怎么改",
            )
            for place, name in enumerate(NAMES, 1)
        },
    }

    def chosen() -> list[Rewording]:
        return [ways[c[name].value] for ways, name in zip(DRAFT, NAMES, strict=True)]

    def brings(ways: list[Rewording]) -> SurveyOutcome:
        faults = [way.fault for way in ways if way.fault]
        return survey_outcome(
            c["sent"].value, faults, c["truth"].value / 100, c["reply"].value / 100
        )

    def now() -> SurveyOutcome:
        return brings(chosen())

    def idle() -> set[str]:
        """Leave the questions to the picture; while one lies open, nothing else is asked."""
        pages = {"page", *NAMES}
        return pages | ({"sent", "truth", "reply"} if c["page"].value else set())

    def draw() -> str:
        page = c["page"].value
        return question(page) if page else overview()

    def overview() -> str:
        found, mended = now(), sum(way.fault is None for way in chosen())
        buttons = "".join(
            press(f"{mark(way, c[name].value)} {place} {topic}", {"page": place})
            for place, (way, name, topic) in enumerate(zip(chosen(), NAMES, TOPICS, strict=True), 1)
        )
        return (
            f"<p class='kefu-big'>{found.answers}份有效<small>　回复率{found.reply:.0%}，有效率{found.valid:.0%}；"
            f"改好{mended}处</small></p>"
            f"<div class='kefu-answers' role='group' aria-label='六处毛病，按一处去改'>{buttons}</div>"
            + bands(brings([ways[AS_IT_WAS] for ways in DRAFT]), found)
        )

    def question(page: int) -> str:
        name, ways = NAMES[page - 1], DRAFT[page - 1]
        picked = c[name].value
        options = "".join(
            press(escape(way.words), {name: number}, on=number == picked)
            for number, way in enumerate(ways)
            if number != AS_IT_WAS
        )
        mended = [place for place, way in enumerate(chosen()) if way.fault is None]
        to = following(page - 1, mended, len(DRAFT))
        on = onward("看结果 ›", {"page": OVERVIEW}) + (
            " " + onward(f"去第{to + 1}处 ›", {"page": to + 1}) if to is not None else ""
        )
        return (
            f"<div class='kefu-long'><p class='kefu-when'>第{page}处，共{len(DRAFT)}处</p>"
            f"<p class='kefu-asked'><small>原题</small><br>{escape(ways[AS_IT_WAS].words)}</p>"
            f"<p class='kefu-question'>哪一种改法好？</p>"
            f"<div class='kefu-options' role='group' aria-label='改法' data-here tabindex='-1'>{options}</div>"
            f"{ruling(ways[picked]) if picked != AS_IT_WAS else ''}<p>{on}</p></div>"
        )

    def tell() -> str:
        found, page = now(), c["page"].value
        if page:
            return f"<p class='kefu-note'>{GOOD}</p>"
        left = [way.fault for way in chosen() if way.fault]
        word = "真的数落在误差里" if found.holds_truth else "真的数在误差外面：再多发也没用，先改题"
        return (
            f"<p class='kefu-formula'>问出来的 = {found.truth:.0%} + 题目带偏{found.bias:+.0%} = "
            f"<b>{found.said:.0%}</b>，误差±{100 * found.margin:.1f}个百分点；{word}<br>误差要到±5个百分点，"
            f"最多要收{sample_size(0.05)}份有效的</p>"
            + assumed(left)
            + f"<p class='kefu-note'>{ASSUMED}</p>"
        )

    def code() -> str:
        faults = [way.fault for way in chosen() if way.fault]
        return (
            "from kefu.operations.surveys import survey_outcome\n\n"
            f"found = survey_outcome({c['sent'].value}, {faults},\n"
            f"                truth={c['truth'].value / 100:g}, reply={c['reply'].value / 100:g})\n"
            "print(found.answers, found.said, found.margin)"
        )

    return Demo("改问卷：六处毛病", c, draw, tell, code, idle=idle)


GOOD = "四条原则：客观（问有过的事）、必要（用不着的不问）、可能（他答得出）、自愿（许他不答）。"
ASSUMED = (
    "每种毛病少掉几成、带偏几分，是本书的假设，用来看方向；真的要拿两种问法各发一半，比一比。"
    "同一种毛病留两处，只算一次。误差是95%的。"
)


def mark(way: Rewording, picked: int) -> str:
    """Return the sign of one place: not yet touched, mended, or still at fault."""
    return "✓" if way.fault is None else "·" if picked == AS_IT_WAS else "✗"


def ruling(way: Rewording) -> str:
    """Return what is to be said of a way to mend."""
    name, sign = ("kefu-full", "✓ 改好了") if way.fault is None else (
        "kefu-none", f"✗ 还是毛病：{way.fault}"
    )  # fmt: skip
    return (
        f"<div class='kefu-ruling {name}' role='status'><p><b>{sign}</b></p><p>{way.why}</p></div>"
    )


def assumed(left: list[Flaw]) -> str:
    """Return what each fault that is left is taken to do."""
    if not left:
        return ""
    rows = [
        [fault, f"×{FAULTS[fault].reply:g}", f"×{FAULTS[fault].valid:g}", f"{100 * FAULTS[fault].shift:+.0f}"]
        for fault in dict.fromkeys(left)
    ]  # fmt: skip
    told = table(["还剩的毛病", "回复率", "有效率", "带偏（百分点）"], rows)
    return f"<details><summary>还剩哪几样毛病，各少几成、偏几分</summary>{told}</details>"


def bands(before: SurveyOutcome, after: SurveyOutcome) -> str:
    """Return what the draft and what the mended sheet would say, each with its margin, and the truth."""
    plane = Frame(100, 2, x_min=40, top=34, bottom=110)
    parts = []
    for row, name, found in ((1.5, "原稿", before), (0.5, "现在", after)):
        low, high = (
            min(max(100 * (found.said + sign * found.margin), 40), 100) for sign in (-1, 1)
        )
        parts.append(
            f"<text x='4' y='{plane.y(row) + 4}'>{name}</text>"
            f"<rect class='{'rest' if row > 1 else 'bar'}' x='{plane.x(low)}' y='{plane.y(row) - 9}' "
            f"width='{plane.x(high) - plane.x(low):.1f}' height='18' rx='4'/>"
            f"<circle class='{'knob' if row > 1 else 'dot'}' cx='{plane.x(100 * found.said)}' "
            f"cy='{plane.y(row)}' r='6'/>"
        )
    truth = plane.x(100 * after.truth)
    return chart(
        f"真的满意{after.truth:.0%}；原稿问出{before.said:.0%}，正负{100 * before.margin:.1f}个百分点；"
        f"现在问出{after.said:.0%}，正负{100 * after.margin:.1f}个百分点",
        legend(("line", f"真的{after.truth:.0%}"), ("bar", f"问出{after.said:.0%}±{100 * after.margin:.1f}"),
               y=16, measure=broad),
        plane.floor("满意的（%）"),
        *parts,
        f"<path class='line' d='M{truth},{plane.top:g} V{plane.bottom:g}'/>",
        height=150,
        scale=plane.scale,
    )  # fmt: skip
