"""A paper issued stays: the same record gives the same bytes, another record another version, and the database agrees."""

import io
from datetime import UTC, datetime

import pikepdf
import pypdfium2
import pytest
from django.db import IntegrityError, transaction

from kalata import rooms
from kalata.documents import queries, rendering, services
from kalata.documents.models import IssuedDocument
from kalata.documents.rendering import Head, Paper, Stamp
from kalata.documents.rules import content
from kalata.documents.rules.references import parsed
from kalata.evidence import reading, store
from kalata.evidence.rules.access import Damaged, NoSuchPiece
from kalata.ledger.models import Act
from tests.documents.samples import BLOCKS, HOSTILE

AT = datetime(2026, 11, 26, 10, 14, tzinfo=UTC)
SUBJECT = "contest:essai"


@pytest.fixture(autouse=True)
def paper_kinds(monkeypatch):
    known = {
        **rendering.declared(),
        "essai": (rooms.every()[0], rooms.Document("essai", "Essai")),
        "interne": (rooms.every()[0], rooms.Document("interne", "Interne", staff=True)),
    }
    monkeypatch.setattr(rendering, "declared", lambda: known)
    monkeypatch.setattr("kalata.documents.views.declared", lambda: known)


def paper(text="Bonjour", lang="fr", kind="essai", title="Récépissé"):
    head = Head(title=title, country="République de l’Essai", body="Cour", number="2026-L1-BKO2-000017")
    return Paper(kind, head, {"blocks": [{"kind": "paragraph", "text": text}]}, lang)


def words(pdf):
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as pages:
        return "\n".join(page.get_textpage().get_text_range() for page in pages)


# --- rendering: no database ----------------------------------------------------------------------
def stamped(one, digest="ab" * 32):
    return rendering.issued(one, Stamp(parsed("D26-000001-" + letter(1)), 1, AT, digest))


def letter(number):
    from kalata.documents.rules.references import Reference

    return Reference("D", 26, number).letter


def test_the_same_paper_gives_the_same_bytes_and_another_word_gives_others():
    assert stamped(paper()).pdf == stamped(paper()).pdf != stamped(paper("Bonsoir")).pdf


def test_each_page_bears_reference_version_fingerprint_its_code_and_its_number():
    one = Paper(
        "essai", paper().head, {"blocks": [{"kind": "paragraph", "text": f"ligne {i}"} for i in range(120)]}, "fr"
    )
    made = stamped(one)
    assert made.pages > 1
    with pypdfium2.PdfDocument(io.BytesIO(made.pdf)) as pages:
        for n, page in enumerate(pages, 1):
            said = page.get_textpage().get_text_range()
            assert content.page_code("ab" * 32, n) in said and "abab abab abab abab" in said
            assert f"D26-000001-{letter(1)}" in said and f"page {n} / {made.pages}" in said and "Kalata 2026" in said


def test_the_square_says_reference_and_whole_fingerprint():
    import zxingcpp

    with pypdfium2.PdfDocument(io.BytesIO(stamped(paper()).pdf)) as pages:
        drawn = pages[0].render(scale=4).to_numpy()
    (found,) = zxingcpp.read_barcodes(drawn)
    assert f"reference=D26-000001-{letter(1)}" in found.text and f"empreinte={'ab' * 32}" in found.text


def test_a_paper_is_tagged_titled_and_in_its_language():
    for lang in ("fr", "en"):
        pdf = pikepdf.open(io.BytesIO(stamped(paper(lang=lang)).pdf))
        assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang) == lang and pdf.Root.get("/StructTreeRoot") is not None
        meta = pdf.open_metadata()
        assert meta["dc:title"] == "Récépissé" and meta["pdfaid:part"] == "2" and meta["pdfuaid:part"] == "1"


def test_a_draft_is_marked_on_each_page_and_bears_no_reference():
    made = rendering.draft(paper("mot " * 4000), AT)
    with pypdfium2.PdfDocument(io.BytesIO(made.pdf)) as pages:
        assert len(pages) > 1
        for page in pages:
            said = page.get_textpage().get_text_range()
            assert "PROJET : non émis" in said and "empreinte" not in said and "D26" not in said
            assert said.count("PROJET") >= 2
    english = words(rendering.draft(paper(lang="en"), AT).pdf)
    assert "DRAFT" in english and "PROJET" not in english


