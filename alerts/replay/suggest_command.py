"""`python -m alerts suggest`: what would make a rule quieter, and how much quieter."""

import argparse
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec
import numpy as np

from alerts.judging.rulebook import Rulebook
from alerts.judging.rules import ThresholdRule
from alerts.replay.history import History, Span, open_history
from alerts.replay.outcome import Outcome
from alerts.replay.replay_command import (
    HistorySettings,
    add_base,
    base_rules,
    bounds_of,
    prepare,
    read_question,
    read_registry,
    span_of,
    telling,
    with_rules,
)
from alerts.replay.replaying import differing
from alerts.replay.running import Selection, Task, compare_rules
from alerts.replay.suggesting import Advice, Series, Side, advise, sides_of
from alerts.rulemaking.wording import read_rule, write_rule
from core.errors import Invalid, NotFound
from core.process import read_settings
from devices.registry import Registry, Speaker

_DEVICES_MOST: Final = 100
"""Devices looked at value by value: those that were beyond the limit in the most hours."""


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """What was found for one rule; `predicted` is a replay of the suggestion over the same time."""

    rule_id: str
    start: datetime
    end: datetime
    devices: int
    looked_at: int
    advice: Advice
    predicted: Outcome | None


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe what the command understands."""
    parser.add_argument("rule_id", help="a threshold rule in force")
    add_base(parser)


def run(options: argparse.Namespace) -> int:
    """Look, replay and print; where it cannot, a sentence and exit code 1."""
    return telling(
        lambda: _suggest(options),
        lambda found: "\n".join(_lines(found)),
        as_json=options.json,
    )


def _suggest(arguments: argparse.Namespace) -> Suggestion:
    prepare(arguments)
    rules = base_rules(arguments, read_question() if arguments.stdin else None)
    rule = _threshold(rules, arguments.rule_id)
    settings = read_settings(HistorySettings)
    span = span_of(arguments)
    selection = Selection(arguments.devices, arguments.domains)
    registry = read_registry(settings.database_url)
    speakers = list(_speakers(rule, registry, selection))
    with open_history(settings.database_url) as history:
        series = list(_series(rule, registry, speakers, history, span))
        advice = _sound(advise(rule, series))
        predicted = None
        if advice.rule is not None:
            change = differing(rules, with_rules(rules, [advice.rule]))
            task = Task(change, span, selection, bounds_of(settings))
            predicted = compare_rules(task, history, registry)
    return Suggestion(
        rule_id=rule.rule_id,
        start=span.start,
        end=span.end,
        devices=len(speakers),
        looked_at=len(series),
        advice=advice,
        predicted=predicted,
    )


def _threshold(rules: Rulebook, rule_id: str) -> ThresholdRule:
    rule = rules.rules.get(rule_id)
    if rule is None:
        raise NotFound(f"There is no rule {rule_id[:64]!r}.")
    if not isinstance(rule, ThresholdRule):
        raise Invalid(
            f"Rule {rule_id} is of the kind {rule.kind}; delays and deadbands are suggested for "
            "thresholds only."
        )
    return rule


def _speakers(rule: ThresholdRule, registry: Registry, selection: Selection) -> Iterator[Speaker]:
    for speaker in registry.speakers.values():
        reports = rule.metric in speaker.metrics
        if reports and rule.selects(speaker.profile) and selection.takes(speaker):
            yield speaker


def _series(
    rule: ThresholdRule, registry: Registry, speakers: list[Speaker], history: History, span: Span
) -> Iterator[Series]:
    """Yield what the devices said that were beyond the limit at all, the worst first."""
    if not speakers:
        return
    metric = registry.metrics[rule.metric].number
    hours: dict[int, int] = {}
    rows = history.hourly(span, [each.number for each in speakers], [metric])
    for device, _, _, _, minimum, maximum in rows:
        if any(_is_beyond(side, minimum, maximum) for side in sides_of(rule)):
            hours[device] = hours.get(device, 0) + 1
    for device in sorted(hours, key=lambda each: (-hours[each], each))[:_DEVICES_MOST]:
        values = np.array(history.values(span, device, [metric]), dtype=float).reshape(-1, 2)
        yield Series(values[:, 0] / 1_000_000, values[:, 1])


def _is_beyond(side: Side, minimum: float, maximum: float) -> bool:
    return side.sign * (maximum if side.sign > 0 else minimum) >= side.limit


def _sound(advice: Advice) -> Advice:
    """Drop a suggestion that would be refused as a rule, and say so."""
    if advice.rule is None:
        return advice
    try:
        read_rule(bytes(write_rule(advice.rule)))
    except Invalid as error:
        return msgspec.structs.replace(advice, rule=None, why=(*advice.why, error.message))
    return advice


def _lines(found: Suggestion) -> Iterator[str]:
    advice = found.advice
    yield f"规则 Rule {found.rule_id}   {found.start:%F %T} … {found.end:%F %T} UTC"
    yield (
        f"超限 excursions {advice.excursions}   短暂 fleeting {advice.fleeting}   "
        f"短间隔 short breaks {advice.short_breaks}   devices {found.looked_at} of {found.devices}"
    )
    yield from (f"* {each}" for each in advice.why)
    if advice.rule is None:
        yield "没有建议 Nothing is suggested."
    if found.predicted is not None:
        counts = found.predicted.counts
        share = 100 * (1 - counts.after / counts.before) if counts.before else 0.0
        yield (
            f"预计 predicted: {counts.before} -> {counts.after} alerts ({-share:+.0f} %), "
            f"{counts.later} later"
        )
