"""A small Grafana on a real socket that keeps what it is given, and says no as Grafana does."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Json = Any
Reply = tuple[int, Json]

TOKEN = "glsa_right"
NEW_PLAYLISTS = "/apis/playlist.grafana.app/v1/namespaces/default/playlists"
MISSING: Reply = (404, {"message": "not found"})


class FakeGrafana:
    """Its state, as the tests look at it and spoil it."""

    def __init__(self, version: str = "12.4.3") -> None:
        self.version = version
        self.datasources: dict[str, Json] = {}
        self.folders: dict[str, Json] = {}
        self.dashboards: dict[str, Json] = {}
        self.playlists: dict[str, Json] = {}
        self.new_playlists: dict[str, Json] = {}
        self.accounts: list[Json] = []
        self.tokens: list[Json] = []
        self.annotations: list[Json] = []
        self.writes: list[str] = []
        self.forbidden: str | None = None
        self.garbled = False
        self.url = ""

    def answer(self, method: str, target: str, token: str | None, body: Json) -> Reply:
        path = urlsplit(target).path
        if path == "/api/health":
            return 200, {"version": self.version, "database": "ok"}
        if token != f"Bearer {TOKEN}":
            return 401, {"message": "Invalid API key"}
        if self.forbidden and path.startswith(self.forbidden):
            return 403, {"message": "Access denied"}
        if method != "GET":
            self.writes.append(f"{method} {path}")
        for pattern, answer in ROUTES:
            if found := re.fullmatch(pattern, f"{method} {path}"):
                return answer(self, found.groups(), body, parse_qs(urlsplit(target).query))
        return MISSING

    # ---- data sources

    def get_datasource(self, names: Any, _body: Json, _query: Any) -> Reply:
        found = self.datasources.get(names[0])
        if found is None:
            return MISSING
        shown = {name: value for name, value in found.items() if name != "secureJsonData"}
        set_now = dict.fromkeys(found.get("secureJsonData", {}), True)
        return 200, {**shown, "secureJsonFields": set_now, "readOnly": found.get("readOnly", False)}

    def put_datasource(self, names: Any, body: Json, _query: Any) -> Reply:
        uid = names[0] if names else body["uid"]
        if not names and uid in self.datasources:
            return 409, {"message": "data source with the same uid already exists"}
        kept = self.datasources.get(uid, {}).get("secureJsonData", {})
        secrets = {**kept, **body.get("secureJsonData", {})}
        self.datasources[uid] = {"id": 1, "version": 1, **body, "secureJsonData": secrets}
        return 200, {"message": "Datasource added"}

    # ---- folders and dashboards

    def get_folder(self, names: Any, _body: Json, _query: Any) -> Reply:
        found = self.folders.get(names[0])
        return (200, found) if found else MISSING

    def put_folder(self, names: Any, body: Json, _query: Any) -> Reply:
        uid = names[0] if names else body["uid"]
        self.folders[uid] = {"id": 7, "version": 1, "uid": uid, "title": body["title"]}
        return 200, self.folders[uid]

    def get_dashboard(self, names: Any, _body: Json, _query: Any) -> Reply:
        found = self.dashboards.get(names[0])
        return (200, found) if found else MISSING

    def put_dashboard(self, _names: Any, body: Json, _query: Any) -> Reply:
        uid, folder = body["dashboard"]["uid"], body["folderUid"]
        if folder not in self.folders:
            return 400, {"message": "folder not found"}
        before = self.dashboards.get(uid, {"dashboard": {"version": 0}})
        if before.get("meta", {}).get("provisioned"):
            return 400, {"message": "Cannot save provisioned dashboard"}
        version = before["dashboard"]["version"] + 1
        kept = {"annotations": {"list": []}, **body["dashboard"], "id": 40, "version": version}
        self.dashboards[uid] = {"dashboard": kept, "meta": {"folderUid": folder}}
        return 200, {"uid": uid, "version": version, "status": "success"}

    # ---- playlists

    def list_playlists(self, _names: Any, _body: Json, _query: Any) -> Reply:
        heads = ("uid", "name", "interval")
        return 200, [{key: each[key] for key in heads} for each in self.playlists.values()]

    def get_playlist(self, names: Any, _body: Json, _query: Any) -> Reply:
        found = self.playlists.get(names[0])
        return (200, found) if found else MISSING

    def put_playlist(self, names: Any, body: Json, _query: Any) -> Reply:
        uid = names[0] if names else f"p{len(self.playlists) + 1}"
        items = [{**each, "title": each["value"]} for each in body["items"]]
        self.playlists[uid] = {**body, "uid": uid, "items": items}
        return 200, self.playlists[uid]

    def list_new_playlists(self, _names: Any, _body: Json, _query: Any) -> Reply:
        if int(self.version.split(".")[0]) < 13:
            return MISSING
        return 200, {"kind": "PlaylistList", "items": list(self.new_playlists.values())}

    def get_new_playlist(self, names: Any, _body: Json, _query: Any) -> Reply:
        found = self.new_playlists.get(names[0])
        return (200, found) if found else MISSING

    def put_new_playlist(self, names: Any, body: Json, _query: Any) -> Reply:
        uid = body["metadata"]["name"]
        before = self.new_playlists.get(uid)
        said = body["metadata"].get("resourceVersion")
        if names and (before is None or before["metadata"]["resourceVersion"] != said):
            return 409, {"message": "the object has been modified"}
        number = int(before["metadata"]["resourceVersion"]) + 1 if before else 1
        kept = deepcopy(body)
        kept["metadata"]["resourceVersion"] = str(number)
        self.new_playlists[uid] = kept
        return 200, kept

    # ---- the wall's account, annotations

    def search_accounts(self, _names: Any, _body: Json, query: Any) -> Reply:
        wanted = query.get("query", [""])[0]
        found = [each for each in self.accounts if wanted in each["name"]]
        return 200, {"totalCount": len(found), "serviceAccounts": found}

    def add_account(self, _names: Any, body: Json, _query: Any) -> Reply:
        self.accounts.append({"id": len(self.accounts) + 1, "tokens": 0, **body})
        return 201, self.accounts[-1]

    def change_account(self, names: Any, body: Json, _query: Any) -> Reply:
        self.accounts[int(names[0]) - 1].update(body)
        return 200, {"message": "Service account updated"}

    def add_token(self, names: Any, body: Json, _query: Any) -> Reply:
        self.tokens.append((int(names[0]), body["name"]))
        return 200, {"id": len(self.tokens), "name": body["name"], "key": "glsa_wall"}

    def find_annotations(self, _names: Any, _body: Json, query: Any) -> Reply:
        since, tag = int(query["from"][0]), query["tags"][0]
        return 200, [
            each for each in self.annotations if tag in each["tags"] and each["time"] >= since
        ]

    def add_annotation(self, _names: Any, body: Json, _query: Any) -> Reply:
        number = len(self.annotations) + 1
        self.annotations.append({"id": number, "timeEnd": body["time"], **body})
        return 200, {"id": number, "message": "Annotation added"}

    def change_annotation(self, names: Any, body: Json, _query: Any) -> Reply:
        self.annotations[int(names[0]) - 1].update(body)
        return 200, {"message": "Annotation patched"}


Route = tuple[str, Callable[[FakeGrafana, Any, Json, Any], Reply]]
ROUTES: tuple[Route, ...] = (
    (r"GET /api/org", lambda *_: (200, {"id": 1, "name": "Main Org."})),
    (r"GET /api/datasources/uid/([\w-]+)", FakeGrafana.get_datasource),
    (r"POST /api/datasources", FakeGrafana.put_datasource),
    (r"PUT /api/datasources/uid/([\w-]+)", FakeGrafana.put_datasource),
    (r"GET /api/folders/([\w-]+)", FakeGrafana.get_folder),
    (r"POST /api/folders", FakeGrafana.put_folder),
    (r"PUT /api/folders/([\w-]+)", FakeGrafana.put_folder),
    (r"GET /api/dashboards/uid/([\w-]+)", FakeGrafana.get_dashboard),
    (r"POST /api/dashboards/db", FakeGrafana.put_dashboard),
    (r"GET /api/playlists", FakeGrafana.list_playlists),
    (r"GET /api/playlists/([\w-]+)", FakeGrafana.get_playlist),
    (r"POST /api/playlists", FakeGrafana.put_playlist),
    (r"PUT /api/playlists/([\w-]+)", FakeGrafana.put_playlist),
    (rf"GET {NEW_PLAYLISTS}", FakeGrafana.list_new_playlists),
    (rf"GET {NEW_PLAYLISTS}/([\w-]+)", FakeGrafana.get_new_playlist),
    (rf"POST {NEW_PLAYLISTS}", FakeGrafana.put_new_playlist),
    (rf"PUT {NEW_PLAYLISTS}/([\w-]+)", FakeGrafana.put_new_playlist),
    (r"GET /api/serviceaccounts/search", FakeGrafana.search_accounts),
    (r"POST /api/serviceaccounts/?", FakeGrafana.add_account),
    (r"PATCH /api/serviceaccounts/(\d+)", FakeGrafana.change_account),
    (r"POST /api/serviceaccounts/(\d+)/tokens", FakeGrafana.add_token),
    (r"GET /api/annotations", FakeGrafana.find_annotations),
    (r"POST /api/annotations", FakeGrafana.add_annotation),
    (r"PATCH /api/annotations/(\d+)", FakeGrafana.change_annotation),
)


@contextmanager
def serving(fake: FakeGrafana) -> Iterator[FakeGrafana]:
    """Let it listen on a free port for a while."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            status, reply = fake.answer(
                self.command, self.path, self.headers.get("Authorization"), body
            )
            text = (
                b"<html>not what you look for</html>"
                if fake.garbled
                else json.dumps(reply).encode()
            )
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if fake.garbled else "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_PATCH = handle_any  # noqa: N815 - the names of http.server

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
