"""The page of the ledger speaks in titles, and narrows by kind of act and kind of subject."""

import pytest

from kalata.ledger.kinds import GUARDS_SET
from kalata.ledger.services import record
from kalata.transparency.kinds import LOG_HALTED

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept():
    record(by=None, kind=GUARDS_SET, subject="database", after={"tables": ["x"]})
    record(by=None, kind=LOG_HALTED, subject="log:pres", after={"code": "LOG-202"})


def rows(page):
    return page.split("<tbody>")[1].split("</tbody>")[0]


def test_the_acts_are_titled_in_the_reader_s_language(kept, sign_in, security_officer):
    client = sign_in(security_officer)
    page = client.get("/journal/").content.decode()
    assert "Verrous de la base remis en place" in rows(page) and "ledger.guards_set" in rows(page)
    assert '<option value="log.halted">Journal public arrêté' in page
    client.get("/langue/en/")
    assert "Locks of the database set again" in rows(client.get("/journal/").content.decode())


def test_they_are_narrowed_by_kind_and_by_subject(kept, sign_in, security_officer):
    client = sign_in(security_officer)
    by_subject = rows(client.get("/journal/?objet=log").content.decode())
    assert "log:pres" in by_subject and "database" not in by_subject
    by_kind = rows(client.get("/journal/?genre=ledger.guards_set").content.decode())
    assert "database" in by_kind and "log:pres" not in by_kind
