"""What the second person has before the eyes when figures are to change: station by station, and who leads.

Each function draws one kind of request on the records as they are now. Its `facts` are what the approval is bound to;
the effect on the totals that everybody reads is drawn from the very table that publishes them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from kalata.country.models import Contest, Station
from kalata.people.approving import PAGE
from kalata.people.models import Approval
from kalata.people.rules.picture import Effect, Item, Line, Picture, Piece, Row, Text, Value
from kalata.results import authority, differences, images
from kalata.results import board as boards
from kalata.results.models import BatchLine, Import, Paper, StationReport
from kalata.results.numeric import table as tables
from kalata.results.rules.boxes import ABSENT, LABELS, STANDING_LABELS, Box, Sheet, Standing
from kalata.results.rules.entry import lines_of
from kalata.results.rules.lifecycle import COUNTED, PUBLIC, STATE_LABELS, State
from kalata.results.rules.outcome import STATUS_LABELS, Outcome, ranking
from kalata.results.store import sheet_of, unpacked
from kalata.text import Message, Named
from kalata.text import gettext_noop as _

NAMED = 200
"""Stations that a request names one by one in its facts; beyond, they are held by one hash."""
ROWS = 30


# --- the effect on the totals ------------------------------------------------------------------
def as_public(contest: Contest) -> Contest:
    """The contest as everybody reads it."""
    seen = Contest.objects.select_related("election__pack", "election__geography").get(pk=contest.pk)
    seen.only_published = True  # type: ignore[attr-defined]
    return seen


def effect_of(
    contest: Contest, changes: Mapping[int, tuple[int, Sequence[int]]], fresh: Sequence[Fresh] = ()
) -> Effect:
    """What the public totals become when these stations (id -> standing, figures in the contest's order) change."""
    held = boards.board(as_public(contest))
    now = held.table
    width = len(now.boxes)
    figures, votes, standing = now.figures.copy(), now.votes.copy(), now.standing.copy()
    for station, (worth, values) in changes.items():
        row = held.frame.index[station]
        standing[row] = worth
        figures[row], votes[row] = values[:width], values[width:]
    doubt = None if now.contested is None else now.contested.copy()
    if doubt is not None:  # what is decided here is no longer in doubt
        doubt[[held.frame.index[station] for station in changes]] = False
    after = replace(now, figures=figures, votes=votes, standing=standing, contested=doubt)
    if fresh:
        after = with_fresh(after, fresh)
    total = tables.totals(after)
    seats = {g.code: g.seats for g in held.frame.constituencies}
    _groups, outcome, outcomes = boards.decided(held.contest, after, total, seats)
    return told(held, total, outcome, outcomes)


Fresh = tuple[int, Sequence[int], str]
"""A station to create: standing, figures in the contest's order, code of its constituency."""


def with_fresh(now: tables.Table, fresh: Sequence[Fresh]) -> tables.Table:
    n, width = len(fresh), len(now.boxes)
    values = np.array([list(f[1]) for f in fresh], np.int64).reshape(n, width + len(now.options))
    groups, names = now.constituency, list(now.constituencies)
    if groups is not None:
        at = [names.index(f[2]) if f[2] in names else len(names) for f in fresh]
        names += [""] * any(a == len(now.constituencies) for a in at)
        groups = np.concatenate([groups, np.array(at, np.int64)])
    return replace(
        now,
        keys=[*now.keys, *((f"+{i}",) for i in range(n))],
        area=np.concatenate([now.area, np.zeros(n, np.int64)]),
        area_order=None,
        figures=np.vstack([now.figures, values[:, :width]]),
        votes=np.vstack([now.votes, values[:, width:]]),
        standing=np.concatenate([now.standing, np.array([f[0] for f in fresh], np.int8)]),
        listed=None if now.listed is None else np.concatenate([now.listed, np.full(n, ABSENT, np.int64)]),
        contested=None if now.contested is None else tables.marked(now.contested, len(now) + n),
        rerun=None if now.rerun is None else tables.marked(now.rerun, len(now) + n),
        rows=np.concatenate([now.rows, np.zeros(n, np.int64)]),
        constituencies=names,
        constituency=groups,
    )


def ranks(votes: Mapping[str, int]) -> dict[str, int]:
    """Rank of each option, 1 first; equal votes share a rank. No rank where nobody has a vote."""
    if not any(votes.values()):
        return dict.fromkeys(votes, 0)
    return {name: 1 + sum(v > mine for v in votes.values()) for name, mine in votes.items()}


def told(held: boards.Board, total: tables.AreaSum, outcome: Outcome | None, outcomes: Mapping[str, Outcome]) -> Effect:
    names = held.table.options
    before, after = held.votes, dict(zip(names, total.votes, strict=True))
    was, becomes = ranks(before), ranks(after)
    labels = {o.code: (o.name, o.emblem) for o in held.options}
    order = [name for name, _votes in ranking(after)]
    rows = [
        Row(
            labels.get(n, (n, ""))[0],
            before[n],
            after[n],
            share(before[n], held.total.valid),
            share(after[n], total.valid),
            was[n],
            becomes[n],
            labels.get(n, (n, ""))[1],
        )
        for n in order[:ROWS]
    ]
    if rest := order[ROWS:]:
        rows.append(Row("…", sum(before[n] for n in rest), sum(after[n] for n in rest)))
    same_order = was == becomes or not any(before.values())
    notes = [*gaps(before, after, labels), *outcome_notes(held, outcome, outcomes)]
    moved = outcome_moved(held, outcome, outcomes)
    says: Text = _("L’ordre des candidatures ne change pas.")
    if not any(before.values()):
        says = _("Premiers chiffres publics de ce scrutin.")
    elif not same_order:
        says = _("L’ordre des candidatures change.")
    if moved and any(before.values()):
        says = _("L’issue du scrutin change.")
    valid = Row(_("Suffrages exprimés"), held.total.valid, total.valid)
    return Effect(says, same_order and not (moved and any(before.values())), tuple(rows), valid, tuple(notes))


def share(votes: int, valid: int) -> Fraction | None:
    return Fraction(votes, valid) if valid else None


def gaps(before: Mapping[str, int], after: Mapping[str, int], labels: Mapping[str, tuple[str, str]]) -> list[Text]:
    """The gap between the first two, before and after."""
    if len(after) < 2:
        return []
    (first, a), (second, b) = ranking(after)[:2]
    old = before[first] - before[second]
    return [
        Message(
            _("Écart entre %(first)s et %(second)s : %(old)d avant, %(new)d après."),
            {"first": labels[first][0], "second": labels[second][0], "old": old, "new": a - b},
        )
    ]


def outcome_moved(held: boards.Board, outcome: Outcome | None, outcomes: Mapping[str, Outcome]) -> bool:
    def key(o: Outcome | None) -> object:
        return None if o is None else (o.status, o.options, o.seats())

    return key(held.outcome) != key(outcome) or {k: key(o) for k, o in held.outcomes.items()} != {
        k: key(o) for k, o in outcomes.items()
    }


def outcome_notes(held: boards.Board, outcome: Outcome | None, outcomes: Mapping[str, Outcome]) -> list[Text]:
    notes: list[Text] = []
    if outcome is not None and held.outcome and not outcome_moved(held, outcome, outcomes):
        now = Message(STATUS_LABELS[outcome.status])
        notes.append(Message(_("Issue sur les bureaux publics, inchangée : %(now)s."), {"now": now}))
    elif outcome is not None:
        was = Message(STATUS_LABELS[held.outcome.status]) if held.outcome else "–"
        notes.append(
            Message(
                _("Issue sur les bureaux publics : %(was)s avant, %(now)s après."),
                {"was": was, "now": Message(STATUS_LABELS[outcome.status])},
            )
        )
    n = sum(
        1
        for k, o in outcomes.items()
        if (h := held.outcomes.get(k)) is None or (h.options, h.seats()) != (o.options, o.seats())
    )
    if n:
        notes.append(Message(_("%(n)d circonscriptions changent d’élus ou de sièges."), {"n": n}))
    return notes


# --- lines of a station ------------------------------------------------------------------------
def labels_of(contest: Contest) -> dict[str, str]:
    return {b: LABELS.get(Box(b), b) for b in contest.boxes} | {f"c{o.rank}": o.name for o in contest.options.all()}


def changed_lines(labels: Mapping[str, str], before: Sheet | None, after: Sheet | None) -> tuple[tuple[Line, ...], int]:
    """(lines that differ, how many do not)."""
    a, b = lines_of(before) if before else {}, lines_of(after) if after else {}
    names = list(dict.fromkeys([*a, *b]))
    rows = [Line(labels.get(n, n), a.get(n), b.get(n)) for n in names if a.get(n) != b.get(n)]
    return tuple(rows), len(names) - len(rows) if a and b else 0


def window(page: int) -> slice:
    return slice((page - 1) * PAGE, page * PAGE)


def version_of(row: tuple[int, int] | None) -> str:
    return "–" if row is None else f"v{row[0]} {Standing(row[1]).name.lower()}"


def in_force(contest: Contest, codes: Sequence[str]) -> dict[str, tuple[int, int]]:
    """station code -> (version, standing) in force."""
    out: dict[str, tuple[int, int]] = {}
    rows = StationReport.objects.filter(contest=contest, current=True)
    if len(codes) > 900:
        wanted = set(codes)
        found = rows.values_list("station__code", "version", "standing").iterator(chunk_size=5_000)
        return {c: (v, s) for c, v, s in found if c in wanted}
    for code, version, standing in rows.filter(station__code__in=codes).values_list(
        "station__code", "version", "standing"
    ):
        out[code] = (version, standing)
    return out


# --- imports ------------------------------------------------------------------------------------
def of_import(approval: Approval, page: int = 1) -> Picture:
    """A file over something public: every station that changes or is added, and the totals that follow."""
    one = Import.objects.select_related("contest__election__pack", "contest__election__geography").get(
        pk=approval.payload["import"]
    )
    contest = one.contest
    found = differences.read(one)
    codes = [row["station"] for row in found.rows]
    force = in_force(contest, codes)
    held = {
        code: (pk, name) for code, pk, name in Station.objects.filter(contest=contest).values_list("code", "pk", "name")
    }
    ids = {code: pk for code, (pk, _name) in held.items()}
    facts: dict[str, Value] = {
        "difference": one.difference,
        "file": one.sha256,
        "rows": len(codes),
        "meaning": differences.meaning_digest(contest),
        "public": contest.published_at is not None,
        **base_facts({c: version_of(force.get(c)) if c in ids else "" for c in codes}),
    }
    boxes, labels = authority.boxes_of(contest), labels_of(contest)
    items = []
    for row in found.rows[window(page)]:
        before = authority.proved_sheet(row["from"]["figures"], boxes) if row.get("from") else None
        after = authority.proved_sheet(row["to"]["figures"], boxes) if "to" in row else None
        lines, same = changed_lines(labels, before, after)
        name = held.get(row["station"], (0, ""))[1] or row["station"]
        items.append(Item(name, row["station"], worth(row) + lines, same, about(row)))
    changes = {
        ids[r["station"]]: (r["to"]["standing"], r["to"]["figures"])
        for r in found.rows
        if "to" in r and r["station"] in ids
    }
    fresh = [
        (r["to"]["standing"], r["to"]["figures"], r["created"].get("constituency") or "")
        for r in found.rows
        if "created" in r and "to" in r and r["station"] not in ids
    ]
    n = len(codes)
    effect = effect_of(contest, changes, fresh)
    return Picture(
        headline(n, one.name, effect),
        facts,
        tuple(items),
        n,
        effect,
        (Piece(one.name, f"SHA-256 {one.sha256[:16]}…", intact=intact(one)),),
        (
            _("Chaque bureau reçoit une nouvelle version ; l’ancienne reste lisible, marquée remplacée."),
            _("Le journal public inscrit les nouvelles versions et les nouveaux totaux."),
        ),
    )


def headline(n: int, name: str, effect: Effect) -> Message:
    """What a file does, in one sentence: who loses what to whom, where only two options move."""
    moved = [row for row in effect.rows if row.gap]
    if len(moved) == 2 and moved[0].gap == -moved[1].gap:
        to, source = sorted(moved, key=lambda row: -row.gap)
        return Message(
            _("%(n)d bureaux changent : %(votes)d voix passent de « %(source)s » à « %(to)s »"),
            {"n": n, "votes": to.gap, "source": source.label, "to": to.label},
        )
    return Message(_("Un fichier change %(n)d bureaux : %(file)s"), {"n": n, "file": name})


def intact(one: Import) -> bool:
    from kalata.results.importing import path_of

    try:
        with path_of(one).open("rb") as kept:
            return hashlib.file_digest(kept, "sha256").hexdigest() == one.sha256
    except OSError:
        return False


def base_facts(versions: Mapping[str, str]) -> dict[str, Value]:
    """The versions on which a difference is drawn: by name for a few stations, by one hash for many."""
    if len(versions) <= NAMED:
        return {f"station:{code}": version or None for code, version in versions.items()}
    text = "".join(f"{code} {version}\n" for code, version in sorted(versions.items()))
    return {"figures": hashlib.sha256(text.encode()).hexdigest()}


def worth(row: Mapping[str, dict[str, int]]) -> tuple[Line, ...]:
    old = row["from"]["standing"] if row.get("from") else None
    new = row["to"]["standing"] if "to" in row else None
    if old == new or new is None:
        return ()
    return (
        Line(_("État"), None if old is None else STANDING_LABELS[Standing(old)], STANDING_LABELS[Standing(new)]),
    )  # fmt: skip


def about(row: Mapping[str, object]) -> Text:
    if "created" in row:
        return Message(_("Bureau créé par ce fichier, ligne %(row)d."), {"row": row["row"]})
    return Message(_("Ligne %(row)d du fichier."), {"row": row["row"]})


# --- publication and withdrawal ----------------------------------------------------------------
def of_publication(approval: Approval, page: int = 1) -> Picture:
    """Everything that becomes public: which files and papers it rests on, and the totals."""
    contest = Contest.objects.select_related("election__pack", "election__geography").get(
        pk=approval.payload["contest"]
    )
    rows = StationReport.objects.filter(contest=contest, current=True)
    n = rows.count()
    facts: dict[str, Value] = {
        "contest": contest.code,
        "public": contest.published_at is not None,
        "meaning": differences.meaning_digest(contest),
        "figures": authority.state_digest(contest),
        "counted": n,
    }
    items = []
    sources = Import.objects.filter(pk__in=rows.exclude(source=None).values("source")).select_related("by")
    for one in sources:
        count = rows.filter(source=one).count()
        items.append(
            Item(
                one.name,
                lines=(Line(_("Bureaux en vigueur"), None, count),),
                note=Message(
                    _("Importé par %(who)s ; empreinte du fichier %(sha)s…"),
                    {"who": one.by.username if one.by else "–", "sha": one.sha256[:16]},
                ),
            )
        )
    papers = rows.filter(authority="paper").count()
    if papers:
        items.append(Item(_("Procès-verbaux validés"), lines=(Line(_("Bureaux en vigueur"), None, papers),)))
    if earlier := rows.filter(authority="earlier").count():
        items.append(
            Item(_("Versions d’avant la tenue des autorités"), lines=(Line(_("Bureaux en vigueur"), None, earlier),))
        )
    whole = boards.board(contest)
    total = whole.total
    waiting = contest.papers.filter(state=State.VALIDATED).count() if contest.published_at is None else 0
    effect = first_effect(whole) if contest.published_at is None else effect_of(contest, {})
    notes = (
        Message(
            _("%(counted)d bureaux comptés, %(missing)d manquants, %(annulled)d annulés sur %(all)d."),
            {"counted": total.counted, "missing": total.missing, "annulled": total.annulled, "all": whole.stations},
        ),
        *(
            (Message(_("%(n)d bureaux portent au moins une erreur d’addition."), {"n": whole.errors()}),)
            if whole.errors()
            else ()
        ),
        *(
            (Message(_("%(n)d procès-verbaux validés ne paraîtront qu’avec leur lot."), {"n": waiting}),)
            if waiting
            else ()
        ),
    )
    return Picture(
        Message(_("Rendre publics les résultats : %(name)s"), {"name": named(contest)}),
        facts,
        tuple(items[window(page)]),
        len(items),
        replace(effect, notes=(*effect.notes, *notes)),
        then=(
            _("Chaque chiffre est recalculé depuis ce sur quoi il repose ; un écart arrête tout."),
            _("Les pages, les exports et le journal public montrent ces résultats à chacun."),
            _("Ensuite, chaque changement demande deux personnes."),
        ),
    )


def first_effect(held: boards.Board) -> Effect:
    """From nothing public to these totals."""
    blank = replace(held.table, standing=np.full_like(held.table.standing, Standing.MISSING))
    nothing = replace(held, total=tables.totals(blank), outcome=None, outcomes={})
    return told(nothing, held.total, held.outcome, held.outcomes)


def named(contest: Contest) -> Named:
    return Named(contest.name_fr, contest.name_en or contest.name_fr)


def of_withdrawal(approval: Approval, page: int = 1) -> Picture:
    contest = Contest.objects.get(pk=approval.payload["contest"])
    n = StationReport.objects.filter(contest=contest, current=True).count()
    facts: dict[str, Value] = {"contest": contest.code, "public": contest.published_at is not None}
    lines = (Line(_("Publication"), _("publics"), _("retirés")), Line(_("Bureaux en vigueur"), n, n))
    return Picture(
        Message(_("Retirer de la publication : %(name)s"), {"name": named(contest)}),
        facts,
        (Item(named(contest), contest.code, lines),),
        1,
        then=(
            _("Les pages de l’application ne montrent plus ces résultats au public."),
            _("Le journal public garde tout ce qui a été inscrit : rien n’en est retiré."),
        ),
    )


# --- one station -------------------------------------------------------------------------------
def of_standing(approval: Approval, page: int = 1) -> Picture:
    """A record annulled, or counted again."""
    station = Station.objects.select_related("contest__election__pack", "contest__election__geography").get(
        pk=approval.payload["station"]
    )
    contest = station.contest
    now = StationReport.objects.filter(station=station, current=True).first()
    to = Standing(approval.payload["to"])
    version = version_of((now.version, now.standing) if now else None)
    facts: dict[str, Value] = {f"station:{station.code}": version, "to": to.name.lower(), "sheet": bytes(now.sheet).hex() if now else None,
                               "meaning": differences.meaning_digest(contest)}  # fmt: skip
    boxes, labels = authority.boxes_of(contest), labels_of(contest)
    sheet = lines_of(sheet_of(now.sheet, boxes)) if now else {}
    counted = to is Standing.COUNTED
    lines = [
        Line(labels.get(k, k), None if counted else v, v if counted else None)
        for k, v in sheet.items()
        if v is not None
    ]
    state = Line(_("État"), STANDING_LABELS[Standing(now.standing)] if now else None, STANDING_LABELS[to])
    changes = {station.pk: (int(to), unpacked(now.sheet))} if now and contest.published_at else {}
    says = (
        _("Annuler le bureau %(code)s : ses voix sortent des totaux")
        if not counted
        else _("Compter de nouveau le bureau %(code)s")
    )
    return Picture(
        Message(says, {"code": station.code}),
        facts,
        (Item(station.name or station.code, station.code, (state, *lines)),),
        1,
        effect_of(contest, changes) if changes else None,
        then=(
            _("Une nouvelle version du bureau porte cet état ; l’ancienne reste lisible."),
            _("Le journal public l’inscrit avec son motif."),
        ),
    )


# --- papers and batches ------------------------------------------------------------------------
def settled(paper: Paper) -> Sheet | None:
    from kalata.results.tally import record_of

    return record_of(paper).final


def paper_item(paper: Paper, labels: Mapping[str, str], *, out: bool = False) -> Item:
    sheet = settled(paper)
    shown = lines_of(sheet) if sheet else {}
    before = BatchLine.objects.filter(station=paper.station_id).order_by("-batch__number").first()
    old = lines_of(sheet_of(before.sheet, authority.boxes_of(paper.contest))) if before and not out else {}
    lines = tuple(
        Line(labels.get(k, k), v if out else old.get(k), None if out else v)
        for k, v in shown.items()
        if v is not None and (out or old.get(k) != v)
    )
    note = Message(_("Version %(v)d, empreinte du passage %(h)s…"), {"v": paper.version, "h": paper.last_hash[:12]})
    pictures = (
        ((_("Original numérisé"), image_address(paper)),)
        if paper.image and images.kind(paper.image).startswith("image/")
        else ()
    )
    return Item(
        paper.station.name or paper.station.code,
        paper.station.code,
        lines,
        len(shown) - len(lines) if old else 0,
        note,
        pictures,
    )


def image_address(paper: Paper) -> str:
    from django.urls import reverse

    return reverse("results:paper_image", args=[paper.contest.code, paper.pk, paper.image])


def of_batch(approval: Approval, page: int = 1) -> Picture:
    """Reports that become public together."""
    asked = approval.payload
    contest = Contest.objects.select_related("election__pack", "election__geography").get(pk=asked["contest"])
    wanted = [pk for pk, _hash in asked["papers"]]
    found = {
        p.pk: p
        for start in range(0, len(wanted), 500)
        for p in Paper.objects.filter(pk__in=wanted[start : start + 500]).select_related("station", "contest")
    }
    papers = sorted((found[pk] for pk in wanted if pk in found), key=lambda p: p.station.code)
    facts: dict[str, Value] = {
        "document": asked["document"],
        "rows": len(wanted),
        "meaning": differences.meaning_digest(contest),
    }
    facts |= {f"paper:{p.station.code}": p.last_hash for p in papers}
    labels = labels_of(contest)
    ids = [p.station_id for p in papers]
    rows = {
        s: (standing, unpacked(sheet))
        for start in range(0, len(ids), 500)
        for s, standing, sheet in StationReport.objects.filter(
            station__in=ids[start : start + 500], current=True
        ).values_list("station_id", "standing", "sheet")
    }
    return Picture(
        Message(_("Publier un lot de %(n)d procès-verbaux : %(name)s"), {"n": len(wanted), "name": named(contest)}),
        facts,
        tuple(paper_item(p, labels) for p in papers[window(page)]),
        len(papers),
        effect_of(contest, rows),
        (Piece(asked["document"], asked["note"]),),
        (
            _("Chaque chiffre est recalculé depuis ses deux saisies ; un écart arrête tout le lot."),
            _("Le lot reçoit le numéro suivant et paraît pour chacun."),
            _("Le journal public l’inscrit et les témoins reçoivent la nouvelle racine."),
        ),
    )


def of_paper(approval: Approval, page: int = 1) -> Picture:
    """One report: errors answered, published, recalled, decided by the court."""
    paper = Paper.objects.select_related("station", "contest__election__pack", "contest__election__geography").get(
        pk=approval.payload["paper"]
    )
    to = State(approval.payload["to"])
    facts: dict[str, Value] = {
        f"paper:{paper.station.code}": paper.last_hash,
        "to": to.value,
        "document": approval.payload.get("document") or None,
        "meaning": differences.meaning_digest(paper.contest),
    }
    state = State(paper.state)
    leaves = state in COUNTED and to not in COUNTED
    item = paper_item(paper, labels_of(paper.contest), out=leaves)
    found = ", ".join([*paper.errors, *paper.warnings])
    effect = None
    now = StationReport.objects.filter(station=paper.station_id, current=True).first()
    if now and (state in PUBLIC) != (to in PUBLIC):
        sheet = unpacked(now.sheet)
        gone = [ABSENT] * len(sheet)
        effect = effect_of(
            paper.contest,
            {paper.station_id: (int(Standing.MISSING), gone) if leaves else (int(Standing.COUNTED), sheet)},
        )
    says = Message(
        _("Bureau %(code)s : de « %(start)s » à « %(to)s »"),
        {"code": paper.station.code, "start": Message(STATE_LABELS[state]), "to": Message(STATE_LABELS[to])},
    )
    document = approval.payload.get("document") or ""
    pieces = ((Piece(document),) if document else ()) + (
        (Piece(Message(_("Constats ouverts : %(codes)s"), {"codes": found})),) if found else ()
    )
    return Picture(says, facts, (item,), 1, effect, pieces, consequences(to))


def consequences(to: State) -> tuple[Text, ...]:
    if to is State.RECALLED:
        return (
            _("Ses voix sortent des totaux et un avis public numéroté le dit."),
            _("Une nouvelle version est ouverte ; l’ancienne reste lisible."),
        )
    if to is State.CHECKED:
        return (
            _("Les erreurs sont tenues pour expliquées, avec vos deux noms et ce motif."),
            _("Le procès-verbal attend la commission, qui le valide ou le renvoie."),
        )
    return (_("Le passage est inscrit dans la chaîne du procès-verbal avec vos deux noms."),)


def of_declaration(approval: Approval, page: int = 1) -> Picture:
    """A declaration with its document, bound to the figures of the moment."""
    asked = approval.payload
    contest = Contest.objects.select_related("election__pack", "election__geography").get(pk=asked["contest"])
    facts: dict[str, Value] = {
        "contest": contest.code,
        "stage": asked["stage"],
        "document": asked["sha256"],
        "outcome": asked["outcome"],
        "meaning": differences.meaning_digest(contest),
        "figures": authority.state_digest(contest),
    }
    held = images.path(asked["sha256"])
    ok = held is not None and hashlib.sha256(held.read_bytes()).hexdigest() == asked["sha256"]
    final = asked["stage"] == "final"
    says = _("Déclaration définitive : %(name)s") if final else _("Déclaration provisoire : %(name)s")
    return Picture(
        Message(says, {"name": named(contest)}),
        facts,
        (Item(named(contest), contest.code, (Line(_("Empreinte des chiffres"), None, str(facts["figures"])),)),),
        1,
        effect_of(contest, {}),
        (Piece(asked["act"], f"SHA-256 {asked['sha256'][:16]}…", intact=ok),),
        (
            _("La déclaration et l’empreinte de son document entrent au journal public."),
            _("Elle porte sur ces chiffres et sur aucun autre."),
        ),
    )
