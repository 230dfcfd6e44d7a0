"""Legal time in a real browser: pages pass axe wide and at 360 px, a clerk and a lawyer work by keyboard."""

from datetime import date

import pytest

from kalata.deadlines import queries, services
from kalata.deadlines.models import Fact
from kalata.people.models import Approval
from tests.browser.tools import axe, fits, open_session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CODE = "e1-presidential"
HERE = f"/echeances/{CODE}/"
PUBLIC = [
    "/",
    "/echeances/",
    "/echeances/essayer/",
    "/echeances/essayer/?event=2018-07-29&kind=offset&n=5&unit=day&direction=after&counting=both&roll=none&filed=2018-08-04",
    "/echeances/essayer/?event=x&kind=offset&n=-1",
    HERE,
    f"{HERE}?vue=mois&mois=2027-03",
    f"{HERE}?vue=frise",
    f"{HERE}?vue=semaine",
    f"{HERE}regle/ML-COMPLAINT-OPERATIONS.1/?recu=2027-03-06",
    f"{HERE}regle/ML-ROUND2-PRES-2023.1/",
    f"{HERE}faisabilite/",
    f"{HERE}et-si/?vote=2027-03-07",
]


@pytest.fixture
def public(calendar, supervisor):
    services.publish_calendar(calendar=calendar, public=True, reason="prêt", by=supervisor)
    return calendar


def test_public_pages_of_legal_time_pass_axe_and_fit_the_screen(page, live_server, public):
    for path in PUBLIC:
        page.goto(live_server.url + path)
        assert axe(page) == [], path
        assert fits(page), path


@pytest.mark.parametrize(("lang", "theme"), [("en", "dark"), ("bm", "light")])
def test_the_calendar_passes_axe_in_every_language_and_theme(page, live_server, public, lang, theme):
    cookies = {"django_language": lang, "theme": theme, "contrast": "more" if lang == "bm" else ""}
    page.context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
    for path in (HERE, f"{HERE}?vue=mois&mois=2027-03", f"{HERE}?vue=frise", PUBLIC[9]):
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.lang") == lang and axe(page) == [], path


def test_the_desks_of_legal_time_pass_axe_and_fit_the_screen(page, live_server, public, supervisor, publisher):
    from kalata.deadlines import alerts

    alerts.refresh()
    open_session(page, live_server, supervisor)
    paths = ["nouveau/", "avis/?etat=all"]
    paths += [
        f"{CODE}/{p}"
        for p in ("", "evenements/", "evenements/PROV_RESULTS.1/", "evenements/VOTE.1/", "derogations/", "faisabilite/")
    ]
    for path in paths:
        page.goto(f"{live_server.url}/echeances/{path}")
        assert axe(page) == [], path
        assert fits(page), path


def test_a_clerk_records_the_results_and_the_clock_follows_by_keyboard_alone(page, live_server, calendar, registrar):
    vote = calendar.facts.get(type="VOTE")
    services.record_fact(
        calendar=calendar, type_="VOTE", round_=1, day=date(2026, 6, 14), at=None, standing="planned", reason="r",
        replaces=vote.pk, by=registrar,
    )  # fmt: skip
    open_session(page, live_server, registrar)
    page.goto(f"{live_server.url}{HERE}evenements/PROV_RESULTS.1/")
    page.focus("#id_day")
    page.keyboard.type("18/06/2026")
    page.focus("#id_at")
    page.keyboard.type("21 h 30")
    page.focus("#id_document")
    page.keyboard.type("Proclamation 2026-01")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{HERE}evenements/")
    assert "échéances recalculées" in page.inner_text("main")
    assert Fact.objects.get(type="PROV_RESULTS").document == "Proclamation 2026-01"
    assert queries.legal(calendar).get("ML-COMPLAINT-RESULTS.1").limit.iso() == "2026-06-20T21:30"
    page.goto(f"{live_server.url}{HERE}regle/ML-COMPLAINT-RESULTS.1/")
    assert "samedi 20 juin 2026 à 21" in page.inner_text("main")


def test_two_persons_derogate_in_two_browsers(page, live_server, public, supervisor, publisher):
    open_session(page, live_server, supervisor)
    page.goto(f"{live_server.url}{HERE}regle/ML-PROV-RESULTS.1/")
    page.click("text=Demander une dérogation")
    assert page.input_value("#id_norm") == "ML-PROV-RESULTS|1"
    page.select_option("#id_kind", "extend")
    page.fill("#id_day", "2027-03-07")
    for field, text in (("authority", "Cour constitutionnelle"), ("document", "décision 7"), ("reason", "inondations")):
        page.fill(f"#id_{field}", text)
    page.fill("#id_decided", "2027-03-03")
    page.select_option("#id_rank", "1")
    page.click("text=Demander, à deux personnes")
    assert "une autre personne doit l’approuver" in page.inner_text("main")
    assert Approval.objects.get(kind="deadline.derogation").state == "waiting"
    page.context.clear_cookies()
    open_session(page, live_server, publisher)
    page.goto(f"{live_server.url}/personnes/approbations/")
    page.click("main table a")
    page.click("text=Approuver et faire")
    page.goto(live_server.url + HERE)
    said = page.inner_text("tr[id='ML-PROV-RESULTS.1']")
    assert "dimanche 7 mars 2027" in said and "vendredi 5 mars 2027" in said and "dérogé" in said


def test_a_lawyer_tries_a_rule_and_reads_both_consequences(page, live_server, pack_version):
    page.goto(f"{live_server.url}/echeances/essayer/")
    page.click("text=Voir cet exemple")
    said = page.inner_text("main")
    assert "vendredi 3 août 2018" in said and "samedi 4 août 2018" in said
    assert "Tardif" in said and "Recevable" in said
    page.fill("#id_n", "6")
    page.press("#id_n", "Enter")
    page.wait_for_load_state()
    assert "dimanche 5 août 2018" in page.inner_text("main")
