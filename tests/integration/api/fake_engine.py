"""The alert engine's end of the MQTT contract, small: what the api may expect of the real one."""

import asyncio
import json
import time
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from typing import Any, Self

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from core.settings import BrokerAddress

ROOT = "yiwang/v1"
AT = "2026-05-01T02:03:04Z"


USUAL: dict[str, Any] = {
    "rule_id": "fire",
    "rule_version": 1,
    "kind": "event",
    "priority": "critical",
    "state": "unacknowledged",
    "transition": "raised",
    "device_id": "smoke-1",
    "site_id": "unit-1",
    "district": "620171",
    "domain": "fire",
    "subject": "fire",
    "value": None,
    "limit": None,
    "unit": None,
    "cause": None,
    "count": 1,
    "title_zh": "火警",
    "title_en": "Fire",
    "guidance_zh": "立即派员核实。",
    "guidance_en": "Send somebody at once.",
    "raised_at": AT,
    "detected_at": AT,
    "updated_at": AT,
    "returned_at": None,
    "acknowledged_at": None,
    "acknowledged_by": None,
    "cleared_at": None,
    "late": False,
    "active": True,
    "life_safety": False,
    "drill": False,
    "chattering": False,
    "hold": None,
    "folded_under": None,
    "hidden": 0,
    "desk_id": "duty_room",
    "about": None,
    "assigned_to": None,
    "verdict": None,
    "verified_by": None,
    "verified_at": None,
    "fire_brigade": None,
    "notified_at": None,
    "dispatched_at": None,
    "dispatched_to": None,
    "on_site_at": None,
    "escalation": 0,
    "reminders": 0,
    "actor": None,
    "note": None,
}
"""A fire nobody has taken, in full: every member of the document is always there."""


def alert(alert_id: str, seq: int, **fields: Any) -> dict[str, Any]:
    return {"alert_id": alert_id, "seq": seq} | USUAL | fields


DEEDS: dict[str, tuple[str, dict[str, Any]]] = {
    "acknowledge": (
        "acknowledged",
        {"state": "acknowledged", "acknowledged_by": "officer", "acknowledged_at": AT},
    ),
    "assign": ("assigned", {"assigned_to": "to"}),
    "comment": ("commented", {}),
    "shelve": ("shelved", {"state": "shelved"}),
    "unshelve": ("unshelved", {"state": "unacknowledged"}),
    "take_out_of_service": ("removed_from_service", {"state": "out_of_service"}),
    "return_to_service": ("returned_to_service", {"state": "unacknowledged"}),
    "verify": ("verified", {"verdict": "verdict", "verified_by": "officer", "verified_at": AT}),
    "hand_over_119": ("handed_over", {}),
    "dispatch": ("dispatched", {"dispatched_to": "to", "dispatched_at": AT}),
    "arrive": ("arrived", {"on_site_at": AT}),
    "prioritise": ("reprioritised", {"priority": "priority"}),
}
"""What each deed makes of an alert: the transition, and fields from the request or as they are."""


