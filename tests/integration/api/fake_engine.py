"""The alert engine's end of the MQTT contract, small: what the api may expect of the real one."""

import asyncio
import json
import time
from contextlib import AsyncExitStack, suppress
from typing import Any, Self

import aiomqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from core.settings import BrokerAddress

ROOT = "yiwang/v1"
AT = "2026-05-01T02:03:04Z"


def alert(alert_id: str, seq: int, **fields: Any) -> dict[str, Any]:
    return {
        "alert_id": alert_id,
        "seq": seq,
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
    } | fields


class FakeEngine:
    """Keeps alerts and a journal; `deaf` makes it stop answering."""

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
        self._listening.cancel()
        with suppress(asyncio.CancelledError, aiomqtt.MqttError):
            await self._listening
        with suppress(aiomqtt.MqttError):  # the broker may be gone: that is what tests do to it
            for topic in self._retained:
                await self._client.publish(topic, b"", qos=1, retain=True)
            await self._running.aclose()

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
            "devices_online": 3,
            "sites_total": 2,
            "sites_online": 1,
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
        match request["do"]:
            case "acknowledge":
                key = request["request_id"]
                if key not in self.answers:
                    self.answers[key] = await self._acknowledge(request)
                return self.answers[key]
            case "events_since":
                events = [one for one in self.journal if one["seq"] > request["seq"]]
                events = [one for one in events if one["seq"] >= self.oldest][: request["limit"]]
                return {
                    "ok": True,
                    "events": events,
                    "oldest_seq": self.oldest if self.journal else None,
                    "last_seq": self.last_seq or None,
                }
            case _:
                return {"ok": True, "alerts": list(self.open.values())}

    async def _acknowledge(self, request: dict[str, Any]) -> dict[str, Any]:
        was = self.open.get(request["alert_id"])
        if was is None:
            return _no("not_found", f"There is no open alert {request['alert_id']!r}.")
        if was["acknowledged_by"]:
            return _no("conflict", f"{was['acknowledged_by']} has already taken this alert.")
        taken = {"seq": self.last_seq + 1, "state": "acknowledged", "transition": "acknowledged"}
        taken |= {"acknowledged_by": request["officer"], "acknowledged_at": AT}
        return {"ok": True, "alert": await self.move({**was, **taken})}


def _no(code: str, message: str) -> dict[str, Any]:
    return {"ok": False, "error": {"code": code, "message": message}}
