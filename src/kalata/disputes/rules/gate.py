"""The gate: nothing is signed while what a draft prints disagrees with what its acts give.

`examine(election, decision, norms)` is the one function of the command and of the button that signs; there is no
other way to `signature: allowed`. It always answers all fourteen checks. What cannot be read in a draft, or a station
that does not exist, is a mismatch of its check. Overridden: two different persons of the bench, with reasons; every
mismatch stays listed, and is published with the decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

from .effect import Recomputation, recompute
from .election import Election
from .gate_acts import Draft, Stations
from .gate_figures import Figures
from .gate_prose import Prose
from .gate_sitting import Sitting
from .mismatch import CHECK_LABELS, CODES, UNREADABLE, Mismatch, filled, mismatch, table
from .remedies import Norms

ALLOWED, REFUSED, OVERRIDDEN = "allowed", "refused", "overridden"
SIGNATURE_LABELS: Mapping[str, str] = {
    ALLOWED: _("la signature est permise"),
    REFUSED: _("la signature est refusée"),
    OVERRIDDEN: _("signature malgré les écarts, par deux membres et avec motifs"),
}
CHECKS = tuple(CODES)


class NoDecision(Refused):
    code = "DIS-624"
    says = _("Ce projet de décision ne peut pas être lu : un objet JSON est attendu.")
    remedy = _(
        "Donnez la décision telle que l’interface la décrit : acts, petitions, outcomes, printed, annexes, bench…"
    )
    status = 422


@dataclass(frozen=True, slots=True)
class Override:
    """What a draft says of its own override, and whether it holds."""

    signatures: tuple[str, ...]
    reasons: str
    holds: bool
    message: Message

    def record(self) -> dict[str, Any]:
        return {
            "holds": self.holds,
            "signatures": list(self.signatures),
            "reasons": self.reasons,
            **self.message.both(),
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of the gate: may this draft be signed, each check, every mismatch, and the recomputation it rests on."""

    decision: str
    signature: str
    mismatches: tuple[Mismatch, ...]
    warnings: tuple[Message, ...]
    override: Override | None
    recomputation: Recomputation

    @property
    def allowed(self) -> bool:
        return self.signature == ALLOWED

    def holds(self, check: str) -> bool:
        return not any(m.check == check for m in self.mismatches)

    @property
    def checks(self) -> tuple[tuple[str, bool], ...]:
        """All fourteen, always, in their order."""
        failed = {m.check for m in self.mismatches}
        return tuple((check, check not in failed) for check in CHECKS)

    def of(self, check: str) -> tuple[Mismatch, ...]:
        return tuple(m for m in self.mismatches if m.check == check)

    def record(self) -> dict[str, Any]:
        """The answer of the scripted interface."""
        out: dict[str, Any] = {
            "decision": self.decision,
            "signature": self.signature,
            "annulled_keeps": list(self.recomputation.keeps),
            "checks": [{"check": check, "holds": holds} for check, holds in self.checks],
            "mismatches": [m.record() for m in self.mismatches],
            "recomputation": {"digest": self.recomputation.digest},
            "warnings": [w.both() for w in self.warnings],
        }
        return out | ({"override": self.override.record()} if self.override else {})


def untold(decision: Mapping[str, Any]) -> frozenset[str]:
    """The checks that had nothing to look at, because the draft says nothing there: such a check holds, and proves nothing."""
    printed, deadline = decision.get("printed"), decision.get("deadline")
    said = printed if isinstance(printed, Mapping) else {}
    there = {
        "service": decision.get("service"),
        "deadline": deadline.get("limit") if isinstance(deadline, Mapping) else deadline,
        "articles": decision.get("articles"),
        "counts": said.get("counts"),
        "totals": said.get("figures") or said.get("votes"),
        "percentages": said.get("percentages"),
        "outcome": any(name in said for name in ("result", "elected", "qualified", "order", "seats")),
    }
    return frozenset(check for check, what in there.items() if not what)


def examine(election: Election, decision: Mapping[str, Any], norms: Norms, *, sha256: str = "") -> Verdict:
    """What a draft prints against what its acts give in this election, under the law of a pack.

    sha256: of the decision as bytes, for the recomputation. Raises: DIS-624 where the decision is no table.
    """
    if not isinstance(decision, Mapping):
        raise NoDecision
    done = recompute(election, decision, lenient=True, sha256=sha256)
    found = Stations(Draft(decision, done)).all()
    printed = decision.get("printed")
    if printed is not None and not isinstance(printed, Mapping):
        found.append(mismatch("totals", UNREADABLE, where={"field": "printed"}, printed=printed, field="printed"))
    found += Figures(table(printed), done).all()
    prose = Prose(decision, done)
    found += prose.all()
    sitting = Sitting(decision, norms)
    found += sitting.all()
    place = {check: i for i, check in enumerate(CHECKS)}
    ordered = tuple(sorted(found, key=lambda m: place[m.check]))
    override = override_of(decision)
    signature = ALLOWED if not ordered else OVERRIDDEN if override and override.holds else REFUSED
    return Verdict(
        str(decision.get("decision") or ""), signature, ordered, (*sitting.warnings, *prose.maybe), override, done
    )


def override_of(decision: Mapping[str, Any]) -> Override | None:
    """Two different persons who sat, without conflict, and reasons; None where no override is asked."""
    raw = decision.get("override")
    if raw is None:
        return None
    given, bench = table(raw), table(decision.get("bench"))

    def people(value: Any) -> list[str]:
        return [p.strip() for p in value if filled(p)] if isinstance(value, list | tuple) else []

    sat = {*people(bench.get("present")), *people(bench.get("signatories"))} - set(people(bench.get("conflicts")))
    signed = tuple(dict.fromkeys(people(given.get("signatures"))))
    reasons = filled(given.get("reasons"))
    strangers = [p for p in signed if p not in sat]
    if not reasons:
        said = Message(_("La dérogation ne donne pas de motifs."))
    elif strangers:
        said = Message(
            _("La dérogation porte la signature de %(people)s, hors de la formation."), {"people": ", ".join(strangers)}
        )
    elif len(signed) < 2:
        said = Message(_("La dérogation demande les signatures de deux membres différents."))
    else:
        said = Message(
            _("Dérogation par %(people)s : publiée avec la décision et chaque écart."), {"people": ", ".join(signed)}
        )
    return Override(signed, reasons, bool(reasons) and len(signed) >= 2 and not strangers, said)


__all__ = ["ALLOWED", "CHECKS", "CHECK_LABELS", "OVERRIDDEN", "REFUSED", "Mismatch", "Verdict", "examine"]
