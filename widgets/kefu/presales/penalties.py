"""What a platform does to a shop that breaks its rules: seven steps, from a reminder to the end.

Steps and violations are the book's own summary of teaching material; each platform has its own, and
changes them. The rule that a violation goes by is named by its number in ``kefu.rules``.
"""

from __future__ import annotations

from dataclasses import dataclass

from kefu.amounts import one_of, set_fields

STEPS = ("提醒限期改", "搜索降权", "商品下架", "扣分累计", "限制活动与发布", "店铺屏蔽", "关店")
"""The penalties, light to heavy."""
BESIDE = ("赔付买家", "法律责任")
"""What may come on top: money to the buyer; a fine by the authorities, or more."""


@dataclass(frozen=True)
class Violation:
    """A violation: how it sounds at the desk, its steps as the sources name them, what comes on top.

    Raises ``ValueError`` for a step that is none.
    """

    name: str
    heard: str
    steps: tuple[str, ...]
    on_top: tuple[str, ...]
    rule: str
    instead: str

    def __post_init__(self) -> None:
        steps = tuple(one_of(step, "steps", STEPS) for step in self.steps)
        set_fields(
            self,
            steps=tuple(sorted(steps, key=STEPS.index)),
            on_top=tuple(one_of(part, "on_top", BESIDE) for part in self.on_top),
        )

    @property
    def heaviest(self) -> int:
        """Return the place of the heaviest step, from 1; 0 where the law alone answers."""
        return STEPS.index(self.steps[-1]) + 1 if self.steps else 0


VIOLATIONS = (
    Violation(
        "违背承诺", "答应送袜子，包裹里没有", ("扣分累计",), ("赔付买家",),
        "R14", "不许做不到的；许了就登记、照办",
    ),
    Violation(
        "延迟、虚假发货", "先传单号，货晚两天再交", ("扣分累计",), ("赔付买家",),
        "R01", "赶不上就先告诉客人",
    ),
    Violation(
        "泄露买家信息", "把她的电话发给你", ("扣分累计",), ("法律责任",),
        "R43", "别人的订单，一个字不说",
    ),
    Violation(
        "骚扰买家", "不改评价就天天给您打电话", ("限制活动与发布",), (),
        "R34", "在平台里说，说一次",
    ),
    Violation(
        "站外付款、私人号", "加我微信转账，便宜10块", ("扣分累计", "限制活动与发布"), (),
        "R06", "只在结算页里付",
    ),
    Violation(
        "绝对化用语", "全网最低，质量第一", ("商品下架",), ("法律责任",),
        "R08", "说查得到的事实",
    ),
    Violation(
        "实物与页面不符", "页面写纯棉，吊牌写混纺", ("商品下架", "扣分累计"), ("赔付买家",),
        "R09", "页面和货对过再上架",
    ),
    Violation(
        "好评返现", "五星截图，返5元", (), ("法律责任",),
        "R36", "请人照实写",
    ),
    Violation(
        "刷单", "您拍一单，钱退您", ("搜索降权", "关店"), ("法律责任",),
        "R37", "没有真买卖的单，一单不做",
    ),
    Violation(
        "拒开发票、拒七天退货", "特价商品不退不换", (), ("法律责任",),
        "R16", "法定的事，不许打折扣",
    ),
)  # fmt: skip
"""The ten that a new agent meets; for 骚扰 the sources say 重罚 (heavy), the book sets its step."""


def violation(name: str) -> Violation:
    """Return a violation by its name; raises ``ValueError`` that lists them.

    >>> violation("刷单").heaviest
    7
    """
    return {one.name: one for one in VIOLATIONS}[
        one_of(name, "name", [one.name for one in VIOLATIONS])
    ]
