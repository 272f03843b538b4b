import msgspec
import pytest

from alerts.notices import templates
from tests.unit.alerts.people.staffing import acknowledged, alert, at, cleared


def test_a_short_notice_says_what_where_when_and_how_much() -> None:
    text = templates.about_alert(alert(), "raised", "zh", "short")

    assert text.subject == "告警（紧急）：温度过高"
    assert text.body == "对象：unit / d1；时间：09-21 22:13:20；数值：61.5 °C（限值 50）；编号：a1"


def test_a_long_notice_tells_what_to_do() -> None:
    text = templates.about_alert(alert(), "escalated", "en", "long")

    assert text.subject == "Escalated (critical): Too hot"
    assert text.body.splitlines()[-1] == "To do: Send somebody"
    assert "Waiting: since 09-21 22:13:20" in text.body


def test_both_clocks_are_told_where_they_differ() -> None:
    late = msgspec.structs.replace(alert(), late=True, detected_at=at(1020))

    assert "22:13:20 发生，09-21 22:30:20 获知" in (
        templates.about_alert(late, "raised", "zh", "short").body
    )
    assert "known at 09-21 22:30:20" in templates.about_alert(late, "raised", "en", "long").body


@pytest.mark.parametrize(("language", "mark"), [("zh", "【演练】"), ("en", "[DRILL]")])
@pytest.mark.parametrize("purpose", ["raised", "escalated", "reminder", "returned", "cleared"])
def test_a_drill_says_so_first(language: str, mark: str, purpose: str) -> None:
    text = templates.about_alert(alert(drill=True), purpose, language, "short")  # type: ignore[arg-type]

    assert text.subject.startswith(mark)


def test_the_end_says_when_and_who_had_taken_it() -> None:
    over = cleared(acknowledged(alert(), 10), 60)

    text = templates.about_alert(over, "cleared", "zh", "long")

    assert "解除：09-21 22:14:20" in text.body
    assert "受理人：zhao" in text.body
    assert "处置指引" not in text.body


def test_a_short_body_stays_short() -> None:
    wordy = msgspec.structs.replace(alert(), about="x" * 500)

    assert len(templates.about_alert(wordy, "raised", "en", "short").body) == 200


def test_a_long_summary_counts_what_it_does_not_list() -> None:
    text = templates.summary([f"告警 {number}" for number in range(40)], "zh")

    assert text.subject == "汇总：40 条告警消息"
    assert text.body.splitlines()[0] == "1. 告警 0"
    assert text.body.splitlines()[-1] == "另有 25 条，见值班台。"