class FakeEngine:
    """Keeps alerts and a journal; `deaf` makes it stop answering.

    `says` is what it answers to anything else (or a function of the request), `refuses` what it
    refuses: by the name of the request, (code, sentence).
    """

    def __init__(self, address: BrokerAddress) -> None:
        self._client = aiomqtt.Client(
            address.host,
            address.port,
            username=address.username,
            password=address.password.get_secret_value(),
            protocol=aiomqtt.ProtocolVersion.V5,
        )
        self._running = AsyncExitStack()
        self.journal: list[dict[str, Any]] = []
        self.open: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.asked: list[dict[str, Any]] = []
        self.oldest = 1
        self.deaf = False
        self.says: dict[str, Any] = {"notices": {"waiting": [], "receipts": []}}
        self.refuses: dict[str, tuple[str, str]] = {}
        self._retained: set[str] = set()

    @property
    def last_seq(self) -> int:
        return self.journal[-1]["seq"] if self.journal else 0

    async def __aenter__(self) -> Self:
        await self._running.enter_async_context(self._client)
        await self._client.subscribe(f"{ROOT}/system/alerts/request", qos=1)
        self._listening = asyncio.create_task(self._listen())
        await self.beat()
        return self

    async def __aexit__(self, *_: object) -> None:
        with suppress(aiomqtt.MqttError):  # the broker may be gone: that is what tests do to it
            for topic in self._retained:
                await self._client.publish(topic, b"", qos=1, retain=True)
        with suppress(aiomqtt.MqttError):
            await self._running.aclose()
        # Listening ends with the connection. A cancellation that meets an answer's confirmation
        # would be lost: aiomqtt waits by `asyncio.wait_for`, which swallows it in Python 3.11.
        with suppress(aiomqtt.MqttError):
            await self._listening

    async def raise_alert(self, alert_id: str, **fields: Any) -> dict[str, Any]:
        return await self.move(alert(alert_id, self.last_seq + 1, **fields))

    async def clear(self, alert_id: str) -> None:
        was = self.open[alert_id]
        now = {"seq": self.last_seq + 1, "state": "normal", "transition": "cleared"}
        await self.move({**was, **now, "cleared_at": AT})

    async def move(self, moved: dict[str, Any], *, publish: bool = True) -> dict[str, Any]:
        """Note a transition; unpublished ones are what the api has missed."""
        self.journal.append(moved)
        self.open[moved["alert_id"]] = moved
        if moved["state"] == "normal":
            del self.open[moved["alert_id"]]
        if publish:
            await self.publish_alert(moved)
        return moved

    async def publish_alert(self, moved: dict[str, Any]) -> None:
        topic = f"{ROOT}/alerts/{moved['alert_id']}"
        await self.retain(topic, moved)
        if moved["state"] == "normal":
            await self._client.publish(topic, b"", qos=1, retain=True)

    async def beat(self, program: str = "alerts", instance: str = "engine", **facts: Any) -> None:
        usual = {
            "devices_total": 4,
            "devices_watched": 4,
            "devices_online": 3,
            "devices_unheard": 0,
            "fire_units_total": 2,
            "fire_units_online": 1,
            "fire_units_unheard": 1,
            "journal_seq": self.last_seq,
            "newest_observed_at": time.time_ns() // 1_000_000,
        }
        beat = {"program": program, "instance": instance, "at": time.time_ns() // 1_000_000}
        beat |= {"state": "running", "detail": None} | (usual if program == "alerts" else {})
        await self.retain(f"{ROOT}/system/{program}/{instance}", beat | facts)

    async def retain(self, topic: str, document: dict[str, Any]) -> None:
        self._retained.add(topic)
        await self._client.publish(topic, json.dumps(document), qos=1, retain=True)

    async def was_asked_for_open_alerts(self) -> bool:
        """Say whether somebody has caught up with the journal: this is asked last."""
        return any(question["do"] == "open_alerts" for question in self.asked)

    def commands(self) -> list[dict[str, Any]]:
        """Return what was ordered, repetitions included."""
        return [question for question in self.asked if "request_id" in question]

    async def _listen(self) -> None:
        async for message in self._client.messages:
            request = json.loads(message.payload)
            self.asked.append(request)
            if not self.deaf:
                properties = Properties(PacketTypes.PUBLISH)
                properties.CorrelationData = message.properties.CorrelationData
                await self._client.publish(
                    message.properties.ResponseTopic,
                    json.dumps(await self._answer(request)),
                    qos=1,
                    properties=properties,
                )

    async def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Answer; a command once only, however often it is sent."""
        if "request_id" not in request:
            return self._show(request)
        key = request["request_id"]
        if key not in self.answers:
            self.answers[key] = await self._carry_out(request)
        return self.answers[key]

    def _show(self, request: dict[str, Any]) -> dict[str, Any]:
        match request["do"]:
            case "events_since":
                events = [one for one in self.journal if one["seq"] > request["seq"]]
                events = [one for one in events if one["seq"] >= self.oldest][: request["limit"]]
                return {
                    "ok": True,
                    "events": events,
                    "oldest_seq": self.oldest if self.journal else None,
                    "last_seq": self.last_seq or None,
                }
            case "open_alerts":
                return {"ok": True, "alerts": list(self.open.values()), "left_out": 0}
            case do:
                said = self.says.get(do, {do: []})
                return {"ok": True, **(said(request) if callable(said) else said)}

    async def _carry_out(self, request: dict[str, Any]) -> dict[str, Any]:
        do = request["do"]
        if do in self.refuses:
            return _no(*self.refuses[do])
        if do not in DEEDS:
            return {"ok": True, **self.says.get(do, {})}
        was = self.open.get(request["alert_id"])
        if was is None:
            return _no("not_found", f"There is no open alert {request['alert_id']!r}.")
        if do == "acknowledge" and was["acknowledged_by"]:
            return _no("conflict", _taken(was))
        now = was | {"seq": self.last_seq + 1, "actor": request["officer"]} | moved_by(request)
        return {"ok": True, "alert": await self.move(now)}


def moved_by(request: dict[str, Any]) -> dict[str, Any]:
    """Return what a deed changes in an alert, as far as the api can see it."""
    transition, fields = DEEDS[request["do"]]
    return {
        "transition": transition,
        "note": request.get("text") or request.get("reason"),
        **{name: request.get(said, said) for name, said in fields.items()},
    }


def _no(code: str, message: str) -> dict[str, Any]:
    return {"ok": False, "error": {"code": code, "message": message}}


def _taken(alert: dict[str, Any]) -> str:
    """Say who came first, as the engine does."""
    at = datetime.fromisoformat(alert["acknowledged_at"] or AT)
    who = alert["acknowledged_by"]
    return f"Alert {alert['alert_id']} has already been acknowledged by {who} at {at:%F %T} UTC."
