"""A provider of OpenID Connect on loopback, with keys of its own. ``claims`` overrides what its ID tokens say."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any
from urllib.parse import parse_qs, urlencode

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route


class OidcProvider:
    """Everybody who comes is logged in as ``email``."""

    def __init__(self, client: str, secret: str) -> None:
        self.url, self.client, self.secret = "", client, secret
        self.email, self.claims = "lan@tinh.example.vn", dict[str, Any]()
        self.key = RSAKey.generate_key(2048, {"kid": "k1"})
        self.signing = self.key
        self._begun: dict[str, dict[str, str]] = {}

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._describe),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/keys", self._keys),
            ]
        )

    async def _describe(self, _request: Request) -> JSONResponse:
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return JSONResponse({"issuer": self.url, **{name: f"{self.url}/{end}" for name, end in ends.items()}})

    async def _keys(self, _request: Request) -> JSONResponse:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    async def _authorize(self, request: Request) -> RedirectResponse:
        asked = dict(request.query_params)
        assert asked["client_id"] == self.client and asked["code_challenge_method"] == "S256" and "openid" in asked["scope"]
        code = f"code-{len(self._begun)}"
        self._begun[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    async def _token(self, request: Request) -> JSONResponse:
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode()).items()}
        given = base64.b64decode(request.headers["authorization"].partition(" ")[2]).decode()
        begun = self._begun.pop(form["code"], None)
        digest = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if begun is None or given != f"{self.client}:{self.secret}" or digest != begun["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.url, "aud": self.client, "sub": "1", "iat": now, "exp": now + 300, "nonce": begun["nonce"]}
        claims |= {"email": self.email, "email_verified": True, **self.claims}
        token = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.signing)
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "id_token": token})
