"""A panel's question to the database; the SDK has no type for PostgreSQL."""

from pathlib import Path
from typing import Final, Literal

from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.common import DataSourceRef

from core.queries import load_queries
from grafana.words import Say

DATASOURCE: Final = DataSourceRef("grafana-postgresql-datasource", "yiwang")
Format = Literal["time_series", "table"]


class PostgresQuery(Dataquery):
    """SQL with Grafana's macros; `format` says whether a column `time` orders the result."""

    def __init__(self, sql: str, form: Format = "table", ref: str = "A") -> None:
        """Ask `sql`, ending without a semicolon."""
        self.sql = sql
        self.form = form
        self.ref = ref

    def to_json(self) -> dict[str, object]:
        """Return what Grafana keeps in a panel's targets."""
        return {
            "refId": self.ref,
            "datasource": DATASOURCE,
            "format": self.form,
            "editorMode": "code",
            "rawQuery": True,
            "rawSql": self.sql,
        }


class Queries:
    """The named statements beside a dashboard: `queries("open_alerts")`.

    `{language}` in a statement becomes zh or en, as in `title_{language}`.
    """

    def __init__(self, dashboard_file: str, say: Say) -> None:
        """Read the `.sql` file that stands beside the dashboard's module."""
        self._known = load_queries(Path(dashboard_file).with_suffix(".sql"))
        self._language = say.language

    def __call__(self, name: str) -> str:
        """Return one statement, ready for a panel; KeyError where there is none."""
        return self._known[name].replace("{language}", self._language).removesuffix(";")
