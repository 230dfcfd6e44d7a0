"""Published decisions as everybody reads them: by their public text in force, never judged again on later records."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from kalata.country.models import Contest, Station
from kalata.disputes.annexes import TITLES
from kalata.disputes.models import Publication, Ruling
from kalata.disputes.queries import publications
from kalata.disputes.rules import summary
from kalata.disputes.rules.acts import RECTIFIED
from kalata.disputes.rules.public import Annex, DecisionFile, DecisionRow, Judged, Place
from kalata.evidence import store
from kalata.results.models import Decision, DecisionEffect, Proclamation
from kalata.results.rules.boxes import LABELS, Box
from kalata.results.rules.outcome import STATUS_LABELS, Status
from kalata.text import Message, Named, fold, long_date, translate
from kalata.text import gettext_noop as _
from kalata.transparency.models import LogEntry
from kalata.transparency.rules.canonical import jcs

PARTS = ("visas", "facts", "reasons", "operative", "derived", "overrides", "corrections")


def decisions(contest: str = "") -> list[DecisionRow]:
    """Every published decision, by the text in force of each, latest first."""
    found = texts(contest)
    done = applied([one.ruling for one in found])
    return [row_of(one, at) for one, at in zip(found, done, strict=True)]


def texts(contest: str = "") -> list[Publication]:
    """The public texts in force: nothing of a decision is read but through them."""
    rows = (
        publications.in_force()
        .select_related("ruling__contest__election__pack")
        .prefetch_related("ruling__outcomes__petition")
    )
    if contest:
        rows = rows.filter(ruling__contest__code=contest)
    return sorted(rows, key=lambda one: (one.ruling.signed_at or one.at, one.pk), reverse=True)


def narrowed(rows: Iterable[DecisionRow], *, q: str = "", contest: str = "", order: str = "") -> list[DecisionRow]:
    words = fold(q).split()
    out = [r for r in rows if (not contest or r.contest == contest) and all(w in r.search for w in words)]
    keys: Mapping[str, Any] = {
        "numero": lambda r: r.number,
        "date": lambda r: r.signed,
        "bureaux": lambda r: r.annulled,
    }
    key = keys.get(order.lstrip("-"))
    return sorted(out, key=key, reverse=order.startswith("-")) if key else out


def decision(slug: str) -> DecisionFile | None:
    """The published decision of an address; None where there is none."""
    rows = publications.in_force().filter(ruling__number__startswith=slug[:4]).values_list("ruling__number", flat=True)
    number = next((n for n in rows if n.replace("/", "-") == slug), None)
    return file_of(publications.current(number)) if number else None


def files(contest: str = "") -> list[DecisionFile]:
    return [file_of(one) for one in texts(contest)]


def applied(rulings: list[Ruling]) -> list[Any]:
    """When each was carried out on the results; None: not yet."""
    done = {(c, n): at for c, n, at in Decision.objects.filter(number__in=[r.number for r in rulings]).values_list("contest_id", "number", "at")}  # fmt: skip
    return [done.get((r.contest_id, r.number)) for r in rulings]


def row_of(text: Publication, done: Any) -> DecisionRow:
    ruling, contest = text.ruling, text.ruling.contest
    said = text.public or {}
    counts = {c["what"]: c["value"] for c in (ruling.print.get("printed") or {}).get("counts", ())}
    outcomes = [o for o in said.get("outcomes", ()) if o.get("petition")]
    name = Named(contest.name_fr, contest.name_en or "")
    cases, words = tuple(o["petition"] for o in outcomes), " ".join(said.get("text", {}).get("words", ()))
    found = (ruling.number, said.get("ecli", ""), words, name.fr, name.en, *cases)
    return DecisionRow(
        number=ruling.number, ecli=said.get("ecli", ""), contest=contest.code, contest_name=name,
        signed=timezone.localtime(ruling.signed_at), words=words, cases=cases, outcomes=tuple(o["outcome"] for o in outcomes),
        annulled=counts.get("annulled_stations", 0), rectified=counts.get("rectified_stations", 0), applied=done, pdf=text.pdf,
        xml=text.xml, search=fold(" ".join(found)),
    )  # fmt: skip


def file_of(text: Publication) -> DecisionFile:
    ruling, said = text.ruling, text.public or {}
    parts = said.get("text", {})
    names = dict(ruling.contest.options.values_list("code", "name"))
    row = row_of(text, applied([ruling])[0])
    return DecisionFile(
        row=row, parts={k: tuple(parts.get(k) or ()) for k in PARTS},
        derived=tuple(derived(ruling.print.get("printed") or {}, names)),
        judged=tuple(Judged(c, o) for c, o in zip(row.cases, row.outcomes, strict=True)),
        annexes=tuple(annexes(ruling, names)), digest=text.full_digest if said.get("redactions") else ruling.digest, effect=tuple(effect(ruling, names)),
        redacted=len(said.get("redactions", ())), public_digest=text.public_digest,
        summaries=tuple(summaries(text)), logged=logged(ruling.contest.code).get((ruling.number, text.version)),
        versions=tuple((v.version, v.published_at, publications.why_of(v, text)) for v in publications.versions(ruling.pk)),
    )  # fmt: skip


def logged(contest: str) -> dict[tuple[str, int], int]:
    """(decision, version) -> its entry in the public log of the contest; what waits for the sequencer is not there."""
    rows = LogEntry.objects.filter(log__name=contest, outbox__kind="ruling").values_list("index", "outbox__body")
    return {(str(b["act"]), int(b["version"])): int(i) for i, b in rows}


def summaries(text: Publication) -> list[tuple[str, tuple[str, ...]]]:
    """(language, paragraphs) of what the decision says in plain words, its figures in their places."""
    found = text.figures
    if not found:
        return []
    day = date.fromisoformat(found["day"])
    out = []
    for one in text.summaries.all():
        values = summary.values(found, one.lang, long_date(day, one.lang))
        out.append((one.lang, tuple(p for part in summary.PARTS for p in summary.filled(getattr(one, part), values))))
    return out


def derived(printed: Mapping[str, Any], names: Mapping[str, str]) -> list[Message]:
    """Who is elected or qualified, from the figures that were signed. By constituency where there are several."""
    elected, qualified, result = (printed.get(k) for k in ("elected", "qualified", "result"))
    if not isinstance(elected, dict):
        who = [*(elected or ()), *(qualified or ())]
        says = STATUS_LABELS.get(Status(result)) if result in set(Status) else None
        return [told(says, who, names)] if says else []
    out = []
    for place, chosen in elected.items():
        who = [*chosen, *((qualified or {}).get(place) or ())]
        says = _("élu") if chosen else _("qualifié pour le second tour")
        if who:
            out.append(Message(_("%(place)s : %(said)s"), {"place": place, "said": told(says, who, names)}))
    return out


def told(says: str, who: list[str], names: Mapping[str, str]) -> Message:
    if not who:
        return Message(says)
    return Message(_("%(what)s : %(who)s"), {"what": Message(says), "who": ", ".join(names.get(o, o) for o in who)})


def annexes(ruling: Ruling, names: Mapping[str, str]) -> list[Annex]:
    """The annexes as their acts gave them; a station is a link, by its code."""
    rows = ruling.print.get("rows") or []
    codes = {str(r["station"][0]) for a in rows for r in a["rows"] if r.get("station")}
    places = stations(ruling.contest, codes)
    boxes = {f"votes.{o}": n for o, n in names.items()} | {
        f"figures.{b.value}": translate(label, "fr") for b, label in LABELS.items()
    }
    return [annex(one, places, boxes) for one in rows]


def stations(contest: Contest, codes: set[str]) -> dict[str, Place]:
    wanted = sorted(codes)
    out: dict[str, Place] = {}
    for start in range(0, len(wanted), 500):
        found = Station.objects.filter(contest=contest, code__in=wanted[start : start + 500])
        out |= {c: Place(pk, c, n, u or "") for pk, c, n, u in found.values_list("pk", "code", "name", "unit__name")}
    return out


def annex(one: Mapping[str, Any], places: Mapping[str, Place], boxes: Mapping[str, str]) -> Annex:
    sha256 = hashlib.sha256(jcs(one["rows"])).hexdigest()

    def where(row: Mapping[str, Any]) -> Place | str:
        code = str(row["station"][0])
        return places.get(code) or " / ".join(map(str, row["station"]))

    if one["kind"] == RECTIFIED:
        heads = (_("Bureau"), _("Case"), _("Avant"), _("Après"))
        rows = tuple((where(r), boxes.get(r["field"], r["field"]), "–" if r["before"] is None else str(r["before"]), str(r["after"])) for r in one["rows"])  # fmt: skip
    else:
        heads = (_("Bureau"), _("Lieu"), _("Inscrits"), _("Suffrages exprimés"))
        figure = lambda r, b: "–" if r["figures"].get(b.value) is None else str(r["figures"][b.value])  # noqa: E731
        rows = tuple((where(r), ", ".join(r["area"]), figure(r, Box.REGISTERED), figure(r, Box.VALID)) for r in one["rows"])  # type: ignore[misc]  # fmt: skip
    return Annex(one["annex"], TITLES[one["kind"]], one["act"], heads, rows, one["count"], sha256)


def effect(ruling: Ruling, names: Mapping[str, str]) -> list[tuple[str, int, int]]:
    """Votes of each option before and after, as they were computed in the transaction that carried it out."""
    found = DecisionEffect.objects.filter(decision__contest=ruling.contest_id, decision__number=ruling.number).first()
    if found is None:
        return []
    before, after = (side.get("votes") or {} for side in (found.before, found.after))
    rows = [(names.get(o, o), int(n), int(after.get(o, 0))) for o, n in before.items()]
    return sorted(rows, key=lambda r: -r[2])


def proclamations(contest: str = "") -> list[Proclamation]:
    """What the Court has proclaimed, latest first."""
    rows = Proclamation.objects.select_related("contest__election__pack").order_by("-at")
    return list(rows.filter(contest__code=contest) if contest else rows)


def paper(sha256: str) -> Path | None:
    """A paper of a published decision, of a proclamation, or an archive, by the hash that these records bear."""
    return store.sound(sha256) if sha256 else None
