"""What the alert engine is told by its environment; what is bad stands in the rules, not here."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_settings import BaseSettings

from alerts.judging.rulebook import SHIPPED
from core.settings import BrokerUrl, DatabaseUrl, MetricsPort, config

Seconds = Annotated[float, Field(gt=0, le=86_400)]


class Limits(BaseModel):
    """What counts as late, and as lost; in seconds."""

    model_config = ConfigDict(frozen=True)

    late_s: Seconds = Field(300, description="values older than this on arrival are history only")
    ahead_s: Seconds = Field(300, description="a device's clock further ahead is not believed")
    farewell_s: Seconds = Field(5, description="time to come back after a last will")
    stale_s: Seconds = Field(15, description="silence of an ingester or the broker that is a loss")
    lag_s: Seconds = Field(300, description="an ingester's oldest unwritten data that is a loss")
    longest_shelf_h: float = Field(12, gt=0, le=72, description="how long a shelf lasts at most")


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


class Settings(BaseSettings):
    """`ALERTS_*`: addresses, the folder of the journal, the rules, the limits."""

    model_config = config("ALERTS_")

    broker_url: BrokerUrl
    database_url: DatabaseUrl
    state_dir: Path = Field(description="private folder of the journal, on a local disk")
    rules_dir: Path = Field(SHIPPED, description="folder of the rule files (*.toml)")
    channels_file: Annotated[Path | None, BeforeValidator(_none_if_empty)] = Field(
        None, description="secret file (mode 0600) of the ways to reach people; none: console only"
    )
    metrics_port: MetricsPort = 0
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    window: int = Field(
        2000, ge=10, le=65_535, description="messages in hand, not yet acknowledged, at most"
    )
    limits: Limits = Limits()
