"""Look at each thing, and send what is missing or different: data source first, playlist last."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from core.errors import Invalid
from grafana.push.comparing import Outcome, Step, difference, holds, without_bookkeeping
from grafana.push.reaching import Grafana
from grafana.push.settings import Settings
from grafana.push.wanted import Object, Wanted

_FILE: Final = "it comes from a file there"
_MESSAGE: Final = "python -m grafana push"


class Push:
    """One push to one Grafana; a dry one reads and sends nothing."""

    def __init__(self, grafana: Grafana, settings: Settings, *, dry: bool) -> None:
        """Get ready."""
        self._grafana = grafana
        self._settings = settings
        self._dry = dry

    async def everything(self, wanted: Wanted) -> AsyncIterator[Step]:
        """Bring all of it up to date, yielding thing by thing."""
        yield await self.datasource(wanted.datasource)
        yield await self.folder(wanted.folder)
        for uid, dashboard in wanted.dashboards.items():
            yield await self.dashboard(uid, dashboard, wanted.folder["uid"])
        yield await self.account(wanted.account)

    async def datasource(self, wanted: Object) -> Step:
        """Create it with its password, or change it; a password that is set is not read."""
        found = await self._grafana.get(f"/datasources/uid/{wanted['uid']}")
        if found and found.get("readOnly"):
            return Step("data source", wanted["name"], Outcome.LEFT, _FILE)
        has_password = bool(found and found.get("secureJsonFields", {}).get("password"))
        if has_password and holds(found, wanted):
            return Step("data source", wanted["name"], Outcome.UNCHANGED)
        if not has_password and self._settings.database_password is None:
            raise Invalid("GRAFANA_DATABASE_PASSWORD is missing: the data source has none yet.")
        if not self._dry:
            await self._put_datasource(found, wanted)
        return _step("data source", wanted["name"], found, wanted)

    async def _put_datasource(self, found: Object | None, wanted: Object) -> None:
        secret = self._settings.database_password
        secrets = {"secureJsonData": {"password": secret.get_secret_value()}} if secret else {}
        if found is None:
            await self._grafana.send("POST", "/datasources", {**wanted, **secrets})
        else:
            path = f"/datasources/uid/{wanted['uid']}"
            await self._grafana.send("PUT", path, {**wanted, **secrets})

    async def folder(self, wanted: Object) -> Step:
        """Create it, or give it back its title."""
        found = await self._grafana.get(f"/folders/{wanted['uid']}")
        if found and holds(found, wanted):
            return Step("folder", wanted["title"], Outcome.UNCHANGED)
        if not self._dry:
            if found is None:
                await self._grafana.send("POST", "/folders", wanted)
            else:
                title = {"title": wanted["title"], "overwrite": True}
                await self._grafana.send("PUT", f"/folders/{wanted['uid']}", title)
        return _step("folder", wanted["title"], found, wanted)

    async def dashboard(self, uid: str, wanted: Object, folder_uid: str) -> Step:
        """Create or overwrite it; a dashboard that somebody has moved comes back."""
        answer = await self._grafana.get(f"/dashboards/uid/{uid}") or {}
        meta: Mapping[str, Any] = answer.get("meta", {})
        if meta.get("provisioned"):
            return Step("dashboard", wanted["title"], Outcome.LEFT, _FILE)
        plain = without_bookkeeping(wanted)
        found = answer.get("dashboard")
        moved = bool(found) and meta.get("folderUid") != folder_uid
        if found and not moved and holds(found, plain):
            return Step("dashboard", wanted["title"], Outcome.UNCHANGED)
        if not self._dry:
            body = {"dashboard": plain, "folderUid": folder_uid, "overwrite": True}
            await self._grafana.send("POST", "/dashboards/db", {**body, "message": _MESSAGE})
        step = _step("dashboard", wanted["title"], found, plain)
        return step._replace(why="it had been moved") if moved else step

    async def account(self, wanted: Object) -> Step:
        """Create the service account of the wall, or make it a viewer again; its token is apart."""
        found = await self._account(wanted["name"])
        if found and holds(found, wanted):
            return Step("service account", wanted["name"], Outcome.UNCHANGED)
        if not self._dry:
            if found is None:
                await self._grafana.send("POST", "/serviceaccounts", wanted)
            else:
                await self._grafana.send("PATCH", f"/serviceaccounts/{found['id']}", wanted)
        return _step("service account", wanted["name"], found, wanted)

    async def token(self, account: str, name: str) -> str:
        """Issue a token for the wall's account and return it: Grafana shows it this once."""
        found = await self._account(account)
        if found is None:
            raise Invalid(f"There is no service account {account!r} yet; push without a dry run.")
        path = f"/serviceaccounts/{found['id']}/tokens"
        answer = await self._grafana.send("POST", path, {"name": name})
        return str(answer["key"])

    async def _account(self, name: str) -> Object | None:
        answer = await self._grafana.get(f"/serviceaccounts/search?perpage=100&query={name}")
        accounts: list[Object] = (answer or {}).get("serviceAccounts", [])
        return next((each for each in accounts if each["name"] == name), None)


def _step(kind: str, name: str, found: Object | None, wanted: Object) -> Step:
    outcome = Outcome.CHANGED if found else Outcome.CREATED
    return Step(kind, name, outcome, diff=difference(name, found, wanted))
