"""Chapter 05 asked again: five causes by the track alone, alarms, work orders, who may change what."""

from __future__ import annotations

from datetime import datetime, timedelta
from fractions import Fraction

from kefu.aftersales.tracking import Scan, Trace, alarm, answer_by, gaps, tracked, triage
from kefu.aftersales.workorder import WorkOrder, missing
from kefu.clock import SHANGHAI
from kefu.demos.quiz import Question
from tools.questions.bank.draw import (
    Draw,
    multiple,
    number,
    of,
    order,
    said,
    single,
    which,
)

MORNING = datetime(2026, 1, 4, 9, 0, tzinfo=SHANGHAI)
NOTES = {
    "不可抗力": ("暴雨，道路中断", "大雪封路，暂缓发出", "塌方，绕行"),
    "节假日延长": ("节假日派送延后", "节假日网点休息，顺延派送"),
    "丢失破损": ("外包装破损，浸湿", "包裹遗失，核实中"),
    "疑难件": ("电话无人接听，地址不详", "查无此人，暂存网点", "电话有误，无法联系"),
}
WAYS = {
    "不可抗力": ("轨迹上写着天灾、断路", "告诉他停在哪、为什么；等或取消，由他挑"),
    "节假日延长": ("轨迹上写着节假日、顺延", "问到派送日，给他一个日期"),
    "丢失破损": ("轨迹上写着遗失、破损", "丢了先补，坏了看照片退换任选，再向快递索赔"),
    "疑难件": ("轨迹上写着电话、地址有问题", "核对电话、地址，请快递改派"),
    "非本人签收": ("写着签收，客人说没拿到", "查签收底单，问代收点"),
    "还看不出": ("停得久，快递又没写原因", "催快递，先告诉客人停在哪"),
}


def hour_of(moment: datetime) -> str:
    """Return a moment as a track shows it."""
    return f"{moment.day}日{moment.hour}点"


@of("05-07", "中")
def which_cause(d: Draw) -> Question:
    """Which of the five causes a track shows, and what to do first."""
    cause = d.of([*NOTES, "非本人签收", "还看不出"])
    gone = MORNING - timedelta(hours=d.between(70, 100))
    events = [Scan(gone, "揽收", "浙江嘉兴")]
    now, denied = MORNING, False
    if cause == "非本人签收":
        at = MORNING - timedelta(hours=d.between(2, 20))
        note, denied = d.of(["邻居代收", "放在快递柜", "门卫代收"]), True
        events.append(Scan(at, "签收", "客人小区", note))
        shown = f"{hour_of(at)}“签收”，{note}；客人说没拿到"
    elif cause == "还看不出":
        at = MORNING - timedelta(hours=d.between(49, 66))
        events.append(Scan(at, "发出", "嘉兴分拨中心"))
        shown = f"{hour_of(at)}“发出”以后，再没有扫描，快递也没写原因"
    else:
        at = MORNING - timedelta(hours=d.between(4, 20))
        note = d.of(NOTES[cause])
        events.append(Scan(at, "异常", "重庆分拨中心", note))
        shown = f"{hour_of(at)}登记异常“{note}”"
    found = triage(Trace(tuple(events), now, denied))
    d.note(cause=found.cause, way=found.way, shown=shown)
    return single(
        d, f"元旦假期刚过，接班时翻一个没人问的单：{hour_of(gone)}揽收，{shown}。只凭这条轨迹，先判成哪一样？",
        (found.cause, f"{WAYS[found.cause][0]}，就是它。下一步：{WAYS[found.cause][1]}。"),
        [(kind, f"{signs}，才是{kind}。") for kind, (signs, _) in WAYS.items() if kind != found.cause],
    )  # fmt: skip


