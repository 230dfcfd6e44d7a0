"""The docket and the page of a case, as the registry reads and works them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kalata.disputes.models import Clock, Petition, Service
from kalata.disputes.services import checking, serving, sheets
from tests.disputes.services.test_serving import bring, communicated, of

pytestmark = pytest.mark.django_db
ROLE = "/contentieux/role/"


def at(case):
    return f"/contentieux/affaires/{case.petition.number}/"


@pytest.fixture
def registrar(court, sign_in):
    return sign_in(court.registrar)


def stamp(case):
    return sheets.stamp(Petition.objects.get(pk=case.petition.pk))


def text(answer):
    return answer.content.decode()


def test_the_docket_says_who_asks_when_and_what_is_next(court, registrar):
    case = court.case(state="served")
    paper = communicated(court, case)
    bring(court, of(paper, case.authority), exhibit_id=case.piece.pk)
    page = text(registrar.get(ROLE))
    assert case.petition.number in page
    assert "Annulation de six bureaux" in page
    assert "Candidature n° 2" in page
    assert "1 partie non atteinte" in page


def test_a_limit_that_nobody_computed_is_said_to_be_so_and_not_left_empty(court, registrar):
    case = court.case(state="received")
    sheets.rank()
    kept = case.petition.sheet.__class__.objects.filter(petition=case.petition)
    for verdict, said in (("", "non calculé"), ("late", "Hors délai")):
        kept.update(verdict=verdict)
        assert said in text(registrar.get(ROLE)).split(at(case))[-1].split("</tr>")[0], verdict


def test_it_is_narrowed_by_words_state_and_what_is_to_be_watched(court, registrar):
    one, two = court.case(state="served"), court.case(state="received")
    communicated(court, one)
    sheets.rank()
    for query, seen, hidden in (
        (f"?q={one.petition.number}", one, two), ("?etat=received", two, one), ("?suivi=unserved", one, two),
    ):  # fmt: skip
        page = text(registrar.get(ROLE + query))
        assert at(seen) in page, query
        assert at(hidden) not in page, query
    assert "six bureaux" in text(registrar.get(ROLE + "?q=SIX+bureaux"))


def test_a_case_left_for_long_is_found_at_once_and_put_first(court, registrar):
    left, fresh = court.case(state="instruction"), court.case(state="instruction")
    sheets.rank()
    old = timezone.now() - timedelta(days=90)
    left.petition.sheet.__class__.objects.filter(petition=left.petition).update(last_act_at=old)
    sheets.rank()
    page = text(registrar.get(ROLE))
    assert "1 sans acte depuis deux jours" in page
    assert page.index(at(left)) < page.index(at(fresh))
    assert at(fresh) not in text(registrar.get(ROLE + "?suivi=silent"))


def test_what_is_filtered_goes_out_as_a_file_and_the_reading_is_told(court, registrar):
    case = court.case()
    sheets.rank()
    answer = registrar.get(ROLE + "?sortie=csv")
    assert case.petition.number.encode() in b"".join(answer.streaming_content)
    from kalata.ledger.models import Act

    assert Act.objects.filter(kind="read.docket").count() == 1


def test_ticked_cases_are_enrolled_and_joined(court, registrar):
    one, two = court.case(state="received", ago=timedelta(days=2)), court.case(state="received")
    ids = [one.petition.pk, two.petition.pk]
    registrar.post(ROLE, {"act": "enrol", "case": ids})
    assert set(Petition.objects.values_list("state", flat=True)) == {"docketed"}
    answer = registrar.post(ROLE, {"act": "join", "case": ids, "why": "mêmes bureaux"})
    assert answer.url == at(one)
    two.petition.refresh_from_db()
    assert two.petition.lead_id == one.petition.pk
    assert two.petition.number in text(registrar.get(at(one)))


def test_joinder_is_proposed_with_its_reasons(court, registrar):
    one, two = court.case(state="docketed"), court.case(state="docketed")
    unit = court.contest.election.geography.units.first()
    Petition.objects.update(unit=unit)
    page = text(registrar.get(ROLE + "jonctions/"))
    assert "même circonscription et même acte attaqué" in page
    assert one.petition.number in page
    assert two.petition.number in page


def test_the_page_of_a_case_says_what_holds_it(court, registrar):
    case = court.case(state="served")
    communicated(court, case)
    page = text(registrar.get(at(case)))
    assert "Ce qui retient cette affaire" in page
    assert "Autorité électorale n’a pas reçu « Requête » : aucune tentative." in page


def test_a_service_is_noted_from_the_page_and_starts_the_clock(court, registrar):
    case = court.case(state="served")
    service = of(communicated(court, case), case.authority)
    now = timezone.localtime() - timedelta(minutes=5)
    body = {
        "act": "try", "seen": stamp(case), "service": service.pk, "mode": "hand", "outcome": "served",
        "day": now.date().isoformat(), "hour": f"{now:%H:%M}", "exhibit": case.piece.pk, "note": "",
    }  # fmt: skip
    answer = registrar.post(at(case), body)
    assert answer.status_code == 302, text(answer)
    assert Clock.objects.get().party == case.authority
    page = text(registrar.get(at(case)))
    assert "mémoire en réponse, Autorité électorale" in page.replace("Mémoire", "mémoire")


def test_two_registrars_the_second_is_told_to_read_again(court, registrar):
    case = court.case(state="served")
    seen = stamp(case)
    communicated(court, case)
    answer = registrar.post(at(case), {"act": "paper", "seen": seen, "kind": "order", "title": "Ordonnance"})
    assert answer.status_code == 409
    assert "DIS-205" in text(answer)
    assert case.petition.filings.count() == 1


def test_a_paper_is_filed_with_a_term_from_the_page(court, registrar):
    case = court.case(state="served")
    body = {
        "act": "paper", "seen": stamp(case), "kind": "petition", "title": "Requête", "n": "3", "unit": "day", "order": "2027-31",
        "to": [case.authority.pk],
    }  # fmt: skip
    registrar.post(at(case), body)
    assert Service.objects.get().party == case.authority


def test_what_is_struck_stays_on_the_page(court, registrar):
    case = court.case(state="served")
    paper = communicated(court, case)
    registrar.post(
        at(case), {"act": "strike", "seen": stamp(case), "what": "paper", "row": paper.pk, "why": "mauvaise affaire"}
    )
    page = text(registrar.get(at(case)))
    assert "rayé : mauvaise affaire" in page
    assert "<s>" in page


def test_a_sealed_paper_hides_itself_alone(court, registrar):
    case = court.case(state="served")
    court.exhibit(case.petition, access="sealed", name="Déclaration du témoin")
    page = text(registrar.get(at(case)))
    assert "Annulation de six bureaux" in page
    assert "sous scellé" in page


@pytest.mark.parametrize("role", ["guichet", "partie", "liaison", "admin", "superviseur", "recensement"])
def test_who_has_no_case_finds_none(court, sign_in, role):
    case = court.case()
    client = sign_in(court.who(role))
    assert client.get(at(case)).status_code == 404
    assert client.get(ROLE).status_code == 403


def test_a_service_of_another_case_is_not_of_this_page(court, registrar):
    case, other = court.case(state="served"), court.case(state="served")
    service = of(communicated(court, other), other.authority)
    answer = registrar.post(at(case), {"act": "waive", "seen": stamp(case), "service": service.pk, "order": "art. 14"})
    assert "DIS-207" in text(answer)
    assert not Service.objects.exclude(waiver="").exists()


def test_the_pages_ask_the_same_number_of_questions_whatever_they_hold(court, registrar):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def once(url):
        with CaptureQueriesContext(connection) as found:
            assert registrar.get(url).status_code == 200
        return len(found)

    def asked(url):
        """The least of two: what a session notes once a minute is no question of the page."""
        return min(once(url), once(url))

    case = court.case(state="served")
    communicated(court, case)
    sheets.rank()
    registrar.get(ROLE)
    registrar.get(at(case))
    docket, page = asked(ROLE), asked(at(case))
    for _more in range(4):
        communicated(court, court.case(state="served"))
    for n in range(8):
        court.exhibit(case.petition)
        court.party(case.petition, "intervener", f"Intervenant {n}")
    for n in range(4):
        serving.file_paper(petition_id=case.petition.pk, kind="order", title=f"Ordonnance {n}", by=court.registrar)
    bring(
        court,
        Service.objects.filter(document__petition=case.petition).last(),
        exhibit_id=case.piece.pk,
        at=timezone.now(),
    )
    sheets.rank()
    assert (asked(ROLE), asked(at(case))) == (docket, page)


# --- the registrar's view: seven points, what is at stake, who was reached ----------------------------
GREFFE = ROLE + "?tri=echeance&colonnes=next_at&colonnes=stakes&colonnes=points&colonnes=notified"


def test_the_bar_of_seven_points_says_what_the_last_checklist_said(court, registrar):
    case = court.case(state="docketed")
    sheets.rank()
    page = text(registrar.get(GREFFE))
    assert '<i class="o"></i>' * 7 in page
    assert "rien à discuter" not in page
    made = checking.check(petition_id=case.petition.pk, by=court.registrar, form={"certified": True})
    page = text(registrar.get(GREFFE))
    met = sum(i["state"] == "met" for i in made.said["items"])
    assert f"{met} sur 7" in page
    assert "Aucun rejet n’est automatique" in page
    assert f"/contentieux/affaires/{case.petition.number}/recevabilite/" in page


def test_the_docket_counts_who_was_reached_of_those_that_a_paper_is_for(court, registrar):
    case = court.case(state="served")
    sheets.rank()
    assert "rien à notifier" in text(registrar.get(GREFFE))
    paper = communicated(court, case)
    assert "0 sur 2 notifiés" in text(registrar.get(GREFFE))
    bring(court, of(paper, case.authority), exhibit_id=case.piece.pk)
    assert "1 sur 2 notifiés" in text(registrar.get(GREFFE))
    serving.waive(
        petition_id=case.petition.pk, service_id=of(paper, case.respondent).pk, act="ordonnance 7", by=court.registrar
    )
    assert "2 sur 2 notifiés" in text(registrar.get(GREFFE))


def test_the_counter_list_has_the_bar_and_links_it_for_who_may_open_it(court, registrar, sign_in):
    case = court.case(state="docketed")
    checking.check(petition_id=case.petition.pk, by=court.registrar, form={"certified": True})
    link = f"/contentieux/affaires/{case.petition.number}/recevabilite/"
    assert link in text(registrar.get("/contentieux/greffe/"))
    page = text(sign_in(court.who("guichet")).get("/contentieux/greffe/"))
    assert "sur 7" in page
    assert link not in page


# --- several at once --------------------------------------------------------------------------------
def test_what_one_case_refuses_is_said_in_its_row_and_the_others_are_done(court, registrar):
    good, bad = court.case(state="admissibility"), court.case(state="received")
    sheets.rank()
    body = {
        "act": "notify",
        "case": [good.petition.pk, bad.petition.pk],
        "n": "3",
        "unit": "day",
        "order": "ordonnance 7",
    }
    answer = registrar.post(ROLE, body)
    page = text(answer)
    assert answer.status_code == 409
    row = page[page.index(f'id="no{bad.petition.pk}"') :]
    assert "DIS-224" in row[: row.index("</span></span>")]
    assert f'id="no{good.petition.pk}"' not in page
    assert "1 requête traitée" in page and "1 requête refuse cet acte" in page
    assert set(Petition.objects.values_list("state", flat=True)) == {"served", "received"}
    assert Service.objects.filter(petition=good.petition).count() == 2


def test_ticked_cases_are_invited_to_cure_from_the_docket(court, registrar):
    case = court.case(state="docketed")
    checking.check(petition_id=case.petition.pk, by=court.registrar, form={"certified": True})
    answer = registrar.post(
        ROLE, {"act": "invite", "case": [case.petition.pk], "n": "3", "unit": "day", "order": "lettre 12"}
    )
    assert answer.status_code == 302
    assert Petition.objects.get().state == "to_cure"
    assert Service.objects.get().party == case.petitioner


def test_who_does_not_keep_the_registry_does_nothing_to_several(court, sign_in):
    case = court.case(state="docketed")
    for act in ("notify", "invite"):
        answer = sign_in(court.rapporteur).post(ROLE, {"act": act, "case": [case.petition.pk]})
        assert answer.status_code == 403 and "PEO-101" in text(answer)
    assert Petition.objects.get().state == "docketed"
