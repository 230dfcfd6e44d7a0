"""Procedures in the house: taken from the pack as drafts, reviewed against the law, approved by two on the exact difference."""

import io
import zipfile

import pytest
from django.db import IntegrityError, transaction

from kalata.country import packs
from kalata.ledger.models import Act
from kalata.lifecycle import Lacking, NotFromHere, OtherPerson
from kalata.people.models import Approval, Mandate, Person
from kalata.people.rules.approval import Decision, Outdated
from kalata.people.rules.shown import PageMoved
from kalata.people.services import decide_approval
from kalata.refusals import Forbidden
from kalata.training.models import ManualSource, ProcedureVersion
from kalata.training.queries import procedures as queries
from kalata.training.rules.procedure_editing import NoElement, SameId, move, put, take
from kalata.training.rules.procedure_refusals import (
    BaseMoved,
    NoManuals,
    NotDraft,
    NotForWriters,
    NothingChanged,
    NotLawful,
    NotTested,
    OneAlive,
    OpenRemarks,
)
from kalata.training.rules.source.faults import BadSource
from kalata.training.services import procedures, procedures_approving
from kalata.training.sources import files_of, source_of_files
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
FOLDER = packs.PACKS / "ml" / "training" / "source"


@pytest.fixture
def writer(pack_version):
    return make_person("cellule", "cellule-pedagogique")


@pytest.fixture
def reviewer(pack_version):
    return make_person("relecture", "relecture-juridique")


@pytest.fixture
def taken(writer):
    procedures.import_pack(pack="ml", by=writer)
    return writer


def version(code, number=1):
    return ProcedureVersion.objects.get(procedure__code=code, number=number)


def through(code, writer, reviewer, number=1):
    """A procedure of practice alone, to the door of its approval."""
    procedures_approving.say_lawful(version=version(code, number), reason="rien à lire", by=reviewer)
    procedures_approving.say_tested(version=version(code, number), reason="essai à douze", by=writer)
    return procedures_approving.ask(version=version(code, number), reason="prête", by=writer)


def approve(code, writer, reviewer, number=1):
    asked = through(code, writer, reviewer, number)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=reviewer)


def reword(text):
    def change(content):
        content["steps"][0]["do"]["fr"] = text
        return content

    return change


def test_the_pack_is_taken_once_as_drafts_and_nothing_of_it_is_approved(taken):
    assert ProcedureVersion.objects.count() == len(list((FOLDER / "procedures").glob("*.yaml")))
    assert set(ProcedureVersion.objects.values_list("state", flat=True)) == {"draft"}
    assert procedures.import_pack(pack="ml", by=taken) == {"made": 0, "changed": 0, "same": 32}
    with pytest.raises(NoManuals):
        procedures.import_pack(pack="sn", by=taken)


