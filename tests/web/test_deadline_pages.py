"""The pages of legal time: public ones without an account, drafts and desks for those who may."""

import csv
import io
from datetime import date

import pytest

from kalata.deadlines import queries, services
from kalata.deadlines.models import Assumption, Fact, Following
from kalata.ledger.models import Act
from kalata.notices.models import Receipt
from kalata.people.models import Approval
from tests.conftest import decide_on_screen, make_person
from tests.hostile.pictures import one_page

pytestmark = pytest.mark.django_db
CASE = {
    "event": "2018-07-29", "kind": "offset", "n": "5", "unit": "day", "direction": "after", "counting": "both",
    "roll": "none", "filed": "2018-08-04",
}  # fmt: skip


@pytest.fixture
def public(calendar, supervisor):
    services.publish_calendar(calendar=calendar, public=True, reason="prêt", by=supervisor)
    calendar.refresh_from_db()
    return calendar


def pages(calendar):
    base = f"/echeances/{calendar.code}/"
    return [
        "/echeances/",
        "/echeances/essayer/",
        base,
        f"{base}?vue=mois",
        f"{base}?vue=mois&mois=2027-03",
        f"{base}?vue=mois&mois=abcd",
        f"{base}?vue=frise",
        f"{base}?vue=semaine",
        f"{base}?q=requete&etat=unverified&tour=1",
        f"{base}?q=zzzz",
        f"{base}regle/ML-COMPLAINT-OPERATIONS.1/",
        f"{base}regle/ML-FINAL-RESULTS-PRES.1/",
        f"{base}regle/ML-GAP-COURT-DECISION/?recu=2027-03-01",
        f"{base}faisabilite/",
        f"{base}faisabilite/?observe=0&lecture=0",
        f"{base}et-si/",
        f"{base}et-si/?vote=2027-07-11",
        f"{base}calendrier.ics",
        f"{base}calendrier.csv",
    ]


@pytest.mark.parametrize("lang", ["fr", "en", "bm"])
def test_every_public_page_answers_in_three_languages(client, public, lang):
    client.cookies["django_language"] = lang
    for page in pages(public):
        assert client.get(page).status_code == 200, page


def test_a_draft_does_not_exist_for_the_public(client, calendar):
    for page in pages(calendar)[2:]:
        assert client.get(page).status_code == 404, page
    assert calendar.code not in client.get("/echeances/").content.decode()


STAFF = ["nouveau/", "{code}/evenements/", "{code}/evenements/VOTE.1/", "{code}/derogations/", "avis/"]


@pytest.mark.parametrize(
    "role, allowed",
    [
        ("superviseur", {0, 1, 2, 3, 4}),
        ("greffe", {0, 1, 2, 3, 4}),
        ("juge", {3, 4}),
        ("publication", {3, 4}),
        ("auditeur", {3, 4}),
        ("admin", {4}),
        ("observateur", {4}),
    ],
)
def test_the_desks_open_to_those_who_hold_the_right(public, sign_in, role, allowed):
    client = sign_in(make_person("quelqu-un", role))
    for i, page in enumerate(STAFF):
        status = client.get("/echeances/" + page.format(code=public.code)).status_code
        assert (status == 200) == (i in allowed), (role, page, status)


def test_an_unknown_rule_event_or_piece_is_not_found(public, sign_in, supervisor):
    client = sign_in(supervisor)
    for page in (
        "regle/NOTHING/",
        "evenements/ECLIPSE.1/",
        "evenements/VOTE.7/",
        "evenements/VOTE.x/",
        "pieces/" + "0" * 64,
    ):
        assert client.get(f"/echeances/{public.code}/{page}").status_code == 404, page


def test_a_date_is_never_shown_without_its_badge_and_its_text(client, public):
    body = client.get(f"/echeances/{public.code}/").content.decode()
    legal = queries.legal(public)
    dated = [line for line in legal.lines if line.limit]
    assert body.count("non vérifié</span>") >= len([line for line in dated if line.unverified])


