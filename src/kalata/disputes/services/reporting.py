"""The report of a case, written by its reporting judge: made from the records as they are, issued in versions, kept from
everybody but the bench. Its subject is its own, so that the papers of the case do not list it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata.disputes import kinds
from kalata.disputes.models import CaseReport, Petition, WhatIf
from kalata.disputes.pages import whatifs as pages
from kalata.disputes.papers import court
from kalata.disputes.papers import report as papers
from kalata.disputes.queries import evidence, instruct, weighing
from kalata.disputes.rules.acts import ANNULLING
from kalata.disputes.rules.evidence import LISTED, OFFICERS
from kalata.disputes.rules.filing import GROUNDS
from kalata.disputes.rules.operative import ACT_LABELS
from kalata.disputes.rules.parties import ROLE_LABELS
from kalata.disputes.rules.steps import LABELS, State
from kalata.disputes.services import measures
from kalata.documents import rendering
from kalata.documents import services as documents
from kalata.documents.rendering import Paper
from kalata.ledger.services import record
from kalata.people.models import Person
from kalata.text import gettext_noop as _
from kalata.text import whole

PRINTED = 400
"""Lines of evidence in a report; the page has the others."""


def subject(petition: Petition) -> str:
    return f"case_report:{petition.number}"


@transaction.atomic
def file(
    *, petition: Petition, facts: str, options: str, words: Mapping[str, str], whatifs: Sequence[WhatIf], lang: str, by: Person
) -> CaseReport:  # fmt: skip
    """File a version of the report. What nothing changed in is the version that stands. DIS-801, DIS-802, DIS-806."""
    instruct.opening(by, petition).must_keep()
    said = {
        "facts": facts, "options": options, "words": {k: v for k, v in words.items() if v}, "lang": lang,
        "whatifs": [{"name": w.name, "digest": w.digest} for w in whatifs],
    }  # fmt: skip
    issued = documents.issue(paper(petition, said, whatifs, by), subject=subject(petition), by=by)
    last = CaseReport.objects.filter(petition=petition).order_by("-version").first()
    if last is not None and last.sha256 == issued.sha256:
        return last
    made = CaseReport.objects.create(
        petition=petition, version=(last.version if last else 0) + 1, said=said, reference=issued.reference,
        sha256=issued.sha256, by=by, at=timezone.now(),
    )  # fmt: skip
    after = {"version": made.version, "sha256": made.sha256}
    record(by=by, kind=kinds.REPORT_FILED, subject=f"petition:{petition.number}", after=after, rows=[made])
    return made


def draft(*, petition: Petition, facts: str, options: str, words: Mapping[str, str], whatifs: Sequence[WhatIf], lang: str, by: Person) -> bytes:  # fmt: skip
    """The report as it would be filed, marked across each page; nothing is kept. DIS-801, DIS-802."""
    instruct.opening(by, petition).must_work()
    said = {"facts": facts, "options": options, "words": dict(words), "lang": lang}
    return rendering.draft(paper(petition, said, whatifs, by)).pdf


def paper(petition: Petition, said: Mapping[str, Any], whatifs: Sequence[WhatIf], by: Person) -> Paper:
    """The report from the records of the case as they are."""
    lang = str(said["lang"])
    say = court.in_words(lang)
    aims = instruct.aims(petition)
    cells, total, bare = evidence.table(petition, aims)
    grounds = [
        (evidence.name_of(petition, a), a.text or say(GROUNDS.get(a.code, a.code)), str(said["words"].get(evidence.name_of(petition, a), "")))
        for a in aims
    ]  # fmt: skip
    one = papers.Report(
        rows=identity(petition, lang), facts=paragraphs(said["facts"]), grounds=grounds,
        measures=[(f"{m.number}. {say(measures.KINDS[m.kind])} : {m.what}", m.answer or say(_("sans réponse"))) for m in petition.measures.filter(struck_at=None)],
        evidence=[[c.ground, c.station, pieces(c.here), pieces(c.whole)] for c in cells[:PRINTED]],
        evidence_left=max(len(cells) - PRINTED, 0), bare=bare, total=total, officers=officers(petition, lang),
        apart=apart(petition, lang), weighed=[weighed(petition, w, lang) for w in whatifs], options=paragraphs(said["options"]),
        signed=[say(_("Le juge rapporteur")), by.full_name],
    )  # fmt: skip
    head = court.head(petition.contest, lang, title=papers.TITLE, number=petition.number or "")
    return papers.report(one, head, lang)


def paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def pieces(found: Sequence[Any]) -> str:
    return ", ".join(f"P{b.piece}" + (f" ({b.note})" if b.note else "") for b in found) or "–"


def identity(petition: Petition, lang: str) -> list[list[str]]:
    say = court.in_words(lang)
    sides = [
        [say(ROLE_LABELS[role]), ", ".join(p.name for p in petition.parties.filter(role=role, struck=False)) or "–"]
        for role in ("petitioner", "respondent")
    ]
    return [
        [say(_("Affaire")), f"{petition.number}, {say(_('rôle'))} {petition.roll or '–'}"], *sides,
        [say(_("Reçue le")), court.instant(petition.received_at, lang)], [say(_("Objet")), petition.about_words or "–"],
        [say(_("Demande")), petition.relief or "–"], [say(_("État")), say(LABELS[State(petition.state)])],
    ]  # fmt: skip


def officers(petition: Petition, lang: str) -> list[str]:
    say = court.in_words(lang)
    return [
        f"{o.station.code} : {say(OFFICERS[o.role])}, {court.instant(o.happened_at, lang)}, {say(_('décidé par'))} {o.decided_by}, {say(LISTED[o.listed])}"
        for o in evidence.officers(petition)
        if o.struck_at is None
    ]  # fmt: skip


def apart(petition: Petition, lang: str) -> list[list[str]]:
    """Boxes that differ at the stations of which a copy was read by two persons."""
    say, labels = court.in_words(lang), evidence.line_labels(petition.contest)
    out = []
    for station in evidence.read_by_two(petition):
        for f in evidence.three(petition, station).apart:
            values = ["–" if s in f.absent else number(f.values[s], lang) for s in ("copy", "record", "published")]  # type: ignore[index]
            out.append([station.code, say(str(labels[f.line])), *values])
    return out[:PRINTED]


def number(value: int | None, lang: str) -> str:
    return "–" if value is None else whole(value, lang)


def weighed(petition: Petition, one: WhatIf, lang: str) -> papers.Weighed:
    names = dict(petition.contest.options.values_list("code", "name"))
    say = court.in_words(lang)
    side = pages.side(one, names, weighing.stale(one, petition), lang)
    rows = []
    for r in pages.lines([one], names)[:40]:
        cell = r["cells"][0]
        rows.append([r["name"], number(r["now"], lang), number(cell["votes"], lang), f"{cell['difference']:+d}", f"{r['seats']} → {cell['seats']}"])  # fmt: skip
    return papers.Weighed(
        name=one.name, conclusion=side["said"], acts=[act_said(a, lang) for a in side["acts"]],
        rests=[w for _t, w in [*side["rests"], *side["criteria"]]],
        heads=[say(_("Candidature")), say(_("En vigueur")), say(_("Simulation")), say(_("Écart")), say(_("Sièges"))],
        rows=rows, digest=one.digest, recomputed=one.recomputed, stale=side["stale"],
    )  # fmt: skip


def act_said(act: Mapping[str, Any], lang: str) -> str:
    """An act in a line: what, and where."""
    say = court.in_words(lang)
    what = say(ACT_LABELS.get(str(act["act"]), str(act["act"])))
    if act["act"] in ANNULLING and act.get("where"):
        return f"{what} : " + ", ".join(f"{k} = {v}" for k, v in act["where"].items())
    stations = [" / ".join(k) for k in act.get("stations") or ([act["station"]] if act.get("station") else [])]
    shown = ", ".join(stations[:60]) + ("…" if len(stations) > 60 else "")
    boxes = "; ".join(f"{k} {act['before'][k]} → {v}" for k, v in (act.get("after") or {}).items())
    return f"{what} : {shown}" + (f" ({boxes})" if boxes else "")
