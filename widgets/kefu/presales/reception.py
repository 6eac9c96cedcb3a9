"""A reception before the sale: the nine steps, and recorded receptions of which each lacks one.

The steps are the book's own summary (本书整理) of what the sources name or leave out; the recorded
receptions are invented, over the shop's goods and prices. A line of the agent may do two steps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kefu.amounts import one_of, set_fields


@dataclass(frozen=True)
class ReceptionStep:
    """A step: its name, what the customer is at meanwhile, and what the agent has to do."""

    name: str
    buyer: str
    must: str


STEPS = (
    ReceptionStep("问好", "点开聊天窗", "30秒内应声，报上名字"),
    ReceptionStep("探需", "说想要什么", "问谁用、何时用、预算、尺码"),
    ReceptionStep("解答", "问细节", "只说核实过的"),
    ReceptionStep("推荐", "挑一款", "一主一备，各一句理由"),
    ReceptionStep("异议", "犹豫、还价", "先认同，再给依据，再给选择"),
    ReceptionStep("促成", "领券加购", "活动期限、库存实数，不催逼"),
    ReceptionStep("核单", "填地址，提交订单", "款式、数量、地址、特殊要求，写进备注"),
    ReceptionStep("告别", "付款", "说清何时发、何时到、有事找谁"),
    ReceptionStep("跟进", "等货、验货、评价", "没付款的，10—30分钟提醒一次；发货告知"),
)
NAMES = tuple(step.name for step in STEPS)


@dataclass(frozen=True)
class Said:
    """A line of a reception; ``steps`` are those that the agent does by it, none in the customer's."""

    says: str
    steps: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        set_fields(self, steps=tuple(one_of(step, "steps", NAMES) for step in self.steps))


@dataclass(frozen=True)
class Reception:
    """A recorded reception: who came for what, its lines, what came of it, and the line that lacked.

    ``before`` is the place of the line before which ``mend`` should have stood.
    """

    name: str
    customer: str
    lines: tuple[Said, ...]
    cost: str
    mend: str
    before: int

    @property
    def missing(self) -> str:
        """Return the step that nobody did."""
        return gaps(line.steps for line in self.lines)[0]

    def doing(self, step: str) -> tuple[str, ...]:
        """Return what the agent said that did a step."""
        return tuple(line.says for line in self.lines if step in line.steps)


