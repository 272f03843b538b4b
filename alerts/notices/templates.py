"""What a notice says: Chinese and English, a line for a telephone, a page for a mailbox."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from alerts.board.document import Alert
from alerts.notices.channels import Form
from alerts.notices.notice import Language, Purpose

CITY: Final = ZoneInfo("Asia/Shanghai")

_DRILL: Final[dict[Language, str]] = {"zh": "【演练】", "en": "[DRILL] "}
_HEADS: Final[dict[Language, dict[str, str]]] = {
    "zh": {
        "raised": "告警",
        "escalated": "升级告警",
        "reminder": "催办",
        "returned": "恢复待确认",
        "cleared": "告警解除",
        "assigned": "指派给您",
    },
    "en": {
        "raised": "Alert",
        "escalated": "Escalated",
        "reminder": "Reminder",
        "returned": "Back to normal, not acknowledged",
        "cleared": "Cleared",
        "assigned": "Assigned to you",
    },
}
_PRIORITIES: Final[dict[Language, dict[str, str]]] = {
    "zh": {"critical": "紧急", "high": "重要", "medium": "一般", "low": "提示"},
    "en": {"critical": "critical", "high": "high", "medium": "medium", "low": "low"},
}
_LATE: Final = timedelta(seconds=60)
_SHORT: Final = 200  # characters of a short body; three parts of an SMS in Chinese
_LISTED: Final = 15  # subjects in a summary; the rest is a number


class Text(NamedTuple):
    """A subject of one line, and what stands below it."""

    subject: str
    body: str


def about_alert(alert: Alert, purpose: Purpose, language: Language, form: Form) -> Text:
    """Tell of an alert; a drill says so first of all."""
    zh = language == "zh"
    title = alert.title_zh if zh else alert.title_en
    head = _HEADS[language][purpose]
    drill = _DRILL[language] if alert.drill else ""
    priority = _PRIORITIES[language][alert.priority]
    subject = (
        f"{drill}{head}（{priority}）：{title}" if zh else f"{drill}{head} ({priority}): {title}"
    )
    lines = _facts(alert, purpose, language)
    if form == "short":
        return Text(subject, _clipped(("；" if zh else "; ").join(lines)))
    guidance = alert.guidance_zh if zh else alert.guidance_en
    advice = (
        [] if purpose == "cleared" else [f"处置指引：{guidance}" if zh else f"To do: {guidance}"]
    )
    return Text(subject, "\n".join([*lines, *advice]))


def about_check(desk: str, until: datetime, language: Language) -> Text:
    """Ask whether somebody is there (查岗)."""
    at = _at(until)
    if language == "zh":
        return Text(f"查岗：{desk}", f"请于 {at} 前在系统中应答。")
    return Text(f"Duty check: {desk}", f"Please answer in the system by {at}.")


def about_missed_check(desk: str, missed: list[str], language: Language) -> Text:
    """Tell a supervisor who did not answer."""
    if language == "zh":
        return Text(f"查岗未应答：{desk}", f"未应答人员：{'、'.join(missed)}。")
    return Text(f"Duty check missed: {desk}", f"No answer from: {', '.join(missed)}.")


def about_overdue_shift(
    desk: str, officers: tuple[str, ...], ended: datetime, language: Language
) -> Text:
    """Tell that a shift is over and nobody has taken over."""
    at = _at(ended)
    if language == "zh":
        who = "、".join(officers)
        return Text(f"未交接班：{desk}", f"班次已于 {at} 结束，{who} 尚未交班。")
    who = ", ".join(officers)
    return Text(f"No hand-over: {desk}", f"The shift ended at {at}; {who} have not handed over.")


def summary(subjects: list[str], language: Language, *, drill: bool = False) -> Text:
    """Gather what a channel's rate would not let out one by one."""
    count = len(subjects)
    mark = _DRILL[language] if drill else ""
    lines = [f"{number}. {each}" for number, each in enumerate(subjects[:_LISTED], 1)]
    if (more := count - len(lines)) > 0:
        lines.append(f"另有 {more} 条，见值班台。" if language == "zh" else f"And {more} more.")
    body = "\n".join(lines)
    if language == "zh":
        return Text(f"{mark}汇总：{count} 条告警消息", body)
    return Text(f"{mark}Summary: {count} messages about alerts", body)


def _facts(alert: Alert, purpose: Purpose, language: Language) -> list[str]:
    zh = language == "zh"
    facts = [(("对象", "About"), _what(alert)), (("时间", "Time"), _when(alert, zh=zh))]
    if alert.value is not None:
        facts.append((("数值", "Value"), _measured(alert, zh=zh)))
    if purpose in ("escalated", "reminder"):
        facts.append((("等待", "Waiting"), _waited(alert, zh=zh)))
    if purpose == "cleared" and alert.cleared_at:
        facts.append((("解除", "Cleared at"), _at(alert.cleared_at)))
    if alert.acknowledged_by:
        facts.append((("受理人", "Taken by"), alert.acknowledged_by))
    facts.append((("编号", "No."), alert.alert_id))
    return [f"{names[0]}：{said}" if zh else f"{names[1]}: {said}" for names, said in facts]


def _what(alert: Alert) -> str:
    about = f" {alert.about}" if alert.about else ""
    parts = (alert.site_id, alert.device_id)
    return (" / ".join(part for part in parts if part) or alert.domain) + about


def _when(alert: Alert, *, zh: bool) -> str:
    """Say when it happened, and when we knew if that was later (two clocks)."""
    happened = _at(alert.raised_at)
    if not alert.late and abs(alert.detected_at - alert.raised_at) < _LATE:
        return happened
    known = _at(alert.detected_at)
    return f"{happened} 发生，{known} 获知" if zh else f"{happened}, known at {known}"


def _waited(alert: Alert, *, zh: bool) -> str:
    """Say since when the alert waits."""
    return f"{_at(alert.detected_at)} 起" if zh else f"since {_at(alert.detected_at)}"


def _measured(alert: Alert, *, zh: bool) -> str:
    unit = f" {alert.unit}" if alert.unit else ""
    if alert.limit is None:
        return f"{alert.value:g}{unit}"
    limit = f"（限值 {alert.limit:g}）" if zh else f" (limit {alert.limit:g})"
    return f"{alert.value:g}{unit}{limit}"


def _at(instant: datetime) -> str:
    return f"{instant.astimezone(CITY):%m-%d %H:%M:%S}"


def _clipped(text: str) -> str:
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"