def test_hostile_words_are_printed_and_do_nothing():
    one = Paper("essai", Head(title=HOSTILE[:200], body=HOSTILE), {"blocks": BLOCKS}, "fr")
    said = words(stamped(one).pdf)
    for sign in ('#panic("x")', "[U+202E]", "[U+0000]", "[U+4E2D]", "Ɛɔɲŋ Ɲ Ŋ Ɔ", "*a* _b_"):
        assert sign in said, sign
    assert "\ufffd" not in said and "\x00" not in said


def test_no_word_runs_off_the_page():
    one = Paper("essai", paper().head, {"blocks": [{"kind": "paragraph", "text": "w" * 5000}]}, "fr")
    with pypdfium2.PdfDocument(io.BytesIO(stamped(one).pdf)) as pages:
        for page in pages:
            text = page.get_textpage()
            assert max(text.get_charbox(i)[2] for i in range(text.count_chars())) < 210 / 25.4 * 72 - 50


# --- the register --------------------------------------------------------------------------------
def test_a_paper_issued_twice_is_one_version_with_the_same_bytes(db, supervisor):
    first = services.issue(paper(), subject=SUBJECT, by=supervisor)
    again = services.issue(paper(), subject=SUBJECT, by=supervisor)
    assert first == again and IssuedDocument.objects.count() == 1
    assert queries.bytes_of(first) == queries.bytes_of(again)
    assert Act.objects.filter(kind="document.issued").count() == 1
    stamp = Stamp(parsed(first.reference), first.version, first.at, first.digest)
    assert rendering.issued(paper(), stamp).pdf == queries.bytes_of(first)


def test_a_record_that_changed_is_another_version_under_the_same_reference(db, supervisor):
    first = services.issue(paper(), subject=SUBJECT, by=supervisor)
    second = services.issue(paper("Changé"), subject=SUBJECT, by=supervisor)
    first.refresh_from_db()
    assert (second.reference, second.version) == (first.reference, 2) and first.superseded_by == second
    back = services.issue(paper(), subject=SUBJECT, by=supervisor)
    assert back.version == 3 and back.digest != first.digest and back.content == first.content
    assert queries.bytes_of(first) != queries.bytes_of(back)
    act = Act.objects.filter(kind="document.issued").latest("pk")
    assert act.subject == SUBJECT and act.after["supersedes"] == 2 and act.after["sha256"] == back.sha256


def test_each_language_record_and_kind_has_its_own_reference(db, supervisor):
    made = [
        services.issue(paper(), subject=SUBJECT, by=supervisor),
        services.issue(paper(lang="en"), subject=SUBJECT, by=supervisor),
        services.issue(paper(kind="interne"), subject=SUBJECT, by=supervisor),
        services.issue(paper(), subject="contest:autre", by=supervisor),
        services.issue(paper(), subject="contest:guichet", by=supervisor, series="BKO2"),
    ]
    assert len({one.reference for one in made}) == 5 and made[-1].reference.startswith("BKO2")
    assert [parsed(one.reference).number for one in made] == [1, 2, 3, 4, 1]


@pytest.mark.parametrize("change", [{"title": "autre"}, {"version": 7}, {"sha256": "0" * 64}, {"superseded_by": None}])
def test_the_database_refuses_to_change_what_was_issued(db, supervisor, change):
    services.issue(paper(), subject=SUBJECT, by=supervisor)
    services.issue(paper("2"), subject=SUBJECT, by=supervisor)
    first = IssuedDocument.objects.filter(version=1)
    with pytest.raises(Exception, match="DOC-001"), transaction.atomic():
        first.update(**change)
    with pytest.raises(Exception, match="DOC-001"), transaction.atomic():
        first.delete()


def test_the_database_refuses_a_version_twice(db, supervisor):
    one = services.issue(paper(), subject=SUBJECT, by=supervisor)
    one.pk, one.digest = None, "0" * 64
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


def test_a_paper_that_is_not_issued_leaves_nothing_in_the_register(db, supervisor):
    class Stop(Exception):
        pass

    with pytest.raises(Stop), transaction.atomic():
        services.issue(paper(), subject=SUBJECT, by=supervisor)
        raise Stop
    assert not IssuedDocument.objects.exists()
    assert services.issue(paper(), subject=SUBJECT, by=supervisor).reference.startswith("D")