def gaps(done: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return the steps that no line did, in their order. Raises ``ValueError`` for one that is none.

    >>> gaps([("问好", "探需"), ("解答", "推荐"), ("异议",), ("促成",), ("告别",), ("跟进",)])
    ('核单',)
    """
    seen = {one_of(step, "done", NAMES) for line in done for step in line}
    return tuple(name for name in NAMES if name not in seen)


RECEPTIONS = (
    Reception(
        "小鹿的杯子", "小鹿",
        (
            Said("杯子有好看的吗"),
            Said("晚上好，我是小满。有，手绘马克杯32元，一只猫的，一只山的，猫的更活泼。", ("问好", "推荐")),
            Said("能进微波炉吗"),
            Said("我查了商品资料：能进微波炉和洗碗机，只是别骤冷骤热。", ("解答",)),
            Said("会不会太小孩子气"),
            Said("也有人这么想，山的那只就稳重些；晒图里都有，您比一眼。", ("异议",)),
            Said("那要山吧"),
            Said("山的有货。32元没到包邮的88元，运费结算页会显示。", ("促成",)),
            Said("拍好了"),
            Said("山的一只，寄订单上的地址，对吗？星期一发，路上两三天，有事找我。", ("核单", "告别")),
            Said("（星期一）发出了，单号在订单里。", ("跟进",)),
        ),
        "她是买给舅舅的，舅舅天天开车，敞口的杯子没处放。杯子没退，人也没再来。",
        "您自己用，还是送人？平常在哪儿喝水？",
        3,
    ),
    Reception(
        "杏子的开衫", "杏子",
        (
            Said("开衫燕麦色，我158、96斤，平时穿S"),
            Said("晚上好杏子，我是小满。您上班穿，还是在家穿？", ("问好", "探需")),
            Said("上班。机洗行吗"),
            Said("套洗衣袋，轻柔机洗，平铺晾。", ("解答",)),
            Said("去年在别家买的那件，袖口全是球"),
            Said("您的身高体重在表里是S，这款宽松版，就拍S；燕麦好搭，雾蓝显白。", ("推荐",)),
            Said("哦"),
            Said("169元包邮，再凑30元就能用满199减20的券。", ("促成",)),
            Said("不凑了，S吧"),
            Said("燕麦S一件，寄订单上的地址，对吗？星期一发，路上两三天，有事找我。", ("核单", "告别")),
            Said("（星期一）发出了，单号在订单里。", ("跟进",)),
        ),
        "那句“全是球”，没有人接。十天后袖口起了几粒，她给了两星：“跟别家一样。”",
        "去年那件一定穿得心疼。我们这件是包芯纱，比普通毛线不爱起球，袖口摩擦多的地方还是会有一点；很介意的话，我给您找别的料子。",
        5,
    ),
    Reception(
        "一尾鱼的地垫", "一尾鱼",
        (
            Said("门口吸水的垫子多少钱"),
            Said("您好，我是小满，45元一块。门多宽？门缝离地高不高？", ("问好", "探需")),
            Said("门一米，缝挺高的。有味道吗"),
            Said("新的有一点橡胶味，通风两三天就散。进门推荐灰的，耐脏；厨房可以放咖色。", ("解答", "推荐")),
            Said("网上有30的"),
            Said("有便宜的。您比两样：多厚，底子防不防滑。我们的厚0.7厘米，底面防滑。", ("异议",)),
            Said("行，来两块"),
            Said("两块90元，过了88就包邮，运费省了。", ("促成",)),
            Said("拍了啊"),
            Said("灰的两块，寄您订单上的地址，对吗？", ("核单",)),
            Said("（星期一）发出了，单号在订单里。", ("跟进",)),
        ),
        "星期天一天，她来问了三回“怎么还没发”，三个人各查一遍，答了同一句：仓库今天休息。",
        "谢谢您。今天星期六，仓库明天休息，星期一发，路上两三天，有事在这里找小满。",
        10,
    ),
    Reception(
        "半糖的四件套", "半糖",
        (
            Said("想给爸妈买套四件套"),
            Said("晚上好半糖，我是小满。爸妈的床多宽？喜欢素的还是深的？", ("问好", "探需")),
            Said("1.5米，素一点。会掉色吗"),
            Said("这款水洗棉预洗过，不大掉。雾蓝更素，燕麦耐看，先推荐雾蓝。", ("解答", "推荐")),
            Said("199有点贵"),
            Said("一套是要花点钱。被套、床单、两只枕套都在里面，40支的全棉；不急就先收藏，比一比。", ("异议",)),
            Said("行吧，就雾蓝"),
            Said("首页领满199减20的券，到手179元，1.5米的有货。", ("促成",)),
            Said("拍了"),
            Said("谢谢您！星期一发，路上两三天，有事在这里找我。", ("告别",)),
            Said("（星期一）发出了，单号在订单里，路上我看着。", ("跟进",)),
        ),
        "默认地址是她自己家。星期三她打来：“我爸妈不住这儿啊。”转寄一趟，又等三天。",
        "跟您对一遍：水洗棉四件套，雾蓝，1.5米，一套，寄您默认的地址，是爸妈家吗？",
        9,
    ),
    Reception(
        "晚晚的毯子", "晚晚",
        (
            Said("还有人吗"),
            Said("在的晚晚，我是小满。想看点什么？", ("问好",)),
            Said("毯子，追剧盖腿的"),
            Said("沙发上盖，还是床上盖？", ("探需",)),
            Said("沙发。掉毛吗"),
            Said("头两次会掉一点浮绒，洗过就少了。盖腿拿1.5米的，99元；想裹全身，1.8米的同价。", ("解答", "推荐")),
            Said("别家79"),
            Said("是该比一比。您看看克重：我们这条280克，越重越厚实。", ("异议",)),
            Said("那还是你家"),
            Said("雾蓝1.5米有货，99元包邮。", ("促成",)),
            Said("拍下了"),
            Said("雾蓝1.5米一条，地址没变吧？谢谢您，付款后星期一发，有事找我。", ("核单", "告别")),
        ),
        "“拍下”不是“付款”。她刷着手机睡着了，24小时一到，订单自己关了，她还当是店里没发。",
        "（20分钟后）您拍的毯子还没付款，是哪里卡住了吗？24小时内付都行，不急。",
        12,
    ),
)  # fmt: skip
"""Five receptions of one Saturday evening, 2025-11-15; the warehouse rests on Sunday."""
