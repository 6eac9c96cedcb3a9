"""Old conversations of all chapters, mixed into the night: scripts of `kefu.talk` with customers.

The scripts are read as they are; their checks (`kefu.talk.check`) belong to the building of the book. A file is
read when somebody of it comes: to read all of them would take a page's Python a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from random import Random

from kefu import beside
from kefu.practice.question import Lesson
from kefu.talk import Scenario, Score, play
from kefu.talk.book import tables
from kefu.talk.scenario import scenario

SCENES: Mapping[str, tuple[str, ...]] = {
    "01": ("在吗在吗在吗", "加个微信便宜", "毯子发不出了"),
    "02": ("新疆不包邮", "明天能到吗", "大券用不上"),
    "03": ("回错窗口", "三个窗口一句稍等"),
    "04": ("太贵了", "第一句话", "给老伴挑羽绒服", "有现货吗几时到", "就差最后一步"),
    "05": ("签收了没收到", "五天没动静", "差价转我微信"),
    "06": ("开线的打底裤", "开衫少退十四元", "退货没收到"),
    "07": ("刚买就降价", "又碎了一只", "旧书摊的底单"),
    "08": ("南枝的追评", "气极了的谷雨"),
    "09": ("把我的信息删了", "写着别人名字的生日礼"),
    "10": ("双11夜几天到", "那条三星"),
    "11": ("我想退会了", "我为什么降级了", "没收到的生日券"),
    "12": ("沉睡老客第一句", "再发举报你"),
    "13": ("夜里的承诺", "有没有活人"),
    "14": ("兑现那句话", "接手第一句"),
    "15": ("排了四分钟",),
    "16": ("公屏上的质疑", "限时价对账"),
}
"""By chapter, the conversations with a customer; those with the owner or with colleagues are left out."""
CHAPTER_OF = {name: chapter for chapter, names in SCENES.items() for name in names}
PROMISED: Mapping[str, tuple[str, ...]] = {
    "加个微信便宜": ("我下班了用自己的号加您",),
    "毯子发不出了": ("我送您一双袜子", "换燕麦色，明天上午发", "明天就发走", "我去问主管，今晚10点前回您"),
    "新疆不包邮": ("收到货我把18元退给您", "星期一寄出我发您单号，20号我再查一次"),
    "回错窗口": ("我现在就去告诉他，也报组长林姐",),
    "太贵了": ("给您便宜10块", "单号出来我发给您"),
    "第一句话": ("明天16点我来，您接着问",),
    "有现货吗几时到": ("明晚9点前出单号，我发您",),
    "签收了没收到": ("我先补一件新的给您，今天就发", "15点前回您", "找不到我自己掏钱赔您一件"),
    "五天没动静": ("3号之前肯定送到", "15点前出单号，我发在这个窗口。明天12点网点那边，找没找到我都来说一声",
                "今天一定出库，明天就到叔叔手上"),
    "差价转我微信": ("8号我再核对一遍",),
    "开线的打底裤": ("我再送您一条新的", "仓库签收后48小时内一起退", "我再送您双袜子"),
    "开衫少退十四元": ("我私下发个红包补给您", "单号我留给您"),
    "退货没收到": ("58元我先退给您", "我让他今天就给您送到仓库", "明天中午12点前我都回复您", "找到了明天就退",
                "明天中午还找不到，凭它就由我们去找快递"),
    "刚买就降价": ("我私下发红包补给您", "我12点前办好，办完跟您说一声", "我给您申请一张满199减20的券",
                "我一样给她退20元"),
    "又碎了一只": ("我赔您一百元，再送您一只", "包装我16点前报给仓库改"),
    "旧书摊的底单": ("我多补您10元",),
    "南枝的追评": ("49元我马上退给您，再补您一张20元的券", "我给您补发一条新批次的",
                "49元今天16点前退，退完我来告诉您"),
    "气极了的谷雨": ("小棠15点30分打给您，只打一次；说定的，她写回这个窗口给您看", "我拿我自己的手机打给您",
                "明天12点前，小棠回您认不认、凭什么", "手机多少钱我们都赔"),
    "把我的信息删了": ("21日18点前办完，再列一张单子发给您",),
    "写着别人名字的生日礼": ("回头我们补给您", "今天18点前把两份拆开，拆完我来回您", "18点前我来回话",
                "我再给您改价便宜30块", "我做主给您补一张50元的券"),
    "那条三星": ("我送您张五元券", "我给您退五十"),
    "我想退会了": ("我这就跟主管申请一张20元的券", "我给您做主算180元", "晚一点有消息了，我再来告诉您",
                "我去给您把积分翻倍", "七个工作日内跟您联系", "我今天12点前建好专属客服"),
    "我为什么降级了": ("让他们今天把金卡给您恢复回来", "明细18点前发您", "2月1日起掉级前7天先告诉您差多少"),
    "没收到的生日券": ("15元券18点前补发", "我马上给您补上15元", "三处今天18点前删完，单子发您",
                "券和单子18点前到，明天10点我来回访", "我给您发个200元红包"),
    "沉睡老客第一句": ("我做主给您改成69元", "今天18点前停掉活动消息，只留洗晒提醒，停好回您"),
    "再发举报你": ("退订15点30分前办好、生效，办好回您", "我给您补一张20元的无门槛券", "当天18点前查清回您",
                "我私下给您补50元"),
    "夜里的承诺": ("我这就让仓库按货到付款给您发出去", "今天之内就开通货到付款", "3月5日中午12点前给您准话",
                "再送您一张50元的券当补偿", "3月5日我来找您"),
    "有没有活人": ("今天下班前我把这种写法补上",),
    "兑现那句话": ("下午一有结果就告诉您", "我跟仓库说一声，先给您发", "我再给您补个20元红包",
                "到时候我第一个给您办", "今天18点前我改成“请留言，9点后回”"),
    "接手第一句": ("肯定送到婆婆手里", "今天14点前在这儿回您", "有消息我第一时间告诉您", "会在一个工作日内跟您联系",
                "路上我再慢慢问", "今天18点前我补上"),
    "排了四分钟": ("我给您补一张10元券", "我给您改成整300"),
    "公屏上的质疑": ("今晚拍的明天上午发", "明天一定让您收到", "今晚24点前一个个通知", "我再帮您申请赔",
                "我私信补偿您一点"),
    "限时价对账": ("我给您补张20元的券", "我帮您往上反馈一下", "20元3月27日18点前原路退回；18点我在这里给您留言"),
}  # fmt: skip
"""By conversation, the words of the agent's lines that promise something still open when the talk ends: by hand."""
RETRACTED = ("我说早了", "我嘴快了", "我刚才说快了", "价我改不了", "是我刚才说错了")
"""Words that take back what was promised before."""


