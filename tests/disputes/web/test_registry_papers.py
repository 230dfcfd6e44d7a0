"""Papers that the registry issues from its pages: the notice to cure, the certified copy of a piece."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.utils import timezone

from kalata.disputes.models import Exhibit, Petition
from kalata.documents.models import IssuedDocument
from tests.disputes.services.test_issuing import filed as filed
from tests.disputes.services.test_issuing import own_keys as own_keys
from tests.disputes.services.test_issuing import words

pytestmark = pytest.mark.django_db


def at(petition):
    return f"/contentieux/affaires/{petition.number}/papiers/"


def text(answer):
    return html.unescape(answer.content.decode())


@pytest.fixture
def docketed(filed):
    who, petition = filed
    Petition.objects.filter(pk=petition.pk).update(state="docketed")
    return who, petition


def notice(**changed):
    until = timezone.localtime() + timedelta(days=3)
    return {
        "act": "cure", "lang": "fr", "until": f"{until:%d/%m/%Y} 12 h 00", "order": "ordonnance 2027-31", "where": "greffe central",
        "what1": "La copie n’est pas certifiée", "article1": "art. 31", "remedy1": "Apporter une copie certifiée", **changed,
    }  # fmt: skip


def test_a_notice_to_cure_says_what_lacks_what_to_do_and_until_when(docketed, sign_in):
    who, petition = docketed
    client = sign_in(who["registrar"])
    answer = client.post(at(petition), notice())
    assert answer.status_code == 302, text(answer)
    said = words(IssuedDocument.objects.get(kind="court-cure"))
    for part in (
        "La copie n’est pas certifiée",
        "art. 31",
        "Apporter une copie certifiée",
        "ordonnance 2027-31",
        "12 h 00",
        petition.number,
    ):
        assert part in said, part
    assert "nvitation à régulariser" in text(client.get(at(petition)))


@pytest.mark.parametrize("wrong", [
    {"what1": ""}, {"until": "1er janvier 2020"}, {"until": "bientôt"}, {"until": "1er janvier 2090"}, {"until": "1er janvier 2090 24:00"}, {"order": ""}, {"remedy1": ""},
])  # fmt: skip
def test_a_notice_without_what_lacks_an_act_or_a_term_to_come_is_not_issued(docketed, sign_in, wrong):
    who, petition = docketed
    answer = sign_in(who["registrar"]).post(at(petition), notice(**wrong))
    assert answer.status_code == 422
    assert not IssuedDocument.objects.filter(kind="court-cure").exists()
    assert Petition.objects.get().state == "docketed"


def test_a_notice_with_a_length_says_that_it_runs_from_its_delivery(docketed, sign_in):
    who, petition = docketed
    client = sign_in(who["registrar"])
    page = text(client.get(at(petition)))
    assert "Les textes du pack ne donnent aucun délai pour régulariser" in page
    answer = client.post(at(petition), notice(until="", n="3", unit="day"))
    assert answer.status_code == 302, text(answer)
    said = words(IssuedDocument.objects.get(kind="court-cure"))
    assert "À compter du moment où cette lettre vous est remise" in said and "3 jours" in said
    assert Petition.objects.get().state == "to_cure"
    assert "Émettre l’invitation" not in text(client.get(at(petition)))


def test_a_certified_copy_bears_the_fingerprint_the_pages_and_who_asked(filed, sign_in):
    who, petition = filed
    client = sign_in(who["registrar"])
    sent = {"act": "copy", "lang": "fr", "exhibit": "1", "asked": "le requérant", "held": ""}
    answer = client.post(at(petition), sent)
    assert answer.status_code == 302, text(answer)
    one = IssuedDocument.objects.get(kind="court-copy")
    said = words(one)
    assert petition.exhibits.get().piece.sha256[:8] in said and "le requérant" in said
    assert one.pages >= 2
    assert one.reference in text(client.get(at(petition)))


def test_a_sealed_piece_is_not_the_registry_s_to_copy(filed, sign_in):
    who, petition = filed
    Exhibit.objects.update(access="sealed")
    sent = {"act": "copy", "lang": "fr", "exhibit": "1", "asked": "le requérant"}
    assert sign_in(who["registrar"]).post(at(petition), sent).status_code == 403
    assert not IssuedDocument.objects.exists()
