"""What values of settings must look like, where several settings share it."""

from __future__ import annotations

import re

from pydantic import SecretStr

ADDRESS = r"^https?://[^\s/?#]+(/\S*)?$"
"""Where a server is: scheme, host, perhaps a port and a path."""


def printable(value: SecretStr | None, shortest: int = 1, longest: int = 4096) -> SecretStr | None:
    """A secret as services hand them out and as fits into a header: ASCII without blanks.

    Raises:
        ValueError: it is something else, or of another length (characters).
    """
    if value is not None and not re.fullmatch(rf"[!-~]{{{shortest},{longest}}}", value.get_secret_value()):
        raise ValueError("secret")
    return value
