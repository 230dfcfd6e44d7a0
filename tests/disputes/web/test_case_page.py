"""The page of a case: one panel at a time, the act that comes now, what holds it, its clocks, what was struck."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest

from kalata.disputes.models import Clock, Exhibit, Ground, Party, Petition, Service, Strike
from kalata.disputes.services import sheets, striking
from kalata.disputes.services.sheets import StalePage
from tests.disputes.services.test_checking import voted as voted
from tests.disputes.services.test_serving import bring, communicated, of

pytestmark = pytest.mark.django_db


def at(case, query=""):
    return f"/contentieux/affaires/{case.petition.number}/{query}"


def stamp(case):
    return sheets.stamp(Petition.objects.get(pk=case.petition.pk))


def text(answer):
    return html.unescape(answer.content.decode())


def acts(page):
    """The buttons that act on the case, on the page as it opens."""
    return [line.split('"')[0] for line in page.split('name="act" value="')[1:]]


@pytest.fixture
def registrar(court, sign_in):
    return sign_in(court.registrar)


def test_no_form_is_open_until_an_act_is_chosen_and_then_one(court, registrar):
    case = court.case(state="served")
    communicated(court, case)
    assert acts(text(registrar.get(at(case)))) == []
    for act in ("try", "paper", "waive", "gone"):
        assert acts(text(registrar.get(at(case, f"?acte={act}")))) == [act]


def test_the_act_that_comes_now_is_one_button_and_follows_the_case(court, registrar):
    case = court.case(state="served")
    first = '<a class="btn" href="'
    assert f"{first}?acte=paper#acte" in text(registrar.get(at(case)))
    paper = communicated(court, case)
    assert f"{first}?acte=try#acte" in text(registrar.get(at(case)))
    for service in paper.services.all():
        bring(court, service, exhibit_id=case.piece.pk)
    assert f"{first}?acte=step&vers=instruction#acte" in text(registrar.get(at(case)))


def test_an_act_that_the_page_does_not_offer_opens_no_panel(court, registrar, sign_in):
    case = court.case(state="received")
    for query in (
        "?acte=sever",
        "?acte=report&vers=ready",
        "?acte=strike&quoi=party&ligne=999999",
        "?acte=strike&quoi=party",
    ):
        assert acts(text(registrar.get(at(case, query)))) == [], query
    rapporteur = sign_in(court.rapporteur)
    assert acts(text(rapporteur.get(at(case, f"?acte=strike&quoi=party&ligne={case.authority.pk}")))) == []


def test_a_step_asks_only_for_the_boxes_that_the_table_needs(court, registrar, sign_in):
    case = court.case(state="admissibility")
    page = text(registrar.get(at(case, "?acte=step&vers=withdrawn")))
    assert 'name="document" required' in page
    page = text(sign_in(court.rapporteur).get(at(case, "?acte=report&vers=inadmissible")))
    assert 'name="why" rows="2" maxlength="2000" required' in page
    assert 'name="document"' not in page


def test_what_another_page_signs_is_not_taken_here(court, sign_in):
    case = court.case(state="gate")
    answer = sign_in(court.president).post(
        at(case), {"act": "preside", "seen": stamp(case), "to": "signed", "document": "d"}
    )
    assert answer.status_code == 422 and "EDG-101" in text(answer)
    assert Petition.objects.get().state == "gate"


def test_a_case_that_moved_without_its_checklist_still_shows_its_clock(court, registrar, voted):
    case = court.case(state="instruction", ago=timedelta(minutes=1))
    page = text(registrar.get(at(case)))
    assert not Clock.objects.exists()
    assert "Recours, g1" in page and "Dans le délai" in page
    assert "avant le terme" in page and "Calculé pour cette page" in page
    assert not Clock.objects.exists()


def test_without_the_event_no_clock_is_guessed(court, registrar):
    page = text(registrar.get(at(court.case(state="instruction"))))
    assert "dans le délai" not in page.lower()
    assert 'class="note mt2"' in page


def test_the_page_says_what_holds_the_case_and_who_is_waited_for(court, registrar, sign_in):
    case = court.case(state="served")
    communicated(court, case)
    page = text(registrar.get(at(case)))
    assert "Ce qui retient cette affaire" in page and "aucune tentative" in page
    assert "On attend : <b>greffe</b>" in page
    other = court.case(state="deliberation")
    assert "On attend : <b>formation</b>" in text(registrar.get(at(other)))


def test_grounds_that_count_alike_share_one_clock(court, registrar, voted):
    case = court.case(state="instruction", ago=timedelta(minutes=1))
    Ground.objects.create(petition=case.petition, key="g2", code="stuffing", about="results")
    assert "Recours, g1 g2" in text(registrar.get(at(case)))


# --- what was entered by mistake ----------------------------------------------------------------------
def test_a_party_struck_stays_seen_with_its_reason_and_holds_the_case_no_more(court, registrar):
    case = court.case(state="served")
    paper = communicated(court, case)
    for party in (case.respondent, case.petitioner):
        if Service.objects.filter(document=paper, party=party).exists():
            bring(court, of(paper, party), exhibit_id=case.piece.pk)
    seen = stamp(case)
    page = text(registrar.get(at(case, f"?acte=strike&quoi=party&ligne={case.authority.pk}")))
    assert "<s>Autorité électorale</s>" in page
    registrar.post(
        at(case), {"act": "strike", "seen": seen, "what": "party", "row": case.authority.pk, "why": "saisie deux fois"}
    )
    page = text(registrar.get(at(case)))
    assert "<s>Autorité électorale</s>" in page and "saisie deux fois" in page and court.registrar.full_name in page
    assert Party.objects.filter(pk=case.authority.pk, struck=True).exists()
    assert "aucune tentative" not in page
    assert Petition.objects.get().sheet.unserved == 0


def test_a_ground_and_a_piece_are_struck_from_the_page_and_never_deleted(court, registrar, voted):
    case = court.case(state="docketed", ago=timedelta(minutes=1))
    for what, row, kind in (("ground", case.ground.pk, Ground), ("exhibit", case.piece.pk, Exhibit)):
        answer = registrar.post(
            at(case), {"act": "strike", "seen": stamp(case), "what": what, "row": row, "why": f"erreur {what}"}
        )
        assert answer.status_code == 302, text(answer)
        assert kind.objects.get(pk=row).struck
        assert f"erreur {what}" in text(registrar.get(at(case)))
    assert Strike.objects.count() == 2


def test_a_line_is_struck_once_and_needs_a_reason(court, registrar):
    case = court.case(state="docketed")
    sent = {"act": "strike", "seen": stamp(case), "what": "ground", "row": case.ground.pk, "why": ""}
    assert registrar.post(at(case), sent).status_code == 422
    registrar.post(at(case), sent | {"why": "doublon"})
    again = registrar.post(at(case), sent | {"why": "encore", "seen": stamp(case)})
    assert "DIS-130" in text(again)


def test_of_two_registrars_who_strike_the_second_reads_again(court, registrar):
    case = court.case(state="docketed")
    seen = stamp(case)
    striking.strike(
        petition_id=case.petition.pk, what="ground", row_id=case.ground.pk, why="r", by=court.registrar, seen=seen
    )
    with pytest.raises(StalePage):
        striking.strike(
            petition_id=case.petition.pk, what="party", row_id=case.authority.pk, why="r", by=court.registrar, seen=seen
        )
    answer = registrar.post(
        at(case), {"act": "strike", "seen": seen, "what": "party", "row": case.authority.pk, "why": "r"}
    )
    assert answer.status_code == 409 and "DIS-205" in text(answer)


def test_a_term_is_written_as_people_write_it(court, registrar):
    case = court.case(state="served")
    sent = {
        "act": "paper",
        "seen": stamp(case),
        "kind": "petition",
        "title": "Requête",
        "until": "1er décembre 2027 à 14 h 05",
        "order": "O-1",
    }
    assert registrar.post(at(case), sent).status_code == 302
    assert case.petition.filings.get().term_until == "2027-12-01T14:05"
    wrong = registrar.post(at(case), sent | {"seen": stamp(case), "until": "1er décembre, 14 h"})
    assert wrong.status_code == 422 and "ou terme" in text(wrong)
