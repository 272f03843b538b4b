"""The wall's playlist: by the newer API where Grafana has it (13), by the older one before (12)."""

from typing import Any, Final

from grafana.push.comparing import Outcome, Step, difference, holds
from grafana.push.reaching import Grafana
from grafana.push.wanted import Object

_GROUP: Final = "playlist.grafana.app/v1"


async def put_playlist(grafana: Grafana, uid: str, wanted: Object, *, dry: bool) -> Step:
    """Create or change the playlist that has this name."""
    path = f"/{_GROUP}/namespaces/{grafana.namespace}/playlists"
    listed = await grafana.get(path, newer=True)
    if isinstance(listed, dict) and "items" in listed:
        return await _newer(grafana, path, uid, wanted, dry=dry)
    return await _older(grafana, wanted, dry=dry)


async def _newer(grafana: Grafana, path: str, uid: str, wanted: Object, *, dry: bool) -> Step:
    spec = {"title": wanted["name"], "interval": wanted["interval"], "items": wanted["items"]}
    found = await grafana.get(f"{path}/{uid}", newer=True)
    if found and holds(found["spec"], spec):
        return Step("playlist", wanted["name"], Outcome.UNCHANGED)
    body: dict[str, Any] = {
        "apiVersion": _GROUP,
        "kind": "Playlist",
        "metadata": {"name": uid, "namespace": grafana.namespace},
        "spec": spec,
    }
    if not dry and found is None:
        await grafana.send("POST", path, body, newer=True)
    elif not dry and found:
        body["metadata"]["resourceVersion"] = found["metadata"]["resourceVersion"]
        await grafana.send("PUT", f"{path}/{uid}", body, newer=True)
    return _step(wanted, found["spec"] if found else None, spec)


async def _older(grafana: Grafana, wanted: Object, *, dry: bool) -> Step:
    """Look for it by its name: here Grafana chooses the uid."""
    listed = await grafana.get("/playlists") or []
    known = next((each for each in listed if each["name"] == wanted["name"]), None)
    found = await grafana.get(f"/playlists/{known['uid']}") if known else None
    if found and holds(found, wanted):
        return Step("playlist", wanted["name"], Outcome.UNCHANGED)
    if not dry and found is None:
        await grafana.send("POST", "/playlists", wanted)
    elif not dry and known:
        await grafana.send("PUT", f"/playlists/{known['uid']}", wanted)
    return _step(wanted, found, wanted)


def _step(wanted: Object, found: Object | None, form: Object) -> Step:
    outcome = Outcome.CHANGED if found else Outcome.CREATED
    diff = difference(wanted["name"], found, form)
    return Step("playlist", wanted["name"], outcome, diff=diff)
