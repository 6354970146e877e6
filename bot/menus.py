"""Menus to browse: procedures by what happens in people's lives, plans by province. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot import wording
from bot.types import Answer, Audience, Intent, Option, Outcome
from bot.understanding.phrases import POLITE
from knowledge.entries import Entry, EntryType
from knowledge.schema import LifeEvent
from knowledge.text import folded_keys

TOP, PLANS, EVENT = "menu", "plans", "event"


@dataclass(frozen=True)
class Menus:
    """The menus of one index. ``events`` by id; ``plans`` by province, in the order of the index."""

    events: dict[str, LifeEvent]
    plans: dict[str, tuple[Option, ...]]
    _said: dict[tuple[str, ...], str]

    @staticmethod
    def of(entries: Sequence[Entry], events: Iterable[LifeEvent]) -> Menus:
        """The menus over ``entries``; an event keeps the choices whose record is there, and one without any is left out."""
        known = {e.id for e in entries}
        kept = {}
        for event in events:
            choices = tuple(c for c in event.choices if c.record in known)
            if choices:
                kept[event.id] = event.model_copy(update={"choices": choices})
        plans: dict[str, tuple[Option, ...]] = {}
        for entry in entries:
            if entry.type is EntryType.PLAN and entry.province:
                option = Option(entry.title, entry=entry.id, province=entry.province, intent=Intent.DOCUMENT)
                plans[entry.province] = (*plans.get(entry.province, ()), option)
        said = {tuple(folded_keys(s)): e.id for e in kept.values() for s in (e.name, *e.said)}
        return Menus(kept, plans, said)

    def named(self, text: str, keys: Sequence[str]) -> str | None:
        """The action that a message opens by saying no more than a menu's or an event's name."""
        event = self.event_of(keys)
        return f"{EVENT}:{event}" if event else self.action_of(text)

    def event_of(self, keys: Sequence[str]) -> str | None:
        """The event that a message's folded syllables name, with nothing but polite words around it."""
        start, end = 0, len(keys)
        while start < end:
            if tuple(keys[start:end]) in self._said:
                return self._said[tuple(keys[start:end])]
            if keys[end - 1] in POLITE:
                end -= 1
            elif keys[start] in POLITE:
                start += 1
            else:
                return None
        return None

    def answer(self, action: str, audience: Audience = Audience.CITIZEN) -> Answer | None:
        """The menu that an action opens (``menu``, ``plans``, ``plans:PROVINCE``, ``event:ID``), none for other actions."""
        name, _, value = action.partition(":")
        if name == TOP:
            return _asking(wording.OUTCOMES[Outcome.MENU], self._top(audience))
        if name == PLANS and value in self.plans:
            return _asking(wording.MENU_PLANS_OF.format(province=value), self.plans[value])
        if name == PLANS and self.plans:
            provinces = tuple(
                Option(p, rows[0].entry, p, Intent.DOCUMENT) if len(rows) == 1 else Option(p, action=f"{PLANS}:{p}")
                for p, rows in self.plans.items()
            )
            return _asking(wording.MENU_PLANS, provinces)
        if name == EVENT and value in self.events:
            event = self.events[value]
            return _asking(wording.MENU_EVENT.format(event=event.name), tuple(Option(c.label, entry=c.record) for c in event.choices))
        return None

    def _top(self, audience: Audience) -> tuple[Option, ...]:
        events = tuple(Option(e.name, action=f"{EVENT}:{e.id}") for e in self.events.values())
        plans = (Option(wording.PLANS_OF_PROVINCES, action=PLANS),) if self.plans else ()
        return (*plans, *events) if audience is Audience.STAFF else (*events, *plans)

    def action_of(self, label: str) -> str | None:
        """The action that a label of these menus stands for, where a channel brings back the label alone."""
        if label == wording.PLANS_OF_PROVINCES:
            return PLANS
        return next((f"{EVENT}:{e.id}" for e in self.events.values() if e.name == label), None)


def _asking(head: str, options: tuple[Option, ...]) -> Answer:
    return Answer(Outcome.MENU, listing(head, options), options=options)


def listing(head: str, options: Sequence[Option]) -> str:
    """A question with its numbered choices."""
    return "\n".join([head, *(f"{i}. {o.label}" for i, o in enumerate(options, 1)), wording.CHOOSE])
