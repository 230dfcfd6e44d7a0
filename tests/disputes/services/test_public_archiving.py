"""The public archive of a closed case: valid for a stranger, and nothing in it that is not public."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from kalata.disputes import verifying
from kalata.disputes.models import Petition, Publication, Redaction, Ruling
from kalata.disputes.queries import public_archives
from kalata.disputes.services import public_archiving, striking
from kalata.disputes.signing import court
from kalata.evidence import services as evidence
from kalata.evidence import store
from kalata.evidence.rules.access import Access
from tests.disputes.services.test_archiving import case, keys, president, signed, told  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(signed, judge, president):  # noqa: F811
    """A case whose decision is published, and that is closed."""
    Ruling.objects.update(state="applied")
    text = {
        "public": {},
        "public_digest": "0" * 64,
        "pdf": "0" * 64,
        "xml": "0" * 64,
        "salt": "0" * 64,
        "full_digest": "0" * 64,
    }
    by = {"proposed_by": judge, "decided_by": president, "published_at": timezone.now(), "at": timezone.now()}
    Publication.objects.create(ruling=Ruling.objects.get(), state="published", **text, **by)
    Petition.objects.filter(pk=signed.pk).update(state="closed")
    return Petition.objects.select_related("contest").get(pk=signed.pk)


def test_it_is_made_once_after_the_case_is_closed_and_a_stranger_verifies_it(closed, client, tmp_path):
    here = reverse("court:archive", args=[closed.number])
    Petition.objects.filter(pk=closed.pk).update(state="deliberation")
    assert public_archiving.turn() == 0 and client.get(here).status_code == 404
    Petition.objects.filter(pk=closed.pk).update(state="closed")
    assert public_archiving.turn() == 1 and public_archiving.turn() == 0
    answer = client.get(here)
    file = tmp_path / "affaire.zip"
    file.write_bytes(b"".join(answer.streaming_content))
    found = verifying.verify(file, vkey=court.public_key(), ca=court.certificates())
    assert found.valid and found.trusted and found.case == closed.number, found.record()["problems"]
    assert here in client.get(reverse("court:case", args=[closed.number])).content.decode()


def test_nothing_that_is_not_public_is_in_it(closed):
    sha = public_archiving.keep(closed)
    from kalata.evidence import store

    packed = zipfile.ZipFile(io.BytesIO(store.path(sha).read_bytes()))
    names = [n.partition("/")[2] for n in packed.namelist()]
    assert not [n for n in names if "receipt" in n or "service" in n or "cure" in n]
    texts = b"".join(packed.read(n) for n in packed.namelist() if not n.endswith(".pdf"))
    assert b"Constat 1" not in texts and b"Constat 2" not in texts and b"Candidature" not in texts
    assert b"constat 1" not in texts and b"constat 3" in texts and b"Constat 3" in texts, (
        "the bytes of the public piece alone"
    )
    told_ = json.loads(packed.read(f"{closed.number}/case.json"))
    assert told_["edition"] == "public" and not any("right" in t or "act" in t for t in told_["transitions"])
    assert not {"gate", "GATE", "CONTROLE"} & {t["to"] for t in told_["transitions"]}


def test_words_in_the_chain_of_custody_keep_it_with_the_court(closed, registrar):
    striking.strike(
        petition_id=closed.pk,
        what="exhibit",
        row_id=closed.exhibits.get(number=1).pk,
        why="remis par une personne",
        by=registrar,
    )
    with pytest.raises(public_archiving.WordsInCustody):
        public_archiving.keep(closed)
    assert public_archiving.turn() == 0 and public_archives.of([closed.number]) == {}


def test_nothing_is_made_while_the_keys_are_closed(closed, monkeypatch):
    monkeypatch.setattr(court, "ready", lambda: False)
    assert public_archiving.turn() == 0


def test_a_piece_that_bears_the_name_of_the_archive_is_never_served_as_the_archive(closed, registrar, client):
    """A party names its piece as it likes: it is neither what everybody downloads, nor what keeps the archive away."""
    here = reverse("court:archive", args=[closed.number])
    mine = evidence.known(store.put([b"what only the parties read"]), media="application/pdf", ours=False)
    evidence.join(
        sha256=mine.sha256, subject=f"petition:{closed.number}", access=Access.STAFF, by=registrar,
        name=public_archives.NAME,
    )  # fmt: skip
    assert client.get(here).status_code == 404
    assert public_archiving.turn() == 1
    assert b"what only" not in b"".join(client.get(here).streaming_content)
    again = evidence.known(store.put([b"another"]), media="application/pdf", ours=False)
    evidence.join(
        sha256=again.sha256, subject=f"petition:{closed.number}", access=Access.STAFF, by=registrar,
        name=public_archives.NAME,
    )  # fmt: skip
    assert zipfile.is_zipfile(io.BytesIO(b"".join(client.get(here).streaming_content)))


def test_an_archive_made_before_a_later_version_took_words_out_is_served_no_more(closed, client):
    public_archiving.turn()
    page, first = reverse("court:archive", args=[closed.number]), Publication.objects.get()
    assert client.get(page).status_code == 200 and closed.number in public_archives.of([closed.number])
    later = Publication.objects.create(
        ruling=first.ruling, version=2, why="erratum", salt="1" * 64, full_digest="1" * 64, at=timezone.now()
    )
    Redaction.objects.create(
        publication=later, section="reasons", paragraph=0, start=0, end=3, reason="witness", decision="hide",
        decided_by=first.decided_by, at=timezone.now(),
    )  # fmt: skip
    assert client.get(page).status_code == 200  # not before it is published
    Publication.objects.filter(pk=first.pk).update(state="superseded", ended_at=timezone.now())
    out = {"public": {}, "public_digest": "2" * 64, "pdf": "2" * 64, "xml": "2" * 64, "published_at": timezone.now()}
    who = {"proposed_by": first.proposed_by, "decided_by": first.decided_by}
    Publication.objects.filter(pk=later.pk).update(state="published", **out, **who)
    assert client.get(page).status_code == 404 and public_archives.of([closed.number]) == {}
