"""A change of an article opens one task on each procedure that rests on it, and says which classes held a touched page."""

import pytest

from kalata.training.models import ManualSource, ProcedureComment
from kalata.training.queries import errors, impact
from kalata.training.services import impact_tasks, procedures
from tests.conftest import make_person

pytestmark = pytest.mark.django_db


def test_tasks_are_opened_once_on_the_very_procedures_that_cite_the_article(pack_version):
    cell = make_person("cellule", "cellule-pedagogique")
    procedures.import_pack(pack="ml", by=cell)
    source = ManualSource.objects.get()
    article = impact.articles(source)[0]
    found = impact.of(source, [article])
    cite = {v.procedure.code for v, _own in found.procedures}
    assert cite and found.hit.steps
    assert impact_tasks.open_tasks(source=source, article=article, version="2027-01-01", by=cell) == len(cite)
    assert impact_tasks.open_tasks(source=source, article=article, version="2027-01-01", by=cell) == 0
    assert {c.version.procedure.code for c in ProcedureComment.objects.all()} == cite
    assert impact.open_tasks(found, f"{article} →") == len(cite)


def test_without_published_records_nothing_is_said_of_anybody(contest):
    cell = make_person("cellule", "cellule-pedagogique")
    found = errors.found_in(cell, contest)
    assert (found.records, found.answer.refused, found.answer.effects) == (0, "few", ())
