"""The fictional election of `kalata demo`: deterministic, labelled, with everything that goes wrong.

The same seed gives the same election, byte for byte: 24,416 stations over the pack's map, a
realistic spread of turnout, ten lists named by objects, and records that are impossible, late
or missing. Nothing here is a forecast of anything.
"""

from __future__ import annotations

import gzip
import random
import tempfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kalata.country import packs
from kalata.country import services as country
from kalata.country.models import Contest, Election, Geography, PackVersion, Unit
from kalata.deadlines import derogating
from kalata.deadlines import services as deadlines
from kalata.people import demonstration as known
from kalata.people import services as people
from kalata.people.demonstration import PASSPHRASE
from kalata.people.models import Approval, Person
from kalata.results.services import announcing, committing, importing
from kalata.results.services import contests as services
from kalata.tally import demonstration_corrections
from kalata.tally.demonstration_figures import LISTS, station_rows
from kalata.tally.rehearsal import stage, truth
from kalata.tally.services import batches as publishing
from kalata.tally.services import commission, scanning
from kalata.tally.services import reports as tally
from kalata.text import gettext_noop as _
from kalata.transparency import keys, publiclog

SEED = 20270228
STATIONS = 24_416
USERS = (
    ("superviseur", "superviseur", _("Superviseur national des résultats"), None),
    ("publication", "publication", _("Chargé de publication"), None),
    ("administrateur", "admin", _("Administrateur des comptes"), None),
    ("securite", "securite", _("Responsable de la sécurité"), None),
    ("region-segou", "coordination-region", _("Coordinateur régional (Ségou)"), "ML-SEG"),
    ("donnees", "donnees", _("Responsable du pack et des découpages"), None),
    ("greffe", "greffe", _("Greffe de la Cour"), None),
    ("juge", "juge", _("Membre de la Cour"), None),
    ("auditeur", "auditeur", _("Auditeur"), None),
    ("observateur", "observateur", _("Observateur"), None),
)


def demo_users() -> list[dict[str, str]]:
    every = [(u, label) for u, _role, label, _unit in USERS] + [(u, label) for u, _role, label in stage.TEAM]
    return [{"username": u, "passphrase": PASSPHRASE, "role": label} for u, label in every]


def load(*, stations: int | None = None, say: Callable[[str], None] = lambda text: None) -> str:
    """Load the election once; afterwards say that it is there."""
    if Election.objects.filter(code="demo-2027").exists():
        return "Élection fictive déjà chargée."
    versions = {code: country.load_pack_version(packs.load_pack(packs.find_pack(code))) for code in packs.shipped()}
    version = versions["ml"]
    users = make_users()
    geography = Geography.objects.get(code=version.pack.head["default_geography"])
    size = stations or STATIONS
    first = round_one(version, geography, size, users["superviseur"], say)
    referendum(version, geography, min(size, 2_400), users["superviseur"], say)
    legal_time(users)
    say("Exercice de centralisation : formulaires, images, saisies.")
    tally_night(version, geography, users)
    for contest in Contest.objects.filter(election__code__startswith="demo"):
        with transaction.atomic():
            approval = services.ask_publication(contest=contest, reason="Démonstration", by=users["superviseur"])
            people.decide_approval(approval_id=approval.pk, to=people.Decision.APPROVED, by=users["publication"])
    say("Corrections après la publication.")
    demonstration_corrections.correct(first, users)
    return f"Élection fictive chargée : {first.stations.count()} bureaux."


def load_all(*, stations: int | None = None, say: Callable[[str], None] = lambda text: None) -> str:
    """The whole demonstration: the election, then its public log."""
    made = load(stations=stations, say=say)
    public_log()
    return made


def legal_time(users: Mapping[str, Person]) -> None:
    """Two public calendars: a presidential one to come, with a derogation, and a referendum that took place."""
    by, second = users["superviseur"], users["publication"]
    coming = deadlines.open_calendar(
        election=Election.objects.get(code="demo-2027"), family="presidential", rounds=2, by=by
    )
    past = deadlines.open_calendar(
        election=Election.objects.exclude(code="demo-2027").get(code__startswith="demo"),
        family="referendum",
        rounds=1,
        by=by,
    )
    vote = past.facts.get(type="VOTE")
    for type_, day, hour, replaces in (
        ("CONVENING_DECREE_PUBLISHED", date(2026, 4, 20), None, None),
        ("VOTE", date(2026, 6, 14), None, vote.pk),
        ("PROV_RESULTS", date(2026, 6, 19), time(20, 0), None),
    ):
        deadlines.record_fact(
            calendar=past,
            type_=type_,
            round_=1,
            day=day,
            at=hour,
            standing="actual",
            document="Acte fictif d’exercice",
            reason="le vote a eu lieu" if replaces else "",
            replaces=replaces,
            by=by,
            now=datetime(2026, 12, 31, tzinfo=timezone.get_default_timezone()),
        )
    asked = derogating.ask_derogation(
        calendar=coming,
        norm="ML-REGISTER-ENROL",
        round_=None,
        kind="extend",
        authority="Ministre chargé de l’administration territoriale (exercice)",
        document="Message fictif d’exercice n° 3",
        decided=date(2026, 10, 29),
        rank=2,
        reason="Affluence dans les commissions",
        value="2026-11-30T24:00",
        by=by,
    )
    people.decide_approval(approval_id=asked.pk, to=people.Decision.APPROVED, by=second)
    for calendar in (coming, past):
        deadlines.publish_calendar(calendar=calendar, public=True, reason="Démonstration", by=by)


