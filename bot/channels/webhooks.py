"""Where chat services deliver events: beside the web application, not inside it.

What people's browsers need (sizes, origins, rates by address) does not fit servers that deliver for everybody; each route checks its
own secret and its own size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

PREFIX = "/webhook"


class WithWebhooks:
    """ASGI: paths that begin with :data:`PREFIX` go to the channels' routes, all others to the web application."""

    def __init__(self, web: ASGIApp, routes: Sequence[Route], around: Callable[[ASGIApp], ASGIApp] = lambda app: app) -> None:
        """``around``: puts a layer around the channels' routes, which finds the route in the scope as it does with the web
        application's."""
        self._web, self._webhooks = web, around(Router(routes))
        self._routes = {route.path: route for route in routes}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        delivered = scope["type"] == "http" and scope["path"].startswith(PREFIX)
        if delivered and scope["path"] in self._routes:
            scope["route"] = self._routes[scope["path"]]
        await (self._webhooks if delivered else self._web)(scope, receive, send)
