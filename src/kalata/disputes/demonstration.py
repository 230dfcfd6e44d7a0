"""The Court in the demonstration: a bench of six with keys, and a case in each state, all by the room's own services.

Everything here is fictional: lists are named by objects, texts are said to be exercises. The private keys of the judges
are written to `$KALATA_VAR/bench-keys/<member>.key`, without passphrase, and to no other place: a demonstration only.
"""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kalata.country.models import Contest
from kalata.deadlines.rules.steps import Unit
from kalata.disputes import demonstration_first, demonstration_instruction, demonstration_people, demonstration_rulings
from kalata.disputes.models import BenchMember, Counter, Exhibit, Petition, Service
from kalata.disputes.papers.registry import Defect
from kalata.disputes.queries import bench as queries
from kalata.disputes.rules import draw as draws
from kalata.disputes.rules.filing import Filing, GroundSaid, PartySaid
from kalata.disputes.rules.sealing import seal
from kalata.disputes.rules.sealing_keys import PrivateKey, PublicKey, key_file
from kalata.disputes.rules.service import Mode, Outcome, Term
from kalata.disputes.rules.steps import State
from kalata.disputes.services import (
    assigning,
    checking,
    counters,
    curing,
    deliberating,
    docketing,
    hearings,
    intake,
    keys,
    members,
    serving,
    steps,
)
from kalata.people.approving import decide_approval
from kalata.people.demonstration import PASSPHRASE, person
from kalata.people.models import Person
from kalata.people.rules.approval import Decision
from kalata.text import gettext_noop as _

CONTEST = "referendum-2026"
SPREAD = 60
"""Stations from which each case that is judged has its own."""
HALVES = ("5eed" * 16, "c0de" * 16)
"""The two halves of the seed of the fictional draw: known to all, of no value."""
BENCH = ("presidence-cour", "juge", "juge-2", "juge-3", "juge-4", "juge-5")
AUTHORITIES = (
    "Président de la République",
    "Président de l'Assemblée nationale",
    "Conseil supérieur de la magistrature",
)
USERS = (
    ("presidence-cour", "presidence", _("Président de la Cour")),
    ("juge-2", "juge", _("Membre de la Cour (2)")),
    ("juge-3", "juge", _("Membre de la Cour (3)")),
    ("juge-4", "juge", _("Membre de la Cour (4)")),
    ("juge-5", "juge", _("Membre de la Cour (5)")),
    ("guichet-cour", "guichet", _("Guichet de la Cour")),
    ("publication-cour", "publication-cour", _("Publication de la Cour")),
    ("recensement-cour", "recensement", _("Recensement de la Cour")),
    ("recensement-cour-2", "recensement", _("Recensement de la Cour (2)")),
    ("liaison-cour", "liaison", _("Liaison avec la Cour")),
    ("partie", "partie", _("Partie ou avocat")),
)
COUNTERS = ("BKO1", "WEB1")  # each with a key in a file
LISTS = ("Le baobab", "La pirogue", "La calebasse", "L’épi de mil", "La lampe", "Le puits")
S = State
PLAN: tuple[tuple[str, State], ...] = (
    ("Requête encore en préparation", S.DRAFT),
    ("Procès-verbal non signé dans deux bureaux", S.RECEIVED),
    ("Votants plus nombreux que les inscrits", S.DOCKETED),
    ("Requête sans signature", S.TO_CURE),
    ("Déplacement d’un bureau sans avis", S.ADMISSIBILITY),
    ("Requête déposée hors délai", S.INADMISSIBLE),
    ("Contestation d’un scrutin communal", S.NO_JURISDICTION),
    ("Délégué expulsé d’un bureau", S.SERVED),
    ("Membres de bureau remplacés hors liste", S.INSTRUCTION),
    ("Chiffres incohérents dans trois bureaux", S.READY),
    ("Ouverture tardive de cinq bureaux", S.HEARING),
    ("Bourrage d’urne allégué", S.DELIBERATION),
    ("Erreur d’addition au procès-verbal", S.DRAFTED),
    ("Projet au contrôle", S.GATE),
    ("Décision signée, pas encore prononcée", S.SIGNED),
    ("Décision prononcée", S.PRONOUNCED),
    ("Décision notifiée", S.NOTIFIED),
    ("Décision publiée", S.PUBLISHED),
    ("Décision dont l’effet est appliqué", S.APPLIED),
    ("Un bureau annulé, un autre rectifié", S.CLOSED),
    ("Décision à rectifier d’une erreur matérielle", S.CORRECTION),
    ("Mêmes bureaux, mêmes moyens", S.JOINED),
    ("Requête dont le requérant se désiste", S.WITHDRAWN),
    ("Affaire qui attend une décision pénale", S.STAYED),
)
"""Each case: what it is about, and where it stands."""


