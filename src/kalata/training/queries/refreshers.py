"""Who has a refresher to do, who did it, and the page itself."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from kalata.training.models import Certificate, ProcedureVersion, Refresher, UpdateAsked
from kalata.training.queries import classes as class_queries
from kalata.training.queries import procedures
from kalata.training.rules.classes_states import Badge
from kalata.training.rules.manuals.words import words_in
from kalata.training.rules.procedures import State, digest
from kalata.training.rules.refresher import Course, changed, course
from kalata.training.rules.rights import CERTIFY
from kalata.training.rules.source.reading import source_of
from kalata.training.rules.source.values import Source

KEPT = 64
"""Pages kept by a process: a few for each procedure that changed, in each language."""
_kept: OrderedDict[tuple[object, ...], Course] = OrderedDict()
_lock = Lock()


def version_for(pk: int) -> ProcedureVersion | None:
    """An approved version whose decisive steps are not those of the one before; of any other there is no page."""
    found = ProcedureVersion.objects.select_related("procedure__source", "base").filter(pk=pk, state=State.APPROVED)
    one = found.exclude(base=None).first()
    return one if one is not None and one.base and changed(one.base.content, one.content) else None


def course_of(one: ProcedureVersion, lang: str) -> Course:
    """The page in a language, made once for what it is made from."""
    assert one.base is not None
    key = (digest([one.content, one.number, one.base.content, one.procedure.source.head]), lang)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = course_made(one, lang)
    with _lock:
        _kept[key] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def questions_of(one: ProcedureVersion) -> int:
    """How many questions its page asks, in the language that asks most."""
    return max(len(course_of(one, lang).rows) for lang in source_alone(one).languages())


def source_alone(one: ProcedureVersion) -> Source:
    """The source with this procedure alone, which is all that its page is made from."""
    source = one.procedure.source
    return source_of(source.head, {f"procedures/{one.procedure.file}": procedures.document(one)}, source.pictograms)


def course_made(one: ProcedureVersion, lang: str) -> Course:
    source = source_alone(one)
    shown = lang if lang in source.languages() else source.languages()[0]
    words = words_in(shown)
    assert one.base is not None
    return course(source, str(one.content["id"]), one.base.content, one.content, shown, (words["true"], words["false"]))


DONE = Refresher.objects.filter(
    certificate=OuterRef("certificate"), version=OuterRef("version"), right=F("out_of"), at__gte=OuterRef("at")
)


def left(one: Certificate) -> list[UpdateAsked]:
    """Changes for which no page was answered whole and right since."""
    return list(one.updates.select_related("version__procedure").filter(~Exists(DONE)))


def counted(one: Certificate) -> list[Refresher]:
    """The pages that answer the changes asked of a certificate, whole and right."""
    asked = {u.version_id: u.at for u in one.updates.all()}
    found = one.refreshers.filter(right=F("out_of")).select_related("by", "version__procedure")
    return [r for r in found if r.version_id in asked and r.at >= asked[r.version_id]]


def updates(person: Any, asked: Any) -> QuerySet[UpdateAsked]:
    """One row a change and a certificate that waits for it, of contests whose certificates this person keeps."""
    found = UpdateAsked.objects.filter(
        certificate__state=Badge.UPDATE,
        certificate__seat__training_class__contest__in=[c.pk for c in class_queries.contests_planned(person, CERTIFY)],
    ).annotate(done=Exists(DONE))
    if asked.q:
        found = found.filter(
            Q(certificate__number__icontains=asked.q) | Q(certificate__agent__code__iexact=asked.q)
            | Q(certificate__seat__training_class__code__iexact=asked.q) | Q(version__procedure__code__iexact=asked.q)
        )  # fmt: skip
    if asked.etat:
        found = found.filter(done=asked.etat == "done")
    return found.select_related(
        "certificate__agent", "certificate__seat__training_class__unit", "version__procedure"
    ).order_by("-pk")


def counted_of(certificates: Sequence[Certificate]) -> dict[int, list[Refresher]]:
    """The same for each of some certificates, in two queries."""
    asked = {(u.certificate_id, u.version_id): u.at for u in UpdateAsked.objects.filter(certificate__in=certificates)}
    found = Refresher.objects.filter(certificate__in=certificates, right=F("out_of")).select_related("by", "version__procedure")
    out: dict[int, list[Refresher]] = {c.pk: [] for c in certificates}
    for r in found.order_by("pk"):
        at = asked.get((r.certificate_id, r.version_id or 0))
        if at is not None and r.at >= at:
            out[r.certificate_id].append(r)
    return out


def ready(contest: Any) -> QuerySet[Certificate]:
    """Certificates of a contest whose every change was answered, in order."""
    found = Certificate.objects.filter(state=Badge.UPDATE, seat__training_class__contest=contest)
    waiting = UpdateAsked.objects.filter(certificate=OuterRef("pk")).filter(~Exists(DONE))
    return (
        found.filter(Exists(UpdateAsked.objects.filter(certificate=OuterRef("pk"))))
        .exclude(Exists(waiting))
        .select_related("agent", "seat__training_class")
        .order_by("pk")
    )


def contests_ready(person: Any) -> list[tuple[Any, int]]:
    return [(c, n) for c in class_queries.contests_planned(person, CERTIFY) if (n := ready(c).count())]


def answered(one: Certificate, version: ProcedureVersion) -> int:
    return one.refreshers.filter(version=version, route="page").count()


def pending_of(certificates: Sequence[Certificate]) -> list[tuple[Certificate, list[UpdateAsked]]]:
    return [(c, left(c)) for c in certificates]
