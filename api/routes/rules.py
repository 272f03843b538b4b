"""The rules alerts come from: drafted by one supervisor, put in force by another."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Header, Path, Request, Response
from msgspec import Meta

from api.alert import Priority
from api.authentication import Viewer
from api.bounds import Identifier, Reason
from api.documents import Document, read_body, read_named, shows, takes
from api.engine import Content
from api.errors import documented
from api.orders import SupervisorOrders
from api.paging import Page
from api.parts import Running
from core.errors import Invalid

router = APIRouter(
    prefix="/rules",
    tags=["rules"],
    responses=documented("unauthenticated", "invalid", "unavailable"),
)

RuleId = Annotated[str, Path(max_length=64, examples=["water_low"])]
Seen = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=20,
        description="the ETag of the rule you have changed; none for a new rule",
        examples=['"3"'],
    ),
]
Sentence = Annotated[str, Meta(min_length=1, max_length=500)]
_CHANGING = documented("forbidden", "not_found", "conflict")


class RuleDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What every rule says; the fields of its kind stand beside these (docs/alerts.md).

    The version is given out, not chosen.
    """

    rule_id: Identifier
    kind: Annotated[str, Meta(max_length=64, examples=["threshold"])]
    priority: Priority
    title_zh: Sentence
    title_en: Sentence
    guidance_zh: Sentence
    guidance_en: Sentence
    owner: Sentence
    meaning: Sentence
    consequence: Sentence
    latching: bool = False
    life_safety: bool = False
    domains: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()


class VersionShown(msgspec.Struct, frozen=True, kw_only=True):
    """One wording of a rule."""

    version: int
    rule: dict[str, object]
    author: str
    written_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None


class RetirementShown(msgspec.Struct, frozen=True, kw_only=True):
    """Who switched a rule off, when and why."""

    officer: str
    at: datetime
    reason: str


class RuleShown(msgspec.Struct, frozen=True, kw_only=True):
    """A rule: what is in force, where it comes from, and what waits for review.

    `shipped_version` above `version`: a newer wording came with the program, and an edited one
    stands in its way.
    """

    rule_id: str
    status: Literal["active", "draft", "retired", "discarded"]
    version: int | None
    rule: dict[str, object] | None
    source: Literal["shipped", "edited"] | None
    author: str | None
    approved_by: str | None
    approved_at: datetime | None
    shipped_version: int | None
    draft: VersionShown | None
    retired: RetirementShown | None


class RuleWithVersions(RuleShown, frozen=True, kw_only=True):
    """A rule with what it was before, the newest first."""

    versions: list[VersionShown]


