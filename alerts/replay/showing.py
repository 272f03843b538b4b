"""An outcome for the terminal: the figures first, then the alerts, both languages."""

from collections.abc import Iterator
from typing import Final

from alerts.replay.comparing import FLOOD, Load
from alerts.replay.outcome import Example, Outcome

_LINES: Final = 20
"""Alerts shown of each list; `--json` holds more."""


def table(outcome: Outcome) -> str:
    """Return the outcome as lines of text."""
    return "\n".join(_lines(outcome))


def _lines(outcome: Outcome) -> Iterator[str]:
    counts, load = outcome.counts, outcome.load
    read = ", ".join(f"{number:,} {kind}" for kind, number in outcome.read.items())
    yield f"回放 Replay  {outcome.start:%F %T} … {outcome.end:%F %T} UTC   {read}"
    yield f"规则 Rules   {', '.join(outcome.rule_ids) or '—'}"
    yield ""
    yield f"{'':34}{'原 before':>12}{'新 after':>12}"
    yield f"{'报警 alerts':32}{counts.before:>12}{counts.after:>12}"
    for each in outcome.rules:
        yield f"  {each.rule_id:32.32}{each.before:>12}{each.after:>12}"
    yield from _burden(load.before, load.after)
    yield ""
    yield (
        f"新增 added {counts.added}   消失 removed {counts.removed}   提前 earlier "
        f"{counts.earlier}   推迟 later {counts.later}   不变 unchanged {counts.unchanged}"
    )
    for sign, found, total in (
        ("+", outcome.added, counts.added),
        ("-", outcome.removed, counts.removed),
        ("<", outcome.earlier, counts.earlier),
        (">", outcome.later, counts.later),
    ):
        yield from _examples(sign, found, total)
    for rule_id, why in outcome.not_replayed.items():
        yield f"! {rule_id}: {why}"
    yield f"* {load.others}"
    yield from (f"* {note}" for note in outcome.notes)


def _burden(before: Load, after: Load) -> Iterator[str]:
    yield f"{'每十分钟平均 average per 10 min':26}{before.average:>12.2f}{after.average:>12.2f}"
    yield f"{'峰值 peak in 10 min':32}{before.peak:>12}{after.peak:>12}"
    share = f"超过 {FLOOD} 条的时段 periods over {FLOOD}"
    yield f"{share:28}{before.flooded_pct:>10.2f} %{after.flooded_pct:>10.2f} %"


def _examples(sign: str, found: tuple[Example, ...], total: int) -> Iterator[str]:
    for each in found[:_LINES]:
        by = "" if each.by_s is None else f"  {each.by_s:+.1f} s"
        ended = "…" if each.ended_at is None else f"{each.ended_at:%F %T}"
        yield (
            f"{sign} {each.raised_at:%F %T}  {ended:19}  {each.priority:8}  "
            f"{each.rule_id}  {each.source}{by}"
        )
    if total > _LINES:
        yield f"{sign} … {total - _LINES} more"