def demo_users() -> list[dict[str, str]]:
    return [{"username": name, "passphrase": PASSPHRASE, "role": label} for name, _role, label in (*USERS, *demonstration_first.USERS)]


def load(*, stations: int | None = None, say: Callable[[str], None] = lambda text: None) -> str:
    """Load the Court once; afterwards say that it is there."""
    contest = Contest.objects.filter(code=CONTEST).first()
    if contest is None:
        return "Cour : pas de scrutin de démonstration."
    if BenchMember.objects.exists():
        return "Cour fictive déjà chargée."
    say("Cour : siège, requêtes, délibéré.")
    demonstration_rulings.keys()
    forget_half_a_load()
    with transaction.atomic():
        bench(cast := Cast(contest))
        cases = [petition(cast, n, words, to) for n, (words, to) in enumerate(PLAN)]
        lead(cast, cases)
        demonstration_first.load(cast)
    return f"Cour fictive chargée : {len(cases)} requêtes."


def forget_half_a_load() -> None:
    """A load cut short rolls its rows back, not the keys of its counters: a key that no counter has is in nobody's way."""
    for code in (*COUNTERS, *(code for _body, code, _name in demonstration_first.BODIES)):
        if not Counter.every.filter(code=code).exists():
            keys.path_of(code).unlink(missing_ok=True)


@dataclass
class Cast:
    """Who acts, and in what. piece: one small file that stands for every paper of the demonstration."""

    contest: Contest

    def __post_init__(self) -> None:
        for name, role, label in USERS:
            person(name, role, label)
        self.who = {
            p.username: p for p in Person.objects.filter(username__in=["greffe", *BENCH, *(u[0] for u in USERS)])
        }
        self.piece = intake.keep(paper(), name="piece-d-exercice.pdf", by=self.who["guichet-cour"])
        self.keys: dict[str, PrivateKey] = {}

    def __getitem__(self, name: str) -> Person:
        return self.who[name]


def paper() -> bytes:
    """One empty page: it stands for every paper of the demonstration."""
    import pypdfium2

    out = io.BytesIO()
    with pypdfium2.PdfDocument.new() as one:
        one.new_page(595, 842)
        one.save(out)
    return out.getvalue()


# --- the bench and the draw ------------------------------------------------------------------------
def bench(cast: Cast) -> None:
    greffe = cast["greffe"]
    for n, name in enumerate(BENCH, 1):
        member = members.seat(
            code=f"j{n}", person=cast[name], authority=AUTHORITIES[(n - 1) // 3], since=date(2024, 1, 15), president=n == 1, by=greffe
        )  # fmt: skip
        asked = members.ask_key(member=member, public=private_key(cast, member.code), by=cast[name])
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=greffe)
    judge = BenchMember.objects.get(code="j4")
    members.declare(member=judge, kind="counsel", name=LISTS[4], by=judge.person)
    commit = draws.commitment("".join(HALVES))
    asked = assigning.ask_commit(
        contest=cast.contest, commit=commit, reason="Démonstration", by=cast["presidence-cour"]
    )
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=greffe)
    counters.open_roll(contest=cast.contest, short="R1", year=2026, by=greffe)
    cast.counter = counters.open_counter(code="BKO1", name="Greffe central (exercice)", by=greffe)  # type: ignore[attr-defined]


def private_key(cast: Cast, code: str) -> str:
    """Make the key of a fictional judge; its public line. The private file is for the demonstration alone."""
    folder = Path(settings.VAR) / "bench-keys"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = cast.keys[code] = PrivateKey.fresh()
    descriptor = os.open(folder / f"{code}.key", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key_file(key, None, secrets.token_bytes))
    return key.public.text()


# --- a case, from the counter to where it stands ------------------------------------------------------
def aimed(n: int, total: int) -> int:
    """The first of the three stations of a case; in a small election cases share theirs, but for the one that annuls some."""
    if total >= SPREAD:
        return n * 3
    return total - 3 if PLAN[n][1] is S.CLOSED else n * 3 % (total - 5)


