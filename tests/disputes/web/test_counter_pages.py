"""The counter on screen: a petition is received on one page, its receipt says all, bundles are merged, pieces are kept."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kalata.disputes.models import BenchMember, CustodyEvent, Petition, Recusal, Roll
from kalata.disputes.services import counters, intake
from kalata.disputes.signing import court
from kalata.evidence.rules.access import NoSuchPiece
from kalata.ledger.models import Act
from tests.disputes.desk import AT, open_court, received
from tests.disputes.desk import court_keys as court_keys
from tests.disputes.desk import own_keys as own_keys
from tests.disputes.offline import Laptop
from tests.disputes.services.test_checking import voted as voted
from tests.disputes.services.test_intake import pdf

pytestmark = pytest.mark.django_db
DESK = "/contentieux/greffe/"


@pytest.fixture
def desk(contest):
    return open_court(contest)


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def typed(contest_of, counter_of, **changed):
    return {
        "act": "receive", "contest": contest_of.pk, "counter": counter_of.pk, "channel": "counter", "petitioner": "Candidature n° 2",
        "capacity": "candidate", "about": "results", "about_words": "Annulation de deux bureaux", "signed": "1", "signed_on": "2027-03-07",
        "code1": "officers_replaced", "stations1": "bv-001\nÉcole n° 2\nNiéna école", "article1": "art. 31", "ticket": "A 17", **changed,
    }  # fmt: skip


def test_a_clerk_receives_a_petition_and_reads_its_receipt(contest, desk, sign_in):
    who, counter = desk
    client = sign_in(who["clerk"])
    assert "Enregistrer une requête" in text(client.get(DESK))
    assert "Recevoir et donner le numéro" in text(client.get(f"{DESK}enregistrer/"))
    answer = client.post(
        f"{DESK}enregistrer/", typed(contest, counter, pieces=[SimpleUploadedFile("requete.pdf", pdf(4))])
    )
    assert answer.status_code == 302, text(answer)
    one = Petition.objects.get()
    assert [t.words for t in one.grounds.get().targets.order_by("pk")] == ["BV-001", "BV-002", "Niéna école"]
    page = text(client.get(answer.url))
    for said in (one.number, "Candidature n° 2", "A 17", "Pièces reçues : 1, pages : 4", one.receipt.root, "ne préjuge pas de la recevabilité",
                 f"{one.received_at:%H:%M:%S}", "KALATA-RECEPISSE-1", "<svg"):  # fmt: skip
        assert said in page, said


def test_what_is_wrong_is_said_beside_its_box_and_what_was_typed_stays(contest, desk, sign_in):
    who, counter = desk
    client = sign_in(who["clerk"])
    for wrong in (
        {"since": "demain"},
        {"since": "1er janvier 2199"},
        {"petitioner": ""},
        {"signed_on": "hier"},
        {"counter": 10**6},
        {"contest": 10**6},
        {"channel": "web"},
    ):
        answer = client.post(f"{DESK}enregistrer/", typed(contest, counter, **wrong))
        assert answer.status_code == 422
        assert "Niéna école" in text(answer) and Petition.objects.count() == 0


def test_a_hostile_piece_refuses_the_whole_act_with_its_code(contest, desk, sign_in):
    who, counter = desk
    sent = typed(contest, counter, pieces=[SimpleUploadedFile("requete.pdf", b"MZ\x00programme")])
    answer = sign_in(who["clerk"]).post(f"{DESK}enregistrer/", sent)
    assert answer.status_code == 422 and "EVD-101" in text(answer)
    assert Petition.objects.count() == 0


@pytest.mark.parametrize(("role", "page", "status"), [
    ("registrar", "", 200), ("registrar", "enregistrer/", 403), ("registrar", "fusion/", 200), ("clerk", "fusion/", 403),
    ("judge", "", 403), ("president", "", 403), ("party", "", 403), ("judge", "enregistrer/", 403),
])  # fmt: skip
def test_each_page_opens_to_those_who_hold_its_right(desk, sign_in, role, page, status):
    assert sign_in(desk[0][role]).get(f"{DESK}{page}").status_code == status


def test_a_clerk_of_another_territory_or_contest_sees_nothing_of_it(contest, desk, sign_in):
    from kalata.country.models import Unit
    from tests.conftest import holds_only, make_person

    who, counter = desk
    one = received(contest, counter, who["clerk"])
    local = make_person("local", "guichet-local", unit=Unit.objects.filter(geography__code="ml-2015", level=1).first())
    other = holds_only(make_person("autre"), "disputes.receive", contest=second(contest))
    for person in (local, other):
        client = sign_in(person)
        assert one.number not in text(client.get(DESK))
        for page in ("recepisses", "pieces"):
            assert client.get(f"{DESK}{page}/{one.number}/").status_code == 404


def second(contest):
    from kalata.country import services

    return services.create_contest(
        election=contest.election,
        code="autre",
        name_fr="Autre",
        system=contest.system,
        boxes=contest.boxes,
        options=[{"name": "X"}],
    )


def test_the_list_is_filtered_and_goes_out_as_a_file(contest, desk, sign_in):
    who, counter = desk
    one, two = received(contest, counter, who["clerk"]), received(contest, counter, who["clerk"], channel="phone")
    client = sign_in(who["registrar"])
    for query, seen, hidden in ((f"?q={one.number}", one, two), ("?canal=phone", two, one)):
        page = text(client.get(DESK + query))
        assert seen.number in page and f"recepisses/{hidden.number}" not in page
    assert one.number in b"".join(client.get(f"{DESK}?sortie=csv").streaming_content).decode()
    assert "Aucune requête reçue" in text(client.get(f"{DESK}?etat=closed"))


def test_a_bundle_is_merged_by_page_twice_alike_and_a_forged_one_is_refused(contest, desk, sign_in, tmp_path):
    who, _counter = desk
    laptop = Laptop("MPT1")
    counters.open_counter(code="MPT1", name="Préfecture de Mopti", by=who["registrar"], key=laptop.key)
    laptop.receive(AT, pieces=[b"requete"])
    content = laptop.bundle(tmp_path / "lot.zip", drift_ms=2_000).read_bytes()
    client = sign_in(who["registrar"])

    def give(body):
        sent = {"act": "merge", "bundle": SimpleUploadedFile("lot.zip", body)}
        return client.post(f"{DESK}fusion/", sent, follow=True)

    said = text(give(content))
    assert "1 requête nouvelle sur 1" in said and "Ce lot est venu en clair" in said
    assert "rien n’a changé" in text(give(content))
    assert Petition.objects.count() == 1
    refused = give(content[:-40])
    assert refused.status_code == 422 and "DIS-131" in text(refused)
    assert "2000 ms" in text(client.get(f"{DESK}recepisses/2027-P1-MPT1-000001/"))


def test_the_bundle_of_a_counter_of_this_machine_is_handed_out_sealed_to_the_court(contest, desk, court_keys, sign_in):
    who, counter = desk
    one = received(contest, counter, who["clerk"])
    answer = sign_in(who["registrar"]).post(f"{DESK}fusion/", {"act": "export", "counter": counter.pk})
    assert answer["Content-Type"] == "application/zip" and answer.content.startswith(b"PK")
    assert one.number.encode() not in answer.content and b"lot.json" in answer.content
    assert court.bundles_to() in text(sign_in(who["registrar"]).get(f"{DESK}guichets/"))


def test_a_piece_is_added_read_and_each_reading_of_a_sealed_one_is_recorded(contest, desk, sign_in):
    who, counter = desk
    one = received(contest, counter, who["clerk"])
    client, page = sign_in(who["clerk"]), f"{DESK}pieces/{one.number}/"
    for access in ("parties", "sealed"):
        sent = {
            "act": "add",
            "kind": "bailiff",
            "name": f"Constat {access}",
            "access": access,
            "piece": SimpleUploadedFile("c.txt", access.encode()),
        }
        assert client.post(page, sent).status_code == 302
    assert "Constat sealed" in text(client.get(page))
    keeper, piece = sign_in(who["registrar"]), f"/contentieux/affaires/{one.number}/pieces"
    assert f"{piece}/1/" in text(keeper.get(page))
    assert b"".join(keeper.get(f"{piece}/1/").streaming_content) == b"parties"
    assert keeper.get(f"{piece}/2/").status_code == 403 and keeper.get(f"{piece}/9/").status_code == 404
    assert CustodyEvent.objects.filter(kind="read").count() == 0
    from kalata.disputes.services import reading

    for _n in range(2):
        reading.read(petition=one, number=2, by=who["judge"])
    assert [e.kind for e in one.custody.order_by("sequence")] == ["received", "received", "read", "read"]
    assert Act.objects.filter(kind="disputes.exhibit_read").count() == 2
    judge = who["judge"]
    seat = BenchMember.objects.create(code="j1", person=judge, since=date(2024, 1, 1), at=timezone.now())
    reading.read(petition=one, number=2, by=judge)
    Recusal.objects.create(
        petition=one, member=seat, aside=True, state="granted", allowed=True, grounds="r", by=judge, at=timezone.now()
    )
    with pytest.raises(NoSuchPiece):  # out of the case for good: no place in it any more
        reading.read(petition=one, number=2, by=judge)


def test_a_station_that_is_not_of_the_contest_stops_the_piece(contest, desk, sign_in):
    who, counter = desk
    one = received(contest, counter, who["clerk"])
    sent = {"act": "add", "kind": "pv", "name": "PV", "station": "BV-404", "piece": SimpleUploadedFile("c.txt", b"x")}
    answer = sign_in(who["clerk"]).post(f"{DESK}pieces/{one.number}/", sent)
    assert answer.status_code == 422 and "DIS-136" in text(answer) and one.exhibits.count() == 0


def test_the_receipt_is_printed_as_an_issued_paper(contest, desk, sign_in):
    who, counter = desk
    one = received(contest, counter, who["clerk"])
    answer = sign_in(who["clerk"]).post(f"{DESK}recepisses/{one.number}/", {"act": "print"})
    assert answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"%PDF")


def test_without_a_roll_the_page_says_what_is_lacking(contest, desk, sign_in):
    Roll.objects.all().delete()
    assert "Aucun rôle n’est ouvert" in text(sign_in(desk[0]["clerk"]).get(f"{DESK}enregistrer/"))


@pytest.mark.parametrize("hour", ["23:59:59", "00:00:00"])
def test_the_page_prints_the_second_of_the_receipt_never_a_bare_midnight(contest, desk, sign_in, monkeypatch, hour):
    """DAWSON's users met receipts stamped 12:00 am."""
    who, counter = desk
    at = AT.replace(hour=int(hour[:2]), minute=int(hour[3:5]), second=int(hour[6:]), microsecond=0) + timedelta(0)
    with monkeypatch.context() as clock:
        clock.setattr(intake, "now_of", lambda *a: at)
        one = received(contest, counter, who["clerk"])
    page = text(sign_in(who["registrar"]).get(f"{DESK}recepisses/{one.number}/"))
    assert f"7 mars 2027, {hour}" in page


