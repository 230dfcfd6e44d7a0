"""Those who are not of the Court in its demonstration: a party with a case of its own, the liaison with a measure to answer,
clerks with records to read. Each by the services of the room."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from django.utils import timezone

from kalata.country.models import Contest
from kalata.disputes.models import Petition
from kalata.disputes.queries import bench as queries
from kalata.disputes.rules.count import commitment
from kalata.disputes.rules.filing import Filing, GroundSaid, PartySaid
from kalata.disputes.services import count, counters, mandates, measures, portal, serving
from kalata.evidence.models import Content
from kalata.people.models import Person

SAMPLE, SEED = 12, "douze bureaux d’exercice"
"""The Court's own count of the demonstration: a small sample, its seed of no value."""


class Stage(Protocol):
    """Who acts, and in what."""

    contest: Contest
    piece: Content

    def __getitem__(self, name: str) -> Person: ...


def bring_in(cast: Stage, answered: Petition, asked: Petition) -> None:
    """answered: the case in which the party answers and the rapporteur waits for the EMB; asked: one whose mandate waits."""
    party(cast, answered, asked)
    measure(cast, answered)
    recount(cast)


def party(cast: Stage, answered: Petition, asked: Petition) -> None:
    """A mandate accepted with a paper to acknowledge, another that waits, a petition filed online and one being written."""
    lawyer, greffe = cast["partie"], cast["greffe"]
    for case, accepted in ((answered, True), (asked, False)):
        respondent = case.parties.get(role="respondent")
        made = mandates.produce(
            number=str(case.number), name=respondent.name, words="avocat (exercice)", content=cast.piece, by=lawyer
        )
        if accepted:
            mandates.decide(petition_id=case.pk, representation_id=made.pk, accept=True, why="", by=greffe)
            serving.file_paper(
                petition_id=case.pk, kind="order", title="Ordonnance : produire une liste (exercice)", by=greffe,
                chosen=[respondent.pk],
            )  # fmt: skip
    counters.open_counter(code="WEB1", name="Dépôt en ligne (exercice)", online=True, by=greffe)
    pieces = [(cast.piece, "requete-signee.pdf")]
    said = {"petition": None, "contest": cast.contest, "by": lawyer}
    portal.file(**said, said=filing("Requête déposée en ligne"), pieces=pieces)  # type: ignore[arg-type]
    portal.write(**said, said=filing("Requête que son auteur écrit encore"), pieces=[])  # type: ignore[arg-type]


def filing(words: str) -> Filing:
    return Filing(
        about="results", about_words=words, capacity="list", relief="Rectification d’un total (exercice)", signed=True,
        signed_on=timezone.localdate(), text=f"{words}. Exercice, sans valeur.",
        parties=(PartySaid(role="petitioner", name="Le baobab", kind="list"), PartySaid(role="respondent", name="La pirogue", kind="list")),
        grounds=(GroundSaid(code="figures_inconsistent", about="results", text=words),),
    )  # fmt: skip


def measure(cast: Stage, one: Petition) -> None:
    """The rapporteur asks the EMB for the signed records, for the day after tomorrow."""
    found = queries.rapporteur(one)
    assert found is not None
    measures.ask(
        petition_id=one.pk, kind="report", what="Copie des procès-verbaux des trois bureaux visés (exercice).", by=found.person,
        due=timezone.now() + timedelta(days=2),
    )  # fmt: skip


def recount(cast: Stage) -> None:
    """A sample drawn from a seed that was told first; nothing of it is read yet."""
    president, size = cast["presidence-cour"], min(SAMPLE, cast.contest.stations.count())
    count.open_count(contest=cast.contest, by=president, size=size, commitment=commitment(SEED))
    count.draw(contest=cast.contest, seed=SEED, by=president)