def public_log() -> None:
    """A key for the fictional log, whose passphrase everybody knows; signs what waits."""
    if not publiclog.key_path().exists():
        keys.create(publiclog.key_path(), settings.LOG_PASSPHRASE)
    announcing.open_missing()
    publiclog.sequence_all()


NIGHT = 48


def tally_night(version: PackVersion, geography: Geography, users: Mapping[str, Person]) -> Contest:
    """A small tally centre in the middle of its night: papers at every stage of the chain."""
    segou = Unit.objects.get(code="ML-SEG", geography=geography)
    units = list(Unit.objects.filter(parent=segou).order_by("code")[:6])
    lists = [{"name": name, "emblem": emblem} for name, emblem in LISTS]
    contest = stage.raise_curtain(
        version=version, geography=geography, units=units, lists=lists, size=NIGHT, seed=SEED, by=users["superviseur"]
    )
    desk = stage.team()
    for person in desk.values():
        person.password = known.kept()
        person.save(update_fields=["password"])
    said = stage.papers_written(contest, SEED)
    papers = list(contest.papers.select_related("station").order_by("pk"))
    chance = random.Random(SEED + 2)
    for paper in papers[:44]:
        tally.receive(contest=contest, station=paper.station.code, by=desk["reception"])
    scanning.give(
        contest=contest, name="scanner-1.pdf", content=stage.filled(contest, said, papers[:40]), by=desk["numerisation"],
        now=True,
    )  # fmt: skip
    for clerk, most in (("saisie-a", 34), ("saisie-b", 28)):
        for _n in range(most):
            paper = tally.claim_next(contest=contest, right="results.enter", by=desk[clerk])
            sheet = said[paper.station.code]
            wrong = chance.random() < 0.08
            tally.submit(paper_id=paper.pk, sheet=truth.misread(sheet, chance) if wrong else sheet, by=desk[clerk])
    sitting = commission.convene(
        contest=contest, unit=segou, title="Commission de centralisation de Ségou", quorum=3, by=desk["commission"],
        members="Président de la commission ; AIGE\nPremier membre ; candidatures\nDeuxième membre ; candidatures\n"
        "Troisième membre ; société civile",
    )  # fmt: skip
    present = {m.pk: {"present": True} for m in sitting.members.all()}
    commission.note_members(sitting_id=sitting.pk, values=present, by=desk["commission"])
    for one in ("commission", "commission-2"):
        commission.attend(sitting_id=sitting.pk, by=desk[one])
    commission.change(sitting_id=sitting.pk, to="open", by=desk["commission"])
    waiting = dict(commission.checked(contest, segou).values_list("pk", "last_hash")[:14])
    commission.validate_all(sitting_id=sitting.pk, papers=waiting, by=desk["commission"])
    asked = publishing.ask_batch(
        contest=contest, document="Acte de la commission de Ségou, n° 1", note="Premier lot", by=users["superviseur"]
    )
    people.decide_approval(approval_id=asked.pk, to=people.Decision.APPROVED, by=users["publication"])
    return contest


@transaction.atomic
def make_users() -> dict[str, Person]:
    made = {}
    for username, role, label, code in USERS:
        unit = Unit.objects.filter(code=code, geography__code="ml-2015").first() if code else None
        made[username] = known.person(username, role, label, unit)
    return made