class Approval(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The version of the draft that was read; it is put in force, and nothing else."""

    version: Annotated[int, Meta(ge=1)]


class Retirement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a rule is switched off."""

    reason: Reason


EXAMPLE = {
    "rule_id": "water_low",
    "kind": "threshold",
    "priority": "high",
    "title_zh": "消防水压低",
    "title_en": "Fire water pressure is low",
    "guidance_zh": "通知单位检查稳压泵。",
    "guidance_en": "Have the unit check its pumps.",
    "owner": "消防支队",
    "meaning": "The network has too little pressure to fight a fire.",
    "consequence": "Hydrants and sprinklers fail.",
    "metric": "pressure_mpa",
    "below": {"limit": 0.1, "clear_at": 0.14},
    "on_delay_s": 60,
}


@router.get("", summary="Rules, by id", responses=shows(Page[RuleShown]))
async def list_rules(parts: Running, _user: Viewer) -> Response:
    """List every rule there is or was, with the draft that waits for review."""
    found: list[msgspec.Raw] = []
    after = ""
    while True:
        content = await parts.engine.ask("rules", after=after)
        page = msgspec.json.decode(content["rules"], type=list[msgspec.Raw])
        found += page
        if not page or not int(bytes(content.get("left_out", b"0"))):
            return Document(Page(found))
        after = msgspec.json.decode(page[-1], type=dict[str, Any])["rule_id"]


@router.get(
    "/{rule_id}",
    summary="One rule and its versions",
    responses=shows(RuleWithVersions) | documented("not_found"),
)
async def show_rule(rule_id: RuleId, parts: Running, _user: Viewer) -> Response:
    """Return a rule; the answer's ETag is what a change of it must name as If-Match."""
    content = await parts.engine.ask("rule", rule_id=rule_id)
    rule = msgspec.json.decode(content["rule"], type=dict[str, Any])
    return _answer(rule | {"versions": msgspec.json.decode(content["versions"])})


@router.put(
    "/{rule_id}",
    summary="Draft a rule",
    responses=shows(RuleShown, "Filed as a draft.") | _CHANGING,
    openapi_extra=takes(RuleDocument, example=EXAMPLE),
)
async def put_rule(
    rule_id: RuleId, orders: SupervisorOrders, request: Request, if_match: Seen = None
) -> Response:
    """File a new wording; nothing is judged by it until another supervisor has approved it.

    409 tells who changed the rule since, or that a life-safety rule would be weakened.
    """
    rule = await read_named(request, RuleDocument, rule_id=rule_id)
    content = await orders.carry_out(
        "put_rule",
        deed="rule.draft",
        subject=rule_id,
        rule=rule,
        expected_version=_version(if_match),
    )
    return _rule(content)


@router.post(
    "/{rule_id}/approval",
    summary="Put a draft in force",
    status_code=201,
    responses=shows(RuleShown, "In force.", status=201) | _CHANGING,
    openapi_extra=takes(Approval, example={"version": 4}),
)
async def approve(rule_id: RuleId, orders: SupervisorOrders, request: Request) -> Response:
    """Approve somebody else's draft: four eyes, 409 for one's own. It counts at once."""
    asked = await read_body(request, Approval)
    content = await orders.carry_out(
        "approve_rule",
        deed="rule.approve",
        subject=rule_id,
        rule_id=rule_id,
        version=asked.version,
    )
    return _rule(content, 201)


@router.post(
    "/{rule_id}/retirement",
    summary="Switch a rule off",
    status_code=201,
    responses=shows(RuleShown, "Switched off.", status=201) | _CHANGING,
    openapi_extra=takes(Retirement, example={"reason": "设备已全部更换。"}),
)
async def retire(rule_id: RuleId, orders: SupervisorOrders, request: Request) -> Response:
    """Switch it off until a new version is approved; a life-safety rule never is."""
    asked = await read_body(request, Retirement)
    content = await orders.carry_out(
        "retire_rule", deed="rule.retire", subject=rule_id, rule_id=rule_id, reason=asked.reason
    )
    return _rule(content, 201)


@router.delete(
    "/{rule_id}/draft",
    summary="Throw a draft away",
    responses=shows(RuleShown, "Thrown away.") | _CHANGING,
)
async def discard(rule_id: RuleId, orders: SupervisorOrders) -> Response:
    """Forget the draft; what is in force stays."""
    content = await orders.carry_out(
        "discard_draft", deed="rule.discard", subject=rule_id, rule_id=rule_id
    )
    return _rule(content)


def _rule(content: Content, status: int = 200) -> Response:
    return _answer(msgspec.json.decode(content["rule"], type=dict[str, Any]), status)


def _answer(rule: dict[str, Any], status: int = 200) -> Response:
    """Answer with a rule under the tag of its newest wording."""
    before: list[dict[str, Any]] = rule.get("versions", [])
    newest = (
        (rule["draft"] or {}).get("version")
        or rule["version"]
        or next((each["version"] for each in before), rule["shipped_version"])
    )
    return Document(rule, status, headers={"ETag": f'"{newest}"'} if newest else None)


def _version(tag: str | None) -> int | None:
    """Read an ETag back as the version it stands for."""
    if tag is None:
        return None
    number = tag.removeprefix("W/").strip('"')
    if not number.isdecimal():
        raise Invalid(f"If-Match is the ETag of a rule, a version in quotes, not {tag!r}.")
    return int(number)
