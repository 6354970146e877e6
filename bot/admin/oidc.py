"""Logging in with an account of the office: OpenID Connect, authorization code with PKCE (RFC 7636), through authlib.

The session's cookie is "strict", so it does not come with a request that another site has sent the browser to. What is remembered
between leaving and coming back is therefore a cookie of its own, "lax", encrypted and short-lived; and the last step is a page of
ours that leads on, instead of a redirect.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.admin.gate import Gate, Stopped, is_private, read_form
from bot.admin.options import OidcOptions
from bot.admin.tools import Tools
from bot.storage.keys import Unreadable
from config.console import how_to_install
from config.settings import WrongSettings

log = logging.getLogger(__name__)

COOKIE = "staff-oidc"
BACK = "/admin/oidc/back"
SECONDS = 600
"""Within which somebody must come back."""
TIMEOUT = 10.0
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key pair of the provider; nothing that is signed with a shared secret, or not at all."""
_FAILED = "Không đăng nhập được bằng tài khoản cơ quan. Thử lại; nếu vẫn không được, báo người vận hành xem nhật ký."
_NOT_STAFF = "Tài khoản này không có trong danh sách được vào trang cán bộ."


class NotProven(Exception):
    """The provider did not prove who somebody is; the text says why, for the log."""


class Provider:
    """One provider of OpenID Connect."""

    def __init__(self, options: OidcOptions) -> None:
        """
        Raises:
            WrongSettings: authlib, which is not part of every installation, is missing.
        """
        try:
            from authlib.integrations.httpx_client import AsyncOAuth2Client
        except ImportError as error:
            raise WrongSettings([f"BOT_ADMIN_OIDC_ISSUER: thiếu gói authlib; {how_to_install('oidc')}"]) from error
        self._options = options
        self._client: Any = AsyncOAuth2Client

    @asynccontextmanager
    async def _talking(self) -> AsyncIterator[Any]:
        """A session with the provider. Whatever goes wrong in it (which of the HTTP libraries authlib uses depends on its version)
        means that nothing was proven."""
        o = self._options
        session = self._client(
            o.client_id,
            o.client_secret,
            scope="openid email",
            redirect_uri=o.public_url + BACK,
            code_challenge_method="S256",
            timeout=TIMEOUT,
            follow_redirects=False,
        )
        try:
            async with session:
                yield session
        except NotProven:
            raise
        except Exception as error:
            raise NotProven(f"{type(error).__name__} while talking to the provider") from error

    async def _metadata(self, session: Any) -> Mapping[str, Any]:
        """The provider's description (OpenID Connect Discovery 1.0); its addresses are those of the issuer that was set."""
        found = await _json(session, f"{self._options.issuer}/.well-known/openid-configuration")
        if str(found.get("issuer", "")).rstrip("/") != self._options.issuer:
            raise NotProven("the description is of another issuer")
        return found

    async def begin(self) -> tuple[str, dict[str, Any]]:
        """Where to send the browser, and what to remember until it comes back."""
        kept: dict[str, Any] = {name: secrets.token_urlsafe(48) for name in ("state", "nonce", "verifier")}
        async with self._talking() as session:
            metadata = await self._metadata(session)
            url, _ = session.create_authorization_url(
                metadata["authorization_endpoint"], state=kept["state"], code_verifier=kept["verifier"], nonce=kept["nonce"]
            )
        return str(url), {**kept, "until": time.time() + SECONDS}

    async def finish(self, kept: Mapping[str, Any], state: str, code: str) -> tuple[str, str]:
        """Who it is: the e-mail address in lower case, empty where the provider has not verified it, and the provider's own id.

        Raises:
            NotProven: whatever does not fit.
        """
        if time.time() > kept["until"] or not hmac.compare_digest(kept["state"].encode(), state.encode()):
            raise NotProven("not the log-in that was begun here, or too late")
        async with self._talking() as session:
            metadata = await self._metadata(session)
            token = await session.fetch_token(metadata["token_endpoint"], code=code, code_verifier=kept["verifier"])
            keys = await _json(session, metadata["jwks_uri"])
        claims = _claims(str(token.get("id_token", "")), keys, str(metadata["issuer"]), self._options.client_id, kept["nonce"])
        verified = claims.get("email_verified") is True
        return str(claims.get("email", "")).lower() if verified else "", str(claims["sub"])


async def _json(session: Any, url: str) -> dict[str, Any]:
    response = await session.request("GET", url, withhold_token=True)
    if response.status_code != 200:
        raise NotProven(f"status {response.status_code} from the provider")
    found = response.json()
    if not isinstance(found, dict):
        raise NotProven("the provider gave something else than an object")
    return found


def _claims(token: str, keys: Any, issuer: str, client: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token whose signature, issuer, audience, times and nonce are right (OpenID Connect Core 1.0, 3.1.3.7)."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    needed = {name: {"essential": True} for name in ("exp", "iat", "sub")}
    fixed = {"iss": issuer, "aud": client, "nonce": nonce}
    wanted: dict[str, Any] = {**needed, **{name: {"essential": True, "value": value} for name, value in fixed.items()}}
    registry = jwt.JWTClaimsRegistry(leeway=60, **wanted)
    try:
        decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=list(ALGORITHMS))
        registry.validate(decoded.claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NotProven(f"ID token: {type(error).__name__}") from error
    claims: dict[str, Any] = decoded.claims
    if claims.get("azp", client) != client:
        raise NotProven("ID token: for another application")
    return claims


def make_oidc(tools: Tools, gate: Gate, options: OidcOptions, router: APIRouter) -> None:
    """Adds the two steps to ``router``, the one that is open to all."""
    provider, keys = Provider(options), tools.storage.keys

    @router.post("/oidc")
    async def begin(request: Request) -> Response:
        form = await read_form(request)
        token = form.get("csrf")
        if not isinstance(token, str) or not gate.form_is_ours(request, token):
            raise Stopped(403)
        try:
            url, kept = await provider.begin()
        except NotProven as error:
            raise _failed(error) from error
        response = tools.pages.page("onward", visit=None, url=url)
        secure = not is_private(request)
        response.set_cookie(COOKIE, keys.seal(kept), max_age=SECONDS, path="/admin/oidc", httponly=True, secure=secure, samesite="lax")
        return response

    @router.get("/oidc/back")
    async def come_back(request: Request) -> Response:
        state, code = (request.query_params.get(name, "") for name in ("state", "code"))
        try:
            kept = keys.open(request.cookies.get(COOKIE, ""))
            name = options.name_of(*await provider.finish(kept, state, code))
        except (Unreadable, NotProven) as error:
            raise _failed(error) from error
        if name is None:
            await tools.storage.audit.add("?", "login_failed", details={"how": "oidc"})
            raise Stopped(403, _NOT_STAFF)
        response: Response = tools.pages.page("onward", visit=None, url="/admin")
        response.delete_cookie(COOKIE, path="/admin/oidc")
        await gate.open(request, response, name, "oidc")
        return response


def _failed(error: Exception) -> Stopped:
    log.error("Đăng nhập OIDC không thành: %s", error if isinstance(error, NotProven) else "no log-in was begun by this browser")
    return Stopped(502, _FAILED)