def promised(name: str, say: str) -> str:
    """Return the words of a line that promise something still to be done; nothing where none do.

    >>> promised("限时价对账", "哎呀不好意思，那我给您补张20元的券吧，下回买什么直接减，也是一样的呀。")
    '我给您补张20元的券'
    """
    return max((words for words in PROMISED.get(name, ()) if words in say), key=len, default="")


def retracted(say: str) -> bool:
    """Return whether a line takes back what was promised before."""
    return any(words in say for words in RETRACTED)


@cache
def _file(chapter: str) -> Mapping[str, object]:
    path = beside.find(f"{chapter}_talks.toml")
    return tables(path.read_text(encoding="utf-8"), path)


@cache
def scene(name: str) -> Scenario:
    """Return one of the night's conversations by its name."""
    return scenario(name, _file(CHAPTER_OF[name])[name])


def lesson(name: str) -> Lesson:
    """Return where a conversation is practised."""
    return Lesson(CHAPTER_OF[name], "对话演练")


def order(seed: str, name: str, turn: str) -> tuple[str, ...]:
    """Return the intents of a turn's options in the order in which this night shows them."""
    intents = [one.intent for one in scene(name).turns[turn].options]
    Random(f"{seed}/{name}/{turn}").shuffle(intents)
    return tuple(intents)


@lru_cache(maxsize=1024)
def told(name: str, moves: tuple[str, ...]) -> Score:
    """Return a conversation as far as these intents bring it (`kefu.talk.play`)."""
    return play(scene(name), moves)