def filing(cast: Cast, n: int, words: str) -> Filing:
    every = cast.contest.stations.order_by("code").values_list("code", flat=True)
    first = aimed(n, len(every))
    codes = list(every[first : first + 3])
    return Filing(
        about="results", about_words=words, capacity="party", relief="Annulation des bureaux visés (exercice)", signed=True,
        signed_on=timezone.localdate(), text=f"{words}. Exercice, sans valeur.",
        parties=(PartySaid(role="petitioner", name=LISTS[n % 6], kind="list"), PartySaid(role="respondent", name=LISTS[(n + 1) % 6], kind="list")),
        grounds=(GroundSaid(code="figures_inconsistent", about="results", text=words, stations=tuple(codes)),),
    )  # fmt: skip


def petition(cast: Cast, n: int, words: str, to: State) -> Petition:
    by = cast["guichet-cour"]
    made = intake.draft(contest=cast.contest, filing=filing(cast, n, words), channel="counter", by=by)
    intake.attach(petition=made, content=cast.piece, name="piece-d-exercice.pdf", kind="pv", by=by, grounds=["g1"])
    if to is not S.DRAFT:
        made = intake.receive(petition_id=made.pk, counter=cast.counter, by=by, clock="NTP")  # type: ignore[attr-defined]
    return made


def lead(cast: Cast, cases: Sequence[Petition]) -> None:
    """Draw every reporting judge, then take each case where the plan says."""
    assigning.draw_all(contest=cast.contest, seed="".join(HALVES), by=cast["presidence-cour"])
    by_state = {to: one for (_words, to), one in zip(PLAN, cases, strict=True)}
    for to, one in by_state.items():
        if to in (S.DRAFT, S.RECEIVED):
            continue
        go(cast, one, to)
    pair = [by_state[S.DOCKETED].pk, by_state[S.JOINED].pk]
    docketing.join(ids=pair, why="Mêmes bureaux, mêmes moyens", by=cast["greffe"])
    deliberate(cast, by_state[S.DELIBERATION])
    demonstration_instruction.instruct(cast, by_state[S.INSTRUCTION])
    demonstration_people.bring_in(cast, by_state[S.INSTRUCTION], by_state[S.SERVED])


def move(cast: Cast, one: Petition, to: State, who: str, act: str = "", why: str = "", **more: str) -> None:
    one.refresh_from_db()
    steps.move(one, to, cast[who], act=act, why=why, **more)  # type: ignore[arg-type]


def examined(cast: Cast, one: Petition, *, certified: bool) -> None:
    """Its checklist, drawn by the registrar as soon as it is on the docket."""
    checking.check(petition_id=one.pk, by=cast["greffe"], form={"certified": certified})


def invited(cast: Cast, one: Petition) -> None:
    """Invited to cure, and the notice served: its clock runs."""
    lacks = Defect("La requête n’est pas signée (exercice)", "", "Signer la requête au greffe")
    term = Term("Lettre du greffe 12 (exercice)", 3, Unit.DAY)
    curing.invite(petition_id=one.pk, defects=[lacks], term=term, lang="fr", by=cast["greffe"])
    bring(cast, one)


ASIDE = {S.TO_CURE, S.INADMISSIBLE, S.NO_JURISDICTION, S.WITHDRAWN, S.STAYED, S.JOINED}


def go(cast: Cast, one: Petition, to: State) -> None:
    move(cast, one, S.DOCKETED, "greffe")
    if to in (S.DOCKETED, S.JOINED):
        return
    examined(cast, one, certified=to is not S.TO_CURE)
    if to is S.TO_CURE:
        return invited(cast, one)
    move(cast, one, S.ADMISSIBILITY, "greffe")
    if to is S.INADMISSIBLE:
        return move(cast, one, to, reporter(one), why="Déposée après le délai (exercice).")
    if to is S.NO_JURISDICTION:
        return move(cast, one, to, reporter(one), why="Scrutin communal (exercice).", body="Tribunal administratif")
    if to is S.WITHDRAWN:
        return move(cast, one, to, "greffe", act="Lettre de désistement (exercice)")
    if to is S.STAYED:
        return move(
            cast,
            one,
            to,
            "presidence-cour",
            act="Ordonnance de sursis (exercice)",
            why="Une décision pénale est attendue.",
        )
    if to is not S.ADMISSIBILITY:
        instruct(cast, one, to)
    return None


def instruct(cast: Cast, one: Petition, to: State) -> None:
    """Served, instructed, ready, heard, deliberated: as far as the plan says."""
    serve(cast, one, reached=to is not S.SERVED)
    move(cast, one, S.SERVED, "greffe")
    if to is S.SERVED:
        return
    move(cast, one, S.INSTRUCTION, "greffe")
    if to is S.INSTRUCTION:
        return
    move(cast, one, S.READY, reporter(one), act="Rapport (exercice)")
    if to is S.READY:
        return
    hear(cast, one, past=to is not S.HEARING)
    move(cast, one, S.HEARING, "presidence-cour")
    if to is S.HEARING:
        return
    move(cast, one, S.DELIBERATION, "presidence-cour", act="Procès-verbal d’audience (exercice)")
    if to is S.DELIBERATION:
        return
    decide(cast, one)
    move(cast, one, S.DRAFTED, reporter(one))
    if to is not S.DRAFTED:
        ruled(cast, one, to)


