"""What the centre prints opens as PDF: forms, reserve forms, recaps, labels, minutes."""

import pypdfium2
import pytest

from kalata.tally.models import Paper
from kalata.tally.services import commission, custody
from tests.services.test_tally import GOOD, desk, in_session, register, typed, validated  # noqa: F401
from tests.web.test_attacks import sign_in

pytestmark = pytest.mark.django_db


def test_every_document_of_the_centre_opens_and_says_what_it_is(client, register, desk, supervisor):  # noqa: F811
    here = f"/resultats/centralisation/{register.code}/"
    validated(typed(register, desk), desk["f"])
    sitting = in_session(register, desk["f"])
    commission.type_recap(sitting_id=sitting.pk, sheet=GOOD, stations=2, by=desk["f"])
    commission.decide(sitting_id=sitting.pk, text="Valider", votes=[3, 1, 0], by=desk["f"])
    bag = custody.seal(contest=register, code="SAC-9", kind="bag", seals="A1", stations="KAY-002", by=desk["reception"])
    paper = Paper.objects.get(station__code="KAY-002")
    for who, path, words in (
        (supervisor, "formulaires/pv.pdf", "KAY-001"),
        (supervisor, "formulaires/pv.pdf?document=reserve&nombre=2", "1"),
        (supervisor, "formulaires/recap.pdf", "195"),
        (supervisor, "formulaires/recap.pdf?vierge=on", "KAY-001"),
        (desk["f"], f"commission/{sitting.pk}/pv.pdf", "Valider"),
        (desk["reception"], f"scelles/{bag.pk}/bordereau.pdf", "SAC-9"),
        (desk["reception"], f"pv/{paper.pk}/formulaire.pdf", "KAY-002"),
    ):
        sign_in(client, who)
        answer = client.get(here + path)
        assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf", path
        with pypdfium2.PdfDocument(answer.content) as document:
            text = "".join(page.get_textpage().get_text_range() for page in document)
        assert words in text, path
