"""The outlines of the grid for walls that cannot sign in: Grafana's maps are drawn by browsers."""

import hashlib

from fastapi import APIRouter, Request, Response

from api import ground
from api.parts import Running

router = APIRouter(prefix="/map", tags=["map"])

_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=300",
}


@router.get(
    "/outlines.geojson",
    summary="Outlines of the grid, without signing in",
    response_class=Response,
    responses={200: {"description": "GeoJSON.", "content": {"application/geo+json": {}}}},
)
async def map_outlines(parts: Running, request: Request) -> Response:
    """Return the administrative grid's outlines and names; no site, no device."""
    body = ground.outlines(parts.registry.now.content.grids)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**_HEADERS, "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/geo+json", headers=headers)
