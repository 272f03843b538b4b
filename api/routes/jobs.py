"""Before a rule is switched on: what it would have done, and what would make it quieter."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Path, Request, Response
from msgspec import Meta

from api.authentication import Viewer
from api.documents import Document, read_body, shows, takes
from api.errors import documented
from api.orders import SupervisorOrders
from api.parts import Parts, Running
from api.routes.rules import RuleId
from core.errors import Invalid, NotFound

router = APIRouter(
    tags=["rules"], responses=documented("unauthenticated", "invalid", "unavailable")
)

JobId = Annotated[str, Path(max_length=128)]
Days = Annotated[int, Meta(ge=1, le=366)]
_ORDERED = documented("forbidden", "not_found", "conflict")


class Replay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Over how many days of history, and which wording: the draft, else the rule in force."""

    days: Days = 7
    rule: dict[str, object] | None = None


class Suggestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Over how many days of history."""

    days: Days = 30


class JobOrdered(msgspec.Struct, frozen=True, kw_only=True):
    """Work that has begun; ask for it by this id."""

    job_id: str


class JobShown(msgspec.Struct, frozen=True, kw_only=True):
    """How the work stands: `result` once it is done, or the `reason` why it failed.

    One job is worked on at a time; the others are `waiting`. A restart of the engine forgets all.
    """

    job_id: str
    kind: Literal["replay", "suggest"]
    rule_id: str
    officer: str
    state: Literal["running", "done", "failed"]
    waiting: bool
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    result: dict[str, object] | None
    reason: str | None


@router.post(
    "/rules/{rule_id}/replay",
    summary="Try a rule on history",
    status_code=202,
    responses=shows(JobOrdered, "Begun.", status=202) | _ORDERED,
    openapi_extra=takes(Replay, example={"days": 7}),
)
async def replay(
    rule_id: RuleId, parts: Running, orders: SupervisorOrders, request: Request
) -> Response:
    """Run a rule over stored history: alerts added, removed, earlier, later, and the load."""
    asked = await read_body(request, Replay)
    rule = asked.rule or await _wording(parts, rule_id)
    if rule.get("rule_id") != rule_id:
        raise Invalid(f"The path names {rule_id!r}, the rule {rule.get('rule_id')!r}.")
    content = await orders.carry_out(
        "replay_rule", deed="rule.replay", subject=rule_id, rule=rule, days=asked.days
    )
    return Document(content, 202)


@router.post(
    "/rules/{rule_id}/suggestion",
    summary="Have deadband and delay suggested",
    status_code=202,
    responses=shows(JobOrdered, "Begun.", status=202) | _ORDERED,
    openapi_extra=takes(Suggestion, example={"days": 30}),
)
async def suggest(rule_id: RuleId, orders: SupervisorOrders, request: Request) -> Response:
    """Work out from history which deadband and delays would have kept a rule from chattering."""
    asked = await read_body(request, Suggestion)
    content = await orders.carry_out(
        "suggest", deed="rule.suggest", subject=rule_id, rule_id=rule_id, days=asked.days
    )
    return Document(content, 202)


@router.get(
    "/jobs/{job_id}",
    summary="How a job stands",
    responses=shows(JobShown) | documented("not_found"),
)
async def show_job(job_id: JobId, parts: Running, _user: Viewer) -> Response:
    """Return whether a replay or a suggestion is still running, and what came of it."""
    return Document(await parts.engine.ask("job", job_id=job_id))


async def _wording(parts: Parts, rule_id: str) -> dict[str, object]:
    """Return the draft of a rule, or else what is in force."""
    content = await parts.engine.ask("rule", rule_id=rule_id)
    rule = msgspec.json.decode(content["rule"], type=dict[str, Any])
    wording: dict[str, object] | None = (rule["draft"] or rule)["rule"]
    if wording is None:
        raise NotFound(f"Rule {rule_id!r} is retired and has no draft; send the rule to try.")
    return wording
