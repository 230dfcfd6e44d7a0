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
from kalata.tally.rehearsal import stage, truth
from kalata.tally.services import batches as publishing
from kalata.tally.services import commission, scanning
from kalata.tally.services import reports as tally
from kalata.text import gettext_noop as _
from kalata.transparency import keys, publiclog

SEED = 20270228
STATIONS = 24_416
LISTS = (
    ("Le baobab", "e1"),
    ("La pirogue", "e2"),
    ("La calebasse", "e3"),
    ("L’épi de mil", "e4"),
    ("La lampe", "e5"),
    ("La grue couronnée", "e6"),
    ("Le puits", "e7"),
    ("Le soleil levant", "e8"),
)
STRENGTH = (30, 27, 13, 9, 8, 6, 4, 3)
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
WEIGHT = {
    "ML-KAY": 13,
    "ML-KOU": 16,
    "ML-SIK": 18,
    "ML-SEG": 16,
    "ML-MOP": 12,
    "ML-TOM": 5,
    "ML-GAO": 4,
    "ML-KID": 1,
    "ML-BKO": 12,
    "ML-DIA": 3,
}
TURNOUT = {
    "ML-KAY": 34,
    "ML-KOU": 38,
    "ML-SIK": 42,
    "ML-SEG": 41,
    "ML-MOP": 37,
    "ML-TOM": 46,
    "ML-GAO": 48,
    "ML-KID": 55,
    "ML-BKO": 29,
    "ML-DIA": 27,
}
MISSING = {"ML-KID": 55, "ML-MOP": 22, "ML-TOM": 20, "ML-GAO": 18, "ML-DIA": 24, "ML-SEG": 9}


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


def sizes(geography: Geography, total: int) -> list[tuple[Unit, int]]:
    """How many stations each lowest unit has: by weight of its region, shared by largest remainder."""
    leaves = list(Unit.objects.filter(geography=geography, level=2).select_related("parent").order_by("code"))
    seats = {u.pk: 1 + (hash_of(u.code) % 5) for u in leaves}
    whole = sum(WEIGHT.values())
    out: list[tuple[Unit, int]] = []
    shares = []
    for unit in leaves:
        assert unit.parent is not None
        region = [u for u in leaves if u.parent_id == unit.parent_id]
        part = total * WEIGHT.get(unit.parent.code, 1) * seats[unit.pk]
        below = whole * sum(seats[u.pk] for u in region)
        shares.append((unit, part // below, part % below * 1_000_000 // below))
    left = total - sum(n for _u, n, _r in shares)
    extra = {u.pk for u, _n, _r in sorted(shares, key=lambda s: (-s[2], s[0].code))[:left]}
    for unit, n, _rest in shares:
        out.append((unit, n + (unit.pk in extra)))
    return out


def hash_of(text: str) -> int:
    return sum((i + 1) * ord(c) for i, c in enumerate(text))


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


def station_rows(geography: Geography, size: int, chance: random.Random, *, gaps: bool = True) -> list[list[str]]:
    rows = []
    for unit, count in sizes(geography, size):
        assert unit.parent is not None
        region = unit.parent.code
        local = [max(1, s * chance.randint(35, 180)) for s in STRENGTH]
        if region in ("ML-SEG", "ML-MOP", "ML-GAO"):
            local[1] = local[1] * 3 // 2
        for number in range(1, count + 1):
            rows.append(one_station(f"{unit.code[3:]}-{number:04d}", unit, region, local, chance, gaps))
    return rows


def one_station(code: str, unit: Unit, region: str, local: list[int], chance: random.Random, gaps: bool) -> list[str]:
    assert unit.parent is not None
    registered = min(500, max(50, int(chance.gauss(345, 95))))
    place = [unit.parent.name, unit.name, code, str(registered)]
    if gaps and chance.randrange(100) < MISSING.get(region, 7):
        return [*place, "", "", "", "", *[""] * len(LISTS), ""]
    share = min(98, max(4, chance.gauss(TURNOUT.get(region, 36), 9)))
    voters = min(registered, int(registered * share / 100))
    nulls = min(voters, int(voters * max(0.2, chance.gauss(2.8, 1.3)) / 100 + 0.5))
    valid = voters - nulls
    votes = shared(valid, [max(1, int(w * chance.gauss(100, 22))) for w in local])
    ballots, state = voters, "compté"
    if gaps:
        ballots, valid, votes, state = spoiled(voters, ballots, valid, votes, registered, chance)
        if ballots < 0:  # more papers than voters on the list: an impossible sheet, kept as on paper
            voters = ballots = registered + chance.randint(3, 60)
            valid = voters - nulls
            votes = shared(valid, [max(1, w) for w in local])
    return [*place, str(voters), str(ballots), str(nulls), str(valid), *map(str, votes), state]


def spoiled(
    voters: int, ballots: int, valid: int, votes: list[int], registered: int, chance: random.Random
) -> tuple[int, int, list[int], str]:
    """A few sheets that do not add up, as on a real night."""
    draw = chance.randrange(1000)
    if draw < 6:
        votes = list(votes)
        votes[chance.randrange(len(votes))] += chance.choice((1, 2, 10))
    elif draw < 10:
        ballots = max(0, ballots + chance.choice((-3, -1, 1, 2, 17)))
    elif draw < 12:
        ballots = -1
    elif draw < 15:
        return ballots, valid, votes, "annulé"
    return ballots, valid, votes, "compté"


def shared(total: int, weights: list[int]) -> list[int]:
    """`total` shared by weight in whole numbers (largest remainder)."""
    whole = sum(weights)
    parts = [total * w // whole for w in weights]
    order = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


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
