"""How many readings a second the engine judges, each against twenty rules of mixed kinds.

One process, one processor, nothing but the engine's own work: messages are read and judged as the
engine does it, in turns. Reading and judging are timed apart. One value in a hundred is bad.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from alerts.detectors.change import ChangeRule, RateRule
from alerts.detectors.expression import ExpressionRule
from alerts.detectors.implausible import ImplausibleRule
from alerts.detectors.stuck import StuckRule
from alerts.judging.conditions import Conditions
from alerts.judging.rulebook import Rulebook
from alerts.judging.rules import Level, Limit, Rule, ThresholdRule
from alerts.reading import Reader
from bench.crowd import INTERVAL_S, METRICS, crowd
from bench.machine import CpuMeter, describe
from bench.publishing import VALUES, topic_of
from bench.reporting import Result, as_table
from bench.scale import Scale
from core.broker import Delivery
from devices.reading import Report
from devices.registry import Registry, Speaker

TARGET = 20_000.0  # readings a second
RULES_EACH = 20

_BEGIN_MS = 1_790_000_000_000
_BAD_EVERY = 100
_WORDS: dict[str, Any] = {
    "version": 1,
    "title_zh": "测试",
    "title_en": "bench",
    "guidance_zh": "无",
    "guidance_en": "none",
    "owner": "bench",
    "meaning": "bench",
    "consequence": "bench",
}


class Run(NamedTuple):
    """One run: seconds of reading and of judging per reading, and what came of it."""

    reading_s: float
    judging_s: float
    comparing_s: float
    judgements: float
    findings: float


def bench(scale: Scale) -> Result:
    """Judge the same kind of stream several times, each with a fresh engine."""
    meter = CpuMeter()
    registry = crowd(scale.devices)
    laps = scale.pick(quick=20, full=60)
    runs = [_run(registry, laps) for _ in range(scale.runs)]
    print(_table(runs))
    return _result(runs, meter)


def rules() -> list[Rule]:
    """Return twenty rules on each metric, of all kinds that look at values."""
    return [rule for metric in METRICS for rule in _rules_on(metric)]


def _rules_on(metric: str) -> Iterator[Rule]:
    for number in range(12):
        yield _threshold(metric, number)
    moving = (("fast", RateRule, 120), ("slow", RateRule, 600), ("slower", RateRule, 3_600))
    for name, kind, window_s in (*moving, ("far", ChangeRule, 600)):
        yield kind(
            rule_id=f"{metric}-{name}",
            priority="low",
            metric=metric,
            window_s=window_s,
            rising=Limit(80, 40),
            falling=Limit(80, 40),
            **_WORDS,
        )
    for stuck_s in (600, 3_600):
        name = f"{metric}-stuck-{stuck_s}"
        yield StuckRule(rule_id=name, priority="low", metric=metric, stuck_s=stuck_s, **_WORDS)
    yield ImplausibleRule(rule_id=f"{metric}-mad", priority="low", metric=metric, **_WORDS)
    when = f"{metric} > 95 and {METRICS[0]} > 95"
    yield ExpressionRule(rule_id=f"{metric}-both", priority="low", when=when, **_WORDS)


def _threshold(metric: str, number: int) -> ThresholdRule:
    """Return a rule with one side, two sides or levels, with delays or without."""
    limit = 90.0 + number / 2
    levels = (Level(limit, limit - 5, "low"), Level(limit + 5, limit, "medium"))
    return ThresholdRule(
        rule_id=f"{metric}-{number}",
        priority="low",
        metric=metric,
        above=levels if number % 3 == 0 else Limit(limit, limit - 5),
        below=Limit(-20.0 - number, -15.0 - number) if number % 2 else None,
        on_delay_s=30.0 if number % 4 else 0.0,
        off_delay_s=60.0 if number % 4 else 0.0,
        **_WORDS,
    )


def _run(registry: Registry, laps: int) -> Run:
    rulebook = Rulebook(rules())
    conditions = Conditions(late_us=300_000_000, ahead_us=300_000_000)
    conditions.adopt(registry, rulebook.index(registry))
    reader, devices = Reader(None), len(registry.speakers)
    reading_s = judging_s = comparing_s = findings = 0.0
    for lap in range(laps):
        deliveries, now_us = _deliveries(devices, lap)
        began = time.process_time()
        said = [it for each in deliveries if (it := reader.read(each, registry))]
        read = time.process_time()
        for speaker, report in said:
            findings += len(conditions.judge(speaker, report, now_us))
        findings += len(list(conditions.outlast(now_us)))
        judged = time.process_time()
        _compare(said)
        reading_s += read - began
        judging_s += judged - read
        comparing_s += time.process_time() - judged
        conditions.changed = {}
    count = laps * devices * VALUES
    judgements = (conditions.judged + conditions.unjudged) / count
    return Run(
        reading_s / count, judging_s / count, comparing_s / count, judgements, findings / count
    )


def _deliveries(devices: int, lap: int) -> tuple[list[Delivery], int]:
    """Return one message of every device, and the instant at which they are heard."""
    at_ms = _BEGIN_MS + lap * INTERVAL_S * 1_000
    heard_us = at_ms * 1_000 + 50_000
    return [
        Delivery(topic_of(number), _payload(at_ms, number, lap), received_us=heard_us)
        for number in range(devices)
    ], heard_us


def _payload(at_ms: int, number: int, lap: int) -> bytes:
    values = ",".join(
        f'"{metric}":{_value(number * VALUES + place, lap)}' for place, metric in enumerate(METRICS)
    )
    return f'{{"ts":{at_ms},"seq":{lap},"values":{{{values}}}}}'.encode()


def _value(series: int, lap: int) -> float:
    """Return a value that wanders about 20; one in a hundred is bad, one in 2,000 impossible."""
    mixed = (series * 7_919 + lap * 104_729) % 2_000
    if mixed == 0:
        return 400.0
    return 97.5 if mixed % _BAD_EVERY == 1 else 20.0 + mixed / 1_000


def _compare(said: Sequence[tuple[Speaker, Report]]) -> int:
    """Compare every value with twenty limits, and no more: the least that judging could cost."""
    limits = [90.0 + number for number in range(RULES_EACH)]
    return sum(
        value >= limit
        for _, report in said
        for _, _, value, _ in report.readings
        for limit in limits
    )


def _table(runs: Sequence[Run]) -> str:
    head = ["run", "readings/s", "read µs", "judge µs", "20 comparisons µs", "findings/1000"]
    return as_table(
        head,
        [
            [
                str(number),
                1 / (run.reading_s + run.judging_s),
                run.reading_s * 1e6,
                run.judging_s * 1e6,
                run.comparing_s * 1e6,
                run.findings * 1e3,
            ]
            for number, run in enumerate(runs, 1)
        ],
    )


def _result(runs: Sequence[Run], meter: CpuMeter) -> Result:
    middle = Run(*(statistics.median(column) for column in zip(*runs, strict=True)))
    return Result(
        bench="rules",
        value=1 / (middle.reading_s + middle.judging_s),
        unit="1/s",
        target=TARGET,
        yardsticks={
            "comparing_cpu_s_per_reading": middle.comparing_s,
            "reading_alone_per_s": 1 / middle.reading_s,
        },
        figures={
            "reading_s_per_reading": middle.reading_s,
            "judging_s_per_reading": middle.judging_s,
            "judging_alone_per_s": 1 / middle.judging_s,
            "judgements_per_reading": middle.judgements,
            "findings_per_reading": middle.findings,
        },
        machine=describe(meter),
    )
