"""What the ingester needs to know before it starts; `INGEST_*` in the environment."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic_settings import BaseSettings

from core.settings import BrokerUrl, DatabaseUrl, MetricsPort, config

District = Annotated[str, StringConstraints(pattern=r"^([0-9]{6}|\+)$")]
ShardName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,32}$")]


class Batching(BaseModel):
    """A batch is full, or its time is up."""

    model_config = ConfigDict(frozen=True)

    size: int = Field(6000, ge=1, le=30_000, description="messages in one transaction at most")
    wait_s: float = Field(0.1, gt=0, le=5, description="longest wait for a batch to fill")


class TimeLimits(BaseModel):
    """Which device clocks are believed (design.md 5)."""

    model_config = ConfigDict(frozen=True)

    ahead: timedelta = Field(
        timedelta(minutes=5), gt=timedelta(0), description="further ahead: the clock is wrong"
    )
    late: timedelta = Field(
        timedelta(minutes=5), gt=timedelta(0), description="further behind: marked as late"
    )
    oldest: timedelta = Field(
        timedelta(days=366), gt=timedelta(0), description="further behind: quarantined"
    )


class Spooling(BaseModel):
    """How the disk stands in while the database is away."""

    model_config = ConfigDict(frozen=True)

    wait_s: float = Field(1.0, gt=0, le=10, description="longest wait for a spool file to fill")
    keep_free_bytes: int = Field(
        1 << 30, ge=0, description="disk space never taken; below it the broker's queue holds"
    )


class Settings(BaseSettings):
    """One ingester: its shard of the topics, its parts, its limits."""

    model_config = config("INGEST_")

    broker_url: BrokerUrl
    database_url: DatabaseUrl
    state_dir: Path = Field(description="private folder for the spool")
    metrics_port: MetricsPort = 0
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    shard: ShardName = Field("all", description="name of the shard; also of the MQTT session")
    districts: tuple[District, ...] = Field(
        ("+",), min_length=1, description="six-digit districts of this shard; + is all"
    )
    batching: Batching = Batching()
    time: TimeLimits = TimeLimits()
    spooling: Spooling = Spooling()
    drain_within_s: float = Field(15, gt=0, le=300, description="time to finish on SIGTERM, in s")
