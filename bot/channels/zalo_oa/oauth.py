"""Zalo's OAuth 4 for Official Accounts: the address an administrator opens, the exchange of its code, and refreshing.

The access token lasts about 25 hours; the refresh token three months, once: each refresh gives a new pair and ends the old one.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import string
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.channels.calling import call
from bot.channels.http import Http

_VERIFIER_LENGTH = 43
_VERIFIER_LETTERS = string.ascii_letters + string.digits
_ASSUMED_SECONDS = 3600.0
"""Where an answer does not say how long a token lasts. Shorter than any known, so that it is refreshed too early and not too late."""


class AuthorisationRefused(RuntimeError):
    """Zalo gave no pair of tokens. Its numbers for this are in no table that was found, so any such answer means the same."""


@dataclass(frozen=True)
class Pair:
    """An access token with the refresh token that replaces it. ``expires``: seconds since 1970."""

    access: str
    refresh: str
    expires: float

    def __repr__(self) -> str:
        return f"Pair(expires={self.expires})"


@dataclass(frozen=True)
class Callback:
    """What Zalo appends to the address it sends the administrator back to."""

    code: str
    oa_id: str | None = None
    state: str | None = None


def new_verifier() -> str:
    """A PKCE verifier: 43 random letters and digits, new for each authorisation."""
    return "".join(secrets.choice(_VERIFIER_LETTERS) for _ in range(_VERIFIER_LENGTH))


def challenge(verifier: str) -> str:
    """The PKCE challenge: base64url of SHA-256, without padding (RFC 7636, as Zalo's own SDK makes it)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def read_callback(pasted: str) -> Callback:
    """The pasted address, or the bare code.

    Raises:
        ValueError: an address without a code.
    """
    pasted = pasted.strip()
    if "?" not in pasted and "=" not in pasted:
        if not pasted or any(c.isspace() for c in pasted):
            raise ValueError("no code")
        return Callback(pasted)
    values = parse_qs(urlsplit(pasted).query or pasted)
    if "code" not in values:
        raise ValueError("no code")
    return Callback(values["code"][0], values.get("oa_id", [None])[0], values.get("state", [None])[0])


class OAuth:
    """The token endpoint. Needs the App Secret, which is not the OA Secret Key that signs events."""

    def __init__(self, http: Http, base_url: str, app_id: str, app_secret: str) -> None:
        self._http, self._base_url = http, base_url.rstrip("/")
        self._app_id, self._app_secret = app_id, app_secret

    def address(self, redirect: str, verifier: str, state: str) -> str:
        """Where the administrator of the account allows the application to act for it."""
        query = {"app_id": self._app_id, "redirect_uri": redirect, "code_challenge": challenge(verifier), "state": state}
        return f"{self._base_url}/v4/oa/permission?{urlencode(query)}"

    async def exchange(self, code: str, verifier: str, now: float) -> Pair:
        """A code (valid ten minutes, once) → tokens. Raises as :meth:`refresh`."""
        return await self._tokens(now, grant_type="authorization_code", code=code, code_verifier=verifier)

    async def refresh(self, refresh_token: str, now: float) -> Pair:
        """A refresh token → the next pair; the old pair is void from then on.

        Raises:
            AuthorisationRefused: the answer holds no pair; the account must be authorised again.
            RetryLater: no usable answer.
        """
        return await self._tokens(now, grant_type="refresh_token", refresh_token=refresh_token)

    async def _tokens(self, now: float, **fields: str) -> Pair:
        _, answer = await call(
            self._http,
            "POST",
            f"{self._base_url}/v4/oa/access_token",
            data={"app_id": self._app_id, **fields},
            headers={"secret_key": self._app_secret},
        )
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
            reason = answer.get("error_description") or answer.get("error_name") or answer.get("message") or ""
            raise AuthorisationRefused(f"{answer.get('error', '?')} {reason}"[:200])
        try:
            lasts = float(str(answer.get("expires_in")))  # comes as a string
        except ValueError:
            lasts = _ASSUMED_SECONDS
        return Pair(access, refresh, now + lasts)
