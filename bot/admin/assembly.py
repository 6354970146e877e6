"""All staff pages as routers for :func:`bot.web.api.create_app`."""

from __future__ import annotations

from fastapi import APIRouter

from bot.admin.answers import make_answers
from bot.admin.auditing import make_auditing
from bot.admin.cases import make_cases
from bot.admin.exporting import make_exporting
from bot.admin.gate import Gate, open_route, staff_route
from bot.admin.knowledge import make_knowledge
from bot.admin.login import make_login, not_found
from bot.admin.oidc import make_oidc
from bot.admin.opinions import make_opinions
from bot.admin.options import AdminOptions
from bot.admin.overview import make_overview
from bot.admin.pages import Pages
from bot.admin.persons import make_persons
from bot.admin.posting import make_posting
from bot.admin.proposals import make_proposals
from bot.admin.questions import make_questions
from bot.admin.searching import make_searching
from bot.admin.tools import Tools
from bot.service import AnswerService
from bot.web.limiting import RateLimits

PAGES = (
    make_overview, make_cases, make_questions, make_opinions, make_answers, make_proposals,
    make_searching, make_knowledge, make_posting, make_persons, make_exporting, make_auditing,
)  # fmt: skip


def make_admin(service: AnswerService, options: AdminOptions, limits: RateLimits) -> list[APIRouter]:
    """The staff pages.

    Args:
        service: answers, and its database.
        options: how they are set up.
        limits: requests a minute, shared with the rest of the web.

    Raises:
        WrongSettings: OpenID Connect is set up, and authlib is not installed.
    """
    pages = Pages()
    gate = Gate(service.storage, options, limits)
    tools = Tools(service, options, pages, staff_route(gate, pages))
    anybody = APIRouter(prefix="/admin", route_class=open_route(gate, pages), include_in_schema=False)
    inside = [make_login(tools, gate, anybody), *(make(tools) for make in PAGES)]

    if options.oidc is not None:
        make_oidc(tools, gate, options.oidc, anybody)

    @anybody.get("/{rest:path}")
    async def nothing(rest: str) -> object:
        return not_found(pages)

    # The routes of staff stand before the one that says of everything else that it does not exist.
    return [*inside, anybody]
