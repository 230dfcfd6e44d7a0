"""What of a plan is everybody's: two persons publish it, everybody reads and follows it, a donor sees its public lines; its papers say the same."""

import re
from datetime import UTC, date, datetime

import icalendar
import pypdfium2
import pytest

from kalata.people.models import Approval
from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval
from kalata.planning.models import Plan, Publication
from kalata.planning.queries import publishing as queries
from kalata.planning.queries.budget import money_of
from kalata.planning.queries.schedule import dates
from kalata.planning.rules.publishing import Day, Edition, agenda
from kalata.planning.services import approving, odds, papers, publishing
from kalata.refusals import Refused
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
HERE = "/calendriers/pres-27/"


@pytest.fixture
def approved(draft, planner, money, committee, monkeypatch):
    monkeypatch.setattr(odds, "ask", lambda **_: None)
    approving.submit(version=draft, reason="prête", by=planner)
    asked = approving.endorse(version=draft, reason="vu", by=money)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=committee)
    draft.refresh_from_db()
    return draft


def text(client, address):
    return re.sub(r"\s+", " ", client.get(address).content.decode().replace("\u202f", " ").replace("\xa0", " "))


def test_nothing_is_public_before_two_persons_publish_it_and_then_everybody_reads_it(approved, planner, committee, client, sign_in):  # fmt: skip
    assert client.get(HERE).status_code == 404 and "Aucun plan n’est public" in text(client, "/calendriers/")
    sign_in(planner)
    page = f"/planification/{approved.pk}/version/"
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(page).content.decode())[1]
    assert client.post(page, {"act": "publish", "reason": "décidé", "seen": seen}).status_code == 302
    asked = Approval.objects.get(kind=queries.KIND)
    with pytest.raises(Refused):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=planner)
    assert not Publication.objects.exists()
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=committee)
    client.logout()
    shown = text(client, HERE)
    late = [d for d in queries.of_version(approved).days if d.missed]
    assert late and shown.count(", non tenu") == len(late), "a legal date that the plan misses is told to everybody"
    assert shown.count("le plan vient avant") == len([d for d in late if d.first < d.required]), "too early is not late"
    assert "Second tour le" not in shown, "the day of a second round is that of the table, and no other"
    assert (
        "Scrutin le 6 juin 2027" in shown
        and "à vérifier" in shown
        and "Plan de la présidentielle" in text(client, "/calendriers/")
    )
    followed = {
        str(e["UID"]): e
        for e in icalendar.Calendar.from_ical(client.get(f"{HERE}calendrier.ics").content).walk("VEVENT")
    }
    screen = dates(approved)
    for code in ("A05", "B18"):
        at = screen.places[code]
        assert followed[f"{code}.pres-27.public@kalata"].start == screen.start(at)
    assert not any("E11." in uid for uid in followed), "what only the staff does is nobody's business"
    with pytest.raises(Refused):
        publishing.ask(version=approved, reason="encore", by=planner)
    assert Plan.objects.get().published_at is not None


def test_a_date_that_moves_keeps_its_uid_and_one_that_goes_is_cancelled():
    a = Day("A05", "event", "Scrutin", "Poll", "2027-06-06", "2027-06-06")
    b = Day("B18", "milestone", "Fin", "End", "2027-07-06", "2027-07-06")
    at = date_time(2026, 1, 1), date_time(2026, 2, 1)
    moved = Day("A05", "event", "Scrutin", "Poll", "2027-06-13", "2027-06-13")
    got = {
        str(e["UID"]): e
        for e in icalendar.Calendar.from_ical(
            agenda("p", "P", [Edition(1, at[0], [a, b]), Edition(2, at[1], [moved])], "fr")
        ).walk("VEVENT")
    }
    assert (got["A05.p.public@kalata"]["SEQUENCE"], got["A05.p.public@kalata"].start) == (1, date(2027, 6, 13))
    assert (got["B18.p.public@kalata"]["SEQUENCE"], got["B18.p.public@kalata"]["STATUS"]) == (1, "CANCELLED")


def date_time(*given):
    return datetime(*given, tzinfo=UTC)


def read(pdf):
    with pypdfium2.PdfDocument(pdf) as pages:
        said = " ".join(page.get_textpage().get_text_range() for page in pages)
    return re.sub(r"\s+", " ", said.replace("\u202f", " ").replace("\xa0", " "))


def test_the_book_agrees_with_the_screen_to_the_franc_and_the_day_and_is_numbered_once_approved(approved, planner, sign_in):  # fmt: skip
    client = sign_in(planner)
    said = read(client.get(f"/planification/{approved.pk}/papier/livre.pdf?langue=fr").content)
    total = f"{money_of(approved).budget.total[1]:,}".replace(",", " ")
    screen = dates(approved)
    assert total in said and total in text(client, f"/planification/budget/?version={approved.pk}")
    assert f"{screen.start(screen.places['E11']):%d/%m/%Y}" in said and approved.sha256[:16] in said.replace(" ", "")
    made = papers.issue(version=approved, what="marches", lang="en", by=planner)
    assert made.reference in read(client.get(f"/planification/{approved.pk}/papier/marches.pdf?langue=en").content)
    assert papers.issue(version=approved, what="marches", lang="en", by=planner) == made


def test_a_draft_is_printed_as_one_and_enters_no_register(draft, planner, sign_in):
    assert "PROJET" in read(sign_in(planner).get(f"/planification/{draft.pk}/papier/affiche.pdf?langue=fr").content)
    with pytest.raises(Refused) as refused:
        papers.issue(version=draft, what="livre", lang="fr", by=planner)
    assert refused.value.code == "PLN-253"
    assert (
        sign_in(make_person("guichet", "saisie")).get(f"/planification/{draft.pk}/papier/livre.pdf").status_code == 403
    )
