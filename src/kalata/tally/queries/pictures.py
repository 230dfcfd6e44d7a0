"""What the second person has before the eyes when papers become public, are taken back or are decided on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kalata.country.models import Contest
from kalata.people.models import Approval
from kalata.people.rules.picture import Effect, Item, Line, Picture, Piece, Text, Value
from kalata.results import images
from kalata.results.models import BatchLine, StationReport
from kalata.results.queries import differences
from kalata.results.queries.effects import effect_of
from kalata.results.queries.pictures import labels_of, named, window
from kalata.results.queries.store import sheet_of, unpacked
from kalata.results.rules.boxes import ABSENT, Sheet, Standing
from kalata.results.rules.sheets import lines_of
from kalata.results.services import authority
from kalata.tally.models import Paper
from kalata.tally.queries import findings, placing, sheet_findings
from kalata.tally.rules.lifecycle import COUNTED, PUBLIC, STATE_LABELS, State
from kalata.tally.services.moving import record_of
from kalata.text import Message
from kalata.text import gettext_noop as _


def settled(paper: Paper) -> Sheet | None:
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


SHOWN = 4
"""Lines whose piece of the original is shown in a request; the whole original is beside them."""


def line_pictures(paper: Paper, labels: Mapping[str, str]) -> tuple[tuple[Text, str], ...]:
    """The pieces of the original about the lines that the open findings speak of, where their place is known."""
    from django.urls import reverse

    numbers = placing.numbers(paper.contest)
    codes = [*paper.errors, *paper.warnings]
    concerned = findings.lines_of_codes(codes, [(key, "", "") for key in numbers])
    if not concerned or not paper.image:
        return ()
    pages = [paper.image, *paper.scans.exclude(sha256=paper.image).order_by("pk").values_list("sha256", flat=True)]
    framed = placing.frames(paper, pages, {k: numbers[k] for k in numbers if k in concerned})
    return tuple(
        (
            Message(_("Ligne %(no)d, %(label)s"), {"no": numbers[key], "label": labels.get(key, key)}),
            reverse("tally:paper_line", args=[paper.contest.code, paper.pk, numbers[key]]),
        )
        for key in sorted(framed, key=lambda k: (k[:1] == "c" and k[1:].isdigit(), numbers[k]))[:SHOWN]
    )


def image_address(paper: Paper) -> str:
    from django.urls import reverse

    return reverse("tally:paper_image", args=[paper.contest.code, paper.pk, paper.image])


def withdrawals_of(contest: Contest) -> int:
    """How often the contest was taken back from the public: what was asked before one is not approved after it."""
    return Approval.objects.filter(
        kind="results.withdrawal", subject=f"contest:{contest.code}", state="approved"
    ).count()


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
        "withdrawals": withdrawals_of(contest),
    }
    facts |= {f"paper:{p.station.code}": p.last_hash for p in papers}
    labels = labels_of(contest)
    return Picture(
        Message(_("Publier un lot de %(n)d {n:procès-verbal|procès-verbaux} : %(name)s"), {"n": len(wanted), "name": named(contest)}),
        facts,
        tuple(paper_item(p, labels) for p in papers[window(page)]),
        len(papers),
        effect_of_batch(contest, papers),
        (Piece(asked["document"], asked["note"]),),
        (
            _("Chaque chiffre est recalculé depuis ses deux saisies ; un écart arrête tout le lot."),
            _("Le lot reçoit le numéro suivant et paraît pour chacun."),
            _("Le journal public l’inscrit et les témoins reçoivent la nouvelle racine."),
        ),
    )


def effect_of_batch(contest: Contest, papers: Sequence[Paper]) -> Effect | None:
    """What the public totals become once these reports are published."""
    ids = [p.station_id for p in papers]
    rows = {
        s: (standing, unpacked(sheet))
        for start in range(0, len(ids), 500)
        for s, standing, sheet in StationReport.objects.filter(
            station__in=ids[start : start + 500], current=True
        ).values_list("station_id", "standing", "sheet")
    }
    return effect_of(contest, rows)


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
    labels = labels_of(paper.contest)
    item = paper_item(paper, labels, out=leaves)
    item = replace(item, images=(*item.images, *line_pictures(paper, labels)))
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
    if found and (sheet_now := settled(paper)):
        said = [f for f in sheet_findings.findings_on(paper, sheet_now) if f.code in {*paper.errors, *paper.warnings}]
        pieces += tuple(Piece(f.code, f.message) for f in said)
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
