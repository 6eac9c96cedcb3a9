"""The agent's workbench (千牛电脑版): what its parts are for, and which one a thing at hand needs.

Functions, not positions: a version moves its buttons, what they are for stays. Parts and uses are
told after teaching material of older versions; the errands are the book's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from kefu.amounts import one_of

BAR, LEFT, ABOVE, BELOW, RIGHT, HOME = (
    "桌面工具条", "左栏：联系人", "上方按钮", "聊天栏", "右侧插件", "插件首页",
)  # fmt: skip
ZONES = (BAR, LEFT, ABOVE, BELOW, RIGHT, HOME)
"""The tool bar, the four zones of 接待中心 (联系人, two rows of buttons, plug-ins), the page of plug-ins."""


@dataclass(frozen=True)
class Tool:
    """A part of the workbench: its name, the zone it stands in, what it is for."""

    name: str
    zone: str
    use: str


TOOLS = (
    Tool("接待中心", BAR, "打开聊天的大窗口，接待都在里面"),
    Tool("消息中心", BAR, "收系统消息和服务号消息，要哪些自己订"),
    Tool("千牛头条", BAR, "看平台和行业的新闻"),
    Tool("服务市场", BAR, "找别人做好的插件和服务，订来用"),
    Tool("设置", BAR, "调六类设置：基本、消息中心、聊天、个性、安全、客服；自动回复也在这里"),
    Tool("我的资料", LEFT, "点自己的用户名，改资料、换头像"),
    Tool("正在联系", LEFT, "排出此刻的客人，按联系时间或等了几分钟排，能标记、置顶"),
    Tool("最近联系", LEFT, "找回前些时候聊过的人"),
    Tool("我的好友", LEFT, "把加过好友的买家分进组，取个显示名"),
    Tool("我的群", LEFT, "进旺旺群，和一群买家说话"),
    Tool("我的团队", LEFT, "找同事：查件的、改价的、接班的"),
    Tool("转发消息", ABOVE, "把客人的话交给团队里的同事，要开通E客服才看得见"),
    Tool("加好友", ABOVE, "把客人加成好友；加过以后变成邀请多人聊天"),
    Tool("新建任务", ABOVE, "记一件待办，同事看得见，到时提醒，还能查从前的"),
    Tool("视频语音", ABOVE, "和客人视频或通话，也能设成不接"),
    Tool("更多", ABOVE, "收着其余不常用的按钮"),
    Tool("表情", BELOW, "缓和语气，一两个就够"),
    Tool("字体", BELOW, "让自己的话和客人的分得开，少用红色"),
    Tool("图片", BELOW, "发做好的图给客人核对，如尺码表"),
    Tool("文件", BELOW, "发说明书、合同这样的文件"),
    Tool("截图", BELOW, "截下眼前这一块屏幕，指给客人看"),
    Tool("震屏", BELOW, "让客人的窗口抖起来；打扰人，不建议用"),
    Tool("评服务", BELOW, "请客人给你这次服务打分，不是催商品评价"),
    Tool("计算器", BELOW, "调出电脑自带的计算器，算满减和差价"),
    Tool("红包", BELOW, "给客人发红包，先要做支付宝账户授权"),
    Tool("快捷短语", BELOW, "点一下，发出事先写好的答复"),
    Tool("聊天记录", BELOW, "查自己和团队同事跟客人说过的话"),
    Tool("客户", RIGHT, "看他是哪里人、信用、会员级别，有没有店里的券"),
    Tool("商品", RIGHT, "看他看过哪些宝贝，还有和他口味相近的"),
    Tool("订单", RIGHT, "看他买过什么，改备注和地址，给他留言、发货"),
    Tool("店铺数据", HOME, "看今天的访客、成交这些基础数据"),
    Tool("待办事宜", HOME, "看还有哪些事没办，同事建的任务也在这里"),
    Tool("常用插件", HOME, "打开交易、商品、评价这些应用，要哪些自己加"),
)  # fmt: skip


@dataclass(frozen=True)
class Errand:
    """Something at hand: what an agent wants, the tool for it, and why that one."""

    wants: str
    tool: str
    why: str


ERRANDS = (
    Errand("“北岸”说上个月在这儿买过，要查他买过什么", "订单", "他的单子、备注、地址，都挂在右边的订单里"),
    Errand("“小鹿”只说“这件”，要看她刚才看的是哪件", "商品", "商品插件里有她的足迹"),
    Errand("“老陈”问自己有没有券，要查他的券和会员", "客户", "券和会员是人的事，不是哪一单的事"),
    Errand("答应“阿树”明早九点前回话，怕自己忘，也怕早班不知道", "新建任务", "到时会提醒，同事也看得见"),
    Errand("“半糖”说昨天阿栀答应过她，要看原话", "聊天记录", "同事的记录也查得到；没查之前，先别认，也别不认"),
    Errand("“橘子汽水”的事还没完，别让她沉到列表底下去", "正在联系", "在列表里给她加标记，她就置顶"),
    Errand("花呗分期你答不准，要把这段话交给石头", "转发消息", "把原话转过去，客人不用再说一遍"),
    Errand("话都说完了，想请他给这次服务打个分", "评服务", "打分的是服务；商品评价别催"),
    Errand("“几天到”一晚上答四十遍，想点一下就发出去", "快捷短语", "上岗前写好、分好组，忙时才顾得过来"),
    Errand("想让人一来就先自动收到一句回话", "设置", "自动回复在客服设置里，还要选好用在什么场景"),
    Errand("平台改了发货规则，怕漏看通知", "消息中心", "平台的通知都收在这里；要哪几类，自己订"),
    Errand("想把老客放进一组，过节好打招呼", "我的好友", "先加好友，再放进相应的组"),
)  # fmt: skip
"""What an evening brings, each with one tool that answers it; “点哪里” is asked of each."""

NEAR = {
    "震屏": ("评服务", "新建任务"),
    "红包": ("客户", "计算器"),
    "视频语音": ("截图", "我的群"),
    "我的团队": ("转发消息", "加好友"),
    "截图": ("图片", "文件"),
    "待办事宜": ("消息中心", "最近联系"),
    "字体": ("图片", "快捷短语"),
    "服务市场": ("千牛头条", "常用插件"),
}
"""For each tool whose use is asked two that one may take it for."""
ASKED = tuple(NEAR)
"""The tools whose use is asked, in this order."""


def tool(name: str) -> Tool:
    """Return a tool by its name; raises ``ValueError`` that lists them.

    >>> tool("订单").zone
    '右侧插件'
    """
    return {one.name: one for one in TOOLS}[one_of(name, "name", [one.name for one in TOOLS])]


def uses(name: str) -> tuple[Tool, ...]:
    """Return the tools whose uses are offered for one of ``ASKED``, it among them, in the book's order.

    >>> [one.name for one in uses("截图")]
    ['图片', '文件', '截图']
    """
    one_of(name, "name", ASKED)
    return tuple(one for one in TOOLS if one.name in {name, *NEAR[name]})
