"""The eight defects found in a peer, tried here through the pages: each is refused and leaves nothing behind."""

import re

import pytest
from django.db import IntegrityError, transaction

from kalata.country.models import Station
from kalata.results.models import StationReport
from kalata.tally.models import Entry, Paper, Passage
from kalata.tally.rehearsal.truth import typed
from kalata.tally.rules.lifecycle import State
from kalata.tally.services import reports as tally
from tests.conftest import make_person
from tests.figures import spoken
from tests.services.test_tally import GOOD, OTHER, desk, entered, register, scanned, validated  # noqa: F401
from tests.services.test_tally import typed as typed_paper
from tests.web.test_attacks_images import picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(register):  # noqa: F811
    return f"/resultats/centralisation/{register.code}/"


def sign_in(client, person):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.get_or_create(user_id=person.pk, type="totp", defaults={"data": {"secret": "x"}})
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode()).group(1)


def tail(paper):
    return "".join(c for c in paper.station.code if c.isalnum())[-4:]


def enter(client, here, sheet, **extra):
    page = client.get(f"{here}saisie/")
    paper = Paper.objects.select_related("station").get(pk=int(hidden(page, "paper")))
    data = {"paper": paper.pk, "seen": hidden(page, "seen"), "tail": tail(paper), **typed(sheet), **extra}
    return client.post(f"{here}saisie/", data), paper


def test_d1_the_arbiter_cannot_store_a_number_nobody_typed(client, here, register, desk):  # noqa: F811
    paper = typed_paper(register, desk, GOOD, OTHER)
    sign_in(client, desk["c"])
    sent = {"paper": paper.pk, "c3": "first", "seen": hidden(client.get(f"{here}arbitrage/"), "seen")}
    answer = client.post(f"{here}arbitrage/", {**sent, "c2": "free", "c2_free": "99999"})
    assert answer.status_code == 422 and b"RES-411" in answer.content
    answer = client.post(f"{here}arbitrage/", {**sent, "c2": "99999"})
    assert answer.status_code == 422 and b"RES-402" in answer.content
    paper.refresh_from_db()
    assert paper.state == State.ARBITRATION and not StationReport.objects.exists()
    assert not Entry.objects.filter(rank=3).exists()


def test_d2_two_equal_entries_by_two_clerks_match_and_skip_arbitration(client, here, register, desk):  # noqa: F811
    paper = typed_paper(register, desk, GOOD, GOOD)
    assert paper.state == State.CHECKED and not paper.passages.filter(to=State.DIFFERENT).exists()


def test_d3_figures_are_compared_as_numbers_whatever_their_writing(client, here, register, desk):  # noqa: F811
    scanned(register, desk)
    entered(register, desk, "a", GOOD)
    sign_in(client, desk["b"])
    answer, paper = enter(client, here, GOOD, c1="0100", voters=" 200 ")
    assert answer.status_code == 302
    paper.refresh_from_db()
    assert paper.state == State.CHECKED


def test_d4_the_registered_voters_of_another_station_of_the_same_name_play_no_part(register, desk):  # noqa: F811
    Station.objects.filter(contest=register, code="KAY-002").update(registered=10, name="École 1")
    Station.objects.filter(contest=register, code="KAY-001").update(name="École 1")
    paper = typed_paper(register, desk)
    assert "E10" not in paper.errors and paper.state == State.CHECKED


def test_d5_one_person_cannot_make_both_entries_by_page_service_or_database(client, here, register, desk):  # noqa: F811
    scanned(register, desk)
    sign_in(client, desk["a"])
    answer, paper = enter(client, here, GOOD)
    assert answer.status_code == 302
    assert (
        "RES-430" in client.get(f"{here}saisie/").content.decode()
        or b'name="paper"' not in client.get(f"{here}saisie/").content
    )
    forged = client.post(f"{here}saisie/", {"paper": paper.pk, "seen": "", "tail": tail(paper), **typed(OTHER)})
    assert forged.status_code in (403, 409)
    paper.refresh_from_db()
    assert paper.state == State.FIRST_ENTERED and Entry.objects.filter(paper=paper).count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(second=paper.first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Entry.objects.create(paper=paper, attempt=1, rank=2, by=desk["a"], sheet=b"", at=paper.since)


def test_d6_no_page_opens_a_transition_that_the_table_does_not_have(client, here, register, desk):  # noqa: F811
    paper = scanned(register, desk)
    for person in ("reception", "scan", "a", "c", "e", "f"):
        sign_in(client, desk[person])
        for to in State:
            if to in (State.INCIDENT,):
                continue
            for kind in ("simple", "second", "visa", "") if person in "af" else ("",):  # a kind matters to who types and who reviews
                answer = client.post(
                    f"{here}pv/{paper.pk}/",
                    {"to": to.value, "kind": kind, "reason": "r", "document": "d", "seen": paper.last_hash},
                )
                assert answer.status_code in (403, 404, 409, 422), (person, to, kind)
    paper.refresh_from_db()
    assert paper.state == State.SCANNED and Passage.objects.filter(paper=paper).count() == 2


def test_d7_an_administrator_passes_no_desk(client, here, register, desk, administrator):  # noqa: F811
    paper = scanned(register, desk)
    sign_in(client, administrator)
    for path in (
        "",
        "reception/",
        "saisie/",
        "arbitrage/",
        "controle/",
        "commission/",
        "pv/",
        f"pv/{paper.pk}/",
        "scelles/",
        "lots/",
    ):
        assert client.get(here + path).status_code in (403, 404), path
        assert client.post(here + path, {"code": "KAY-002", "paper": paper.pk, "to": "validated"}).status_code in (
            403,
            404,
        ), path
    paper.refresh_from_db()
    assert paper.state == State.SCANNED


def test_d7_the_house_has_no_default_secret_and_no_debug():
    import os
    import subprocess
    import sys

    code = "from django.conf import settings; print(settings.DEBUG, len(settings.SECRET_KEY) >= 50)"
    env = {k: v for k, v in os.environ.items() if k not in ("KALATA_KEY", "KALATA_DEMO")}
    run = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False,
                       env={**env, "DJANGO_SETTINGS_MODULE": "kalata.settings.office", "KALATA_VAR": var})
        for var in ("/tmp/kalata-d7-a", "/tmp/kalata-d7-b")
    ]  # fmt: skip
    assert all(r.stdout.strip() == "False True" for r in run), [r.stderr[-300:] for r in run]


