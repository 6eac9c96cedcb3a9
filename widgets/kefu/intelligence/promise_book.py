"""What a host says on the air: a promise or not, and the book in which promises are kept track of.

Whether words are a promise is told by rules of words, so that a reader sees why. The lists were made on the lines
of the table live_promises and hold all of them; of 21 promises in words of their own (tests) they enter 4, give 16
to a person and miss 1, so that somebody has to listen. An entry says who, when, what, until when and who keeps it;
the book only grows: whatever happened stays in its history.
Rules: R59 (what is said on the air is owed), R14, R78 (corrections). Who keeps which kind, and the days where the
host named none, are this book's convention (本书约定).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal, NamedTuple, cast, get_args

from kefu.amounts import count, one_of, set_fields
from kefu.clock import SHANGHAI, in_shanghai
from kefu.errors import expected, need, need_text

PledgeKind = Literal["时效", "赠品", "价格", "质量", "库存", "退换"]
PLEDGE_KINDS: tuple[PledgeKind, ...] = get_args(PledgeKind)
PledgeState = Literal["待兑现", "已兑现", "未兑现", "已补救"]
PledgeStep = Literal["登记", "更正", "兑现", "没兑现", "补救"]

# Is it a promise?


@dataclass(frozen=True)
class Heard:
    """What was heard: whether it ``counts`` as a promise, its ``kind``, the ``words`` that show it, and why.

    ``kind`` of what is none: 夸赞, 商品说明, 留了余地, 问句, 没答应. A description of the goods is no entry of the
    book, yet it has to agree with the product's page. 拿不准: no list holds the words, so that a person has to
    hear them (a promise that is missed costs more than one that is heard twice); until then it is not counted.
    """

    counts: bool
    kind: str
    words: str
    why: str


_NUMBER = "[0-9零一二两三四五六七八九十百半]+"
_DAY = (
    "(?:今天|今晚|今夜|晚上|明天|明早|明晚|后天|当天|当晚|当日|次日|隔天|隔日|周末"
    f"|[周礼拜]+[一二三四五六日天]|{_NUMBER}点(?:之?前|整)|{_NUMBER}个?(?:小时|天|日|个工作日))"
)
_FLAW = (
    "(?:坏|毛病|色差|开线|脱线|褪色|掉色|起球|缩水|变形|破|漏|瑕疵|异味|发黄|锈|发霉|洞|断|裂"
    "|质量|问题|不是这样|不一样|过敏|假)"
)
_MEND = "(?:换|退|赔|修|补发|重发|找我|找客服|算我|算店|负责)"
_CARRIAGE = "(?:运费|邮费|来回费?)"
_SURELY = "(?:无条件|无理由|放心|直接|随时|照样|全额|都|就|也|能|可以|给你|给您)"
PROMISES: Mapping[PledgeKind, tuple[str, tuple[str, ...]]] = {
    "质量": (
        "说了货用多久、坏了怎么办，客人能照着要",
        (
            "退一赔",
            f"{_FLAW}[^。]*{_MEND}",
            f"用[^，,]*{_NUMBER}(?:年|个?月)[^。]*(?:一样|不坏|不变|没事)",
            f"质?保[^，,]{{0,4}}{_NUMBER}(?:年|个?月)",
            f"{_NUMBER}(?:年|个?月)[^，,]*(?:质保|保修|包修|包换)",
            "假一赔",
        ),
    ),
    "价格": (
        "说了价钱是多少、往后怎么变，客人能拿来比",
        (
            "双倍退|差价|差额|差多少|买贵",
            "降价[^。]*(?:补|退|赔)",
            "(?:更|还|再)(?:低|便宜)[^。]*(?:补|退|赔|找我)",
            "(?:低|便宜)[^。]*(?:钱|差)[^，,]*退",
            "(?:全年|全网|历史|今年)[^，,]*(?:低价?|底价)",
            "不会(?:比|再)[^，,]*(?:便宜|低)",
            "(?:恢复|回到?)[^，,]{0,3}原价|保价|价保|价[^，,]{0,3}保(?:到|持)",
            f"[0-9一二三四五六七八九]折|再[减降便][^，,]{{0,2}}{_NUMBER}|立减|(?:立马|马上|就|要)涨",
            f"(?:只要|到手价?|只卖|一共|才){_NUMBER}(?:块|元|九|[0-9])?",
        ),
    ),
    "退换": (
        "说了能退能换、运费谁出，客人能照着退",
        (
            "包退|包换|免费[给你您]*(?:退|换)|照退|原样寄回|(?:尺码|大|小|胖|瘦)了[^。]*换|换到",
            f"{_SURELY}[能可以给你您]*退(?!差)",
            "(?:不合适|不喜欢|不满意|不想要)[^。]*(?:退|换)",
            f"{_CARRIAGE}[^，,]*(?:我|店|不用|免|送|包)",
            "退货[^，,]*(?:不花|不用|免费)",
        ),
    ),
    "赠品": (
        "说了送什么，客人等着收",
        (
            "(?:加|再|多|都|各|还|另外|额外|每单|免费)送(?!到|达|货)",
            "送(?:您|你|给|一|两|三|[0-9])",
            "(?<!赠)送[^，,到礼给]{1,6}[套袋双条个]",
            "赠(?!品?没)|礼物?[^，,]*(?:寄|送|有份|拿|领)|人人有份|小样",
            "搭[^，,]{0,3}(?:一|个|条|双|你|您)|[领得塞放]一?[张只个条瓶份双盒]|附[^，,]{0,2}(?:一|送)",
            f"返[^，,]{{0,4}}(?:{_NUMBER}|红包|现|券)|抽|免单",
        ),
    ),
    "库存": (
        "说了拍下就有货，客人下单就成合同",
        (
            "(?<!没)有货|管够|备齐|备足|不断货|要多少有多少|敞开[卖拍]|拍下就是你的|都有[，,]?拍下",
            "(?:随便|放心|尽管)拍(?![^。]*(?:到|发))",
            "(?:仓库|刚)[^，,]*(?:补上|补货)|[补加]上?了?(?:货|库存)|断货[^。]*(?:调|补)",
            "不会[^，,]{0,3}(?:断|缺|落空|没货)|保证[^，,]{0,2}有",
            f"{_NUMBER}件?现货|现货[^，,]{{0,3}}{_NUMBER}件|留了?[^，,]{{0,2}}件|备了{_NUMBER}",
            "(?:人人|都能|肯定)[^，,]{0,2}(?:抢|拍)[得到]+|都能[买拍抢][上到]",
        ),
    ),
    "时效": (
        "说了哪天发、哪天到，客人会掐着日子等",
        (
            f"{_DAY}[^。？?]*?(?:到(?!底|[^，,]*店)|收|发|出库|寄|送|达|敲|走|上门)",
            "次日达|隔日达|当[天日]发",
            "(?:下播|马上|立刻|凌晨)[^。]*(?:打包|发车|发货|出库|寄)",
            "(?:超|晚)[^，,]*赔",
        ),
    ),
}
"""By kind why it binds, and the words that make a promise; in the order in which they are looked for."""
_PROMISES = {kind: re.compile("|".join(words)) for kind, (_, words) in PROMISES.items()}
_HEDGE = re.compile(
    "尽量|争取|尽力|可能|也许|大概|应该|差不多|一般(?:来说|情况)|我觉得|我猜|希望|说不定"
    "|看情况|要看|得看|快的话|好的话|不出意外|确认一下|申请|问问|问一下"
)
_DENIAL = re.compile(
    "不敢(?:说|保证|答应)|不能(?:保证|答应)|没法(?:保证|答应)|保证不了|不保证|不一定"
    "|没有?答应|答应不了|做不到|不送|不包邮|没有赠品|不参加"
)
_QUESTION = re.compile("[?？]|(?:吗|(?<!什)么|嘛|呢)$|是不是|有没有|要不要|吗[，,]")
_GOODS = re.compile(
    "不容易|不易|不会?(?:起球|掉色|变形|漏|透|勒|褪|缩)|吸水|吸汗|透气|防水|防滑|免烫|无缝|拉链"
    "|包边|包芯|弧|加了?一?片|棉|绒|羊毛|真丝|不锈钢|陶瓷|含|毫升|厘米|公分|毫米|斤|克|面料|材质"
    "|内胆|弹|松紧|圆领|口袋|夹层|三档|七分|枕套|被套|不漏|不透|不勒|机洗|手洗|洗碗机|微波炉"
    f"|颜?色有{_NUMBER}|{_NUMBER}个?(?:颜色|尺码)"
)
_PRAISE = re.compile(
    "好看|漂亮|美|高级|喜欢|爱|舒服|软|厚道|值|划算|闭眼入|不会错|真的|真心|推荐|回购|显白|显瘦"
    "|百搭|大方|炸|绝|正|亮|最|云朵|暖和|细节|谢谢|欢迎|手速|扣个?|公屏|弹幕|第一次|合适|便宜"
)
UNSURE = "拿不准"


def hear(words: str) -> Heard:
    """Return whether what a host says is a promise, and why. Raises ``ValueError`` for no words.

    Looked for in this order: a question, a denial, room left (尽量), a promise by its kinds, a description of
    the goods, praise; what is none of these is 拿不准. What a correction promises instead is a promise of its own.

    >>> hear("家人们放心拍，今晚下单明天必到").kind
    '时效'
    >>> hear("我们尽量今晚发").kind, hear("闭眼入，不会错的").kind, hear("下一个链接").kind
    ('留了余地', '夸赞', '拿不准')
    """
    said = unicodedata.normalize("NFKC", need_text("words", words))
    plain = re.sub(r"\s", "", said)
    asks, denies, hedges = (pattern.search(plain) for pattern in (_QUESTION, _DENIAL, _HEDGE))
    if asks:
        return Heard(False, "问句", asks[0], "是在问，没有答应什么")
    if denies:
        return Heard(False, "没答应", denies[0], "说的是不答应，照这句话就没有欠客人的")
    if hedges:
        why = "话里留了余地，没有说定；客人仍会记住，当场说清更好"
        return Heard(False, "留了余地", hedges[0], why)
    for kind, pattern in _PROMISES.items():
        if found := pattern.search(plain):
            return Heard(True, kind, found[0], PROMISES[kind][0])
    if found := _GOODS.search(plain):
        why = "说的是货本来的样子，不进登记簿；照商品页核对，对不上就是描述不符"
        return Heard(False, "商品说明", found[0], why)
    if found := _PRAISE.search(plain):
        return Heard(False, "夸赞", found[0], "说的是好不好看、喜不喜欢，没有能照着要的事")
    why = "单子上没有这种说法，先不当夸赞放过：请人再听一遍，问主播一句"
    return Heard(False, UNSURE, "", why)


# Until when

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "十": 10}


def _figure(text: str) -> float | None:
    """Return the number that is written, below a hundred in characters; a half is 0.5."""
    if text.isdigit():
        return int(text)
    if text == "半":
        return 0.5
    if not text or any(character not in _DIGITS for character in text):
        return None
    tens, ten, ones = text.rpartition("十")
    if ten:
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return _DIGITS[text] if len(text) == 1 else None


_SPAN = re.compile(f"({_NUMBER})个?(小时|天|日|个?月|年)")
_UNITS = {"小时": timedelta(hours=1), "天": timedelta(1), "日": timedelta(1),
          "月": timedelta(30), "个月": timedelta(30), "年": timedelta(365)}  # fmt: skip
_DATES = (("后天", 2), ("明天", 1), ("明早", 1), ("明晚", 1), ("次日", 1), ("隔天", 1),
          ("今天", 0), ("今晚", 0), ("今夜", 0), ("当天", 0), ("当晚", 0))  # fmt: skip


def due(words: str, said_at: datetime) -> datetime | None:
    """Return until when a promise is to be kept, by the words: None where they name no time.

    The latest day that is named counts, up to its last second (明天必到: the end of tomorrow); a span (三十天内)
    runs from when it was said, a month as 30 days, a year as 365. A deposit of the day of ordering
    (今晚下单) is a day only where no later one is named. Raises ``ValueError`` or ``TypeError``.

    >>> on_air = datetime(2026, 3, 26, 20, 52, tzinfo=SHANGHAI)
    >>> print(due("今晚下单明天必到", on_air), due("买贵了三十天内降价补差价", on_air))
    2026-03-27 23:59:59+08:00 2026-04-25 20:52:00+08:00
    """
    said, moment = need_text("words", words), in_shanghai(said_at, "said_at")
    if found := _SPAN.search(unicodedata.normalize("NFKC", said)):
        number = _figure(found[1])
        if number is not None:
            return moment + number * _UNITS[found[2]]
    days = next((days for word, days in _DATES if word in said), None)
    if days is None or not _DAY_OWED.search(said):
        return None
    day = moment.date() + timedelta(days)
    return datetime.combine(day, time(23, 59, 59), SHANGHAI)


_DAY_OWED = re.compile("到|发|寄|送达|收")
"""A day is a deadline where something is to be sent or to arrive by it."""

KEEPERS: Mapping[PledgeKind, str] = {
    "时效": "仓库",
    "赠品": "仓库",
    "价格": "客服",
    "质量": "售后",
    "库存": "运营",
    "退换": "售后",
}
"""Who keeps a promise of a kind unless somebody else is named: this book's convention."""
DAYS: Mapping[PledgeKind, int] = {
    "时效": 2,
    "赠品": 7,
    "价格": 30,
    "质量": 365,
    "库存": 2,
    "退换": 7,
}
"""Days to keep a promise for which the host named none: this book's convention."""

