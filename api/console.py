"""Our own page: built files, under every address the page itself knows how to show."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILT = Path(__file__).parent.parent / "console" / "built"

_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"


class Console(StaticFiles):
    """Serves `console/built`; an address without a dot is a room of the page."""

    def __init__(self) -> None:
        """Serve the committed build."""
        super().__init__(directory=BUILT, html=True, check_dir=False)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return a file, or the page itself; what is named after its content may be kept."""
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code != 404 or not _is_room(path):
                raise
            response = await super().get_response("index.html", scope)
        kept = path.startswith("assets/")
        response.headers["Cache-Control"] = _FOR_EVER if kept else _ASK_AGAIN
        return response


def _is_room(path: str) -> bool:
    return "." not in path.rpartition("/")[2] and not path.startswith(("api/", "assets/"))
