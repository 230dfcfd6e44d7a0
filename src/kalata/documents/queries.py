"""Reads of the register of issued papers."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from kalata.documents.models import IssuedDocument
from kalata.documents.rules.verdicts import Answer, Issued, answer, fingerprint
from kalata.evidence import store
from kalata.evidence.models import Content
from kalata.evidence.rules.access import Damaged

WHOLE = 64


def of_record(kind: str, subject: str, lang: str) -> QuerySet[IssuedDocument]:
    """The versions of one paper of a record, the latest first."""
    return IssuedDocument.objects.filter(kind=kind, subject=subject, lang=lang).order_by("-version")


def of_subject(subject: str) -> QuerySet[IssuedDocument]:
    """Every version of every paper of a record and of its parts ("petition:x.s3"), the latest first."""
    found = IssuedDocument.objects.filter(Q(subject=subject) | Q(subject__startswith=f"{subject}."))
    return found.order_by("-at", "-pk")


def in_force(kind: str, subject: str, lang: str) -> IssuedDocument | None:
    """The version that stands, None before the first."""
    return of_record(kind, subject, lang).first()


def bytes_of(one: IssuedDocument) -> bytes:
    """The very file that was issued, for who may read the record: the caller has asked that. EVD-106 where it is damaged."""
    return content_of(one.sha256)


def content_of(sha256: str) -> bytes:
    """A kept file, once its fingerprint was computed again. EVD-106 where it is damaged."""
    place = Content.objects.filter(sha256=sha256).values_list("place", flat=True).first()
    found = store.content(sha256, place or "")
    if found is None:
        raise Damaged(sha=sha256[:12])
    return found


def as_issued(one: IssuedDocument) -> Issued:
    return Issued(one.reference, one.version, one.digest, one.sha256, one.pages, one.at)


def asked(reference: str, typed: str, hidden: frozenset[str] = frozenset()) -> Answer:
    """What is told of the paper with this reference (as `references.parsed` writes it; "": by a whole fingerprint alone).

    hidden: kinds of paper that are not answered for to who asks.
    """
    rows = IssuedDocument.objects.exclude(kind__in=hidden)
    code = fingerprint(typed)
    if not reference:
        if len(code) != WHOLE:
            return answer((), "")
        reference = rows.filter(Q(digest=code) | Q(sha256=code)).values_list("reference", flat=True).first() or ""
    return answer([as_issued(one) for one in rows.filter(reference=reference).order_by("version")], typed)