# The book


@dataclass(frozen=True)
class Pledge:
    """An entry: number, ``who`` said it ``at`` what moment, ``what``, its kind, ``until`` when, who is ``keeper``."""

    number: str
    who: str
    at: datetime
    what: str
    kind: PledgeKind
    until: datetime
    keeper: str

    def __post_init__(self) -> None:
        texts = {name: need_text(name, getattr(self, name))
                 for name in ("number", "who", "what", "keeper")}  # fmt: skip
        one_of(self.kind, "kind", PLEDGE_KINDS)
        at, until = in_shanghai(self.at, "at"), in_shanghai(self.until, "until")
        need(
            "until", until >= at, "a moment not before it was said", "不早于说话的时刻", self.until
        )
        set_fields(self, at=at, until=until, **texts)


def _kind(text: str) -> PledgeKind:
    return cast(PledgeKind, one_of(text, "kind", PLEDGE_KINDS))


def pledge(number: str, who: str, at: datetime, words: str, keeper: str = "") -> Pledge:
    """Return the entry of what was said; raises ``ValueError`` where it is no promise, and says why.

    >>> pledge("L01", "阿澈", datetime(2026, 3, 26, 20, 52, tzinfo=SHANGHAI), "今晚下单明天必到").keeper
    '仓库'
    """
    heard = hear(words)
    need("words", heard.counts, "a promise", f"一句承诺（{heard.why}）", words)
    kind = _kind(heard.kind)
    until = due(words, at) or in_shanghai(at, "at") + timedelta(DAYS[kind])
    return Pledge(number, who, at, words, kind, until, keeper or KEEPERS[kind])


