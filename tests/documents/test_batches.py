"""A batch is made paper by paper, followed, cancelled, and goes on where a killed worker stopped; its file holds them all."""

import io

import pypdfium2
import pytest
from django.db import IntegrityError, transaction

from kalata.documents import batches, services
from kalata.documents.batches import make_batch
from kalata.documents.models import DocumentBatch, IssuedDocument
from kalata.evidence import store
from tests.documents.test_register import paper, paper_kinds  # noqa: F401

pytestmark = pytest.mark.django_db
MADE = []


def make(args, key, by):
    MADE.append(key)
    if key == args.get("stop"):
        raise KeyboardInterrupt
    if key == args.get("refuse"):
        raise batches.NothingToMake
    if key == args.get("cancel"):
        DocumentBatch.objects.update(cancelled_at="2026-11-26T10:00:00Z")
    return services.issue(paper(f"page {key}"), subject=f"essai:{key}", by=by)


@pytest.fixture
def batch(monkeypatch):
    MADE.clear()
    one = batches.Batch("essai", lambda args: list(range(args["n"])), make)
    monkeypatch.setitem(batches.BATCHES, "essai", one)
    monkeypatch.setattr(make_batch.__class__, "enqueue", lambda self, *args: None)
    return one


def ask(batch, by, n=3, **args):
    return batches.ask(batch, subject="essai:x", args={"n": n, **args}, by=by)


def ran(one):
    batches.run(one)
    one.refresh_from_db()
    return one


def test_each_paper_is_issued_and_one_file_holds_them_in_order(batch, supervisor):
    one = ran(ask(batch, supervisor))
    assert (one.done, one.total, one.fault) == (3, 3, "") and one.ended_at and IssuedDocument.objects.count() == 3
    with pypdfium2.PdfDocument(io.BytesIO(store.path(one.sha256).read_bytes())) as pages:
        assert ["page 0" in pages[0].get_textpage().get_text_range(), len(pages)] == [True, 3]


def test_a_cancelled_batch_stops_after_the_paper_it_is_at_and_what_was_made_stays(batch, supervisor):
    one = ran(ask(batch, supervisor, cancel=1))
    assert MADE == [0, 1] and one.ended_at and not one.sha256 and IssuedDocument.objects.count() == 2
    assert not batches.cancel(batch_id=one.pk, subject="essai:x")


def test_a_killed_worker_goes_on_and_nothing_is_issued_twice(batch, supervisor):
    one = ask(batch, supervisor, stop=1)
    with pytest.raises(KeyboardInterrupt):
        batches.run(one)
    one.refresh_from_db()
    assert one.done == 1 and one.running
    one.args = {"n": 3}
    one.save()
    assert (
        ran(one).sha256
        and IssuedDocument.objects.count() == 3
        and set(IssuedDocument.objects.values_list("version", flat=True)) == {1}
    )


def test_a_refusal_ends_it_with_its_code_and_it_can_be_asked_again(batch, supervisor):
    one = ran(ask(batch, supervisor, refuse=1))
    assert one.fault.startswith("DOC-103") and one.done == 1 and not one.sha256
    assert ran(ask(batch, supervisor)).sha256


def test_none_and_too_many_are_refused(batch, supervisor):
    for n, refusal in ((0, batches.NothingToMake), (batches.MOST + 1, batches.TooManyPapers)):
        with pytest.raises(refusal):
            ask(batch, supervisor, n=n)
    assert not DocumentBatch.objects.exists()
    assert ask(batch, supervisor, n=batches.MOST).total == batches.MOST


def test_a_batch_is_cancelled_from_its_own_record_alone(batch, supervisor):
    one = ask(batch, supervisor)
    assert not batches.cancel(batch_id=one.pk, subject="essai:y") and batches.cancel(batch_id=one.pk, subject="essai:x")


def test_the_database_holds_no_file_of_a_batch_that_is_not_whole(batch, supervisor):
    one = ask(batch, supervisor)
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentBatch.objects.filter(pk=one.pk).update(sha256="0" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentBatch.objects.filter(pk=one.pk).update(done=4)


def test_papers_drawn_at_the_same_time_are_issued_in_order_each_with_what_it_was_drawn_for(monkeypatch, supervisor):
    asked = []
    one = batches.Batch(
        "essai-ensemble", lambda args: list(range(11)), draw=lambda args, key: (paper(f"page {key}"), f"essai:{key}"),
        allowed=lambda args, by: asked.append(by),
    )  # fmt: skip
    monkeypatch.setitem(batches.BATCHES, one.key, one)
    monkeypatch.setattr(make_batch.__class__, "enqueue", lambda self, *args: None)
    drawn = []
    issued = services.rendering.issued
    monkeypatch.setattr(services.rendering, "issued", lambda p, stamp: drawn.append(str(stamp.reference)) or issued(p, stamp))
    done = ran(batches.ask(one, subject="essai:x", args={}, by=supervisor))
    assert (done.done, done.fault, len(asked)) == (11, "", 11)
    rows = IssuedDocument.objects.order_by("pk")
    assert sorted(drawn) == [d.reference for d in rows] and [d.subject for d in rows] == [f"essai:{n}" for n in range(11)]
    for row in rows[:2]:
        with pypdfium2.PdfDocument(io.BytesIO(store.path(row.sha256).read_bytes())) as pages:
            assert row.reference in pages[0].get_textpage().get_text_range()
    again = ran(batches.ask(one, subject="essai:x", args={}, by=supervisor))
    assert again.done == 11 and len(drawn) == 11 == IssuedDocument.objects.count()


def test_papers_drawn_ahead_are_numbered_in_order_even_where_somebody_else_issues_one_between(batch, supervisor, monkeypatch):
    def allowed(args, by):
        MADE.append(1)
        if len(MADE) == 11:
            services.issue(paper("d’un autre"), subject="essai:autre", by=by)

    drawn = batches.Batch("essai", lambda args: list(range(args["n"])), draw=lambda a, k: (paper(f"page {k}"), f"essai:{k}"), allowed=allowed)
    monkeypatch.setitem(batches.BATCHES, "essai", drawn)
    one = ran(ask(drawn, supervisor, n=18))
    issued = [IssuedDocument.objects.get(subject=f"essai:{k}") for k in range(18)]
    numbers = [int(d.reference.split("-")[1]) for d in issued]
    assert (one.done, one.fault) == (18, "") and numbers == [*range(numbers[0], numbers[0] + 10), *range(numbers[0] + 11, numbers[0] + 19)]
    with pypdfium2.PdfDocument(io.BytesIO(store.path(one.sha256).read_bytes())) as pages:
        assert all(d.reference in pages[k].get_textpage().get_text_range() for k, d in enumerate(issued))
