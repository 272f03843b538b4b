"""Group robots of WeCom, DingTalk and Feishu: they refuse with "200 OK" and say so in the body.

apprise takes any 200 for delivered, so we post to these ourselves; it reads the addresses for us.
"""

from http import HTTPStatus
from typing import Any, Final, NamedTuple

import msgspec

_PASSING: Final = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
_BUSY: Final = frozenset(
    {
        -1,  # WeCom, DingTalk: system busy
        45009,  # WeCom: too many messages in a minute
        45033,  # WeCom: too many at once
        130101,  # DingTalk: sent too fast
        410100,  # DingTalk: sent too fast
        9499,  # Feishu: too many requests
        11232,  # Feishu: frequency limited
        11233,  # Feishu: the same, of the system
    }
)
"""Codes of the providers' documents after which the same message may pass later."""

_WECOM_BYTES: Final = 2048  # of a text, by WeCom's document; a longer one is refused


class Post(NamedTuple):
    """What is posted to a robot; `params` carry the signature where there is one."""

    url: str
    document: dict[str, Any]
    params: dict[str, str]


class Verdict(NamedTuple):
    """What an answer means."""

    sent: bool
    sentence: str
    permanent: bool = False


def post_of(plugin: Any, text: str) -> Post | None:  # noqa: ANN401 - apprise's plugins share no type for this
    """Return what to post; None for a service that is no such robot."""
    kind = type(plugin).__name__
    if kind == "NotifyWeComBot":
        content = _clipped(text, _WECOM_BYTES)
        return Post(plugin.api_url, {"msgtype": "text", "text": {"content": content}}, {})
    if kind == "NotifyDingTalk":
        return _to_dingtalk(plugin, text)
    if kind == "NotifyFeishu":
        url = plugin.notify_url.format(token=plugin.token)
        return Post(url.rstrip("/"), {"msg_type": "text", "content": {"text": text}}, {})
    return None


def judge_status(status: int) -> Verdict:
    """Return what an HTTP status means; of the 4xx only "later" and "too many" may pass later."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Verdict(sent=True, sentence=f"The provider answered {status}.")
    permanent = status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _PASSING
    return Verdict(sent=False, sentence=f"The provider answered {status}.", permanent=permanent)


def judge_answer(status: int, content: bytes) -> Verdict:
    """Return what a robot's answer means: the status first, then the code in the body."""
    verdict = judge_status(status)
    if not verdict.sent:
        return verdict
    code, words = _code(content)
    if code == 0:
        return Verdict(sent=True, sentence="The provider has taken it (code 0).")
    if code is None:
        return Verdict(sent=False, sentence="The provider's answer cannot be read.")
    said = f"The provider refused it: code {code}{f', {words}' if words else ''}."
    return Verdict(sent=False, sentence=said, permanent=code not in _BUSY)


def _clipped(text: str, size: int) -> str:
    """Shorten the text to so many bytes of UTF-8, between two characters."""
    return text.encode()[:size].decode(errors="ignore")


def _to_dingtalk(plugin: Any, text: str) -> Post:  # noqa: ANN401 - the same
    document = {
        "msgtype": "text",
        "text": {"content": text},
        "at": {"atMobiles": plugin.targets, "isAtAll": False},
    }
    params = {}
    if plugin.secret:
        timestamp, signature = plugin.get_signature()
        params = {"timestamp": str(timestamp), "sign": signature}
    return Post(plugin.notify_url.format(token=plugin.token), document, params)


def _code(content: bytes) -> tuple[int | None, str]:
    """Find the code and the words: errcode/errmsg, code/msg, or Feishu's older StatusCode."""
    try:
        answer = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None, ""
    if not isinstance(answer, dict):
        return None, ""
    codes = (answer.get(name) for name in ("errcode", "code", "StatusCode"))
    code = next((each for each in codes if isinstance(each, int)), None)
    words = str(answer.get("errmsg") or answer.get("msg") or "")
    return code, words[:100].rstrip(". \n")
