"""What the api is told by its environment."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from api.people import Role
from core.settings import BrokerUrl, DatabaseUrl, config

DemoUsers = dict[str, tuple[Role, SecretStr]]
Seconds = Annotated[int, Field(ge=60, le=7 * 86_400)]


class Settings(BaseSettings):
    """`API_*`: addresses, secrets, and how long a sign-in lasts."""

    model_config = config("API_")

    broker_url: BrokerUrl
    database_url: DatabaseUrl
    state_dir: Path = Field(description="private folder: the copies that outlive a restart")
    broker_access_dir: Path = Field(description="where the broker reads its passwords and rights")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8000, ge=0, le=65535, description="port to listen on; 0 = any free one")
    secret_key: SecretStr = Field(min_length=32, description="signs the tokens")
    instance: str = Field(
        "main", pattern=r"^[a-z0-9-]{1,32}$", description="name in its heartbeat's topic"
    )
    session_s: Seconds = Field(12 * 3600, description="how long a sign-in lasts, seconds")
    stream_listeners: int = Field(500, ge=1, le=10_000, description="open live streams at most")
    report_font: Path | None = Field(
        None, description="TrueType file with Chinese and Latin letters; without it no PDF reports"
    )
    map_file: Path | None = Field(
        None,
        description="streets and waters for the map, GeoJSON (`simulators city --geojson`)",
    )
    tiles_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s;,'\"]+$",
        description="raster tiles under the map, with {z}/{x}/{y}; fetched by the page",
    )
    tiles_attribution: str = Field("", max_length=200, description="whose tiles they are")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def session_for(self) -> timedelta:
        """Return how long a sign-in lasts."""
        return timedelta(seconds=self.session_s)


class PrepareSettings(Settings):
    """The same, with the demo's people: only `python -m api prepare` reads their passwords."""

    demo_users: DemoUsers = Field({}, description='{"username": ["role", "password"]}')
