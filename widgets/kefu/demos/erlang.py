"""One more agent: how busy all are, who is taken up in time, who leaves, as the team grows."""

from __future__ import annotations

from math import isinf

from kefu.demos.core import Demo
from kefu.demos.hands import Along, IntSlider, grip, press
from kefu.demos.svg import Frame, Point, broad, chart, legend
from kefu.intelligence.staffing import (
    chats_to_load,
    erlang_a,
    erlang_b,
    factor,
    mean_wait,
    service_level,
)

MOST = 30
MINUTES = 60


def erlang(agents: int = 11, chats: int = 200, handling: int = 180) -> Demo:
    """Return the curves for so many chats an hour of so many seconds each."""
    c = {
        "agents": IntSlider(value=agents, min=1, max=MOST, description="几位客服"),
        "chats": IntSlider(value=chats, min=20, max=400, step=10, description="一小时来几位"),
        "handling": IntSlider(value=handling, min=30, max=600, step=10, description="一位办多久（秒）"),
        "at_once": IntSlider(value=1, min=1, max=5, description="同时接几位"),
        "patience": IntSlider(value=240, min=30, max=900, step=30, description="平均等多久会走（秒）"),
        "within": IntSlider(value=20, min=5, max=180, step=5, description="几秒内算接起"),
    }  # fmt: skip

    def alone() -> float:
        """Return what a chat takes of an agent's time: less where several go on at once."""
        return float(c["handling"].value / factor(c["at_once"].value))

    def load() -> float:
        v = c["chats"].value
        return chats_to_load(v / 3600, c["handling"].value, c["at_once"].value)

    def level(n: int) -> float:
        return service_level(load(), n, alone(), c["within"].value)

    def lost(n: int) -> float:
        return erlang_a(c["chats"].value / 3600, alone(), n, c["patience"].value).abandoned

    def draw() -> str:
        n, frame = c["agents"].value, Frame(MOST, 100, x_min=1, top=44, bottom=196)
        team = range(1, MOST + 1)
        soon: list[Point] = [(k, 100 * level(k)) for k in team]
        gone: list[Point] = [(k, 100 * lost(k)) for k in team]
        busy: list[Point] = [(k, min(100 * load() / k, 100)) for k in team]
        x = frame.x(n)
        handle = grip(
            f"<rect class='reach' x='{x - 22}' y='{frame.top:g}' width='44' height='152'/>"
            f"<path class='second' d='M{x},{frame.top:g} V{frame.bottom:g}'/>"
            f"<circle class='dot' cx='{x}' cy='{frame.y(100 * level(n))}' r='7'/>",
            x=Along("agents", c["agents"], frame.x),
        )
        within = c["within"].value
        return (
            chart(
                f"{n}位客服：{within}秒接起{level(n):.0%}，放弃{lost(n):.0%}，利用率{occupied(n)}",
                legend(("line", f"{within}秒接起"), ("curve tone-a", "放弃"), ("curve tone-c", "利用率"),
                       y=12, measure=broad),
                frame.axes("几位客服", "百分之几"),
                frame.path(busy, "curve tone-c"),
                frame.path(gone, "curve tone-a"),
                frame.path(soon, "line"),
                handle,
                height=236,
                scale=frame.scale,
            )
            + f"<div class='kefu-acts'>{ways(n)}</div>"
        )  # fmt: skip

    def occupied(n: int) -> str:
        return f"{min(load() / n, 1):.0%}"

    def tell() -> str:
        n, heavy = c["agents"].value, load()
        times = f"{c['chats'].value} ÷ 3600 × {c['handling'].value}"
        share = f" ÷ {factor(c['at_once'].value):g}" if c["at_once"].value > 1 else ""
        wait = mean_wait(heavy, n, alone())
        grows = f"人手不到负荷，队会一直长下去；客人等不及，先走掉<b>{lost(n):.1%}</b>，剩下的才接得完。"
        steady = (
            f"{c['within'].value}秒接起<b>{level(n):.1%}</b>，平均等{said(wait)}；"
            f"算上等不及的，放弃{lost(n):.1%}。"
        )
        return (
            f"<p class='kefu-formula'>负荷 = {times}{share} = {heavy:.2f}爱尔兰，{n}位客服，利用率{occupied(n)}<br>"
            f"{grows if isinf(wait) else steady}{more(n)}</p>"
            f"<p class='kefu-note'>一位也不许等，就得拒掉{erlang_b(heavy, n):.1%}（B公式）；"
            "接起率照大家都等到底算（C公式），放弃照等不及就走算（A公式）。三个都假设客人匀匀地来，零点那样一拥而上，不能用。</p>"
        )

    def more(n: int) -> str:
        """Return what one agent more brings."""
        if n == MOST:
            return ""
        gained = 100 * (level(n + 1) - level(n))
        waits = mean_wait(load(), n, alone()), mean_wait(load(), n + 1, alone())
        if isinf(waits[0]):
            return f"再加一个人，放弃少{100 * (lost(n) - lost(n + 1)):.1f}个百分点。"
        return f"再加一个人，接起率多{gained:.1f}个百分点，平均等待少{said(waits[0] - waits[1])}。"

    def code() -> str:
        v = {name: one.value for name, one in c.items()}
        return (
            "from kefu.intelligence.staffing import (\n"
            "    chats_to_load, erlang_a, factor, service_level)\n\n"
            f"load = chats_to_load({v['chats']} / 3600, {v['handling']}, {v['at_once']})\n"
            f"alone = {v['handling']} / factor({v['at_once']})\n"
            f"print(round(service_level(load, {v['agents']}, alone, {v['within']}), 3))\n"
            f"print(round(erlang_a({v['chats']} / 3600, alone, {v['agents']}, {v['patience']}).abandoned, 3))"
        )

    return Demo("再加一个人", c, draw, tell, code)


def ways(n: int) -> str:
    """Return the buttons: one agent more, one fewer."""
    less = press("− 减一个", {"agents": n - 1}) if n > 1 else ""
    plus = (
        press("＋ 再加一个人", {"agents": n + 1}, name="kefu-press kefu-onward") if n < MOST else ""
    )
    return less + plus


def said(seconds: float) -> str:
    """Return a wait in words: minutes where it is long.

    >>> said(7.84), said(128.5), said(7200)
    ('7.8秒', '2.1分钟', '120分钟')
    """
    if seconds < 100:
        return f"{seconds:.1f}秒"
    return f"{seconds / 60:.1f}分钟" if seconds < 6000 else f"{seconds / 60:.0f}分钟"
