"""How each part is doing, judged from its heartbeat and its age: pure, with `now` passed in."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

import msgspec

from api.picture import Heard

State = Literal["up", "degraded", "down"]
LOST_AFTER_S = 3.5
"""A heartbeat comes each second; three missing ones are no accident."""


class Health(msgspec.Struct, frozen=True):
    """One part: a state, the age of what it is judged by, a sentence in both languages."""

    state: State
    age_s: float | None
    sentence: str
    sentence_zh: str


class Wording(NamedTuple):
    """What a program is called."""

    en: str
    zh: str


INGEST = Wording("Ingest", "数据接入")
ALERTS = Wording("The alert engine", "告警引擎")


def judge_program(name: Wording, heard: Iterable[Heard], *, now_us: int) -> Health:
    """Judge a program by its instances: it is as well as the least well of them."""
    found = [_judge_instance(name, one, now_us=now_us) for one in heard]
    if not found:
        return Health("down", None, f"{name.en} has not reported yet.", f"{name.zh}尚未上报。")
    order: tuple[State, ...] = ("down", "degraded", "up")
    return min(found, key=lambda health: (order.index(health.state), -(health.age_s or 0)))


def judge_broker(*, connected: bool) -> Health:
    """Judge the broker by our own connection."""
    if connected:
        return Health("up", 0.0, "The broker is connected.", "消息中枢连接正常。")
    return Health("down", None, "The api has lost the broker.", "与消息中枢的连接已断开。")


def judge_database(*, up: bool, ingest: Iterable[Heard]) -> Health:
    """Judge the database by our own connection and by what ingest says of its own."""
    if not up:
        return Health(
            "down",
            None,
            "The database does not answer; ingest spools to disk, alerts go on.",
            "数据库无应答；数据暂存磁盘，告警不受影响。",
        )
    if any(one.pulse.database == "down" for one in ingest):
        return Health(
            "degraded", 0.0, "Ingest cannot reach the database.", "数据接入无法连接数据库。"
        )
    return Health("up", 0.0, "The database answers.", "数据库应答正常。")


def is_fresh(heard: Heard, *, now_us: int) -> bool:
    """Say whether the figures of a heartbeat may be shown as present ones."""
    return heard.pulse.state not in {"lost", "stopping"} and age_s(heard, now_us) <= LOST_AFTER_S


def age_s(heard: Heard, now_us: int) -> float:
    """Return the age of a heartbeat in seconds, a tenth exact."""
    return max(0.0, round((now_us - heard.at_us) / 1e6, 1))


def _judge_instance(name: Wording, heard: Heard, *, now_us: int) -> Health:
    age, pulse = age_s(heard, now_us), heard.pulse
    who, who_zh = f"{name.en} ({pulse.instance})", f"{name.zh}（{pulse.instance}）"
    if not is_fresh(heard, now_us=now_us):
        return Health(
            "down", age, f"{who} was last heard {age:g} s ago.", f"{who_zh}已 {age:g} 秒无心跳。"
        )
    if pulse.state == "degraded":
        detail = pulse.detail or "It gives no reason."
        return Health(
            "degraded", age, f"{who} is degraded: {detail}", f"{who_zh}降级运行：{detail}"
        )
    return Health("up", age, f"{who} is running.", f"{who_zh}运行正常。")
