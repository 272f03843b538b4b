"""What may be asked about rules that are not switched on yet."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from alerts.replay.jobs import Jobs
from alerts.requests import Command, Handlers, Name, Query
from alerts.rulemaking.wording import read_rule

Days = Annotated[float, Meta(gt=0, le=366)]


class ReplayRule(Command, frozen=True, tag="replay_rule"):
    """Somebody wants to know what a rule would have done in the last `days`."""

    rule: msgspec.Raw
    days: Days = 7


class Suggest(Command, frozen=True, tag="suggest"):
    """Somebody wants a better deadband and delay for a rule, from the last `days`."""

    rule_id: Name
    days: Days = 7


class JobQuery(Query, frozen=True, tag="job"):
    """Somebody wants to know how far it is."""

    job_id: Name


class ReplayCommands:
    """Answers from the line of jobs."""

    def __init__(self, jobs: Jobs) -> None:
        """Put into this line."""
        self._jobs = jobs

    def handlers(self) -> Handlers:
        """Return what is done for each kind of request."""
        return {ReplayRule: self.replay_rule, Suggest: self.suggest, JobQuery: self.job}

    def replay_rule(self, asked: ReplayRule, _now: datetime) -> dict[str, object]:
        """Put a replay in line; Invalid names what is wrong with the rule."""
        document = bytes(asked.rule)
        rule = read_rule(document, version=1)
        return {"job_id": self._jobs.replay(rule.rule_id, document, asked.days, asked.officer)}

    def suggest(self, asked: Suggest, _now: datetime) -> dict[str, object]:
        """Put a search in line."""
        return {"job_id": self._jobs.suggest(asked.rule_id, asked.days, asked.officer)}

    def job(self, asked: JobQuery, _now: datetime) -> dict[str, object]:
        """Answer with the job as it stands."""
        job = self._jobs.job(asked.job_id)
        is_waiting = job.state == "waiting"
        state = "running" if is_waiting else job.state
        return {**msgspec.structs.asdict(job), "state": state, "waiting": is_waiting}