@of("05-08", "中")
def silent_hours(d: Draw) -> Question:
    """How long a parcel stands still: since the last scan, not since it was sent."""
    sent = MORNING - timedelta(hours=d.between(60, 130))
    last = sent + timedelta(hours=d.between(10, 40))
    silence = gaps([Scan(sent, "揽收", "浙江嘉兴"), Scan(last, "到达", "郑州分拨中心")], MORNING)
    hours = int(silence.now)
    d.note(sent=sent.isoformat(), last=last.isoformat())
    since = int((MORNING - sent).total_seconds() // 3600)
    return number(
        f"包裹{hour_of(sent)}揽收，{hour_of(last)}到郑州分拨中心，再没有动静。现在1月4日9点，雷达该数它停了几小时？",
        hours, "小时",
        f"从最后一次扫描{hour_of(last)}数到9点，{hours}小时。“走了几天”不算数。",
        [(since, "这是从揽收数起的。该数离最后一次扫描多久。"),
         (since - hours, "这是路上走的那一段，不是停的。"),
         (since // 24, "这是走了几天，题里问停了几小时。")],
    )  # fmt: skip


@of("05-08", "难")
def alarm_lines(d: Draw) -> Question:
    """What an alarm line does a thousand parcels, and whether 48 hours is a good one."""
    hours = d.of([24, 36, 48, 60, 72])
    found = alarm(tracked(), hours).per_thousand()
    right, wasted = found["found"], found["false"]
    precision = Fraction(right, found["raised"])
    d.note(hours=hours)
    return number(
        f"报警线设在{hours}小时没有扫描，平均每1000个包裹响{found['raised']}次，其中真迟到的{right}次，"
        f"后来准时的{wasted}次，另有{found['asked_first']}位迟到的客人在响之前就来问了。精确率是百分之几？四舍五入到整数。",
        100 * precision, "%",
        f"响的里面几成是真迟到：{right}÷{found['raised']}＝{said(100 * float(precision), 0)}%。"
        "响得早，白查多；响得晚，客人先来问。",
        [(100 * Fraction(wasted, found["raised"]), "这是白查的占比，反了。"),
         (100 * Fraction(right, 1000), "分母是响的次数，不是全部1000个。"),
         (100 * Fraction(right, right + found["asked_first"]), "这是迟到的里头响到了几成，不是响的里头几成真迟到。"),
         (right, "这是次数，还要除以响的次数。")],
        0.6, 0,
    )  # fmt: skip


@of("05-02", "易")
def which_duty(d: Draw) -> Question:
    """Which of the three duties a thing is, and by when it has to move."""
    return which(
        d, "{}。归哪一类售后职责？",
        [("客人问：单子几天没动，麻烦催一下", "一般售后：查件、催发，当天有回音", "跟进就能办，当天要有回音。"),
         ("客人说：收到的杯子缺一个口", "特殊售后：质量、破损，24小时出方案", "要照片、定责、退换补，慢一步伤体验。"),
         ("店里想问一句：毯子用得还顺手吗", "客户关系维护：签收后1到3天，问一句，不卖货", "签收以后主动问，才是维护。"),
         ("客人说：签收的是我妈，东西不在家", "一般售后：查件、催发，当天有回音", "先查签收底单，当天给他一句话。"),
         ("客人发了一条差评，说同批开了线", "特殊售后：质量、破损，24小时出方案", "中差评、质量，24小时内出方案。"),
         ("店里想告诉老客：你问的枕芯补货了", "客户关系维护：签收后1到3天，问一句，不卖货", "只发给同意收的人。")],
        {"一般售后：查件、催发，当天有回音": "查件、改地址、七天无理由，才归一般售后。",
         "特殊售后：质量、破损，24小时出方案": "质量、发错、漏发、纠纷、差评，才归特殊售后。",
         "客户关系维护：签收后1到3天，问一句，不卖货": "没有事要办，主动问一句，才归客户关系维护。"},
    )  # fmt: skip


@of("05-05", "易")
def which_principle(d: Draw) -> Question:
    """Which of the four principles is broken."""
    return which(
        d, "客人说收到的杯子碎了。客服：{}破的是四原则里的哪一条？",
        [("（三个小时以后）在的亲。", "及时响应", "售后里，效率排第一。"),
         ("是快递摔的，您找快递去。", "承担责任", "主动查缘由，该认的认；先给客人办，再找快递。"),
         ("您是不是自己磕的？照片能再清楚点吗？", "真诚沟通", "不论对错，先不质疑他。"),
         ("查过了，是路上摔的，真的很对不起。", "补偿到位", "有歉意，没有方案，不算到位。"),
         ("这不归我管，您等售后上班再说。", "承担责任", "接到的人先接住，该找谁找谁。"),
         ("上回也有人这么说，后来在家找到了。", "真诚沟通", "这是在说他不诚实。")],
        {"及时响应": "应得慢，才是及时响应的事。", "承担责任": "把事推给别人，才是承担责任的事。",
         "真诚沟通": "质疑客人，才是真诚沟通的事。", "补偿到位": "有话没方案，才是补偿到位的事。"},
    )  # fmt: skip


@of("05-04", "中")
def nine_moves(d: Draw) -> Question:
    """The nine moves of a case, some of them in order."""
    return order(
        d, "售后九步里的几步，先后怎么排？",
        ["受理：应一声，记下单号", "查：订单、物流、聊天记录", "分类：一般还是特殊，谁的责任",
         "给方案：一主一备，都带时限", "客人同意，挑一样", "执行：退、换、补、赔",
         "告知结果：办到哪一步，几时到", "回访：了结后1到3天", "归档：写原因码，每周报运营"],
        "受理、查、分类、给方案、客人同意、执行、告知结果、回访、归档。没查就给方案，会给错。",
    )  # fmt: skip


@of("05-13", "难")
def work_order(d: Draw) -> Question:
    """What a note to the next shift still lacks."""
    full = {
        "order": "NX25112600123", "found": "停在江西52小时，快递没写原因", "told": "说了今天内回",
        "step": "打青鸟问停因", "owner": "阿川", "by": MORNING + timedelta(hours=6), "fallback": "15点没结果，报小棠",
    }  # fmt: skip
    names = {"order": "单号", "found": "查到什么", "told": "答应过客人什么", "step": "下一步做什么",
             "owner": "谁做", "by": "几点前回客人", "fallback": "不成怎么办"}  # fmt: skip
    gone = d.some(["found", "told", "owner", "by", "fallback"], 2)
    draft = WorkOrder(**{key: value for key, value in full.items() if key not in gone})  # type: ignore[arg-type]
    said_missing = missing(draft, MORNING)
    d.note(gone=gone)
    full["by"] = "今天15点"
    shown = "；".join(
        f"{names[key]}：{full[key] if key not in gone else '（没写）'}" for key in names
    )
    return single(
        d, f"早班要下班，工单写成这样：{shown}。同事接过去，第一句会问什么？",
        ("、".join(said_missing), "缺的就是这几样，别的都在上面了。"),
        [("查到什么、下一步做什么", "下一步写得清清楚楚：打青鸟问停因。"),
         ("单号、谁做", "单号写在第一样。" + ("谁做却没写。" if "owner" in gone else "谁做也写了。")),
         ("什么都不缺，照着办就行", f"缺{'、'.join(said_missing)}，他接不了。"),
         ("下一步太含糊", "“打青鸟问停因”是一件做得出来的事，不含糊。")],
    )  # fmt: skip


@of("05-06", "易")
def answer_when(d: Draw) -> Question:
    """By when a customer is told, and an hour in the night becomes the next morning."""
    now = datetime(
        2025, 12, d.between(1, 5), d.between(17, 22), d.of([10, 20, 30, 40]), tzinfo=SHANGHAI
    )
    hours = d.of([2, 4])
    by = answer_by(now, hours)
    d.note(now=now.isoformat(), hours=hours)

    def told(moment: datetime) -> str:
        return f"12月{moment.day}日{moment.hour}点"

    night = by.day != now.day
    return single(
        d, f"12月{now.day}日{now:%H:%M}，客人问件到哪了，要去问快递。照本店的规矩，{hours}小时内回话，夜里（21点到9点）不算。"
        "跟他说几点前回？",
        (told(by), "过了21点算到第二天9点开门，说一个做得到的整点。" if night else "数够小时，说一个整点。"),
        [(told(now + timedelta(hours=hours)) if night else f"12月{now.day}日24点前",
          "那是半夜，没有人回得了话，答应了做不到。"),
         (told(by + timedelta(hours=hours)), "太宽了，说一个最近的、做得到的整点。"),
         (told(by + timedelta(days=1)), "又拖了一天，他等不到那时候。"),
         ("尽快", "没有钟点，他只好一遍遍来问。")],
    )  # fmt: skip


@of("05-12", "中")
def who_can_change(d: Draw) -> Question:
    """To whom a split problem goes."""
    return which(
        d, "一周的问题拆开以后：{}。这一条交给谁，改什么？",
        [("8个包裹破损，都是四件套，箱子压扁", "仓库：改包装，留照片看箱和填充", "坏在装，不在卖。"),
         ("青鸟寄西南的，从分拨到网点停得最久", "运营：换承运商，改页面的到货日期", "拆到哪家快递、哪个区，运营才改得动。"),
         ("碎花连衣裙的M码，退的多半说偏小", "运营：改尺码表，页面写明偏小", "拆到一款一个码，才动得了。"),
         ("同一批打底裤开线，已经7例", "报周老板：停售、召回，报供应商", "成批的质量，先停再查。"),
         ("退换里说“客服说正码”的，占了大半", "客服：推荐尺码先问身高体重", "话在这里说出去的，改话就行。")],
        {"仓库：改包装，留照片看箱和填充": "坏在包装的，才交给仓库。",
         "运营：换承运商，改页面的到货日期": "坏在路线和日期的，才交给运营改。",
         "运营：改尺码表，页面写明偏小": "坏在尺码的，才改尺码表。",
         "报周老板：停售、召回，报供应商": "一批坏的，才报老板停售。",
         "客服：推荐尺码先问身高体重": "坏在推荐那句话的，才由客服改。"},
    )  # fmt: skip


@of("05-11", "难")
def refund_way(d: Draw) -> Question:
    """How a difference is paid back, and what it must not be tied to."""
    name, gap = d.of([("珊瑚绒毯", 10), ("四件套", 20), ("保温杯", 8), ("围巾", 15)])
    return multiple(
        d, f"“{d.person()}”三天前买的{name}降了{gap}元，这一单有价保。退差价这件事，下面哪些说法对？",
        [("在这一单的平台后台退，原路退回他付款的账户", True, "有记录，两边都查得到。"),
         ("先说能退几元、退到哪、几时到", True, "认这口气，再给一个查得到的数。"),
         ("没有价保的，如实说；隔得近可以送份小礼", True, "说不出的别应，送得起的再送。"),
         ("差价查到了，先告诉他，再去办", True, "先给他一句话，再去办。"),
         ("加他微信，转账给他，省得走流程", False, "私人转账没有凭证，也正是骗子的路数。"),
         ("请他写个五星，差价一起返", False, "钱和好评挂钩，是禁止的。"),
         ("请他先退货再重拍，货不用寄回", False, "多绕一圈，销量和退款率都不真。"),
         ("价格随市场浮动很正常，请他理解", False, "句句不错，只是在说他不该来问。"),
         ("等他再来问第二遍再办", False, "拖着的那一口气，会变成投诉。")],
    )  # fmt: skip


@of("05-09", "易")
def two_down(d: Draw) -> Question:
    """What the figures of after-sales are, and what a month of them says."""
    disputes, orders = d.between(6, 40), d.between(2000, 5000, 100)
    twice = d.between(1, 4)
    rate = Fraction(100 * disputes, orders)
    d.note(disputes=disputes, orders=orders)
    return number(
        f"这个月付款{orders}单，开了{disputes + twice}次纠纷，其中{twice}单开了两次。纠纷率是百分之几？保留两位小数。",
        rate, "%",
        f"一单开两次只算一单：{disputes + twice}－{twice}＝{disputes}单，{disputes}÷{orders}＝{said(rate)}%。售后要降投诉率、纠纷率，升满意度。",
        [(Fraction(100 * (disputes + twice), orders), "同一单开两次，只算一单。"),
         (disputes, "这是纠纷的单数，还要除以付款的单数。"),
         (10 * rate, "小数点挪错了一位。"),
         (Fraction(100 * (disputes - twice), orders), "开了两次的还要算一单，不能都去掉。")],
        0.006,
    )  # fmt: skip
