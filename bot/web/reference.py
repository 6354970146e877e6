"""The description of the REST API: ``/openapi.json`` for programs and ``/docs`` for people, without any script or foreign host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, select_autoescape

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def operations(description: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The operations of an OpenAPI description, ready to be shown: method, path, words, parameters, and what comes back."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            done = operation["responses"].get("200") or operation["responses"].get("204") or {}
            answer = done.get("content", {}).get("application/json", {}).get("schema", {})
            yield {
                "id": operation["operationId"],
                "method": method.upper(),
                "path": path,
                "summary": operation.get("summary", ""),
                "description": operation.get("description", ""),
                "parameters": operation.get("parameters", []),
                "body": _name(body),
                "answer": _name(answer),
            }


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema.get("$ref", "")).rpartition("/")[2]


def kind(schema: Mapping[str, Any]) -> str:
    """A property's type in short: ``string``, ``list of ItemObject``, ``string or null``."""
    if "$ref" in schema:
        return _name(schema)
    if "anyOf" in schema:
        return " or ".join(kind(s) for s in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {kind(schema.get('items', {}))}"
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    return str(schema.get("type", "any"))


def make_reference(app: FastAPI) -> APIRouter:
    """The two addresses over the routes of ``app`` that have a description."""
    router = APIRouter(include_in_schema=False)
    environment = Environment(autoescape=select_autoescape(default=True), trim_blocks=True, lstrip_blocks=True)
    environment.filters["kind"] = kind
    template = environment.from_string((resources.files("bot.web") / "templates" / "reference.html").read_text(encoding="utf-8"))

    @router.get("/openapi.json")
    async def description() -> JSONResponse:
        return JSONResponse(app.openapi())

    @router.get("/docs")
    async def page() -> HTMLResponse:
        described = app.openapi()
        html = template.render(operations=list(operations(described)), schemas=described.get("components", {}).get("schemas", {}))
        return HTMLResponse(html, headers={"Content-Security-Policy": POLICY})

    return router
