"""The stage of a rehearsal: an election marked as an exercise, its stations, its register, its filled forms."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from datetime import date
from typing import Any

import pypdfium2
from django.utils import timezone

from kalata.country import services as country
from kalata.country.models import Contest, Geography, PackVersion, Station, Unit
from kalata.people import services as people
from kalata.people.models import Person
from kalata.results.rules.boxes import Sheet
from kalata.tally import printing
from kalata.tally.models import Paper
from kalata.tally.queries import papers as paper_queries
from kalata.tally.rehearsal.truth import in_paper_order, written
from kalata.tally.services import reports as tally
from kalata.text import gettext_noop as _

TEAM = (
    ("reception", "reception", _("Agent de réception")),
    ("numerisation", "numerisation", _("Agent de numérisation")),
    ("saisie-a", "saisie", _("Opérateur de saisie A")),
    ("saisie-b", "saisie", _("Opérateur de saisie B")),
    ("arbitre", "arbitre", _("Arbitre des saisies")),
    ("arbitre-2", "arbitre", _("Second arbitre des saisies")),
    ("controle", "controle", _("Contrôleur")),
    ("controle-2", "controle", _("Second contrôleur")),
    ("commission", "commission", _("Membre de la commission")),
    ("commission-2", "commission", _("Second membre de la commission")),
    ("delegue", "delegue", _("Délégué de candidat")),
)
"""One account for each desk, beside those of the demonstration."""
BOXES = ("registered", "voters", "ballots", "null_ballots", "valid")


def raise_curtain(
    *, version: PackVersion, geography: Geography, units: Sequence[Unit], lists: Sequence[dict[str, str]], size: int,
    seed: int, by: Person | None, code: str = "exercice-centralisation",
) -> Contest:  # fmt: skip
    """The contest, `size` stations over `units` and their expected papers."""
    election = country.create_election(
        code=code, name_fr="Exercice de centralisation", name_en="Tally rehearsal", pack=version, geography=geography,
        polling_day=date(2027, 2, 28), exercise=True, by=by,
    )  # fmt: skip
    system = dict(version.pack.engine_systems()[default_system(version)])
    contest = country.create_contest(
        election=election, code=code, name_fr="Présidentielle d’exercice", name_en="Rehearsal presidential",
        system=system, boxes=list(BOXES), options=[dict(o) for o in lists], by=by,
    )  # fmt: skip
    chance = random.Random(seed)
    stations = []
    for i in range(size):
        unit = units[i % len(units)]
        part = "advance" if i % 24 == 23 else "general"
        stations.append(
            Station(
                contest=contest, unit=unit, code=f"EX{i + 1:05d}", centre=f"École {i % 7 + 1}, {unit.name}", part=part,
                name=f"{unit.name}, bureau {i // len(units) + 1:03d}", registered=chance.randint(90, 500),
            )
        )  # fmt: skip
    Station.objects.bulk_create(stations, batch_size=2_000)
    contest.register_revision += 1
    contest.save(update_fields=["register_revision"])
    tally.open_register(contest=contest, by=None)
    contest.refresh_from_db()
    return contest


def default_system(version: PackVersion) -> str:
    known = version.pack.engine_systems()
    return next(s for s in ("ML-PRES", *known) if s in known)


def papers_written(contest: Contest, seed: int, flawed_every: int = 17) -> dict[str, Sheet]:
    """station code -> what its paper says."""
    boxes, options = tally.boxes_of(contest), contest.options.count()
    chance = random.Random(seed + 1)
    return {
        s.code: written(boxes, options, s.registered or 400, chance, flawed=i % flawed_every == flawed_every - 1)
        for i, s in enumerate(contest.stations.order_by("pk"))
    }


def team(extra: Sequence[tuple[str, str, str]] = ()) -> dict[str, Person]:
    """Accounts for every desk, without a passphrase (the demonstration gives them one)."""
    made = {}
    for username, role, label in (*TEAM, *extra):
        person = Person(username=username, full_name=label, is_active=True, activated_at=timezone.now())
        person.set_unusable_password()
        person.save()
        people.give_mandate(person=person, role=role)
        made[username] = person
    return made


def filled(contest: Contest, said: dict[str, Sheet], papers: Sequence[Paper]) -> bytes:
    """The forms of these papers with their figures in them, as a scanner would send them: one PDF."""
    layout = printing.Layout(contest)
    forms = [
        printing.Form(p.station, p.serial, "1 / 3", in_paper_order(said[p.station.code]), p.station.name)
        for p in papers
    ]
    return printing.printed(layout, forms)


def photographed(pdf: bytes, dpi: int = 110) -> list[list[bytes]]:
    """The pages of each two-page form of a PDF as JPEG images."""
    pages: list[bytes] = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            out = io.BytesIO()
            page.render(scale=dpi / 72, grayscale=True).to_pil().save(out, "JPEG", quality=70)
            pages.append(out.getvalue())
    return [pages[i : i + 2] for i in range(0, len(pages), 2)]


def summary_of(contest: Contest) -> dict[str, Any]:
    return {"contest": contest.code, "stations": contest.stations.count(), "papers": paper_queries.progress(contest)}