def test_the_page_answers_no_box_for_its_clerk_and_an_empty_ground_is_none(contest, desk, sign_in):
    who, counter = desk
    client = sign_in(who["clerk"])
    page = text(client.get(f"{DESK}enregistrer/"))
    for box in ("about", "capacity", "code1", "code2", "code3", "code4"):
        first = re.search(rf'<select name="{box}".*?<option value="([^"]*)"', page, re.S)
        assert first and first.group(1) == "", box
    empty = {f"{name}{n}": "" for name in ("code", "stations", "article", "text") for n in (2, 3, 4)}
    assert client.post(f"{DESK}enregistrer/", typed(contest, counter, **empty)).status_code == 302
    (one,) = Petition.objects.exclude(number=None)
    assert [g.code for g in one.grounds.all()] == ["officers_replaced"]


def test_reading_again_receives_nothing_and_says_what_the_receipt_will_say(contest, desk, sign_in):
    who, counter = desk
    client = sign_in(who["clerk"])
    answer = client.post(f"{DESK}enregistrer/", typed(contest, counter, act="look", petitioner="", channel=""))
    page = text(answer)
    assert answer.status_code == 200 and Petition.objects.count() == 0
    assert "2027-P1-BKO2-" in page and "« Niéna école »" in page and "École n° 2" in page
    assert "2 bureaux, 1 sans code" in page


