# ruff: noqa: F811
"""The page of a publication: both texts side by side, each passage answered, an old page and the public refused."""

import pytest

from kalata.disputes.models import Publication
from kalata.people.models import Approval
from tests.disputes.services.test_publishing import NAME, PHONE, ready  # noqa: F401
from tests.disputes.services.test_rulings import keys, petition, president, publisher_of_court, ruling, told  # noqa: F401

pytestmark = pytest.mark.django_db


def seen(page):
    return page.split('name="seen" value="', 1)[1].split('"', 1)[0]


def test_from_the_proposals_to_a_request_for_a_second_person(sign_in, ready, registrar, publisher_of_court, supervisor):
    here = f"/contentieux/decisions/{ready.pk}/publication/"
    mine = sign_in(publisher_of_court)
    assert "Préparer le texte public" in mine.get(here).content.decode()
    assert mine.post(here, {"act": "prepare"}).status_code == 302
    page = mine.get(here).content.decode()
    assert "2 passages à garder ou à occulter" in page and f"« {NAME} »" in page and "Occulter : témoin" in page
    old = seen(page)
    one = Publication.objects.get()
    name, phone = one.redactions.get(reason="witness"), one.redactions.get(reason="phone")
    assert mine.post(here, {"act": "hide", "redaction": name.pk, "reason": "witness", "seen": old}).status_code == 302
    assert mine.post(here, {"act": "hide", "redaction": phone.pk, "reason": "phone", "seen": old}).status_code == 409
    now = seen(mine.get(here).content.decode())
    assert mine.post(here, {"act": "keep", "redaction": phone.pk, "note": "", "seen": now}).status_code == 422
    assert mine.post(here, {"act": "add", "words": PHONE, "reason": "phone", "seen": now}).status_code == 302
    page = mine.get(here).content.decode()
    assert "[occulté : témoin]" in page and "[occulté : numéro de téléphone]" in page
    refused = mine.post(here, {"act": "add", "words": "La présente décision", "reason": "voter", "seen": seen(page)})
    assert refused.status_code == 422 and "DIS-861" in refused.content.decode()
    assert mine.post(here, {"act": "propose", "seen": seen(page)}).status_code == 422  # nobody has read the summaries
    for lang in ("fr", "en"):
        row = one.summaries.get(lang=lang)
        now = seen(mine.get(here).content.decode())
        words = {"act": "summary", "lang": lang, "decided": row.decided, "why": row.why, "after": row.after}
        typed = {**words, "decided": row.decided + "\n12 bureaux", "seen": now}
        refused = mine.post(here, typed)
        assert refused.status_code == 422 and "DIS-865" in refused.content.decode()
        assert mine.post(here, {**words, "seen": now}).status_code == 302
    page = mine.get(here).content.decode()
    assert mine.post(here, {"act": "propose", "seen": seen(page)}).status_code == 302
    assert "Attend une seconde personne" in mine.get(here).content.decode()
    asked = Approval.objects.get(kind="disputes.publication")
    shown = sign_in(registrar).get(f"/personnes/approbations/{asked.pk}/").content.decode()
    assert "[occulté : témoin]" in shown and NAME not in shown and PHONE not in shown and here in shown
    assert sign_in(registrar).post(here, {"act": "prepare"}).status_code == 403
    assert sign_in(supervisor).get(here).status_code == 404