def test_d8_a_zero_is_kept_as_zero_and_an_empty_box_as_empty(client, here, register, desk):  # noqa: F811
    scanned(register, desk)
    sign_in(client, desk["a"])
    answer, paper = enter(client, here, GOOD, c3="0", null_ballots="")
    assert answer.status_code == 302
    paper.refresh_from_db()
    first = tally.record_of(paper).first
    assert first.votes[2] == 0 and first.null_ballots is None


def test_a_second_clerk_never_receives_the_first_entry(client, here, register, desk):  # noqa: F811
    scanned(register, desk)
    odd = GOOD.__class__(dict.fromkeys(GOOD.boxes, 4321), (8765, 7654, 6543))
    entered(register, desk, "a", odd)
    sign_in(client, desk["b"])
    text = client.get(f"{here}saisie/").content.decode()
    assert not {4321, 8765, 7654, 6543} & spoken(text)
    paper = Paper.objects.get(state=State.SECOND_ENTRY)
    text = client.get(f"{here}pv/{paper.pk}/").content.decode()
    assert not {4321, 8765, 7654, 6543} & spoken(text)


def test_an_observer_and_a_delegate_see_no_paper_and_no_image(client, here, register, desk):  # noqa: F811
    paper = scanned(register, desk)
    for role in ("delegue", "observateur"):
        sign_in(client, make_person(f"x-{role}", role))
        assert client.get(f"{here}pv/{paper.pk}/image/{paper.image}").status_code in (403, 404)
        assert client.post(f"{here}reception/", {"code": "KAY-002"}).status_code in (403, 404)


def test_a_clerk_never_sees_the_figures_of_an_earlier_version(client, here, register, desk):  # noqa: F811
    paper = validated(typed_paper(register, desk), desk["f"])
    sign_in(client, desk["a"])
    text = client.get(f"{here}pv/{paper.pk}/").content.decode()
    assert 'id="g0"' not in text and 'id="v0"' not in text
    sign_in(client, desk["f"])
    text = client.get(f"{here}pv/{paper.pk}/").content.decode()
    assert 'id="g0"' in text and "<b>195</b>" in text


def test_a_value_nobody_typed_waits_with_its_crop_for_a_fourth_person(client, here, register, desk):  # noqa: F811
    from django.core.files.uploadedfile import SimpleUploadedFile

    paper = typed_paper(register, desk, GOOD, OTHER)
    sign_in(client, desk["c"])
    seen = hidden(client.get(f"{here}arbitrage/"), "seen")
    crop = SimpleUploadedFile("c.png", picture(), "image/png")
    form = {"paper": paper.pk, "c2": "free", "c2_free": "62", "c3": "second", "reason": "62 en lettres", "crop": crop}
    form["seen"] = seen
    assert client.post(f"{here}arbitrage/", form).status_code == 302
    paper.refresh_from_db()
    assert paper.state == State.SECOND_VISA and paper.free == ["c2"]
    sign_in(client, make_person("visa", "superviseur"))
    page = client.get(f"{here}pv/{paper.pk}/").content.decode()
    sha = paper.passages.get(to=State.SECOND_VISA).document
    assert f"/image/{sha}" in page and client.get(f"{here}pv/{paper.pk}/image/{sha}").status_code == 200
    answer = client.post(
        f"{here}pv/{paper.pk}/", {"to": "matched", "reason": "vu sur l’original", "seen": paper.last_hash}
    )
    assert answer.status_code == 302
    paper.refresh_from_db()
    assert paper.visa_id is not None and paper.state in (State.CHECKED, State.UNDER_REVIEW)


def test_the_home_page_says_what_waits_at_the_desks_of_this_person(client, here, register, desk):  # noqa: F811
    scanned(register, desk)
    sign_in(client, desk["a"])
    assert f"{here}saisie/" in client.get("/").content.decode()
    entered(register, desk, "a", GOOD)
    assert f"{here}saisie/" not in client.get("/").content.decode()
    sign_in(client, desk["b"])
    assert f"{here}saisie/" in client.get("/").content.decode()