def ruled(cast: Cast, one: Petition, to: State) -> None:
    """Its decision, as far as the plan says."""
    number = f"{timezone.localdate().year}-{one.roll:02}/CC-EL"
    demonstration_rulings.decide(cast, one, S.CLOSED if to is S.CORRECTION else to, number)
    if to is S.CORRECTION:
        move(cast, one, to, "presidence-cour", act="Requête en rectification (exercice)", why="Une date mal écrite.")


def reporter(one: Petition) -> str:
    found = queries.rapporteur(one)
    assert found is not None
    return found.person.username


def serve(cast: Cast, one: Petition, *, reached: bool) -> None:
    """The petition is served on the respondent, by hand, with its proof."""
    serving.file_paper(petition_id=one.pk, kind="petition", title="Requête", by=cast["greffe"])
    if reached:
        bring(cast, one)


def bring(cast: Cast, one: Petition) -> None:
    """What waits for a party of this case is brought by hand, with its proof."""
    proof = Exhibit.objects.filter(petition=one).first()
    assert proof is not None
    for service in Service.objects.filter(petition=one, served_at=None):
        serving.try_service(
            petition_id=one.pk, service_id=service.pk, mode=Mode.HAND, at=timezone.now(), outcome=Outcome.SERVED, by=cast["greffe"],
            exhibit_id=proof.pk, note="Remise contre récépissé (exercice)",
        )  # fmt: skip


def hear(cast: Cast, one: Petition, *, past: bool) -> None:
    """A hearing with its list: held yesterday, or in five days."""
    at = morning(timezone.now() + timedelta(days=-1 if past else 5))
    greffe = cast["greffe"]
    hearing = hearings.fix(
        contest=cast.contest, starts_at=at, place="Salle d’audience", petitions=[one], interpreters="bambara",
        access="accès de plain-pied", by=cast["presidence-cour"],
    )  # fmt: skip
    hearings.publish_list(hearing=hearing, by=greffe, now=at - timedelta(days=2))
    if past:
        parties = dict.fromkeys(one.parties.all(), "")
        hearings.hold(
            hearing=hearing, minutes="Audience d’exercice : le rapport est lu, les parties sont entendues.", audio="", parties=parties,
            members=BenchMember.objects.filter(code__in=queries.sitting(one).sitting), by=greffe, now=at + timedelta(hours=2),
        )  # fmt: skip


def morning(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=9, minute=0, second=0, microsecond=0)


# --- the deliberation ------------------------------------------------------------------------------
def deposit(cast: Cast, one: Petition, member: BenchMember, kind: str, text: str, point: int = 0) -> None:
    keys = [PublicKey.read(line) for _code, line in queries.key_lines(one)]
    body = seal(text.encode(), keys, secrets.token_bytes)
    deliberating.deposit(number=str(one.number), kind=kind, point=point, body=body, by=member.person)


def judges(one: Petition) -> list[BenchMember]:
    return list(BenchMember.objects.filter(code__in=queries.sitting(one).sitting).select_related("person"))


def deliberate(cast: Cast, one: Petition) -> None:
    """A released round with the opinion of each, and an open one in which two have voted."""
    president, number = cast["presidence-cour"], str(one.number)
    deliberating.open_round(number=number, by=president)
    for member in judges(one):
        deposit(cast, one, member, "opinion", f"Exercice : opinion de {member.code}, sans valeur.")
    deliberating.release(number=number, by=president)
    deliberating.open_round(number=number, by=president)
    deposit(cast, one, judges(one)[0], "note", "Exercice. Point 1 : faut-il écarter les trois bureaux visés ?", 1)
    for member in judges(one)[:2]:
        deposit(cast, one, member, "vote", "pour", 1)


def decide(cast: Cast, one: Petition) -> None:
    """A deliberation closed by its vote; its members had nothing to write."""
    president, number = cast["presidence-cour"], str(one.number)
    deliberating.open_round(number=number, by=president)
    deliberating.release(number=number, silence="nothing", by=president)
    here = len(queries.sitting(one).sitting)
    deliberating.close(number=number, ayes=here - 1, noes=1, by=president)
