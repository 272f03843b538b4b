"""Where the simulated city speaks to, and who it is there: `SIMULATORS_*`."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AnyHttpUrl, Field, SecretStr
from pydantic_settings import BaseSettings

from core.settings import BrokerAddress, BrokerUrl, config, parse_broker_url


class Settings(BaseSettings):
    """The simulators' wiring; what the city does is said on the command line."""

    model_config = config("SIMULATORS_")

    broker_url: BrokerUrl
    api_url: Annotated[AnyHttpUrl, Field(description="http://host:port of the api")]
    api_username: Annotated[str, Field(description="a sign-in that may import sites and devices")]
    api_password: Annotated[SecretStr, Field(description="the password of that sign-in")]
    state_dir: Annotated[Path, Field(description="folder for sequence numbers, books and truths")]
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def broker(self) -> BrokerAddress:
        """Return the broker's address in parts."""
        return parse_broker_url(self.broker_url.get_secret_value())
