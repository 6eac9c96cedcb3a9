"""The cases behind the explorers of chapter 14; `make lists` adds them up into tables."""

import pandas as pd

from kefu import data
from kefu.intelligence.followup import HOURS, shop_reminders
from kefu.intelligence.knowledge import AGES

TIMES = {3: "3—9分", 10: "10—29分", 30: "30—59分", 60: "1—4小时", 240: "4—20小时"}


def wrong() -> pd.DataFrame:
    """Return every answer of the robot in 2025: from an entry of what age, in which month, right or wrong."""
    days = data.load("bot_days")
    new, good, old = AGES
    used = {new: days.before_used, old: days.expired_used}
    bad = {new: days.before_wrong, old: days.expired_wrong}
    used[good] = days.answered - used[new] - used[old]
    bad[good] = days.wrong - bad[new] - bad[old]
    return pd.concat(
        pd.DataFrame({
            "age": age,
            "month": days.date.dt.month.astype(str) + "月",
            "day": (days.date == "2025-11-11").map({True: "双11那天", False: "别的日子"}),
            "wrong": bad_one,
        }).loc[lambda frame, many=many: frame.index.repeat(many)]
        for age in AGES
        for bad_one, many in ((True, bad[age]), (False, used[age] - bad[age]))
    )  # fmt: skip


def reminders() -> pd.DataFrame:
    """Return the reminders to pay: how long after the order, by what, whether in quiet hours, and paid or not."""
    sent = pd.DataFrame(shop_reminders())
    hours = sent.channel.map(HOURS)
    quiet = [
        not first <= at.hour < last for (first, last), at in zip(hours, sent["at"], strict=True)
    ]
    asked = sent.consented.map({True: "同意过", False: "没同意过"})
    return pd.DataFrame({
        "minutes": pd.cut(
            sent.minutes, [*TIMES, 1200], right=False, labels=list(TIMES.values())
        ),
        "channel": sent.channel,
        "quiet": pd.Series(quiet).map({True: "安静时段", False: "别的时段"}),
        "consent": asked,
        "paid": sent.paid,
    })  # fmt: skip
