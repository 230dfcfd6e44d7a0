"""Accounts, mandates, activation, and the ledger that keeps every act."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from kalata.country.models import Unit
from kalata.ledger.models import Act, Seal
from kalata.ledger.queries import breaks
from kalata.ledger.services import seal_waiting
from kalata.people import accounts, queries, services
from kalata.people.importing import services as importing
from kalata.people.models import Approval, Mandate, Person
from kalata.people.rules.approval import Decision, SamePerson
from kalata.people.rules.shown import PageMoved
from kalata.people.sheets import activation_pdf
from kalata.refusals import Forbidden
from tests.conftest import make_person

pytestmark = pytest.mark.django_db


def test_a_mandate_is_asked_by_one_and_approved_by_another(administrator, security_officer):
    clerk = services.create_person(username="ML05-OP-012", full_name="Agent", by=administrator)
    approval = services.ask_mandate(
        person=clerk,
        role="coordination-region",
        unit=Unit.objects.get(code="ML-SEG", geography__code="ml-2015"),
        reason="décision 12",
        by=administrator,
    )
    assert not Mandate.objects.filter(person=clerk).exists()
    services.decide_approval(approval_id=approval.pk, to=Decision.APPROVED, by=security_officer)
    mandate = Mandate.objects.get(person=clerk)
    assert (mandate.asked_by, mandate.approved_by) == (administrator, security_officer)


def test_the_administrator_cannot_approve_his_own_request_nor_ask_for_himself(administrator):
    clerk = services.create_person(username="agent", full_name="Agent", by=administrator)
    approval = services.ask_mandate(person=clerk, role="auditeur", unit=None, reason="x", by=administrator)
    with pytest.raises((SamePerson, Forbidden)):
        services.decide_approval(approval_id=approval.pk, to=Decision.APPROVED, by=administrator)
    with pytest.raises(services.OwnAccount):
        services.ask_mandate(person=administrator, role="auditeur", unit=None, reason="x", by=administrator)


def test_the_database_too_refuses_a_mandate_by_one_person(administrator):
    with pytest.raises(DatabaseError), transaction.atomic():
        Mandate.objects.create(person=administrator, role="x", asked_by=administrator, approved_by=administrator)


def test_an_administrator_never_holds_a_desk(administrator):
    with pytest.raises(services.RoleClash):
        services.give_mandate(person=administrator, role="superviseur")


def test_an_account_opens_with_its_code_once(administrator):
    person = services.create_person(username="agent", full_name="Agent", by=administrator)
    code = accounts.issue_activation(person=person, by=administrator)
    assert (
        code not in str(Act.objects.values_list("after", "subject"))
        and code.replace("-", "") not in person.activation_hash
    )
    accounts.activate(username="AGENT", code=code.lower(), passphrase="quatre mots sans lien")
    person.refresh_from_db()
    assert person.is_active and person.check_password("quatre mots sans lien")
    with pytest.raises(accounts.BadActivation):
        accounts.activate(username="agent", code=code, passphrase="encore quatre mots ici")


def test_a_short_passphrase_is_refused_with_the_reason(administrator):
    person = services.create_person(username="agent", full_name="Agent", by=administrator)
    code = accounts.issue_activation(person=person, by=administrator)
    with pytest.raises(accounts.WeakPassphrase):
        accounts.activate(username="agent", code=code, passphrase="court")
    person.refresh_from_db()
    assert not person.is_active


CSV = "username,full_name,email,phone,language,role,territory\nOP-1,Agent un,,,fr,coordination-region,ml-2015/ML-SEG\nOP-2,Agent deux,,,fr,,\n"


def test_a_file_of_persons_opens_accounts_prints_sheets_and_asks_mandates(administrator):
    sheets = importing.import_persons(content=CSV.encode(), by=administrator, reason="rentrée")
    assert [s.username for s in sheets] == ["OP-1", "OP-2"] and Approval.objects.filter(
        kind="people.mandate"
    ).count() == 1
    pdf = activation_pdf(
        sheets,
        "https://exemple.test/compte/activer/",
        dict.fromkeys(
            ("notice", "title", "l_name", "l_role", "l_place", "l_user", "l_code", "l_remains", "l_alone"),
            "Étiquette ɛɔɲŋ",
        ),
        ["Ouvrez {address}"],
    )
    assert pdf.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("O,Agent,,,fr,,", "username"),
        ("OP-1,,,,fr,,", "full_name"),
        ("OP-1,Agent,pas-une-adresse,,fr,,", "email"),
        ("OP-1,Agent,,,de,,", "language"),
        ("OP-1,Agent,,,fr,roi,", "role"),
        ("OP-1,Agent,,,fr,auditeur,ML-XXX", "territory"),
        ("SUPER,Agent,,,fr,,\nsuper,Agent,,,fr,,", "username"),
    ],
)
def test_a_bad_row_of_persons_refuses_the_whole_file(administrator, row, field):
    with pytest.raises(services.BadPerson) as caught:
        importing.import_persons(
            content=(CSV.split("\n")[0] + "\nOK-1,Bon,,,fr,,\n" + row + "\n").encode(), by=administrator, reason="x"
        )
    assert caught.value.params["field"] == field and not Person.objects.filter(username="OK-1").exists()


def test_every_fault_of_a_file_is_told_at_once_and_nothing_is_written(administrator):
    rows = "O,,pas-une-adresse,,de,roi,ML-XXX\nOP-2,Bon,,,,,\nop-2,Le même,,,,auditeur,Ségou\nOP-4,Bon,,,,,ML-SEG\n"
    run = importing.read((CSV.split("\n")[0] + "\n" + rows).encode())
    assert [(p.row, p.field) for p in run.problems] == [
        (2, "username"), (2, "full_name"), (2, "email"), (2, "language"), (2, "role"), (2, "territory"),
        (4, "username"), (4, "territory"), (5, "role"),
    ]  # fmt: skip
    assert "ml-2015/ML-SEG" in run.problems[7].why.text("fr")
    with pytest.raises(importing.BadPersons) as caught:
        importing.import_persons(content=(CSV.split("\n")[0] + "\n" + rows).encode(), by=administrator, reason="x")
    assert len(caught.value.problems) == 9 and not Person.objects.filter(username="OP-2").exists()


def test_a_file_read_over_before_somebody_opened_one_of_its_accounts_is_read_over_again(administrator):
    seen = importing.read(CSV.encode()).seen
    services.create_person(username="OP-2", full_name="Entre-temps", by=administrator)
    with pytest.raises(PageMoved):
        importing.import_persons(content=CSV.encode(), by=administrator, reason="x", seen=seen)


def test_the_page_reads_a_file_over_then_opens_it_and_the_template_is_no_person(sign_in, administrator):
    client = sign_in(administrator)
    template = client.get("/personnes/importer/modele.csv").content
    sent = {"act": "read", "reason": "rentrée", "file": SimpleUploadedFile("p.csv", template)}
    answer = client.post("/personnes/importer/", sent)
    assert answer.status_code == 422 and "Ligne 2, colonne username" in answer.content.decode()
    answer = client.post("/personnes/importer/", {**sent, "file": SimpleUploadedFile("p.csv", CSV.encode())})
    page = answer.content.decode()
    assert (
        answer.status_code == 200
        and "2 comptes à ouvrir" in page
        and "Ségou" in page
        and not Person.objects.filter(username="OP-1").exists()
    )
    opens = {"act": "open", "reason": "rentrée", "content": CSV, "seen": importing.read(CSV.encode()).seen}
    assert client.post("/personnes/importer/", opens).content.startswith(b"%PDF")
    page = client.get("/personnes/OP-1/").content.decode()
    assert "en attente" in page and "attend une seconde personne" in page and "Mali" in page


def test_closing_an_account_ends_its_sessions_and_deletes_nothing(administrator, client):
    person = make_person("agent")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    accounts.close_account(person=person, reason="départ", by=administrator)
    assert (
        Person.objects.filter(username="agent", is_active=False).exists() and client.get("/compte/").status_code == 302
    )


def test_a_revoked_mandate_gives_nothing_more(administrator, supervisor):
    services.revoke_mandate(mandate=supervisor.mandates.get(), reason="fin", by=administrator)
    assert not queries.may(Person.objects.get(pk=supervisor.pk), "results.import")


def test_the_database_refuses_to_change_or_delete_an_act(administrator):
    act = Act.objects.first() or Act.objects.create(at="2027-01-01T00:00Z", actor="x", kind="x", subject="x")
    for attempt in (
        lambda: Act.objects.filter(pk=act.pk).update(actor="personne"),
        lambda: Act.objects.filter(pk=act.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="LED-001"), transaction.atomic():
            attempt()


def test_acts_are_sealed_in_a_chain_that_holds(administrator, supervisor):
    for n in range(5):
        services.create_person(username=f"agent-{n}", full_name="Agent", by=administrator)
    while seal_waiting(limit=2):
        pass
    assert Seal.objects.count() >= 3 and list(breaks()) == []


def test_an_act_slipped_under_a_seal_breaks_the_chain(administrator):
    services.create_person(username="agent", full_name="Agent", by=administrator)
    first = Act.objects.order_by("pk").first()
    seal_waiting()
    from django.db import connection

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("drop trigger transparency_act_no_update")
            cursor.execute("update transparency_act set actor = 'autre' where id = %s", [first.pk])
    else:
        with connection.cursor() as cursor:
            cursor.execute("alter table transparency_act disable trigger transparency_act_no_update")
            cursor.execute("update transparency_act set actor = 'autre' where id = %s", [first.pk])
    assert [b.seal for b in breaks()]


def test_a_request_beyond_ones_mandate_is_not_even_listed(administrator, security_officer):
    region = Unit.objects.get(code="ML-KAY", geography__code="ml-2015")
    local = make_person("local", "securite", unit=region)
    clerk = services.create_person(username="agent", full_name="Agent", by=administrator)
    services.ask_mandate(person=clerk, role="auditeur", unit=None, reason="national", by=administrator)
    assert queries.waiting_approvals(local) == [] and not queries.approvals(local).exists()
    assert len(queries.waiting_approvals(security_officer)) == 1
    assert queries.approvals(security_officer).count() == 1 and queries.approvals(administrator).count() == 1
