"""What people upload as a picture, and what programs send as a count: exact, decoded whole, or refused with a code."""

import io
import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, PngImagePlugin

from kalata import bounded
from kalata.evidence import answers, reading
from kalata.people import tokens
from kalata.refusals import Refused
from kalata.results import images
from kalata.tally.models import Copy, Entry, Handover, Paper
from kalata.tally.rules.lifecycle import State
from kalata.tally.services import custody
from kalata.tally.services import reports as tally
from tests.conftest import make_person
from tests.hostile import pictures
from tests.services.test_centre import form_pages
from tests.services.test_tally import GOOD, OTHER, desk, register, scanned, typed  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.child]

FALSE = (
    b"\xff\xd8\xff<script>alert(1)</script>", b"%PDF-not really", b"\x89PNG\r\n\x1a\n", b"<svg onload=alert(1)>", b"",
)  # fmt: skip


def picture(form="PNG", **extra) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), (250, 250, 250)).save(out, form, **extra)
    return out.getvalue()


def upload(content, name="x.png"):
    return SimpleUploadedFile(name, content)


def here(contest, path=""):
    return f"/resultats/centralisation/{contest.code}/{path}"


# --- pictures -------------------------------------------------------------------------------------
@pytest.mark.parametrize("content", FALSE, ids=range(len(FALSE)))
def test_what_only_begins_like_a_picture_is_refused_at_every_door(client, sign_in, register, desk, content):  # noqa: F811
    paper = tally.receive(contest=register, station="KAY-001", by=desk["reception"])
    answer = sign_in(desk["scan"]).post(
        here(register, f"pv/{paper.pk}/"), {"to": "scanned", "seen": paper.last_hash, "image": upload(content)}
    )
    assert answer.status_code == 422 and Paper.objects.get(pk=paper.pk).state == State.RECEIVED
    if not content:
        return
    with pytest.raises(Refused):
        images.received(upload(content))


@pytest.mark.parametrize("content", FALSE[:3], ids=range(3))
def test_a_false_picture_enters_neither_as_crop_nor_copy_nor_photo(client, sign_in, register, desk, content):  # noqa: F811
    agent = make_person("delegue", "delegue")
    figures = {k: str(v) for k, v in {"voters": 200, "c1": 100, "c2": 60, "c3": 35}.items()}
    answer = sign_in(agent).post(
        here(register, "copies/"), {"station": "KAY-002", "source": "Liste A", **figures, "image": upload(content)}
    )
    assert answer.status_code == 422 and not Copy.objects.exists()
    bag = custody.seal(contest=register, code="SAC-1", kind="bag", seals="A1", stations="", by=desk["reception"])
    hand = {"act": "hand", "giver": "a", "receiver": "b", "place": "c", "seals": "A1", "photo": upload(content)}
    assert sign_in(desk["reception"]).post(here(register, f"scelles/{bag.pk}/"), hand).status_code == 422
    assert not Handover.objects.filter(kind="handover").exists()
    paper = typed(register, desk, GOOD, OTHER)
    taken = tally.claim_next(contest=register, right="results.arbitrate", by=desk["c"])
    crop = {
        "paper": paper.pk,
        "seen": taken.last_hash,
        "c2": "free",
        "c2_free": "62",
        "c3": "first",
        "reason": "repassé",
        "crop": upload(content),
    }
    assert sign_in(desk["c"]).post(here(register, "arbitrage/"), crop).status_code == 422
    assert Paper.objects.get(pk=paper.pk).state == State.ARBITRATION


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_is_written_anew_and_served_as_nothing_but_a_picture(client, sign_in, register, desk, form):  # noqa: F811
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "<script>alert(1)</script>")
    given = picture(form, **({"pnginfo": note} if form == "PNG" else {"comment": b"<script>alert(1)</script>"}))
    given += b"<script>alert(2)</script>"
    paper = tally.receive(contest=register, station="KAY-001", by=desk["reception"])
    client = sign_in(desk["scan"])
    sent = {"to": "scanned", "seen": paper.last_hash, "image": upload(given)}
    assert client.post(here(register, f"pv/{paper.pk}/"), sent).status_code == 302
    paper.refresh_from_db()
    kept = images.path(paper.image).read_bytes()
    assert b"script" not in kept and Image.open(io.BytesIO(kept)).format == "JPEG"
    answer = client.get(here(register, f"pv/{paper.pk}/image/{paper.image}"))
    assert answer["Content-Type"] == "image/jpeg" and answer["X-Content-Type-Options"] == "nosniff"
    assert (
        answer["Content-Disposition"].startswith("inline; filename=") and "sandbox" in answer["Content-Security-Policy"]
    )


def test_a_pdf_of_one_page_becomes_a_picture_and_one_of_several_goes_to_the_scanning_desk(register, desk):  # noqa: F811
    whole = form_pages(register, "KAY-001")
    with pytest.raises(images.ManyPages):
        images.received(upload(whole, "x.pdf"))
    import pypdfium2

    one = pypdfium2.PdfDocument.new()
    one.import_pages(pypdfium2.PdfDocument(whole), [0])
    out = io.BytesIO()
    one.save(out)
    assert images.kind(images.received(upload(out.getvalue(), "x.pdf"))) == "image/jpeg"


@pytest.mark.parametrize("make", pictures.CORPUS, ids=lambda m: m.__name__)
def test_a_picture_made_to_hurt_is_refused_or_written_anew_within_its_bounds(make):
    try:
        assert images.kind(images.keep(make(), most=images.LARGEST_BATCH)) == "image/jpeg"
    except Refused as refused:
        assert refused.code in ("RES-422", "RES-429", "EDG-102", "EDG-103")
    assert bounded.peak.bytes <= 256 * 2**20