class PledgeEvent(NamedTuple):
    """Something that happened to an entry: when, which, what, by whom, and a note (proof, reason, remedy)."""

    at: datetime
    number: str
    step: PledgeStep
    by: str
    note: str


_NEXT: Mapping[PledgeStep, tuple[tuple[PledgeState, ...], PledgeState]] = {
    "更正": (("待兑现",), "待兑现"),
    "兑现": (("待兑现",), "已兑现"),
    "没兑现": (("待兑现",), "未兑现"),
    "补救": (("未兑现",), "已补救"),
}
"""By step the states in which it may be taken and the state after it."""


@dataclass(frozen=True)
class PromiseBook:
    """The book: its entries and all that happened, in the order in which it was written down.

    A method returns the book with one line more; none takes a line away. Steps: 登记, then 更正 (says it right for
    those who order later: what is owed to the others stays), 兑现 in time or 没兑现, and 补救 after that.
    Raises ``ValueError`` or ``TypeError`` for a history that cannot be.
    """

    pledges: tuple[Pledge, ...] = ()
    history: tuple[PledgeEvent, ...] = ()

    def __post_init__(self) -> None:
        set_fields(self, pledges=tuple(self.pledges), history=tuple(self.history))
        known = {one.number: one for one in self.pledges}
        need("pledges", len(known) == len(self.pledges), "numbers used once", "不重复的编号",
             [one.number for one in self.pledges])  # fmt: skip
        states: dict[str, PledgeState] = {}
        last: dict[str, datetime] = {}
        entered = []
        for event in self.history:
            one = known.get(event.number)
            if one is None:
                raise ValueError(
                    expected("number", "one in the book", "登记过的编号", event.number)
                )
            in_shanghai(event.at, "at")
            need_text("by", event.by)
            need_text("note", event.note)
            need("at", event.at >= last.get(one.number, one.at),
                 "a moment not before the last step", "不早于上一步的时刻", event.at)  # fmt: skip
            if event.step == "登记":
                need("step", one.number not in states, "one entry", "只登记一次", one.number)
                states[one.number] = "待兑现"
                entered.append(one.number)
            else:
                before, after = _NEXT[one_of(event.step, "step", tuple(_NEXT))]
                state = states.get(one.number)
                need("step", state in before, f"a promise that is {'、'.join(before)}",
                     f"状态是{'、'.join(before)}的承诺", (event.step, state))  # fmt: skip
                need("at", event.step != "兑现" or event.at <= one.until,
                     "a moment in time; later is 没兑现, then 补救", "期限以内的时刻；过期先记没兑现，再记补救",
                     event.at)  # fmt: skip
                states[one.number] = after
            last[one.number] = event.at
        need("pledges", entered == [one.number for one in self.pledges],
             "entries of the history", "历史里登记过的承诺", entered)  # fmt: skip
        object.__setattr__(self, "_states", states)

    # Writing

    def register(self, one: Pledge, by: str, at: datetime | None = None) -> PromiseBook:
        """Write an entry in, when it was said or later, by whoever listens."""
        event = PledgeEvent(at or one.at, one.number, "登记", by, one.what)
        return PromiseBook((*self.pledges, one), (*self.history, event))

    def correct(self, number: str, at: datetime, by: str, right: str) -> PromiseBook:
        """Note what was said right on the air; who ordered before is still owed what was said first."""
        return self._write(number, "更正", at, by, right)

    def keep(self, number: str, at: datetime, by: str, proof: str) -> PromiseBook:
        """Note that it was kept in time, with the proof."""
        return self._write(number, "兑现", at, by, proof)

    def fail(self, number: str, at: datetime, by: str, reason: str) -> PromiseBook:
        """Note that it was not kept, and why."""
        return self._write(number, "没兑现", at, by, reason)

    def make_good(self, number: str, at: datetime, by: str, remedy: str) -> PromiseBook:
        """Note by what it was made good after it had not been kept."""
        return self._write(number, "补救", at, by, remedy)

    def _write(
        self, number: str, step: PledgeStep, at: datetime, by: str, note: str
    ) -> PromiseBook:
        return PromiseBook(self.pledges, (*self.history, PledgeEvent(at, number, step, by, note)))

    # Reading

    def state(self, number: str) -> PledgeState:
        """Return how an entry stands; raises ``ValueError`` for a number that is not in the book."""
        states: dict[str, PledgeState] = self._states  # type: ignore[attr-defined]
        need("number", number in states, "one in the book", "登记过的编号", number)
        return states[number]

    def trail(self, number: str) -> tuple[PledgeEvent, ...]:
        """Return all that happened to an entry."""
        self.state(number)
        return tuple(event for event in self.history if event.number == number)

    def owed(self, now: datetime) -> tuple[Pledge, ...]:
        """Return what is to be kept yet and not late, the first to keep first."""
        moment = in_shanghai(now, "now")
        return tuple(one for one in self._open() if one.until >= moment)

    def overdue(self, now: datetime) -> tuple[Pledge, ...]:
        """Return what is late and not yet noted as 没兑现, the longest late first."""
        moment = in_shanghai(now, "now")
        return tuple(one for one in self._open() if one.until < moment)

    def _open(self) -> list[Pledge]:
        waiting = (one for one in self.pledges if self.state(one.number) == "待兑现")
        return sorted(waiting, key=lambda one: (one.until, one.number))

    def states(self) -> Mapping[PledgeState, int]:
        """Return how many entries stand how; they add up to all."""
        found = Counter(self.state(one.number) for one in self.pledges)
        return {state: found[state] for state in get_args(PledgeState)}

    # To a table and back

    def rows(self) -> list[dict[str, str]]:
        """Return the whole history as rows of text, an event a row; `read_book` makes the same book of them."""
        known = {one.number: one for one in self.pledges}
        rows = []
        for event in self.history:
            one = known[event.number]
            row = {
                "at": event.at.isoformat(),
                "number": event.number,
                "step": event.step,
                "by": event.by,
                "note": event.note,
            }
            entry = {
                "who": one.who,
                "said_at": one.at.isoformat(),
                "kind": one.kind,
                "what": one.what,
                "until": one.until.isoformat(),
                "keeper": one.keeper,
            }
            rows.append(row | (entry if event.step == "登记" else dict.fromkeys(entry, "")))
        return rows


