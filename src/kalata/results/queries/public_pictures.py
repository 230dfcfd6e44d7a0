"""What the second person has before the eyes when results become public, are withdrawn or are announced."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import QuerySet

from kalata.country.models import Contest
from kalata.people.models import Approval
from kalata.people.rules.picture import Item, Line, Picture, Piece, Value
from kalata.results import images, papers
from kalata.results.models import Import, StationReport
from kalata.results.queries import differences
from kalata.results.queries.board import Board
from kalata.results.queries.effects import declared, effect_of, once_public, publication_effect
from kalata.results.queries.pictures import named, window
from kalata.results.queries.public_bodies import changed as changed_since
from kalata.results.services import authority
from kalata.text import Message
from kalata.text import gettext_noop as _


def resting_on(rows: QuerySet[StationReport]) -> list[Item]:
    """The files and papers on which these versions rest, with the number of each."""
    items: list[Item] = []
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
    if validated := rows.filter(authority="paper").count():
        items.append(Item(_("Procès-verbaux validés"), lines=(Line(_("Bureaux en vigueur"), None, validated),)))
    if earlier := rows.filter(authority="earlier").count():
        items.append(
            Item(_("Versions d’avant la tenue des autorités"), lines=(Line(_("Bureaux en vigueur"), None, earlier),))
        )
    return items


def told_of(contest: Contest, whole: Board) -> tuple[Message, ...]:
    """What whoever signs must have read: coverage, errors of addition, what moved since a withdrawal, what waits."""
    cov = whole.coverage()
    waiting = papers.followed_by().waiting(contest).count()
    changed = changed_since(contest) if contest.published_at is None else []
    return (
        Message(
            _(
                "%(counted)d {counted:bureau compté|bureaux comptés}, %(missing)d {missing:manquant|manquants}, %(annulled)d {annulled:annulé|annulés} sur %(all)d."
            ),
            {"counted": cov.counted, "missing": cov.missing, "annulled": cov.annulled, "all": cov.expected},
        ),
        *(
            (
                Message(
                    _("%(n)d {n:bureau porte|bureaux portent} au moins une erreur d’addition."), {"n": whole.errors()}
                ),
            )
            if whole.errors()
            else ()
        ),
        *(
            (
                Message(
                    _(
                        "%(n)d {n:bureau a|bureaux ont} changé depuis le retrait ; {n:il|chacun} est inscrit au registre public avec son propre motif."
                    ),
                    {"n": len(changed)},
                ),
            )
            if changed
            else ()
        ),
        *(
            (
                Message(
                    _(
                        "%(n)d {n:procès-verbal validé ne paraîtra qu’avec son|procès-verbaux validés ne paraîtront qu’avec leur} lot."
                    ),
                    {"n": waiting},
                ),
            )
            if waiting
            else ()
        ),
    )


def of_publication(approval: Approval, page: int = 1) -> Picture:
    """Everything that becomes public: which files and papers it rests on, and the totals."""
    contest = Contest.objects.select_related("election__pack", "election__geography").get(
        pk=approval.payload["contest"]
    )
    rows = authority.public_rows(contest)
    n = rows.count()
    facts: dict[str, Value] = {
        "contest": contest.code,
        "public": contest.published_at is not None,
        "meaning": differences.meaning_digest(contest),
        "figures": authority.public_digest(contest),
        "counted": n,
    }
    items = resting_on(rows)
    whole = once_public(contest)
    effect = publication_effect(contest, whole)
    return Picture(
        Message(_("Rendre publics les résultats : %(name)s"), {"name": named(contest)}),
        facts,
        tuple(items[window(page)]),
        len(items),
        replace(effect, notes=(*effect.notes, *told_of(contest, whole))),
        then=(
            _("Chaque chiffre est recalculé depuis ce sur quoi il repose ; un écart arrête tout."),
            _("Les pages, les exports et le journal public montrent ces résultats à chacun."),
            _("Ensuite, chaque changement demande deux personnes."),
        ),
    )


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


def of_declaration(approval: Approval, page: int = 1) -> Picture:
    """A declaration with its document, bound to the figures of the moment."""
    asked = approval.payload
    contest = Contest.objects.select_related("election__pack", "election__geography").get(pk=asked["contest"])
    facts: dict[str, Value] = {
        "contest": contest.code,
        "stage": asked["stage"],
        "document": asked["sha256"],
        "outcome": declared(contest),
        "meaning": differences.meaning_digest(contest),
        "figures": authority.public_digest(contest),
    }
    ok = images.same(asked["sha256"])
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
