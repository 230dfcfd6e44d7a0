# ruff: noqa: F811
"""The register of decisions: signed ones alone, narrowed and taken away as files, with what waits for the publisher first."""

import pytest

from tests.disputes.publishing import published_text
from tests.disputes.services.test_publishing import ready  # noqa: F401
from tests.disputes.services.test_rulings import keys, petition, president, publisher_of_court, ruling, told  # noqa: F401

pytestmark = pytest.mark.django_db
HERE = "/contentieux/decisions/"


def test_the_register_leads_from_what_waits_to_what_is_published(
    sign_in, ready, registrar, publisher_of_court, supervisor
):
    mine = sign_in(publisher_of_court)
    page = mine.get(HERE).content.decode()
    assert "1 décision attend d’être publiée" in page and ready.number in page
    assert "1 décision à publier" in mine.get("/").content.decode()
    for asked, there in (
        ("q=présidents", True), (f"q={ready.outcomes.get().petition.number}", True), ("q=ailleurs", False), ("etat=notified", True),
        ("etat=applied", False), ("issue=granted", True), ("issue=rejected", False), ("texte=todo", True), ("texte=published", False),
        (f"scrutin={ready.contest.code}", True), ("scrutin=autre", False),
    ):  # fmt: skip
        assert (f"{HERE}{ready.pk}/" in mine.get(f"{HERE}?{asked}").content.decode()) is there, asked
    published_text(ready, publisher_of_court, registrar)
    assert ready.number in sign_in(registrar).get(f"{HERE}?texte=published").content.decode()
    assert "1 décision publiée" in sign_in(publisher_of_court).get("/").content.decode()
    assert sign_in(supervisor).get(HERE).status_code == 403


def test_a_draft_is_not_in_the_register(sign_in, ruling, judge, publisher_of_court):
    for person in (judge, publisher_of_court):
        assert ruling.number not in sign_in(person).get(HERE).content.decode()