def test_names_of_the_pack_are_in_the_language_of_the_reader(client, public):
    client.cookies["django_language"] = "en"
    body = client.get(f"/echeances/{public.code}/regle/ML-COMPLAINT-OPERATIONS.1/?recu=2027-03-06").content.decode()
    assert "Petition against voting operations" in body and "clear days, as in" in body
    assert "requête" not in body and "délai franc" not in body
    body = client.get(f"/echeances/{public.code}/faisabilite/").content.decode()
    assert "“second round” (Constitution" in body


def test_the_clerk_sees_each_reading_with_its_consequence(client, public):
    body = client.get(f"/echeances/{public.code}/regle/ML-COMPLAINT-OPERATIONS.1/?recu=2027-03-06").content.decode()
    assert body.count("Tardif") == 1 and body.count("Recevable") == 2
    assert "Ceci n’est pas une décision" in body
    bad = client.get(f"/echeances/{public.code}/regle/ML-COMPLAINT-OPERATIONS.1/?recu=2027-02-31")
    assert bad.status_code == 422 and "DL-101" not in bad.content.decode()


def test_any_rule_can_be_tried_and_both_readings_are_shown(client, pack_version):
    body = client.get("/echeances/essayer/", CASE).content.decode()
    assert "vendredi 3 août 2018" in body and "samedi 4 août 2018" in body
    assert "Tardif" in body and "Recevable" in body


@pytest.mark.parametrize(
    "change, status",
    [
        ({"n": "-1"}, 422),
        ({"event": "hier"}, 422),
        ({"roll": "next_working_day"}, 422),
        ({"roll": "next_working_day", "holidays": "ML"}, 200),
        ({"skip": ["sunday", "holiday"], "holidays": "ML"}, 200),
        ({"kind": "nth_weekday", "n": "0"}, 422),
        ({"kind": "nth_weekday", "n": "3", "weekday": "sunday"}, 200),
        ({"unit": "hour", "event_at": "21:00", "n": "48"}, 200),
        ({"unit": "year", "n": "9999"}, 422),
        ({"n": "9999", "unit": "day", "closes": "16:00", "cutoff": "18:00"}, 200),
        ({"holidays": "XX"}, 422),
        ({"filed_at": "10:00", "filed": ""}, 422),
    ],
)
def test_a_rule_that_cannot_be_tried_says_why(client, pack_version, change, status):
    assert client.get("/echeances/essayer/", {**CASE, **change}).status_code == status


def test_the_closing_of_the_office_is_not_the_end_of_the_right(client, pack_version):
    body = client.get("/echeances/essayer/", {**CASE, "closes": "16:00"}).content.decode()
    assert "après la fermeture du bureau" in body


