"""Holding answers against the OpenAPI document."""

import re
from typing import Any

import httpx
import jsonschema


def check(document: dict[str, Any], method: str, path: str, answer: httpx.Response) -> None:
    """Fail unless the document describes this route and this very answer of it."""
    routes = [known for known in document["paths"] if _fits(known, f"/api/v1{path}")]
    exact = min(routes, key=lambda route: route.count("{"))
    described = document["paths"][exact][method.lower()]["responses"][str(answer.status_code)]
    schema = described["content"]["application/json"]["schema"]
    whole = {"components": document["components"], **schema}
    jsonschema.Draft202012Validator(whole).validate(answer.json())


def _fits(route: str, path: str) -> bool:
    return re.fullmatch(re.sub(r"{[^}]+}", "[^/]+", route), path) is not None
