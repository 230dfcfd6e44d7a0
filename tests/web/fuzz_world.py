"""A small house with one of each thing, and one person who holds every role: what the hostile values are sent to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests import conftest as roles


@dataclass
class World:
    every: Any  # a person with every role of the pack
    key: str
    parts: dict[str, dict[str, Any]]  # beginning of a route -> its parts
    client: Client
    nobody: Client

    def path(self, route: str) -> str | None:
        """The address of a route with what stands in this house; None where a part of it is unknown here."""
        best = next((p for p in sorted(self.parts, key=len, reverse=True) if route.startswith(p)), "")
        out, known = [], self.parts.get(best, {})
        for piece in route.split("<"):
            name, bracket, rest = piece.partition(">")
            if not bracket:
                out.append(piece)
                continue
            name = name.split(":")[-1]
            if name not in known:
                return None
            out.append(str(known[name]) + rest)
        return "".join(out)


def person_of_everything(pack: Any) -> Any:
    from allauth.mfa.models import Authenticator

    from kalata.country.rules.rights import RIGHTS
    from kalata.people.models import Mandate

    person = roles.make_person("tout")
    Mandate.objects.create(person=person, role="superviseur", rights=list(RIGHTS))  # no house gives anybody all of them
    Mandate.objects.create(person=person, role="commission-presidence", rights=list(RIGHTS))  # what asks for a role of its body
    Authenticator.objects.get_or_create(user_id=person.pk, type="totp", defaults={"data": {"secret": "x"}})
    return person


def built() -> World:
    from datetime import date

    from kalata.chain import registry
    from kalata.country import services as country
    from kalata.country.models import Geography, Station, Unit
    from kalata.deadlines import services as deadlines
    from kalata.disputes.models import BenchMember, Ruling
    from kalata.disputes.rules.choices import Choice
    from kalata.disputes.services import whatifs
    from kalata.people import services as people
    from kalata.people import tokens
    from kalata.people.rules.approval import Decision
    from kalata.results.rules.contest_draft import Answers
    from kalata.results.services import contests as services
    from kalata.results.services import importing, setting_up
    from kalata.tally.models import Bag, Sitting
    from kalata.tally.services import reports as tally
    from kalata.training.models import ProcedureVersion
    from tests.disputes import bench_stage, instructed
    from tests.services import test_tally as hands
    from tests.web import fuzz_court
    from tests.web.world import first_instance

    pack = country.load_pack_version(roles.mali())
    every = person_of_everything(pack)
    supervisor, publisher = roles.make_person("sup", "superviseur"), roles.make_person("pub", "publication")
    geography = Geography.objects.get(code="ml-2015")
    election = country.create_election(
        code="e1", name_fr="É", name_en="E", pack=pack, geography=geography, polling_day=None
    )
    system = dict(pack.pack.engine_systems()["ML-PRES"])

    def contest(code: str) -> Any:
        return country.create_contest(
            election=election, code=code, name_fr=code, name_en=code, system=system, boxes=roles.BOXES,
            options=[{"name": n} for n in roles.LISTS],
        )  # fmt: skip

    shown, desk, bare = contest("vu"), contest("papiers"), contest("nu")
    roles.bring(shown, supervisor)
    asked = services.ask_publication(contest=shown, reason="complet", by=supervisor)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    unit = Unit.objects.get(geography=geography, code="ML-KAY")
    for i in range(1, 7):
        Station.objects.create(contest=desk, code=f"KAY-00{i}", unit=unit, registered=400)
    Station.objects.create(contest=bare, code="NU-1", unit=unit)
    tally.open_register(contest=desk, by=supervisor)
    crew = {
        r: roles.make_person(f"z-{r}", r)
        for r in ("reception", "numerisation", "saisie", "arbitre", "controle", "commission")
    }
    papers = list(desk.papers.order_by("pk"))
    for paper in papers[:4]:
        tally.receive(contest=desk, station=paper.station.code, by=crew["reception"])
    for paper in papers[:3]:
        tally.scan(paper_id=paper.pk, image=hands.a_picture(), by=crew["numerisation"])
    bag = Bag.objects.create(contest=desk, code="SAC-1", kind="bag", seals=["1"], by=every, at=timezone.now())
    sitting = Sitting.objects.create(contest=desk, title="s", quorum=1, by=every, at=timezone.now(), state="open")
    sitting.members.create(name="M", body="b", chair=True, present=True)
    one = importing.upload(contest=shown, name="r.csv", content=iter([roles.csv_of()]), by=every)
    kept = services.keep_profile(name="profil", profile=roles.PROFILE, by=every)
    request = services.ask_withdrawal(contest=shown, reason="r", by=supervisor)
    calendar = deadlines.open_calendar(
        election=election, family="presidential", rounds=2, polling_day=date(2027, 2, 28), by=every
    )
    deadlines.publish_calendar(calendar=calendar, public=True, reason="r", by=every)
    client, nobody = Client(raise_request_exception=False), Client(raise_request_exception=False)
    client.force_login(every, backend="allauth.account.auth_backends.AuthenticationBackend")
    key = tokens.create(
        person=every,
        name="k",
        scopes=list(tokens.possible_scopes(every)) and [s for s, _t in tokens.possible_scopes(every)],
        days=5,
    ).key
    station = shown.stations.first()
    case = bench_stage.case(shown, state="deliberation")
    member = BenchMember.objects.create(
        code="j1", person=every, since=date(2024, 1, 1), president=True, at=timezone.now()
    )
    ruling = Ruling.objects.create(
        number="2027-01/CC-EL",
        state="gate",
        printed_of="a" * 64,
        contest=shown,
        words="r",
        drafted_by=every,
        at=timezone.now(),
    )
    opened = bench_stage.case(shown, 2, state="instruction")
    instructed.given(opened, member)
    instructed.aimed(opened, station.code)
    tried = whatifs.keep(petition=opened, name="n", choice=Choice(), by=every)
    answers = Answers(pack=pack.pk, kind="presidentielle", name_fr="Neuf", boxes=("registered", "valid"))
    begun = setting_up.begin(answers=answers, by=every)
    loose = Geography.objects.create(
        code="essai", name_fr="Essai", name_en="Trial", levels=[{"level": 1, "fr": "Zone", "en": "Zone"}]
    )
    zone = Unit.objects.create(geography=loose, code="Z", level=1, name="Zone")
    held = posted(shown, station)
    ids = rooms(pack, every, supervisor, shown, unit, held)
    first_instance(shown, unit, supervisor, ids)
    procedure = ProcedureVersion.objects.get(pk=ids["procedure_version"])
    centre = {"no": 1, "code": desk.code, "pk": papers[0].pk, "sha": papers[0].image or "0" * 64}
    return World(every, key, {
        "/langue/": {"code": "fr"},
        "/publication/": {"path": "index.html"},
        "/preuves/": {"name": "vu"},
        "/journal/": {"kind": "csv"},
        "/pays/": {"code": "ml", "section": "roles"},
        "/pays/decoupages/": {"code": "ml-2015"},
        "/pays/decoupages/<str:code>/zones/": {"code": loose.code, "pk": zone.pk},
        "/fiches/": {"identifier": registry.every()["geography"].identifier(geography.pk), "way": "porte-part_of-area"},
        "/personnes/": {"username": supervisor.username, "pk": request.pk},
        "/compte/": {"pk": 1, "key": "x", "uidb36": "a", "provider": "x", "username": supervisor.username},
        "/echeances/": {"code": calendar.code, "key": next(iter(line.key for line in legal_lines(calendar))), "sha256": "0" * 64},
        "/echeances/<slug:code>/evenements/": {"code": calendar.code, "key": "VOTE.1"},
        "/resultats/": {"code": shown.code, "unit_id": unit.pk, "pk": station.pk, "number": 1, "name": "zones.csv", "pack": "ml", "election": "REF-2023"},
        "/resultats/gerer/": {"code": shown.code, "pk": one.pk},
        "/resultats/gerer/nouveau/": {"draft_id": begun.pk, "step": 2},
        "/resultats/gerer/profils/": {"pk": kept.pk},
        "/resultats/centralisation/": centre,
        "/resultats/centralisation/<slug:code>/scelles/": {**centre, "pk": bag.pk},
        "/resultats/centralisation/<slug:code>/commission/": {**centre, "pk": sitting.pk},
        "/resultats/centralisation/<slug:code>/numerisation/": {**centre, "pk": 1},
        "/contentieux/": {"code": shown.code, "what": "role", "number": case.number, "round_": 1, "item": 1, "n": 1, "pk": ruling.pk},
        "/contentieux/premiere-instance/": {"code": "CAW", "number": ids["number_first_received"], "pk": ids["first_issued"], "n": 1},
        "/contentieux/affaires/<str:number>/preuves/": {"number": opened.number},
        "/contentieux/affaires/<str:number>/copies/": {"number": opened.number},
        "/contentieux/affaires/<str:number>/personnes/": {"number": opened.number},
        "/contentieux/affaires/<str:number>/rapport/": {"number": opened.number, "version": 1},
        "/contentieux/affaires/<str:number>/comparaison/": {"number": opened.number, "pk": station.pk},
        "/contentieux/affaires/<str:number>/pieces/": {"number": case.number, "n": 1, "page": 1},
        "/contentieux/affaires/<str:number>/effet/": {"number": opened.number, "pk": tried.pk, "kind": "json"},
        "/formation/procedures/": {"pk": procedure.pk, "code": procedure.procedure.source.code},
        "/formation/attestations/gerer/": {"pk": ids["certificate"]},
        "/formation/attestations/rappel/": {"pk": ids["procedure_version"]},
        "/formation/affaires/": {"pk": ids["moot_sitting"]},
        "/formation/epreuves/": {"pk": ids["test_form"]},
        "/formation/manuels/": {"pk": ids["print_run"]},
        "/formation/manuels/colis/lots/": {"pk": ids["pack_lot"]},
        "/formation/manuels/colis/registre/": {"pk": ids["pack_paper"]},
        "/formation/manuels/pieces/": {"pk": ids["manual_build"], "name": "manual.assessors.fr.pdf"},
        "/formation/paiements/": {"pk": ids["pay_list"], "what": "liste"},
        "/formation/plans/": {"pk": ids["cascade"], "what": "roster", "form": "csv"},
        "/formation/seances/": {"pk": ids["class"], "reading": ids["reading"]},
        "/planification/": {"pk": ids["plan_version"], "kind": "csv", "what": "affiche"},
        "/calendriers/": {"code": "plan-w"},
        "/planification/marches/": {"pk": ids["purchase"]},
        "/planification/paiements/": {"pk": ids["payment"]},
        "/planification/plans/": {"code": "plan-w", "kind": "csv", "unit": unit.pk, "sha256": "0" * 64},
        "/planification/promesses/": {"pk": ids["pledge"]},
        "/postes/": {"code": shown.code, "pk": held.pk, "replacement": 1},
        "/postes/<slug:code>/bureaux/": {"code": shown.code, "pk": station.pk},
        "/api/": {"code": desk.code, "paper_id": papers[0].pk, "bag": bag.code, "batch_id": 1, "sitting_id": sitting.pk},
        **fuzz_court.court(every, supervisor, shown, case, opened, member),
    }, client, nobody)  # fmt: skip


def posted(contest: Any, station: Any) -> Any:
    """The posts of a contest, one of them held."""
    from kalata.training.models import Agent, Post, PostBook

    PostBook.objects.create(contest=contest)
    agent = Agent.objects.create(code="AGENT-W", name="Personne", name_key="personne")
    return Post.objects.create(
        contest=contest, station=station, unit=station.unit, body=station.code, position="president", record="ML-POST-BV-PRES",
        head=True, state="proposed", agent=agent,
    )  # fmt: skip


def rooms(pack: Any, every: Any, other: Any, contest: Any, unit: Any, held: Any) -> dict[str, Any]:
    """A plan with its money, the procedures, a class with its papers, made as for the matrix of rights: what they are called there."""
    from tests.web import world as matrix

    names = ("formation-nationale@nation", "bailleur@nation")
    one = matrix.World(
        pack, units={matrix.KAYES: unit}, staff={"boss": every, "out": other, "e": other}, contests={"hidden": contest}, ids={"post": held.pk},
        personas=[matrix.Persona(n, n.partition("@")[0], frozenset(), "nation", person=every) for n in names],
    )  # fmt: skip
    for room in (matrix.planned, matrix.trained, matrix.classed, matrix.mooted):
        room(one)
    return one.ids


def legal_lines(calendar: Any) -> Any:
    from kalata.deadlines import queries

    return queries.legal(calendar).lines


def files() -> list[SimpleUploadedFile]:
    """Small files that are nothing of what they say."""
    return [
        SimpleUploadedFile("vide", b""),
        SimpleUploadedFile("a.pdf", b"%PDF-1.7 rien", "application/pdf"),
        SimpleUploadedFile("a.jpg", b"\xff\xd8\xff<script>", "image/jpeg"),
        SimpleUploadedFile("a.xlsx", b"PK\x03\x04" + b"\x00" * 64, "application/zip"),
        SimpleUploadedFile("a.parquet", b"PAR1" + b"\xff" * 64 + b"PAR1"),
        SimpleUploadedFile("a.csv", b"\x00\xff\xfe\x00"),
        SimpleUploadedFile("é\u202ea.csv", b'a,b\n"1'),
        SimpleUploadedFile("a.json", b"[" * 5_000),
        SimpleUploadedFile("../../a.csv", b"id,level,name,parent_id\n1,\xc2\xb2,a,\n"),
    ]
