"""The front page of each person of the Court says what waits for them, and of nothing that is not theirs."""

from __future__ import annotations

import pytest

from kalata.disputes.models import Party
from kalata.disputes.services import count, measures
from tests.disputes.services.test_serving import communicated

pytestmark = pytest.mark.django_db


def home(client):
    return client.get("/").content.decode()


def test_each_person_of_the_court_finds_at_home_what_waits_for_them(court, counted, sign_in, supervisor):
    court.case(state="received")
    court.case(state="ready")
    case = court.case(state="served")
    lawyer, liaison, clerk = court.who("partie"), court.who("liaison"), court.who("recensement")
    Party.objects.filter(pk=case.respondent.pk).update(account=lawyer)
    communicated(court, case)
    measures.ask(petition_id=case.petition.pk, kind="report", what="PV", by=court.rapporteur)
    count.open_count(contest=counted, by=court.president)
    said = {
        court.registrar: "1 requête à enrôler", court.president: "1 affaire en état, à entendre", lawyer: "1 papier à recevoir de la Cour",
        liaison: "1 mesure demandée par la Cour, sans réponse", clerk: "4 procès-verbaux à lire pour la Cour",
    }  # fmt: skip
    for person, words in said.items():
        shown = home(sign_in(person))
        assert [one for one in said.values() if one in shown] == [words]
    assert not any(one in home(sign_in(supervisor)) for one in said.values())


def test_the_court_is_in_the_cycle_of_the_front_page_for_everybody(client, court):
    page = home(client)
    stage = page[page.index("Contentieux") :][:200]
    assert "aucune requête" in stage and "pas encore dans Kalata" not in stage and 'href="/cour/"' in page
