"""What `python -m grafana push` needs besides the address: secrets, and how Grafana reads us."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from core.settings import DatabaseUrl, config
from grafana.links import CONSOLE_URL


class Settings(BaseSettings):
    """`GRAFANA_*`; secrets also from files of the same name in /run/secrets."""

    model_config = config("GRAFANA_")

    token: Annotated[
        SecretStr | None, Field(description="of a service account with the role Admin")
    ] = None
    username: Annotated[str, Field(description="a sign-in, where there is no token")] = "admin"
    password: Annotated[SecretStr | None, Field(description="the password of that sign-in")] = None
    organization: Annotated[int, Field(ge=1, description="number of the organisation")] = 1
    timeout_s: Annotated[float, Field(ge=1, le=300, description="longest wait for an answer")] = 15
    database: Annotated[
        str, Field(pattern=r"^[^/]+:\d+/\w+$", description="host:port/name as Grafana reaches it")
    ] = "db:5432/yiwang"
    database_password: Annotated[
        SecretStr | None, Field(description="of yiwang_grafana; needed when it is first pushed")
    ] = None
    database_tls: Annotated[
        Literal["disable", "require", "verify-full"], Field(description="as libpq's sslmode")
    ] = "disable"
    console_url: Annotated[str, Field(description="where browsers reach the console")] = CONSOLE_URL
    alerts_from: Annotated[
        DatabaseUrl | None,
        Field(description="postgresql://yiwang_grafana:…@…, read for annotations of alerts"),
    ] = None

    @model_validator(mode="after")
    def _signs_in(self) -> "Settings":
        if self.token is None and self.password is None:
            raise ValueError("GRAFANA_TOKEN is missing (or GRAFANA_USERNAME and GRAFANA_PASSWORD)")
        return self

    @property
    def credential(self) -> str | tuple[str, str]:
        """Return what to sign in with: the token before the password."""
        if self.token is not None:
            return self.token.get_secret_value()
        return self.username, self.password.get_secret_value() if self.password else ""
