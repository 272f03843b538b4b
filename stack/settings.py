"""What the environment may say about the stack: ports, and how `migrate` reaches the database."""

from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from core.settings import DatabaseUrl, config
from stack.addresses import Ports

Port = Annotated[int, Field(ge=1, le=65535)]


class PortSettings(BaseSettings):
    """`YIWANG_*_PORT`: where the demo listens, all on loopback."""

    model_config = config("YIWANG_")

    mqtt_port: Port = Field(1883, description="the broker, MQTT")
    database_port: Port = Field(5433, description="the database; 5432 is often taken")
    api_port: Port = Field(8000, description="the page and the API")
    ingest_metrics_port: Port = Field(9101, description="ingest's Prometheus page")
    alerts_metrics_port: Port = Field(9102, description="the alert engine's Prometheus page")

    def ports(self) -> Ports:
        """Return them by program."""
        return Ports(
            mqtt=self.mqtt_port,
            database=self.database_port,
            api=self.api_port,
            ingest_metrics=self.ingest_metrics_port,
            alerts_metrics=self.alerts_metrics_port,
        )


class MigrateSettings(BaseSettings):
    """`MIGRATE_*`: the superuser's way in, and the passwords the login roles shall have."""

    model_config = config("MIGRATE_")

    database_url: DatabaseUrl
    database: str = Field("yiwang", description="the database to create and bring up to date")
    owner_password: SecretStr = Field(description="of yiwang_owner, who owns every table")
    ingest_password: SecretStr = Field(description="of yiwang_ingest")
    alerts_password: SecretStr = Field(description="of yiwang_alerts")
    api_password: SecretStr = Field(description="of yiwang_api")
    grafana_password: SecretStr = Field(description="of yiwang_grafana, who only reads")