def test_a_file_kept_as_evidence_is_never_shown_by_a_browser(register, desk):  # noqa: F811
    sha = images.keep_as_given(form_pages(register, "KAY-001"))
    kept = reading.Opened(images.path(sha), sha, images.kind(sha), ours=False)
    answer = answers.sent(kept, sha[:16])
    assert answer["Content-Type"] == "application/octet-stream" and answer["Content-Disposition"].startswith(
        "attachment"
    )


# --- the API ----------------------------------------------------------------------------------------
def call(client, person, scope, path, body, contest, method="post"):
    Authenticator.objects.get_or_create(user_id=person.pk, type="totp", defaults={"data": {"secret": "x"}})
    key = tokens.create(person=person, name="k", scopes=[scope], days=5).key
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.generic(
        method.upper(), f"/api/contests/{contest.code}/{path}", text, "application/json",
        headers={"Authorization": f"Bearer {key}"},
    )  # fmt: skip


@pytest.fixture
def claimed(register, desk):  # noqa: F811
    scanned(register, desk)
    return tally.claim_next(contest=register, right="results.enter", by=desk["a"])


LINES = {
    "registered": 400,
    "voters": 200,
    "ballots": 200,
    "null_ballots": 5,
    "valid": 195,
    "c1": 100,
    "c2": 60,
    "c3": 35,
}


@pytest.mark.parametrize(
    "value", [1.0, 1.5, 1e3, True, False, "12", "٣", "1\x00", "", -1, 100_000, 10**19, 10**400, [1], {"a": 1}]
)
def test_a_count_sent_by_a_program_is_a_whole_number_within_its_bounds(client, register, desk, claimed, value):  # noqa: F811
    body = {"lines": {**LINES, "c1": value}, "seen": claimed.last_hash}
    answer = call(client, desk["a"], "results.enter", f"papers/{claimed.pk}/entry", body, register)
    assert answer.status_code == 422 and answer.json()["code"] in ("API-422", "EDG-106"), answer.content
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "raw",
    [
        '{"seen": "x", "lines": {"c1": 5, "c1": 7}}', '{"seen": "x", "lines": {"c1": 5}, "lines": {"c1": 7}}', '{"seen": "x", "lines": {"c1": NaN}}',
        '{"seen": "x", "lines": {"c1": Infinity}}', '{"seen": "x", "lines": {"c1": 5}', "", "null", "[]", "7", '{"seen": "x", "lines": []}', b"\xff\xfe\x00",
        '{"seen": "x", "lines": {"c1": 5}, "other": 1}', '{"lines": {"c1": 5}, "seen": 7}', "[" * 5_000, '{"seen": "x", "lines": {"\\ud800": 1}}',
        '{"seen": "x", "lines": {"c1": 1' + "0" * 5_000 + "}}",
    ],
)  # fmt: skip
def test_a_body_that_is_not_of_the_shape_is_refused_with_a_code(client, register, desk, claimed, raw):  # noqa: F811
    answer = call(client, desk["a"], "results.enter", f"papers/{claimed.pk}/entry", raw, register)
    assert answer.status_code in (400, 422) and answer.json()["code"] in ("API-422", "EDG-106"), answer.content
    assert {"fr", "en", "remedy"} <= set(answer.json()) and not Entry.objects.exists()


def test_a_count_at_its_bounds_and_an_empty_box_are_taken(client, register, desk, claimed):  # noqa: F811
    body = {"lines": {**LINES, "c1": 99_999, "c2": 0, "c3": None}, "seen": claimed.last_hash}
    answer = call(client, desk["a"], "results.enter", f"papers/{claimed.pk}/entry", body, register)
    assert answer.status_code == 201, answer.content


@pytest.mark.parametrize(("lines", "code"), [({"c2": 10**19, "c3": 35}, "API-422"), ({"c2": True, "c3": 35}, "API-422"),
                                             ({"c2": 60.0, "c3": 35}, "API-422"), ({"c9": 1}, "RES-401")])  # fmt: skip
def test_an_arbitration_by_program_is_as_exact(client, register, desk, lines, code):  # noqa: F811
    paper = typed(register, desk, GOOD, OTHER)
    taken = tally.claim_next(contest=register, right="results.arbitrate", by=desk["c"])
    body = {"lines": lines, "seen": taken.last_hash}
    answer = call(client, desk["c"], "results.arbitrate", f"papers/{paper.pk}/arbitration", body, register)
    assert answer.status_code == 422 and answer.json()["code"] in (code, "RES-402"), answer.content


@pytest.mark.parametrize("number", ["1.0", "0", "-1", "٣", "true", str(10**19), "9" * 400])
def test_a_number_in_an_address_is_plain_digits_within_bounds(client, register, desk, number):  # noqa: F811
    answer = call(client, desk["e"], "results.read", f"papers/{number}", "", register, "get")
    assert answer.status_code in (404, 422), answer.content


def test_the_papers_to_validate_are_named_by_plain_digits(client, register, desk):  # noqa: F811
    from tests.services.test_tally import in_session

    paper, sitting = typed(register, desk), in_session(register, desk["f"])
    path = f"sittings/{sitting.pk}/validations"
    for key in ("٣", "1.0", "-1", "", "1e3"):
        answer = call(client, desk["f"], "results.commission", path, {"papers": {key: "h"}}, register)
        assert answer.status_code == 422 and answer.json()["code"] == "API-422"
    answer = call(client, desk["f"], "results.commission", path, {"papers": {str(paper.pk): paper.last_hash}}, register)
    assert answer.status_code == 201 and answer.json() == {"validated": 1, "left": 0}