def test_what_goes_out_is_to_the_byte_what_came_in(taken, sign_in):
    source = ManualSource.objects.get()
    out, came = queries.files(source), files_of(FOLDER)
    assert out == came
    assert source_of_files(out).digest == source_of_files(came).digest
    answer = sign_in(taken).get("/formation/procedures/ml-staff/source.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        assert {n.removeprefix("ml-staff/"): packed.read(n) for n in packed.namelist()} == came


def test_law_that_nobody_has_read_or_that_no_longer_holds_is_not_said_lawful(taken, reviewer):
    with pytest.raises(NotLawful):
        procedures_approving.say_lawful(version=version("OUV"), reason="r", by=reviewer)
    with pytest.raises(NotLawful):
        procedures_approving.say_lawful(version=version("ASS-ID"), reason="r", by=reviewer)
    mark = "LE-2022-019-M1/art.inconnu-identite@2023-03-13"
    procedures.verify(version=version("ASS-ID"), article=mark, reason="JO lu", by=reviewer)
    procedures_approving.say_lawful(version=version("ASS-ID"), reason="r", by=reviewer)
    one = version("ASS-ID")
    assert one.state == "legal_ok" and one.reviewed_by == reviewer
    assert one.content["steps"][0]["basis"][0]["verified_by"] == "relecture"


@pytest.mark.parametrize("forged", [{"verified_by": "relecture"}, {"confidence": "text seen"}])
def test_who_writes_does_not_say_that_a_text_was_read(taken, reviewer, forged):
    """The file of a draft could name a reviewer who had read nothing: the review of the texts then found nothing to say."""

    def forge(content):
        for step in content["steps"]:
            for basis in step.get("basis") or ():
                basis.update(forged)
        return content

    with pytest.raises(NotForWriters):
        procedures.edit(version=version("ASS-ID"), what="file", change=forge, by=taken)
    mark = "LE-2022-019-M1/art.inconnu-identite@2023-03-13"
    procedures.verify(version=version("ASS-ID"), article=mark, reason="JO lu", by=reviewer)
    procedures.edit(version=version("ASS-ID"), what="step", change=reword("Autrement."), by=taken)
    assert version("ASS-ID").content["steps"][0]["basis"][0]["verified_by"] == "relecture"


def test_a_procedure_is_approved_by_a_person_who_wrote_nothing_of_it(taken, reviewer):
    asked = through("TAB-DESK", taken, reviewer)
    with pytest.raises(Forbidden):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=taken)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=reviewer)
    one = version("TAB-DESK")
    assert (one.state, one.approved_by, one.tested_by) == ("approved", reviewer, taken)
    kinds = list(Act.objects.filter(subject="procedure:TAB-DESK").order_by("pk").values_list("kind", flat=True))
    assert kinds == [
        "procedures.legal_ok", "procedures.tested", "procedures.version.asked", "procedures.version.approved", "procedures.approved",
    ]  # fmt: skip


def test_who_wrote_neither_reviews_nor_approves_even_with_both_rights(taken, reviewer):
    Mandate.objects.create(person=taken, role="relecture-juridique", rights=["training.read", "training.review"])
    with pytest.raises(OtherPerson):
        procedures_approving.say_lawful(version=version("TAB-DESK"), reason="r", by=Person.objects.get(pk=taken.pk))


def test_the_next_version_retires_the_one_before_on_the_exact_difference(taken, reviewer):
    approve("TAB-DESK", taken, reviewer)
    draft = procedures.open_draft(version=version("TAB-DESK"), by=taken)
    with pytest.raises(OneAlive):
        procedures.open_draft(version=version("TAB-DESK"), by=taken)
    assert draft.number == 2 and draft.base == version("TAB-DESK")
    procedures.edit(version=draft, what="step", change=reword("Contrôlez le scellé devant le porteur."), by=taken)
    asked = through("TAB-DESK", taken, reviewer, 2)
    facts = Approval.objects.get(pk=asked.pk).facts
    assert facts["steps:TAB-DESK.1:do fr"] == "Contrôlez le scellé devant le porteur."
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=reviewer)
    assert (version("TAB-DESK").state, version("TAB-DESK", 2).state) == ("retired", "approved")


def test_a_draft_that_changes_nothing_is_not_approved_again(taken, reviewer):
    approve("TAB-DESK", taken, reviewer)
    procedures.open_draft(version=version("TAB-DESK"), by=taken)
    with pytest.raises(NothingChanged):
        through("TAB-DESK", taken, reviewer, 2)


def test_what_was_taken_back_after_the_request_is_not_approved(taken, reviewer):
    asked = through("TAB-DESK", taken, reviewer)
    procedures_approving.give_back(version=version("TAB-DESK"), reason="une faute", by=taken)
    procedures.edit(version=version("TAB-DESK"), what="step", change=reword("Autre chose."), by=taken)
    with pytest.raises(Outdated):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=reviewer)
    assert version("TAB-DESK").state == "draft" and version("TAB-DESK").reviewed_by is None


