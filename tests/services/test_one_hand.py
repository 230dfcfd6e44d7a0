"""Nobody alone gets a desk: not by the code of a sheet, not by a passphrase set before, not by giving a mandate back."""

from datetime import date

import pytest
from allauth.mfa.models import Authenticator

from kalata.people import accounts, approving, openings
from kalata.people import services as people
from kalata.people.importing import services as importing
from kalata.people.models import Approval, Person, Reissue
from kalata.people.rules.approval import Decision
from tests.conftest import holds_only, make_person

pytestmark = pytest.mark.django_db
FIRST, NEW = "cheval rouge tambour lune", "pirogue verte sable matin"
CSV = b"username,full_name,email,phone,language,role,territory\nbob,Bob,,,fr,publication,\nlia,Lia,,,fr,observateur,\n"


def again(person):
    return Person.objects.get(pk=person.pk)


def given(person, role, administrator, officer):
    asked = people.ask_mandate(person=person, role=role, unit=None, reason="r", by=administrator)
    return people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=officer)


def opens(name, code, second="", phrase=NEW) -> bool:
    try:
        accounts.activate(username=name, code=code, passphrase=phrase, second=second)
    except accounts.BadActivation:
        return False
    return True


def newcomer(administrator):
    return people.create_person(username="agent", full_name="Agent", by=administrator)


def test_the_sheet_of_an_import_does_not_open_the_desk_that_is_given_after_it(administrator, security_officer):
    sheets = importing.import_persons(content=CSV, by=administrator, reason="r")
    assert [s.part for s in sheets] == [1, 0]  # the sheet of who will have a desk says that it is one of two
    asked = Approval.objects.get(kind="people.mandate", subject="person:bob")
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer)
    assert not opens("bob", sheets[0].code)
    second = accounts.print_part(person=Person.objects.get(username="bob"), by=security_officer)
    assert second[0] == 2
    assert opens("bob", sheets[0].code, second[1])  # the sheet handed over already is the first of the two
    assert opens("lia", sheets[1].code)  # no right, no desk: one sheet is enough


def test_a_code_printed_before_the_mandate_opens_nothing_alone_once_it_is_given(administrator, security_officer):
    person = newcomer(administrator)
    code = accounts.issue_activation(person=person, by=administrator)
    given(person, "saisie", administrator, security_officer)
    assert not opens("agent", code)
    with pytest.raises(accounts.NothingToPrint):
        accounts.print_part(person=again(person), by=administrator)  # who printed alone prints no second one


def test_a_passphrase_set_with_the_sheet_of_one_person_falls_when_a_desk_is_given(administrator, security_officer):
    person = newcomer(administrator)
    assert opens("agent", accounts.issue_activation(person=person, by=administrator), phrase=FIRST)
    Authenticator.objects.create(user_id=person.pk, type="totp", data={"secret": "x"})
    given(again(person), "superviseur", administrator, security_officer)
    assert not again(person).check_password(FIRST) and not again(person).has_usable_password()
    one, two = (accounts.print_part(person=again(person), by=who)[1] for who in (administrator, security_officer))
    assert opens("agent", two, one) and again(person).check_password(NEW)
    assert not Authenticator.objects.filter(user_id=person.pk).exists()  # they were set by whoever held the passphrase


def test_what_one_hand_planted_falls_even_where_a_new_activation_was_asked_to_keep_the_second_factors(
    administrator, security_officer
):
    """The issuer opens the account himself, plants a factor, and asks for an activation by two that keeps it."""
    person = newcomer(administrator)
    code = accounts.issue_activation(person=person, by=administrator)
    assert opens("agent", code)
    planted = Authenticator.objects.create(user_id=person.pk, type="totp", data={"secret": "x"})
    asked = accounts.ask_reissue(person=again(person), reason="oubli", factors=False, by=administrator)
    drawn = approving.picture_of(asked)
    assert drawn.facts["factors"] is True and "retiré" in {str(line.after) for line in drawn.items[0].lines}
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer)
    assert accounts.remaining(again(person)) == ()
    given(again(person), "saisie", administrator, security_officer)  # while the activation waits
    one, two = (accounts.print_part(person=again(person), by=who)[1] for who in (administrator, security_officer))
    assert opens("agent", two, one) and not Authenticator.objects.filter(pk=planted.pk).exists()


def test_an_account_opened_by_two_sheets_keeps_its_passphrase_with_a_further_mandate(administrator, security_officer):
    person = newcomer(administrator)
    code = accounts.issue_activation(person=person, by=administrator)
    given(person, "saisie", administrator, security_officer)
    assert opens("agent", code, accounts.print_part(person=again(person), by=security_officer)[1])
    given(again(person), "reception", administrator, security_officer)
    assert again(person).check_password(NEW) and not accounts.open_reissues(again(person))
    assert openings.last(again(person)).by == ("administrateur", "securite")


