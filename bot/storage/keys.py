"""The secret key: what is kept in the database so that the database alone does not tell it.

One secret gives two keys (HKDF, RFC 5869): one encrypts (Fernet: AES-128-CBC with HMAC-SHA-256), one makes pseudonyms (HMAC-SHA-256).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import os
import secrets
import tempfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.storage.errors import SecretMissing

log = logging.getLogger(__name__)

FILE = "secret.key"
SHORTEST = 16
"""Characters of a secret."""


class Unreadable(ValueError):
    """Encrypted with another key, or damaged."""


class Keys:
    """Encrypts and makes pseudonyms."""

    def __init__(self, secret: Callable[[], str]) -> None:
        """``secret`` gives the key (at least 16 characters, the same for all replicas of one database) when it is first needed."""
        self._secret = secret

    @cached_property
    def _keys(self) -> tuple[Fernet, bytes]:
        secret = self._secret()
        if len(secret) < SHORTEST:
            raise SecretMissing(f"Khóa bí mật (BOT_SECRET_KEY) cần ít nhất {SHORTEST} ký tự.")
        return Fernet(base64.urlsafe_b64encode(_derive(secret, b"encryption"))), _derive(secret, b"pseudonyms")

    def check(self) -> None:
        """See that there is a key.

        Raises:
            SecretMissing: there is none that can be used.
            OSError: its file cannot be read or made.
        """
        self.digest("")

    def seal(self, value: Any) -> str:
        """JSON-able ``value``, encrypted."""
        return self._keys[0].encrypt(json.dumps(value, ensure_ascii=False).encode()).decode()

    def open(self, sealed: str) -> Any:
        """Inverse of :meth:`seal`. Plain JSON, as versions before this one wrote it, is read too.

        Raises:
            Unreadable: it is neither.
        """
        try:
            if sealed[:1] in "{[":
                return json.loads(sealed)
            return json.loads(self._keys[0].decrypt(sealed.encode()))
        except (InvalidToken, ValueError) as error:
            raise Unreadable("not readable with this key") from error

    def pseudonym(self, channel: str, key: str) -> str:
        """The same for the same person, and no way back without the key: 32 hexadecimal digits."""
        return self.digest(f"{channel}\0{key}")[:32]

    def digest(self, text: str) -> str:
        """Keyed hash of any text, 64 hexadecimal digits."""
        return hmac.new(self._keys[1], text.encode(), hashlib.sha256).hexdigest()


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, b"hoi-dap-hanh-chinh:" + purpose).derive(secret.encode())


def kept_secret(folder: Path) -> str:
    """The secret in ``folder``, made at the first call. For one machine; replicas on several need a common setting.

    Raises:
        OSError: the folder cannot be written.
        SecretMissing: the file holds no key.
    """
    path = folder / FILE
    folder.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(prefix=f"{FILE}.", dir=folder)  # readable by its owner only
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(32))
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)  # fails where another process was first: both then use that one's
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
        log.info("Đã tạo khóa bí mật %s; sao lưu tệp này cùng cơ sở dữ liệu", path)
    secret = path.read_text(encoding="ascii").strip()
    if len(secret) < SHORTEST:
        raise SecretMissing(f"Tệp khóa bí mật {path} hỏng. Khôi phục từ bản sao lưu, hoặc xóa tệp để tạo khóa mới.")
    return secret