def round_one(version: PackVersion, geography: Geography, size: int, by: Person, say: Callable[[str], None]) -> Contest:
    election = country.create_election(
        code="demo-2027",
        name_fr="Présidentielle fictive 2027",
        name_en="Fictional presidential 2027",
        pack=version,
        geography=geography,
        polling_day=date(2027, 2, 28),
        exercise=True,
        by=by,
    )
    system = dict(version.pack.engine_systems()["ML-PRES"])
    contest = country.create_contest(
        election=election,
        code="presidentielle-2027-t1",
        name_fr="Élection présidentielle",
        name_en="Presidential election",
        system=system,
        boxes=["registered", "voters", "ballots", "null_ballots", "valid"],
        options=[{"name": n, "code": n, "emblem": e} for n, e in LISTS],
        by=by,
    )
    say("Bureaux et résultats : écriture du fichier fictif…")
    chance = random.Random(SEED)
    rows = list(station_rows(geography, size, chance))
    header = [
        "region",
        "cercle",
        "bureau",
        "inscrits",
        "votants",
        "bulletins",
        "nuls",
        "exprimes",
        *(n for n, _e in LISTS),
        "etat",
    ]
    profile = {
        "rows": "wide",
        "station": ["bureau"],
        "areas": ["region", "cercle"],
        "figures": {
            "registered": "inscrits",
            "voters": "votants",
            "ballots": "bulletins",
            "null_ballots": "nuls",
            "valid": "exprimes",
        },
        "options": [n for n, _e in LISTS],
        "status": {"column": "etat", "counted": ["compté"], "annulled": ["annulé"], "missing": [""]},
    }
    late = set(chance.sample([i for i, row in enumerate(rows) if row[-1]], max(len(rows) // 130, 1)))
    empty = [""] * (len(header) - 4)
    on_time = [[*row[:4], *empty] if i in late else row for i, row in enumerate(rows)]
    bring(contest, "presidentielle-2027-t1.csv.gz", header, on_time, profile, by, say)
    arrived = [rows[i] for i in sorted(late)]
    wrong = next(row for i, row in enumerate(rows) if i not in late and row[-1] == "compté" and int(row[8]) > 0)
    arrived.append([*wrong[:8], str(int(wrong[8]) - 1), str(int(wrong[9]) + 1), *wrong[10:]])  # a misreading, corrected
    bring(
        contest,
        "presidentielle-2027-t1-arrives-tard.csv.gz",
        header,
        arrived,
        profile,
        by,
        say,
        "PV arrivés après 22 heures",
    )
    return contest


def referendum(
    version: PackVersion, geography: Geography, size: int, by: Person, say: Callable[[str], None]
) -> Contest:
    election = country.create_election(
        code="demo-ref-2026",
        name_fr="Référendum fictif 2026",
        name_en="Fictional referendum 2026",
        pack=version,
        geography=geography,
        polling_day=date(2026, 6, 14),
        exercise=True,
        by=by,
    )
    system = dict(version.pack.engine_systems()["ML-REF"])
    contest = country.create_contest(
        election=election,
        code="referendum-2026",
        name_fr="Référendum",
        name_en="Referendum",
        system=system,
        boxes=["registered", "voters", "ballots", "null_ballots", "valid"],
        options=[{"name": "OUI"}, {"name": "NON"}],
        by=by,
    )
    chance = random.Random(SEED + 1)
    rows = []
    for row in station_rows(geography, size, chance, gaps=False):
        valid = int(row[7])
        yes = valid * chance.randint(44, 71) // 100
        rows.append([*row[:8], str(yes), str(valid - yes), "compté"])
    header = [
        "region",
        "cercle",
        "bureau",
        "inscrits",
        "votants",
        "bulletins",
        "nuls",
        "exprimes",
        "OUI",
        "NON",
        "etat",
    ]
    profile = {
        "rows": "wide",
        "station": ["bureau"],
        "areas": ["region", "cercle"],
        "figures": {
            "registered": "inscrits",
            "voters": "votants",
            "ballots": "bulletins",
            "null_ballots": "nuls",
            "valid": "exprimes",
        },
        "options": ["OUI", "NON"],
    }
    bring(contest, "referendum-2026.csv.gz", header, rows, profile, by, say)
    return contest


def bring(
    contest: Contest,
    name: str,
    header: list[str],
    rows: list[list[str]],
    profile: Mapping[str, object],
    by: Person,
    say: Callable[[str], None],
    reason: str = "Démonstration",
) -> None:
    """Through the very door a clerk uses: upload, map, dry run, commit."""
    with tempfile.TemporaryDirectory() as keep:
        path = Path(keep) / name
        with gzip.GzipFile(path, "wb", compresslevel=4, mtime=0) as out:
            out.write((",".join(header) + "\n").encode())
            out.writelines((",".join(row) + "\n").encode() for row in rows)
        with path.open("rb") as content:
            one = importing.upload(contest=contest, name=name, content=content, by=by)
    importing.set_mapping(one=one, profile=profile, create="stations", by=by)
    say(f"{name} : essai à blanc…")
    importing.dry_run(one)
    say(f"{name} : enregistrement de {len(rows)} bureaux…")
    asked = committing.ask_or_commit(one=one, reason=reason, by=by)
    if isinstance(asked, Approval):  # it brings stations that are annulled
        people.decide_approval(
            approval_id=asked.pk, to=people.Decision.APPROVED, by=Person.objects.get(username="publication")
        )