def read_book(rows: Iterable[Mapping[str, str]]) -> PromiseBook:
    """Return the book of rows as `PromiseBook.rows` makes them; raises ``ValueError`` or ``KeyError``.

    >>> read_book([]).states()
    {'待兑现': 0, '已兑现': 0, '未兑现': 0, '已补救': 0}
    """
    pledges, history = [], []
    for row in rows:
        step = one_of(row["step"], "step", get_args(PledgeStep))
        at = datetime.fromisoformat(row["at"])
        history.append(PledgeEvent(at, row["number"], step, row["by"], row["note"]))
        if step == "登记":
            said, until = (datetime.fromisoformat(row[name]) for name in ("said_at", "until"))
            kind = _kind(row["kind"])
            pledges.append(
                Pledge(row["number"], row["who"], said, row["what"], kind, until, row["keeper"])
            )
    return PromiseBook(tuple(pledges), tuple(history))


NO_REMEDY = "没有补救"


def shop_book(
    promises: Sequence[Mapping[str, str]], shows: Sequence[Mapping[str, str]]
) -> PromiseBook:
    """Return the shop's book of the rows of live_promises and live_shows.

    The tables say whether a promise was kept and by what it was made good, not when: it is put down at the end
    of its time, and an hour later. Raises ``ValueError`` or ``KeyError``.
    """
    starts = {row["show_id"]: datetime.fromisoformat(row["starts_at"]) for row in shows}
    pledges, history = [], []
    for row in promises:
        if row["counts"] != "true":
            continue
        minute = count(int(row["minute"]), "minute")
        at = starts[row["show_id"]] + timedelta(minutes=minute)
        kind = _kind(row["kind"])
        until = due(row["words"], at) or at + timedelta(DAYS[kind])
        number = row["promise_id"]
        one = Pledge(number, row["host"], at, row["words"], kind, until, KEEPERS[kind])
        pledges.append(one)
        history.append(PledgeEvent(at, number, "登记", "客服", row["words"]))
        if row["kept"] == "true":
            history.append(PledgeEvent(until, number, "兑现", one.keeper, "表里记为兑现"))
            continue
        history.append(PledgeEvent(until, number, "没兑现", one.keeper, "表里记为没兑现"))
        if row["remedy"] != NO_REMEDY:
            later = until + timedelta(hours=1)
            history.append(PledgeEvent(later, number, "补救", "客服", row["remedy"]))
    return PromiseBook(tuple(pledges), tuple(history))
