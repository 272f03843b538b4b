import json

import pytest

from alerts.notices.bots import judge_answer, judge_status, post_of
from alerts.notices.sending import harmless


@pytest.mark.parametrize(
    ("answer", "sent", "permanent"),
    [
        pytest.param({"errcode": 0, "errmsg": "ok"}, True, False, id="wecom-takes-it"),
        pytest.param({"errcode": 93000, "errmsg": "bad"}, False, True, id="wecom-knows-no-key"),
        pytest.param({"errcode": 45009}, False, False, id="wecom-too-many"),
        pytest.param({"errcode": 310000}, False, True, id="dingtalk-wrong-sign"),
        pytest.param({"code": 0, "msg": "success"}, True, False, id="feishu-takes-it"),
        pytest.param({"StatusCode": 0, "StatusMessage": "ok"}, True, False, id="feishu-before"),
        pytest.param({"code": 19001, "msg": "param invalid"}, False, True, id="feishu-no-token"),
        pytest.param({"code": 11232}, False, False, id="feishu-too-many"),
        pytest.param({}, False, False, id="no-code-at-all"),
        pytest.param([], False, False, id="no-object"),
    ],
)
def test_a_robot_says_no_in_the_body(answer: object, sent: bool, permanent: bool) -> None:
    verdict = judge_answer(200, json.dumps(answer).encode())

    assert (verdict.sent, verdict.permanent) == (sent, permanent)
    assert verdict.sentence.endswith(".")


@pytest.mark.parametrize(
    ("status", "sent", "permanent"),
    [
        (200, True, False),
        (204, True, False),
        (301, False, True),
        (400, False, True),
        (404, False, True),
        (408, False, False),
        (429, False, False),
        (500, False, False),
        (503, False, False),
    ],
)
def test_a_status_says_whether_trying_again_has_a_point(
    status: int, sent: bool, permanent: bool
) -> None:
    verdict = judge_status(status)

    assert (verdict.sent, verdict.permanent) == (sent, permanent)


def test_a_sentence_holds_no_part_of_the_address() -> None:
    url = "dingtalk://secret12345@tokentokentoken/13800001111"
    said = "code 1, token tokentokentoken of secret12345 for 13800001111 is wrong"

    assert harmless(said, url) == "code 1, token … of … for … is wrong"


def test_a_text_for_wecom_is_no_longer_than_it_takes() -> None:
    plugin = type("NotifyWeComBot", (), {"api_url": "http://localhost"})()

    post = post_of(plugin, "警" * 1000)

    assert post is not None
    assert post.document["text"]["content"] == "警" * 682
