"""How the staff pages are set up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.admin.passwords import Accounts
from config.settings import Settings


@dataclass(frozen=True)
class OidcOptions:
    """A provider of OpenID Connect. ``emails`` and ``subjects`` (names of people by the provider's own id of them): who may come in;
    ``public_url``: where the bot is reached."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    emails: frozenset[str]
    public_url: str
    subjects: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, email: str, subject: str) -> str | None:
        """The name under which somebody may work, none for whoever is not on the lists. ``email``: proven, or empty."""
        return email if email in self.emails else self.subjects.get(subject)

    def knows(self, name: str) -> bool:
        """Whether somebody on the lists works under this name."""
        return name in self.emails or name in self.subjects.values()


@dataclass(frozen=True)
class AdminOptions:
    """
    Attributes:
        accounts: who may log in with a password; none: nobody.
        oidc: the provider that vouches for staff; none: none does.
        idle: seconds without a request after which a session ends.
        longest: seconds after which every session ends.
        knowledge: folder of the knowledge, for what is stale in it.
        lengths: longest message of each chat channel, in UTF-16 units, for replies of staff.
        office_hours: as set, to be shown.
    """

    accounts: Accounts | None = None
    oidc: OidcOptions | None = None
    idle: float = 1800.0
    longest: float = 36_000.0
    knowledge: Path = Path("knowledge/data")
    lengths: Mapping[str, int] = field(default_factory=dict)
    office_hours: str = ""

    def knows(self, name: str) -> bool:
        """Whether somebody may still work under this name."""
        return any(way is not None and way.knows(name) for way in (self.accounts, self.oidc))


def admin_options(settings: Settings, lengths: Mapping[str, int]) -> AdminOptions | None:
    """What the settings ask for; none: the staff pages stay closed."""
    hashes, secret = settings.admin_password_hash, settings.admin_oidc_client_secret
    oidc = None
    if settings.admin_oidc_issuer and secret is not None:
        emails = frozenset(settings.admin_oidc_emails.lower().split())
        named = (part.partition("=") for part in settings.admin_oidc_subjects.split())
        subjects = {subject: name for name, _, subject in named}
        issuer = settings.admin_oidc_issuer.rstrip("/")
        client = settings.admin_oidc_client_id, secret.get_secret_value()
        oidc = OidcOptions(issuer, *client, emails, settings.admin_public_url, subjects)
    if hashes is None and oidc is None:
        return None
    return AdminOptions(
        Accounts.parse(hashes.get_secret_value()) if hashes else None,
        oidc,
        idle=settings.admin_idle_minutes * 60.0,
        longest=settings.admin_session_hours * 3600.0,
        knowledge=settings.knowledge_dir,
        lengths=lengths,
        office_hours=settings.office_hours,
    )