def test_every_reading_of_the_limit_is_beside_the_form_before_anything_is_received(contest, desk, sign_in, voted):
    who, counter = desk
    page = text(sign_in(who["clerk"]).post(f"{DESK}enregistrer/", typed(contest, counter, act="look")))
    assert "en temps utile" in page
    assert Petition.objects.count() == 0


def test_a_sound_file_is_not_asked_for_again_and_a_refused_one_is_named(contest, desk, sign_in):
    who, counter = desk
    client = sign_in(who["clerk"])
    files = [SimpleUploadedFile("requete.pdf", pdf(4)), SimpleUploadedFile("photo.exe", b"MZ\x00programme")]
    first = client.post(f"{DESK}enregistrer/", typed(contest, counter, pieces=files))
    page = text(first)
    assert first.status_code == 422 and Petition.objects.count() == 0
    assert "photo.exe" in page and "EVD-101" in page and "À joindre de nouveau" in page
    assert "requete.pdf" in page and "gardée, rien à joindre de nouveau" in page
    ticket = re.search(r'name="held" value="([^"]+)"', page).group(1)
    assert client.post(f"{DESK}enregistrer/", typed(contest, counter, held=[ticket])).status_code == 302
    exhibit = Petition.objects.get().exhibits.get()
    assert (exhibit.name, exhibit.pages, exhibit.kind) == ("requete.pdf", 4, "petition")


def test_the_ticket_of_a_file_serves_who_gave_it_alone(contest, desk, sign_in):
    from tests.conftest import make_person

    who, counter = desk
    page = text(sign_in(who["clerk"]).post(
        f"{DESK}enregistrer/", typed(contest, counter, petitioner="", pieces=[SimpleUploadedFile("secret.pdf", pdf(1))])
    ))  # fmt: skip
    ticket = re.search(r'name="held" value="([^"]+)"', page).group(1)
    other = sign_in(make_person("autre-guichet", "guichet"))
    assert other.post(f"{DESK}enregistrer/", typed(contest, counter, held=[ticket, "forged"])).status_code == 302
    assert Petition.objects.get().exhibits.count() == 0


def test_the_hour_of_the_ticket_is_kept_and_asked_of_the_list(contest, desk, sign_in):
    who, counter = desk
    client = sign_in(who["clerk"])
    client.post(f"{DESK}enregistrer/", typed(contest, counter, since="7 mars 2026 19 h 12"))
    client.post(f"{DESK}enregistrer/", typed(contest, counter))
    waited, other = Petition.objects.exclude(number=None).order_by("pk")
    assert f"{waited.receipt.since:%H:%M}" == "19:12"
    page = text(client.get(f"{DESK}?file=1"))
    assert waited.number in page and f"recepisses/{other.number}" not in page