def test_only_a_draft_is_modified_and_only_as_its_page_showed_it(taken, reviewer):
    one = version("TAB-DESK")
    with pytest.raises(PageMoved):
        procedures.edit(version=one, what="step", change=reword("x"), by=taken, seen="0" * 64)
    procedures.edit(version=one, what="step", change=reword("Regardez le scellé."), by=taken, seen=one.sha256)
    procedures_approving.say_lawful(version=version("TAB-DESK"), reason="r", by=reviewer)
    with pytest.raises(NotDraft):
        procedures.edit(version=one, what="step", change=reword("x"), by=taken)
    with pytest.raises(NotTested):
        procedures_approving.ask(version=one, reason="r", by=taken)
    with pytest.raises(NotFromHere):
        procedures_approving.say_lawful(version=version("TAB-DESK"), reason="r", by=reviewer)


def test_what_the_format_refuses_is_not_kept(taken):
    one = version("TAB-DESK")
    with pytest.raises(BadSource):
        procedures.edit(version=one, what="x", change=lambda c: {**c, "inconnu": 1}, by=taken)
    with pytest.raises(BadSource):
        procedures.edit(version=one, what="x", change=lambda c: {**c, "id": "AUTRE"}, by=taken)
    with pytest.raises(BadSource):
        procedures.edit(version=one, what="x", change=lambda c: {**c, "steps": []}, by=taken)
    assert version("TAB-DESK").sha256 == one.sha256


def test_a_remark_waits_for_its_answer_before_the_review(taken, reviewer):
    made = procedures.comment(version=version("TAB-DESK"), element="TAB-DESK.1", text="Et le code ?", by=reviewer)
    with pytest.raises(OpenRemarks):
        procedures_approving.say_lawful(version=version("TAB-DESK"), reason="r", by=reviewer)
    procedures.resolve(version=version("TAB-DESK"), comment_id=made.pk, answer="Il est dit.", by=taken)
    procedures_approving.say_lawful(version=version("TAB-DESK"), reason="r", by=reviewer)


def test_a_step_says_why(taken, reviewer):
    with pytest.raises(Lacking):
        procedures_approving.say_lawful(version=version("TAB-DESK"), reason=" ", by=reviewer)


def test_the_database_keeps_one_version_approved_and_one_on_its_way(taken, reviewer):
    approve("TAB-DESK", taken, reviewer)
    draft = procedures.open_draft(version=version("TAB-DESK"), by=taken)
    for state in ("approved", "nowhere"):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProcedureVersion.objects.filter(pk=draft.pk).update(state=state)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcedureVersion.objects.filter(number=1, procedure__code="TAB-DESK").update(approved_by=taken)


def test_an_approved_version_in_between_is_not_overwritten(taken, reviewer):
    approve("TAB-DESK", taken, reviewer)
    draft = procedures.open_draft(version=version("TAB-DESK"), by=taken)
    ProcedureVersion.objects.filter(pk=draft.pk).update(base=None)
    procedures.edit(version=version("TAB-DESK", 2), what="step", change=reword("Regardez."), by=taken)
    with pytest.raises(BaseMoved):
        through("TAB-DESK", taken, reviewer, 2)


def test_elements_are_put_moved_and_taken_by_their_code():
    content = {"steps": [{"id": "A"}, {"id": "B"}], "items": [{"id": "I"}]}
    assert [s["id"] for s in move(content, "steps", "B", -1)["steps"]] == ["B", "A"]
    assert move(content, "steps", "A", -1) == content
    assert take(content, "steps", "A")["steps"] == [{"id": "B"}]
    with pytest.raises(SameId):
        put(content, "steps", {"id": "I"}, new=True)
    with pytest.raises(NoElement):
        put(content, "steps", {"id": "Z"}, new=False)
    assert put(content, "steps", {"id": "C"}, new=True)["steps"][-1] == {"id": "C"}