def test_two_mandates_given_before_the_account_opens_ask_two_sheets_once(administrator, security_officer):
    person = newcomer(administrator)
    code = accounts.issue_activation(person=person, by=administrator)
    for role in ("saisie", "reception"):
        given(again(person), role, administrator, security_officer)
    second = accounts.print_part(person=again(person), by=security_officer)[1]
    assert opens("agent", code, second) and Reissue.objects.count() == 1


def test_a_code_that_the_second_person_issued_himself_is_not_one_of_the_two(administrator, security_officer):
    officer = holds_only(security_officer, "people.manage", "people.approve")
    person = newcomer(administrator)
    code = accounts.issue_activation(person=person, by=officer)
    given(person, "saisie", administrator, officer)
    second = accounts.print_part(person=again(person), by=officer)[1]
    assert not opens("agent", code, second)
    assert accounts.print_part(person=again(person), by=administrator)[0] == 1


def test_a_mandate_withdrawn_does_not_let_one_person_issue_a_code(administrator, security_officer):
    person = make_person("agent", "saisie")
    people.revoke_mandate(mandate=person.mandates.get(), reason="erreur", by=administrator)
    with pytest.raises(accounts.TwoForActivation):
        accounts.issue_activation(person=again(person), by=administrator)
    other = make_person("ancien")
    people.give_mandate(person=other, role="saisie", ends=date(2020, 1, 1))
    with pytest.raises(accounts.TwoForActivation):
        accounts.issue_activation(person=again(other), by=administrator)


def test_a_code_issued_before_a_desk_that_came_and_went_opens_nothing(administrator):
    person = make_person("agent")
    code = accounts.issue_activation(person=person, by=administrator)
    mandate = people.give_mandate(person=person, role="saisie")
    people.revoke_mandate(mandate=mandate, reason="r", by=administrator)
    assert not opens("agent", code)


def test_the_console_still_opens_the_first_accounts(pack_version):
    person = people.create_person(username="chef", full_name="Chef", by=None)
    people.give_mandate(person=person, role="admin")
    assert opens("chef", accounts.issue_activation(person=person, by=None))


def test_the_request_of_a_mandate_shows_who_opened_the_account_last(administrator, security_officer):
    person = newcomer(administrator)
    opens("agent", accounts.issue_activation(person=person, by=administrator))
    asked = people.ask_mandate(person=again(person), role="saisie", unit=None, reason="r", by=administrator)
    picture = approving.picture_of(asked)
    line = next(line for line in picture.items[0].lines if line.label == "Dernière activation")
    assert "avec une seule feuille, de administrateur" in line.before.text("fr")
    assert any("deux feuilles, dont la vôtre" in str(t) for t in picture.then)


def test_the_last_person_who_approves_or_asks_mandates_is_not_taken_away_by_one(administrator, security_officer):
    with pytest.raises(openings.LastKeeper):
        accounts.close_account(person=security_officer, reason="r", by=administrator)
    with pytest.raises(openings.LastKeeper):
        people.revoke_mandate(mandate=security_officer.mandates.get(), reason="r", by=administrator)
    with pytest.raises(openings.LastKeeper):
        people.revoke_mandate(mandate=administrator.mandates.get(), reason="r", by=administrator)
    other = make_person("securite-2", "securite")
    accounts.close_account(person=security_officer, reason="r", by=administrator)
    assert not again(security_officer).is_active and again(other).is_active


@pytest.mark.parametrize("kind", ["regional", "past", "closed", "of one contest"])
def test_who_keeps_less_than_the_house_is_not_the_other_one(administrator, security_officer, contest, kind):
    from kalata.country.models import Unit

    unit = Unit.objects.get(code="ML-KAY", geography__code="ml-2015") if kind == "regional" else None
    other = make_person("securite-2", "securite", unit=unit, contest=contest if kind == "of one contest" else None)
    if kind == "past":
        other.mandates.update(ends="2020-01-01")
    if kind == "closed":
        Person.objects.filter(pk=other.pk).update(is_active=False)
    with pytest.raises(openings.LastKeeper):
        accounts.close_account(person=security_officer, reason="r", by=administrator)


def test_a_desk_of_results_is_closed_at_once_by_one_and_comes_back_by_two(administrator, supervisor):
    accounts.close_account(person=supervisor, reason="fraude", by=administrator)
    assert not again(supervisor).is_active
    with pytest.raises(accounts.TwoForActivation):
        accounts.issue_activation(person=again(supervisor), by=administrator)
