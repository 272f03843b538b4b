"""An alert as Prometheus Alertmanager tells it to webhooks: payload version 4.

https://prometheus.io/docs/alerting/latest/configuration/#webhook_config names the fields.
"""

from datetime import datetime
from typing import Any, Final

import msgspec

from alerts.board.document import Alert

VERSION: Final = "4"

_NEVER: Final = "0001-01-01T00:00:00Z"  # Go's zero time: it has not ended
_FNV_OFFSET: Final = 14695981039346656037
_FNV_PRIME: Final = 1099511628211
_MASK: Final = (1 << 64) - 1


def payload(alert: Alert, receiver: str, *, resolved: bool) -> dict[str, Any]:
    """Return the payload that tells of one alert: a group of one."""
    status = "resolved" if resolved else "firing"
    labels, annotations = _labels(alert), _annotations(alert)
    group = {"alertname": alert.rule_id}
    return {
        "version": VERSION,
        "groupKey": f'{{}}:{{alertname="{alert.rule_id}"}}',
        "truncatedAlerts": 0,
        "status": status,
        "receiver": receiver,
        "groupLabels": group,
        "commonLabels": labels,
        "commonAnnotations": annotations,
        "externalURL": "",
        "alerts": [
            {
                "status": status,
                "labels": labels,
                "annotations": annotations,
                "startsAt": _time(alert.raised_at),
                "endsAt": _time(alert.cleared_at or alert.updated_at) if resolved else _NEVER,
                "generatorURL": "",
                "fingerprint": fingerprint(labels),
            }
        ],
    }


def body(alert: Alert, receiver: str, *, resolved: bool) -> str:
    """Return the payload as it is posted."""
    return msgspec.json.encode(payload(alert, receiver, resolved=resolved)).decode()


def fingerprint(labels: dict[str, str]) -> str:
    """Return 16 hex digits of the labels, as Prometheus counts them (FNV-1a over the sorted)."""
    total = _FNV_OFFSET
    for name, value in sorted(labels.items()):
        for byte in (*name.encode(), 255, *value.encode(), 255):
            total = ((total ^ byte) * _FNV_PRIME) & _MASK
    return f"{total:016x}"


def _labels(alert: Alert) -> dict[str, str]:
    """Say what the alert is; only what stays the same as long as it is open."""
    known = {
        "alertname": alert.rule_id,
        "alert_id": alert.alert_id,
        "severity": alert.priority,
        "domain": alert.domain,
        "district": alert.district,
        "site_id": alert.site_id or "",
        "device_id": alert.device_id or "",
        "subject": alert.subject,
        "desk_id": alert.desk_id,
        "drill": "true" if alert.drill else "",
    }
    return {name: value for name, value in known.items() if value}


def _annotations(alert: Alert) -> dict[str, str]:
    value = "" if alert.value is None else f"{alert.value:g}"
    known = {
        "summary": alert.title_en,
        "summary_zh": alert.title_zh,
        "description": alert.guidance_en,
        "description_zh": alert.guidance_zh,
        "value": f"{value} {alert.unit or ''}".strip(),
        "about": alert.about or "",
    }
    return {name: said for name, said in known.items() if said}


def _time(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
