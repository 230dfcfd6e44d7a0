"""What may be cited: a decision the moment it is published, and the decisions of the past that packs tell. Never a draft.

The one writer of `Precedent` and of what searches it: on SQLite a full-text table is written beside, on PostgreSQL an
index of the database follows by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from kalata.country.models import PackVersion
from kalata.disputes.models import Precedent, Ruling
from kalata.disputes.queries import publications
from kalata.disputes.queries.elections import identified
from kalata.disputes.queries.law import kind_of
from kalata.disputes.rules import precedents as rules
from kalata.disputes.rules.rulings import State

PUBLIC = (State.PUBLISHED, State.APPLIED)
PARTS = ("visas", "facts", "reasons", "operative", "derived")


@transaction.atomic
def keep(ruling: Ruling) -> Precedent | None:
    """Make a published decision one that may be found and cited, by its public text: a citation carries its title into
    another decision. None where it is not published."""
    if ruling.state not in PUBLIC or ruling.signed_at is None or not ruling.decision:
        return None
    said: dict[str, Any] = ruling.decision
    parts = publications.public_of(ruling)
    if not parts:
        return None
    text = text_of(parts)
    on = timezone.localtime(ruling.signed_at).date()
    rows = ruling.outcomes.select_related("petition").prefetch_related("petition__grounds")
    grounds = [g.code for o in rows for g in o.petition.grounds.all() if not g.struck]
    outcomes = [str(o["outcome"]) for o in said.get("outcomes") or ()]
    values = {
        "ruling": ruling, "number": ruling.number, "day": on.isoformat(), "year": on.year,
        "ecli": identified(ruling.contest, ruling.number, on).ecli,
        "kind": kind_of(ruling.contest), "title": publications.words_of(ruling), "text": text,
        "marks": rules.marks(said.get("articles") or (), grounds, outcomes),
    }  # fmt: skip
    return written([(f"ruling:{ruling.pk}", values)])[0]


def written(rows: Iterable[tuple[str, dict[str, Any]]]) -> list[Precedent]:
    """Write precedents by their origin, and the words they are found by."""
    out = []
    for origin, values in rows:
        folded = rules.folded(values["number"], values["title"], values["text"])
        made, _new = Precedent.objects.update_or_create(
            origin=origin, defaults={**values, "folded": folded, "at": timezone.now()}
        )
        out.append(made)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.executemany("delete from disputes_precedent_words where rowid = %s", [(one.pk,) for one in out])
            cursor.executemany(
                "insert into disputes_precedent_words (rowid, words) values (%s, %s)",
                [(one.pk, one.folded) for one in out],
            )
    return out


@transaction.atomic
def gather() -> int:
    """Take in what is not there yet: published decisions, past decisions of the packs loaded. How many."""
    waiting = Ruling.objects.filter(state__in=PUBLIC, precedent=None).select_related("contest__election__pack")
    made = sum(keep(one) is not None for one in waiting)
    known = set(Precedent.objects.filter(ruling=None).values_list("origin", flat=True))
    new: dict[str, dict[str, Any]] = {}
    for version in PackVersion.objects.order_by("pk"):
        for record in version.pack.records("past_rulings"):
            origin = f"pack:{version.pack.code}:{record['id']}"
            if origin not in known:
                new[origin] = past(record)
    return made + len(written(new.items()))


@transaction.atomic
def again() -> int:
    """Index anew each decision whose words are no longer those of its public text in force: one written before texts had
    passages taken out, or whose text was withdrawn. How many."""
    made = 0
    for one in Precedent.objects.exclude(ruling=None).select_related("ruling__contest__election__pack"):
        assert one.ruling is not None
        said = publications.public_of(one.ruling)
        if (one.title, one.text) == (" ".join(said.get("words", ())), text_of(said)):
            continue
        if keep(one.ruling) is None:
            kept = ("number", "ecli", "day", "year", "kind", "marks")
            values = {name: getattr(one, name) for name in kept} | {"ruling": one.ruling, "title": "", "text": ""}
            written([(one.origin, values)])
        made += 1
    return made


def text_of(parts: Mapping[str, Any]) -> str:
    return "\n".join(str(p) for name in PARTS for p in parts.get(name) or ())


def past(record: Any) -> dict[str, Any]:
    day = str(record["date"])
    sources = record.get("source")
    return {
        "number": str(record.get("ruling") or ""), "day": day, "year": int(day[:4]), "kind": str(record["contest"]),
        "title": str(record["kind"]), "text": str(record["facts"]), "marks": "", "ecli": "",
        "source": ", ".join(map(str, sources)) if isinstance(sources, list | tuple) else str(sources or ""),
        "confidence": str(record.get("confidence") or ""),
    }  # fmt: skip
