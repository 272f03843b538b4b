"""What every program's settings share: addresses as URLs, frozen, bounded, secrets kept secret."""

from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr
from pydantic_settings import SettingsConfigDict

_SECRETS_DIR = Path("/run/secrets")


def config(prefix: str) -> SettingsConfigDict:
    """Return the settings rules of one program: its prefix, `__` between levels, file secrets."""
    return SettingsConfigDict(
        env_prefix=prefix,
        env_nested_delimiter="__",
        frozen=True,
        extra="ignore",
        secrets_dir=_SECRETS_DIR if _SECRETS_DIR.is_dir() else None,
    )


class BrokerAddress(BaseModel):
    """Where the broker is and who we are there; never printed with its password."""

    model_config = ConfigDict(frozen=True)

    host: str
    port: int = Field(ge=1, le=65535)
    username: str
    password: SecretStr


def parse_broker_url(url: str) -> BrokerAddress:
    """Read `mqtt://user:password@host:port`; ValueError says what is missing."""
    parts = urlsplit(url)
    if parts.scheme != "mqtt" or not parts.hostname or not parts.username:
        raise ValueError("a broker URL reads mqtt://user:password@host:port")
    return BrokerAddress(
        host=parts.hostname,
        port=parts.port or 1883,
        username=unquote(parts.username),
        password=SecretStr(unquote(parts.password or "")),
    )


def _checked(url: SecretStr) -> SecretStr:
    parse_broker_url(url.get_secret_value())
    return url


BrokerUrl = Annotated[
    SecretStr,
    AfterValidator(_checked),
    Field(description="mqtt://user:password@host:port of the broker"),
]
DatabaseUrl = Annotated[
    SecretStr,
    Field(description="postgresql://user:password@host:port/name of TimescaleDB"),
]
MetricsPort = Annotated[
    int, Field(ge=0, le=65535, description="port of the Prometheus page on loopback; 0 = none")
]