def test_a_file_that_was_altered_is_not_given(db, supervisor):
    one = services.issue(paper(), subject=SUBJECT, by=supervisor)
    found = store.path(one.sha256)
    found.chmod(0o600)
    found.write_bytes(b"%PDF-1.7 other")
    with pytest.raises(Damaged):
        queries.bytes_of(one)


def test_its_file_is_evidence_of_its_record_and_of_no_other(db, supervisor):
    one = services.issue(paper(), subject="essai:1", by=supervisor)
    with pytest.raises(NoSuchPiece):
        reading.opened(sha256=one.sha256, subject="essai:1", by=supervisor)  # no room guards this kind
    with pytest.raises(NoSuchPiece):
        reading.opened(sha256=one.sha256, subject="essai:2", by=supervisor)


# --- the page -------------------------------------------------------------------------------------
def asked(client, **how):
    return client.get("/documents/", how)


def test_anybody_learns_which_version_he_holds_and_nothing_of_what_it_says(client, db, supervisor):
    first = services.issue(paper("Secret du dossier"), subject=SUBJECT, by=supervisor)
    second = services.issue(paper("Autre secret"), subject=SUBJECT, by=supervisor)
    page = asked(client, reference=first.reference.lower(), empreinte=content.grouped(first.digest[:16]))
    said = page.content.decode()
    assert "version plus récente" in said and first.sha256 in said and "no-store" in page["Cache-Control"]
    for closed in ("secret", "Récépissé", SUBJECT, supervisor.username, supervisor.full_name, "000017", second.sha256):
        assert closed not in said, closed
    assert "en vigueur" in asked(client, reference=second.reference, empreinte=second.digest).content.decode()
    assert "en vigueur" in asked(client, reference="", empreinte=second.sha256).content.decode()
    assert (
        "page"
        in asked(client, reference=second.reference, empreinte=content.page_code(second.digest, 1)).content.decode()
    )


def test_a_reference_alone_says_only_that_it_is_there(client, db, supervisor):
    one = services.issue(paper(), subject=SUBJECT, by=supervisor)
    said = asked(client, reference=one.reference).content.decode()
    assert "donnez aussi l’empreinte" in said and one.sha256 not in said
    assert "Aucun document émis" in asked(client, reference=f"D26-000099-{letter(99)}").content.decode()
    assert "aucune de ses versions" in asked(client, reference=one.reference, empreinte="0" * 16).content.decode()


def test_a_slip_of_the_pen_is_told_beside_its_field(client, db):
    page = asked(client, reference="D26-000001-Z", empreinte="")
    assert page.status_code == 422 and "un de ses signes est faux" in page.content.decode()
    assert asked(client).status_code == 200


def test_a_paper_of_the_staff_does_not_exist_for_others(client, db, supervisor, outsider):
    one = services.issue(paper(kind="interne"), subject=SUBJECT, by=supervisor)
    assert "Aucun document émis" in asked(client, reference=one.reference, empreinte=one.digest).content.decode()
    client.force_login(outsider)
    assert "en vigueur" in asked(client, reference=one.reference, empreinte=one.digest).content.decode()


def test_a_paper_drawn_before_its_transaction_is_kept_as_drawn_and_drawn_again_where_its_number_was_taken(db, supervisor, monkeypatch):
    made = []
    monkeypatch.setattr(rendering, "issued", lambda *a, real=rendering.issued: made.append(a[1].reference) or real(*a))
    ready = services.drawn(paper(), subject="station:one")
    first = services.issue(paper(), subject="station:one", by=supervisor, ready=ready)
    assert [str(r) for r in made] == [first.reference] and queries.bytes_of(first) == ready.rendered.pdf
    assert services.drawn(paper(), subject="station:one") is None
    late = services.drawn(paper(), subject="station:late")
    other = services.issue(paper(), subject="station:other", by=supervisor)
    third = services.issue(paper(), subject="station:late", by=supervisor, ready=late)
    assert str(late.stamp.reference) == other.reference != third.reference
    assert third.reference.replace(" ", "") in words(queries.bytes_of(third)).replace(" ", "")
