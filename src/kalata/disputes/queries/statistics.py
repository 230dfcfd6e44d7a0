"""What statistics and the scorecard are made of: each case as the public may know it, read from the records.

A case counts as judged from the public session in which its decision is read; its outcome, and all that follows from
it, from publication. What no record tells is None: unknown, never no. Nothing of a deliberation is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from kalata.country.models import Contest, Unit
from kalata.country.rules.remedies import CONTESTS
from kalata.deadlines.models import Calendar
from kalata.disputes.models import (
    CauseListEntry,
    Clock,
    Draw,
    DrawLine,
    Filing,
    Ground,
    HearingPresence,
    Party,
    Petition,
    PetitionStep,
    Recusal,
    RulingOutcome,
)
from kalata.disputes.queries import public
from kalata.disputes.queries.elections import norms_of
from kalata.disputes.rules import recusals
from kalata.disputes.rules.filing import GROUNDS
from kalata.disputes.rules.public import DECIDED, Stage, stage_of
from kalata.disputes.rules.publications import State as Text
from kalata.disputes.rules.scorecard import Scorecard, scorecard
from kalata.disputes.rules.statistics import CaseFacts
from kalata.disputes.rules.steps import State
from kalata.results.models import DecisionEffect

JUDGED = (Stage.DECIDED, Stage.PUBLISHED, Stage.CLOSED)
CHANGES = ("ANNUL_STATION", "ANNUL_AREA", "RECTIFY", "RESTORE")


def facts(contest: str = "") -> list[CaseFacts]:
    """Every received case, of one contest or of all, oldest first; read once a revision."""
    found: list[CaseFacts] = public.remembered(f"facts {contest}", lambda: read(contest))
    return found


def read(contest: str) -> list[CaseFacts]:
    rows = Petition.objects.exclude(state=State.DRAFT).select_related("unit", "contest")
    if contest:
        rows = rows.filter(contest__code=contest)
    found = list(rows.order_by("received_at", "pk"))
    known = Known([p.pk for p in found], regions({p.unit_id for p in found if p.unit_id}))
    return [known.of(one) for one in found]


@dataclass
class Known:
    """What the records tell of these cases, each kind of record read once."""

    keys: list[int]
    regions: Mapping[int, str]
    grounds: Mapping[int, list[str]] = field(init=False)
    sex: Mapping[int, str] = field(init=False)
    read_out: Mapping[int, datetime] = field(init=False)
    out: Mapping[int, datetime] = field(init=False)
    limits: Mapping[int, datetime] = field(init=False)
    held: Mapping[int, set[int]] = field(init=False)
    roles: Mapping[int, set[str]] = field(init=False)
    heard: Mapping[int, set[str]] = field(init=False)
    judged: Mapping[int, RulingOutcome] = field(init=False)
    reporters: Mapping[int, str] = field(init=False)

    def __post_init__(self) -> None:
        keys = self.keys
        self.grounds = several(
            Ground.objects.filter(petition__in=keys, struck=False).order_by("pk").values_list("petition_id", "code")
        )
        petitioners = Party.objects.filter(petition__in=keys, role="petitioner", struck=False).order_by("-pk")
        self.sex = dict(petitioners.exclude(sex="").values_list("petition_id", "sex"))
        self.roles = {
            k: set(v)
            for k, v in several(
                Party.objects.filter(petition__in=keys, struck=False).values_list("petition_id", "role")
            ).items()
        }
        steps = PetitionStep.objects.filter(petition__in=keys).order_by("-pk")
        self.read_out = dict(steps.filter(to=State.PRONOUNCED).values_list("petition_id", "at"))
        self.out = dict(steps.filter(to=State.PUBLISHED).values_list("petition_id", "at"))
        clocks = (
            Clock.objects.filter(petition__in=keys, kind="decision", stopped_at=None)
            .exclude(bound=None)
            .order_by("-bound")
        )
        self.limits = {k: at for k, at in clocks.values_list("petition_id", "bound") if at is not None}
        listed = CauseListEntry.objects.filter(petition__in=keys, hearing__held_at__isnull=False).values_list(
            "petition_id", "hearing_id"
        )
        self.held = {k: set(v) for k, v in several(listed).items()}
        self.heard = self.voices()
        self.judged = judged_of(keys)
        self.reporters = reporters_of(keys)

    def voices(self) -> Mapping[int, set[str]]:
        """Case -> roles that were heard: present at a hearing, or with a brief in the file."""
        out: dict[int, set[str]] = defaultdict(set)
        here = HearingPresence.objects.filter(party__petition__in=self.keys, hearing__held_at__isnull=False)
        for petition, role in here.values_list("party__petition_id", "party__role"):
            out[petition].add(role)
        briefs = Filing.objects.filter(
            petition__in=self.keys, struck_at=None, kind__in=("defence", "reply", "observations", "petition")
        )
        for petition, kind, role in briefs.values_list("petition_id", "kind", "party__role"):
            out[petition].add(role or ("petitioner" if kind == "petition" else ""))
        return out

    def of(self, one: Petition) -> CaseFacts:
        stage = stage_of(one.state, joined=one.lead_id is not None)
        done = stage in JUDGED
        outcome = self.judged.get(one.pk)
        stations, votes, seats = effect_of(outcome) if outcome else NOTHING
        return CaseFacts(
            number=str(one.number), received=one.received_at or one.at, about=one.about, region=self.regions.get(one.unit_id or 0, ""),
            sex=self.sex.get(one.pk, ""), channel=one.channel,
            grounds=tuple(dict.fromkeys(c if c in GROUNDS else "other" for c in self.grounds.get(one.pk, ()))),
            decided=self.read_out.get(one.pk) if done else None, published=self.out.get(one.pk) if outcome else None,
            limit=self.limits.get(one.pk), outcome=outcome.outcome if outcome else "", on_form=on_form(outcome), joined=one.lead_id is not None,
            hearing=bool(self.held.get(one.lead_id or one.pk)) if done else None, both_heard=self.both(one) if done else None,
            reasoned=self.reasoned(one, outcome), public=outcome is not None if done else None,
            rule_cited=bool(outcome.ruling.articles) if outcome else None, rapporteur=self.reporters.get(one.lead_id or one.pk, ""),
            stations=stations, votes=votes, seats=seats,
        )  # fmt: skip

    def both(self, one: Petition) -> bool | None:
        """None where the case has no other side."""
        others = self.roles.get(one.pk, set()) & {"respondent", "authority"}
        if not others:
            return None
        return bool(self.heard.get(one.pk, set()) & others)

    def reasoned(self, one: Petition, outcome: RulingOutcome | None) -> bool | None:
        """Every ground has its reason in the decision."""
        if outcome is None:
            return None
        return bool(outcome.reasons) and all(str(words).strip() for words in outcome.reasons.values())


def several(rows: Any) -> dict[int, list[Any]]:
    out: dict[int, list[Any]] = defaultdict(list)
    for key, value in rows:
        out[key].append(value)
    return out


def judged_of(keys: list[int]) -> dict[int, RulingOutcome]:
    rows = RulingOutcome.objects.filter(
        petition__in=keys, ruling__state__in=DECIDED, ruling__publications__state=Text.PUBLISHED
    ).select_related("ruling")
    return {one.petition_id: one for one in rows}


def on_form(outcome: RulingOutcome | None) -> bool | None:
    """No record says why a petition is inadmissible: of those it is unknown."""
    return None if outcome is None or outcome.outcome == "inadmissible" else False


NOTHING = (0, 0, 0)


def effect_of(outcome: RulingOutcome) -> tuple[int, int, int]:
    """(stations annulled, votes moved, seats changed) by a decision, told once: of its first petition on the roll."""
    ruling = outcome.ruling
    first = ruling.outcomes.order_by("petition__roll", "pk").values_list("pk", flat=True).first()
    if first != outcome.pk or not any(a.get("act") in CHANGES for a in ruling.acts):
        return NOTHING
    counts = {c["what"]: c["value"] for c in (ruling.print.get("printed") or {}).get("counts", ())}
    moved = counts.get("annulled_votes", 0)
    for act in ruling.acts:
        before, after = act.get("before") or {}, act.get("after") or {}
        moved += sum(abs(int(n) - int(before.get(k) or 0)) for k, n in after.items() if k.startswith("votes."))
    return counts.get("annulled_stations", 0), moved, seats_of(ruling)


def seats_of(ruling: Any) -> int:
    """Seats that changed hands when it was carried out."""
    found = DecisionEffect.objects.filter(decision__contest=ruling.contest_id, decision__number=ruling.number).first()
    if found is None:
        return 0
    before, after = (side.get("seats") or {} for side in (found.before, found.after))
    return sum(max(0, int(after.get(o, 0)) - int(before.get(o, 0))) for o in {*before, *after})


def reporters_of(keys: list[int]) -> dict[int, str]:
    """Case -> its reporting judge, of the contests whose draw is published with its seed."""
    out = Draw.objects.filter(seed__isnull=False).values("contest")
    rows = DrawLine.objects.filter(petition__in=keys, contest__in=out).order_by("number")
    return dict(rows.values_list("petition_id", "member__code"))


def regions(units: set[int]) -> dict[int, str]:
    """Unit -> the name of the place of the first level that holds it."""
    out = {}
    for unit in Unit.objects.filter(pk__in=units).select_related("parent__parent__parent__parent"):
        at = unit
        while at.level > 1 and at.parent is not None:
            at = at.parent
        out[unit.pk] = at.name
    return out


# --- the scorecard -----------------------------------------------------------------------------------------------
def family_of(contest: Contest) -> str:
    """What the law of disputes calls a contest, from its legal calendar; "" where that is not plain."""
    found = set(Calendar.objects.filter(election=contest.election_id).values_list("family", flat=True)) & set(CONTESTS)
    return found.pop() if len(found) == 1 else ""


def sheet_of(contest: Contest, cases: list[CaseFacts]) -> Scorecard | None:
    """The scorecard of a contest today; None where no calendar says which law it falls under."""
    family = family_of(contest)
    if not family:
        return None
    settled = Recusal.objects.filter(petition__contest=contest).exclude(state__in=recusals.OPEN).count()
    return scorecard(norms_of(contest), family, timezone.localdate(), cases, None, settled)
