"""A score for people (a table) and for machines (one JSON line)."""

from collections.abc import Iterator, Sequence

import msgspec

from simulators.scoring import Finding, Score, Verdict

_HEAD = ("label", "what", "expected", "verdict", "delay s", "allowed s", "double")


def table(score: Score) -> str:
    """Write the findings in columns, the false alerts below."""
    rows = [_HEAD, *(_row(finding) for finding in score.findings)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*lines, *_false_lines(score)])


def _row(finding: Finding) -> tuple[str, ...]:
    expected = finding.expected
    return (
        finding.label.label,
        finding.label.what,
        f"{expected.kind or 'any'} {expected.subject or ''}".strip(),
        finding.verdict,
        "-" if finding.delay_s is None else f"{finding.delay_s:.1f}",
        f"{expected.within_s:g}",
        str(finding.doubles),
    )


def _false_lines(score: Score) -> Iterator[str]:
    yield f"false alerts: {len(score.false)}"
    for alert in score.false:
        where = alert.device_id or alert.site_id
        yield f"  {alert.raised_at:%H:%M:%S} {alert.kind} {alert.subject} {where}"


def json_line(name: str, score: Score) -> str:
    """Write the score as one line: totals first, then every finding."""
    document = {
        "scenario": name,
        "perfect": score.is_perfect,
        **_totals(score.findings),
        "false": len(score.false),
        "double": sum(finding.doubles for finding in score.findings),
        "findings": [
            {
                "label": finding.label.label,
                "what": finding.label.what,
                "kind": finding.expected.kind,
                "subject": finding.expected.subject,
                "verdict": finding.verdict,
                "delay_s": finding.delay_s,
                "within_s": finding.expected.within_s,
                "double": finding.doubles,
            }
            for finding in score.findings
        ],
    }
    return msgspec.json.encode(document).decode()


def _totals(findings: Sequence[Finding]) -> dict[str, object]:
    required = [finding for finding in findings if finding.expected.required]
    return {
        "expected": len(required),
        "detected": sum(finding.verdict is Verdict.DETECTED for finding in required),
        "late": sum(finding.verdict is Verdict.LATE for finding in required),
        "missed": sum(finding.verdict is Verdict.MISSED for finding in required),
    }
