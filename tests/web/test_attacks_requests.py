"""A request lives as long as the right of who asked it, and shows its figures to nobody else than who may read them."""

import pytest
from django.utils import timezone

from kalata.country.models import Contest, Unit
from kalata.people import approving
from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules.approval import AskerGone, Decision
from kalata.refusals import Forbidden
from kalata.results.services import contests as services
from kalata.results.services import corrections
from kalata.tally.rules.lifecycle import State as S
from kalata.tally.services import batches as publishing
from kalata.tally.services import reports as tally
from tests.conftest import bring, csv_of, decide_on_screen, holds_only, make_person
from tests.services.test_public_effect import figures_on
from tests.services.test_tally import desk, register, typed, validated  # noqa: F401

pytestmark = pytest.mark.django_db


def again(one):
    return type(one).objects.get(pk=one.pk)


def past(person):
    """The mandates of a person come to their date: no act of anybody tells it."""
    person.mandates.update(ends="2020-01-01")


@pytest.fixture
def waiting(request, contest, supervisor, registrar):
    """A request of each sort, still to be decided, and who asked it."""

    def do(sort):
        if sort in ("batch", "recall"):
            centre, hands = request.getfixturevalue("register"), request.getfixturevalue("desk")
            paper = validated(typed(centre, hands), hands["f"])
            if sort == "recall":
                return tally.ask_second(paper_id=paper.pk, to=S.RECALLED, reason="r", by=supervisor)
            return publishing.ask_batch(contest=centre, document="d", note="", by=supervisor)
        counted = request.getfixturevalue("published" if sort == "import" else "counted")
        if sort == "publication":
            return services.ask_publication(contest=counted, reason="r", by=supervisor)
        if sort == "names":
            return corrections.ask_names(contest=counted, names={1: ("Le Baobab", "")}, reason="r", by=supervisor)
        rows = ["Kayes,Kayes,KAY-001,400,200,200,5,195,90,70,35"]
        bring(counted, supervisor, csv_of(rows), name="autre.csv")
        return Approval.objects.get(kind="results.correction")

    return do


SORTS = ("publication", "batch", "recall", "names", "import")


def test_every_kind_of_request_asks_its_own_right_of_who_asks(counted, outsider):
    scope = {"contest": counted.pk, "place": []}
    assert len(approving.ACTS) >= 15
    for kind, act in approving.ACTS.items():
        one = Approval(kind=kind, right=act.right, payload={"scope": scope}, asked_by=outsider)
        with pytest.raises(Forbidden):
            act.asks(one, outsider)


@pytest.mark.parametrize("sort", SORTS)
def test_who_lost_the_mandate_does_not_ask_the_same_again(sign_in, waiting, sort):
    one = waiting(sort)
    past(one.asked_by)
    answer = sign_in(again(one.asked_by)).post(f"/personnes/approbations/{one.pk}/", {"to": "renew"})
    assert answer.status_code == 403
    assert Approval.objects.filter(state="waiting").get() == one


def test_who_holds_a_mandate_of_another_place_now_does_not_ask_the_same_again(sign_in, counted, supervisor):
    one = services.ask_publication(contest=counted, reason="r", by=supervisor)
    past(supervisor)
    people.give_mandate(
        person=supervisor, role="superviseur", unit=Unit.objects.get(code="ML-KAY", geography__code="ml-2015")
    )
    assert sign_in(again(supervisor)).post(f"/personnes/approbations/{one.pk}/", {"to": "renew"}).status_code == 403


