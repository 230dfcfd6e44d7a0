"""The plan of the demonstration: the 137 activities approved, what was done of them, a change that waits for its second signature."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from kalata.country.models import Election
from kalata.people.demonstration import PASSPHRASE, person
from kalata.people.models import Person
from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval
from kalata.planning import demonstration_doing, demonstration_money, demonstration_resources
from kalata.planning.models import Plan, PlanVersion
from kalata.planning.queries.schedule import dates
from kalata.planning.services import approving, editing, odds, publishing, talking, versions

ELECTION, CODE = "demo-2027", "demo-2027"
USERS = (
    ("planification", "cellule-planification", "Cellule de planification (exercice)"),
    ("chef-unite", "chef-unite", "Chef d’unité (exercice)"),
    ("finances", "finances", "Responsable financier (exercice)"),
    ("marches", "marches", "Responsable des marchés (exercice)"),
    ("pilotage", "comite-pilotage", "Comité de pilotage (exercice)"),
    ("bailleur", "bailleur", "Bailleur de fonds (exercice)"),
)
T0, J1 = date(2026, 1, 5), date(2027, 6, 13)


def demo_users() -> list[dict[str, str]]:
    return [{"username": name, "passphrase": PASSPHRASE, "role": label} for name, _role, label in USERS]


def load(*, stations: int | None = None, say: Callable[[str], None] = lambda text: None) -> str:
    """Load the plan once; afterwards say that it is there."""
    election = Election.objects.filter(code=ELECTION).first()
    if election is None:
        return "Plan : pas d’élection de démonstration."
    if Plan.objects.filter(code=CODE).exists():
        return "Plan fictif déjà chargé."
    say("Plan : activités, version approuvée, changement demandé.")
    with transaction.atomic():
        cast = {name: person(name, role, label) for name, role, label in USERS}
        first = versions.make_plan(
            code=CODE, name="Plan opérationnel (exercice)", election=election, family="presidential", rounds=2, t0=T0, j1=J1,
            by=cast["planification"],
        )  # fmt: skip
        demonstration_resources.described(first, cast["planification"])
        approve(first, cast)
        public(PlanVersion.objects.get(pk=first.pk), cast)
        n = progress(PlanVersion.objects.get(pk=first.pk), cast["chef-unite"])
        change(first.plan, cast)
        demonstration_money.told(first.plan, cast)
        demonstration_doing.told(first.plan, cast)
        demonstration_resources.levelled(first.plan, cast["planification"])
    return f"Plan fictif chargé : {first.activities.count()} activités, {n} avancements, un changement demandé."


def approve(version: PlanVersion, cast: dict[str, Person]) -> None:
    approving.submit(version=version, reason="première version (exercice)", by=cast["planification"])
    drawn(version)
    asked = approving.endorse(version=version, reason="coûts relus (exercice)", by=cast["finances"])
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=cast["pilotage"])


def public(version: PlanVersion, cast: dict[str, Person]) -> None:
    """The dates of the approved version are everybody's, and marked as an exercise."""
    asked = publishing.ask(version=version, reason="plan approuvé (exercice)", by=cast["planification"])
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=cast["pilotage"])


def drawn(version: PlanVersion) -> None:
    """The draws that the submission asked for, made at once: nobody waits for a worker here."""
    for run in version.odds.filter(ended_at=None):
        odds.draw(run)


def progress(version: PlanVersion, by: Person) -> int:
    """Each activity of the plan that would be over today is said done, each that runs is said begun."""
    today, found, said = timezone.localdate(), dates(version), 0
    for i, cells in enumerate(found.sheet):
        start, last = found.start(i), found.last(i)
        if start > today:
            continue
        over = last < today
        whole = max((last - start + timedelta(days=1)).days, 1)
        talking.say_progress(
            plan=version.plan, code=cells["id"], unit=None, on=today, percent=100 if over else min(99, 100 * (today - start).days // whole),
            started=start, finished=last if over else None, note="exercice", by=by,
        )  # fmt: skip
        said += 1
    return said


def change(plan: Plan, cast: dict[str, Person]) -> None:
    """A draft whose failed tender is shown and endorsed: it waits for the steering committee."""
    draft = versions.open_draft(plan=plan, by=cast["planification"])
    new = {"dur_likely": "75", "dur_pessimistic": "150", "why_likely": "appel d’offres infructueux, relance (exercice)"}
    editing.change(version=draft, code="E11", new=new, by=cast["planification"])
    approving.submit(version=draft, reason="appel d’offres des cartes infructueux (exercice)", by=cast["planification"])
    drawn(draft)
    approving.endorse(version=draft, reason="effet relu (exercice)", by=cast["finances"])