def test_an_event_is_recorded_corrected_and_taken_back_through_the_pages(
    calendar, sign_in, supervisor, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    client = sign_in(supervisor)
    here = f"/echeances/{calendar.code}/evenements/CONVENING_DECREE_PUBLISHED.0/"
    sheet = io.BytesIO(one_page())
    sheet.name = "decret.pdf"
    said = {"standing": "actual", "day": "2026-06-01", "document": "décret 2026-1", "file": sheet}
    assert client.post(here, said).status_code == 302
    fact = Fact.objects.get(type="CONVENING_DECREE_PUBLISHED")
    piece = client.get(f"/echeances/{calendar.code}/pieces/{fact.sha256}")
    assert b"".join(piece.streaming_content) == one_page()
    fix = {
        "standing": "actual",
        "day": "2026-06-02",
        "document": "décret 2026-1",
        "replaces": fact.pk,
        "reason": "date du JO",
    }
    assert client.post(here, {**fix, "reason": ""}).status_code == 422
    assert client.post(here, fix).status_code == 302
    current = queries.facts(calendar)[-1]
    assert client.post(here, {"act": "withdraw", "fact": current.pk, "reason": "essai"}).status_code == 302
    assert client.post(here, {"standing": "actual", "day": "", "document": "x"}).status_code == 422
    assert client.get(f"/echeances/{calendar.code}/evenements/").status_code == 200


def test_a_derogation_is_asked_on_the_desk_and_shown_once_approved(calendar, sign_in, supervisor, publisher):
    client = sign_in(supervisor)
    here = f"/echeances/{calendar.code}/derogations/"
    said = {
        "norm": "ML-PROV-RESULTS|1", "kind": "extend", "day": "2027-03-07", "authority": "Cour", "document": "décision 7",
        "decided": "2027-03-03", "rank": "1", "reason": "crues",
    }  # fmt: skip
    assert client.post(here, {**said, "day": ""}).status_code == 422
    assert (
        client.post(
            here, {**said, "kind": "suspend", "day": "", "first": "2027-03-05", "last": "2027-03-02"}
        ).status_code
        == 422
    )
    assert client.post(here, {**said, "day": "2027-03-01"}).status_code == 422
    assert client.post(here, said).status_code == 302
    approval = Approval.objects.get(kind="deadline.derogation")
    client = sign_in(publisher)
    assert decide_on_screen(client, approval).status_code == 302
    body = client.get(here).content.decode()
    assert "décision 7" in body and "superviseur, publication" in body
    shown = client.get(f"/echeances/{calendar.code}/").content.decode()
    assert "dimanche 7 mars 2027" in shown and "vendredi 5 mars 2027" in shown


def test_the_feasibility_page_names_the_two_texts_and_takes_an_assumption(calendar, sign_in, supervisor):
    client = sign_in(supervisor)
    here = f"/echeances/{calendar.code}/faisabilite/"
    body = client.get(here).content.decode()
    assert "Ce calendrier est impossible" in body and "Constitution du 22 juillet 2023" in body
    said = {"start": "VOTE:1", "end": "PROV_RESULTS:1", "least": "2", "reason": "centralisation"}
    assert client.post(here, {**said, "least": ""}).status_code == 422
    assert client.post(here, {**said, "end": "VOTE:1"}).status_code == 422
    assert client.post(here, said).status_code == 302
    row = Assumption.objects.get()
    assert "centralisation" in client.get(here).content.decode()
    assert client.post(here, {"act": "drop", "id": row.pk}).status_code == 302
    assert not queries.assumptions(calendar).exists()


def test_moving_the_vote_on_paper_writes_nothing_and_says_what_breaks(client, public, supervisor):
    services.record_fact(
        calendar=public,
        type_="CAMPAIGN_OPEN",
        round_=1,
        day=date(2027, 2, 7),
        at=None,
        standing="planned",
        by=supervisor,
    )
    before = Act.objects.count()
    body = client.get(f"/echeances/{public.code}/et-si/?vote=2027-03-07").content.decode()
    assert "1 règle ne serait plus respectée" in body and "Ouverture de la campagne" in body
    assert Act.objects.count() == before
    assert client.get(f"/echeances/{public.code}/et-si/?vote=demain").status_code == 422


def test_notices_are_read_one_by_one_or_all(calendar, sign_in, supervisor):
    from datetime import UTC, datetime

    from kalata.deadlines import alerts

    alerts.refresh(datetime(2027, 3, 5, 23, tzinfo=UTC))
    client = sign_in(supervisor)
    first = Receipt.objects.first()
    assert client.get("/echeances/avis/").status_code == 200
    client.post("/echeances/avis/", {"act": "read", "id": first.pk})
    assert Receipt.objects.filter(read_at=None).count() == Receipt.objects.count() - 1
    client.post("/avis/", {"act": "read"})
    assert not Receipt.objects.filter(read_at=None).exists()
    assert "Tout marquer" not in client.get("/echeances/avis/").content.decode()


def test_following_is_a_wish_of_ones_own(calendar, sign_in, publisher):
    client = sign_in(publisher)
    assert client.post(f"/echeances/{calendar.code}/suivre/", {"acteur": "AIGE", "mail": "1"}).status_code == 302
    assert Following.objects.get(person=publisher).by_mail
    client.post(f"/echeances/{calendar.code}/suivre/", {"act": "stop"})
    assert not Following.objects.filter(person=publisher).exists()


def test_the_home_page_says_what_is_late_from_here(client, public, supervisor):
    old = Fact.objects.get(calendar=public, type="VOTE")
    services.record_fact(
        calendar=public,
        type_="VOTE",
        round_=1,
        day=date(2026, 6, 14),
        at=None,
        standing="planned",
        reason="r",
        replaces=old.pk,
        by=supervisor,
    )
    body = client.get("/").content.decode()
    assert "Proclamation des résultats provisoires" in body and "passée, à constater" in body


def test_the_csv_has_a_row_for_each_line_with_source_and_confidence(client, public):
    text = client.get(f"/echeances/{public.code}/calendrier.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(queries.legal(public).lines)
    assert all(r["sources"] and r["confidence"] and r["law"] for r in rows)


def test_the_poster_is_a_pdf_with_every_dated_line(client, public):
    body = client.get(f"/echeances/{public.code}/affiche.pdf").content
    assert body.startswith(b"%PDF") and len(body) > 20_000


def test_the_calendar_is_published_and_taken_back_with_a_reason(calendar, sign_in, supervisor, client):
    staff = sign_in(supervisor)
    here = f"/echeances/{calendar.code}/reglages/"
    assert staff.post(here, {"act": "publish", "reason": ""}).status_code == 422 or not calendar.published_at
    assert staff.post(here, {"act": "publish", "reason": "prêt"}).status_code == 302
    calendar.refresh_from_db()
    assert calendar.published_at
    assert staff.post(here, {"act": "texts", "law_date": "2018-01-01", "reason": "essai"}).status_code == 302
    assert staff.post(here, {"act": "recall", "reason": "erreur"}).status_code == 302
    calendar.refresh_from_db()
    assert calendar.published_at is None and calendar.law_date == date(2018, 1, 1)


def test_opening_a_calendar_from_the_page(contest, sign_in, supervisor):
    client = sign_in(supervisor)
    said = {"election": contest.election.pk, "family": "presidential", "rounds": "2", "polling_day": "2027-02-28"}
    assert client.post("/echeances/nouveau/", said).status_code == 302
    assert client.post("/echeances/nouveau/", said).status_code == 409
    assert client.post("/echeances/nouveau/", {**said, "family": "papal"}).status_code == 422


def test_the_results_page_shows_the_clocks_of_its_round(client, published, supervisor):
    made = services.open_calendar(
        election=published.election, family="presidential", rounds=2, polling_day=date(2027, 2, 28), by=supervisor
    )
    assert "Délais légaux" not in client.get("/resultats/pres/").content.decode()
    services.publish_calendar(calendar=made, public=True, reason="prêt", by=supervisor)
    body = client.get("/resultats/pres/").content.decode()
    assert "Délais légaux" in body and "Vendredi 5 mars 2027" in body and "Dimanche 7 mars 2027" in body
    assert "autre lecture" in body and body.count("non vérifié") >= 3


def test_a_hostile_setting_is_refused_or_cut_never_a_fault(calendar, sign_in, supervisor):
    client = sign_in(supervisor)
    here = f"/echeances/{calendar.code}/"
    assert client.post(here + "reglages/", {"act": "texts", "law_date": "2018-31-31", "reason": "x"}).status_code == 422
    assert client.post(here + "reglages/", {"act": "nothing"}).status_code == 422
    assert client.post(here + "suivre/", {"acteur": "x" * 121}).status_code == 422
    assert not Following.objects.get(person=supervisor, calendar=calendar).actor  # who opened it follows it: unchanged
    assert client.post(here + "suivre/", {"acteur": "x" * 120}).status_code == 302
    assert (
        client.post(here + "evenements/VOTE.1/", {"act": "withdraw", "fact": "999999", "reason": "r"}).status_code
        == 404
    )
    assert client.post(here + "derogations/", {"act": "end", "override": "999999", "reason": "r"}).status_code == 404


def test_an_election_under_a_pack_of_an_older_shape_does_not_stop_the_others(contest, sign_in, supervisor):
    from kalata.country.models import Election, PackVersion

    old = contest.election.pack
    content = {**old.content, "sections": {**old.content["sections"], "event_types": []}}
    other = PackVersion.objects.create(code="ml", version="2026.0", sha256="0" * 64, content=content)
    Election.objects.create(code="old", name_fr="Ancienne", pack=other, geography=contest.election.geography)
    client = sign_in(supervisor)
    assert "presidential" in client.get("/echeances/nouveau/").content.decode()
    said = {"election": Election.objects.get(code="old").pk, "family": "presidential", "rounds": "2"}
    assert client.post("/echeances/nouveau/", said).status_code == 422
