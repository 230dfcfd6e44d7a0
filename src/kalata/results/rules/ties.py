"""How a tie is told, on every page and in every file: between whom, by which rule it was parted, or that none is known."""

from __future__ import annotations

from typing import Any

from kalata.text import Message
from kalata.text import gettext_noop as _

from .systems import System, tie_label
from .verdicts import Outcome, Status


def headline(system: System, found: Outcome) -> Message:
    """A tie that stands, in one sentence."""
    if system.tie_rule is None or not found.level:
        return Message(_("Égalité : la règle légale manque"))
    return Message(_("Égalité à départager : %(rule)s, acte attendu"), {"rule": Message(tie_label(system.tie_rule))})


def first(who: str) -> Message:
    """Who is first of equals since an act parted them, in one sentence: nobody is ahead."""
    return Message(_("%(who)s l’emporte, égalité départagée"), {"who": who})


def rule_label(rule: str | None) -> Message:
    """The rule that the law of the contest gives for a tie, or that none was found."""
    return Message(tie_label(rule)) if rule else Message(_("aucune règle trouvée"))


def record(system: System, found: Outcome) -> dict[str, Any] | None:
    """A tie as files tell it; None where there was none.

    rule: of the law for it, null where none was found. broken_by: the rule or act that parted it, null while nothing did.
    """
    stands = Status.TIE in (found.status, found.on_counted)
    if not stands and found.broken is None:
        return None
    rule = system.tie_rule if found.level or found.broken is not None else None
    return {
        "options": list(found.tied),
        "places": found.places,
        "rule": rule,
        "rule_label": rule_label(rule).both(),
        "broken_by": found.broken.both() if found.broken is not None else None,
    }