@pytest.mark.parametrize("sort", SORTS)
def test_what_somebody_asked_is_not_approved_once_his_mandate_is_past(sign_in, waiting, publisher, judge, sort):
    one = waiting(sort)
    past(one.asked_by)
    second = {"recall": make_person("autre-commission", "commission")}.get(sort, publisher)
    with pytest.raises(AskerGone):
        people.decide_approval(approval_id=one.pk, to=Decision.APPROVED, by=second)
    page = sign_in(second).get(f"/personnes/approbations/{one.pk}/").content.decode()
    assert "Qui a demandé ne peut plus le demander" in page and 'value="approve"' not in page
    assert decide_on_screen(sign_in(second), one, to="refuse", note="n").status_code == 302


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("how", ["closed", "revoked"])
def test_an_account_closed_or_a_mandate_ended_withdraws_what_its_person_asked(
    waiting, administrator, publisher, judge, sort, how
):
    one = waiting(sort)
    asker = one.asked_by
    if how == "closed":
        people.close_account(person=asker, reason="fraude", by=administrator)
    else:
        people.revoke_mandate(mandate=asker.mandates.get(), reason="fraude", by=administrator)
        people.give_mandate(person=asker, role=asker.mandates.get().role)  # another one does not wake it up
    one = again(one)
    assert (one.state, one.decided_by) == ("withdrawn", administrator)
    second = publisher if sort != "recall" else make_person("autre", "commission")
    with pytest.raises(people_refusal()):
        people.decide_approval(approval_id=one.pk, to=Decision.APPROVED, by=second)
    assert Contest.objects.filter(published_at__isnull=False).exists() is (sort == "import")


def people_refusal():
    from kalata.people.rules.approval import AlreadyDecided

    return AlreadyDecided


def test_a_file_whose_request_fell_with_its_asker_is_where_the_dry_run_left_it(waiting, administrator):
    from kalata.results.models import Import

    one = waiting("import")
    people.close_account(person=one.asked_by, reason="r", by=administrator)
    assert Import.objects.get(pk=one.payload["import"]).state == "checked"


def test_a_mandate_that_ends_leaves_what_another_mandate_may_ask(counted, supervisor, administrator):
    people.give_mandate(person=supervisor, role="publication")
    one = services.ask_publication(contest=counted, reason="r", by=again(supervisor))
    people.revoke_mandate(mandate=supervisor.mandates.get(role="superviseur"), reason="r", by=administrator)
    assert again(one).state == "waiting"


def test_a_mandate_asked_by_an_administrator_who_is_closed_since_is_not_given(
    administrator, security_officer, pack_version
):
    person = make_person("complice")
    one = people.ask_mandate(person=person, role="publication", unit=None, reason="r", by=administrator)
    people.close_account(person=administrator, reason="fraude", by=make_person("admin-2", "admin"))
    assert again(one).state == "withdrawn" and not person.mandates.exists()


# --- who reads a request --------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["delegue", "saisie", "reception", "admin", "observateur"])
@pytest.mark.parametrize("sort", ["publication", "recall"])
def test_who_asked_and_has_another_mandate_now_reads_no_figure_of_the_request(sign_in, waiting, sort, role):
    one = waiting(sort)
    before = figures_on(sign_in(one.asked_by).get(f"/personnes/approbations/{one.pk}/").content.decode())
    assert before & {"100", "150", "310"}
    one.asked_by.mandates.update(revoked_at=timezone.now())
    people.give_mandate(person=one.asked_by, role=role)
    page = sign_in(again(one.asked_by)).get(f"/personnes/approbations/{one.pk}/").content.decode()
    assert not figures_on(page) & {"100", "60", "150", "300", "310"}
    assert 'value="withdraw"' in page


def test_who_sets_a_contest_up_and_reads_no_unpublished_figure_is_told_that_the_effect_is_hidden(
    sign_in, counted, supervisor, publisher
):
    setter = holds_only(make_person("reglages"), "results.setup")
    rows = [{"code": "A", "name": "A", "seats": 3}]
    one = corrections.ask_constituencies(contest=counted, rows=rows, reason="r", by=setter)
    said = "il n’est montré qu’à qui les lit ou décide"
    assert said in sign_in(setter).get(f"/personnes/approbations/{one.pk}/").content.decode()
    page = sign_in(publisher).get(f"/personnes/approbations/{one.pk}/").content.decode()
    assert said not in page and "Sièges, non des voix" in page
