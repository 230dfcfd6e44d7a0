"""The decision, the proclamation of the results, and what the decision says in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kalata.disputes.papers.court import in_words
from kalata.documents.rendering import Head, Paper
from kalata.text import gettext_noop as _
from kalata.text import long_date

RULING_TITLE = _("Arrêt")
PROCLAMATION_TITLE = _("Proclamation des résultats définitifs")
PUBLIC_TITLE = _("Arrêt, texte public")
SUMMARY_TITLE = _("La décision en clair")


@dataclass(frozen=True, slots=True)
class Reasons:
    """The reasons on one point: its heading (a petition, a ground) and the paragraphs, each a "considérant"."""

    heading: str
    paragraphs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex generated from the acts: rows and totals as text, numbers where `numbers` says so. total: the last row."""

    number: str
    title: str
    says: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: Sequence[bool]
    total: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A decision. speaks: who decides, with its article ("La Cour constitutionnelle"); formula: the words that open the operative part (ARRÊTE, DÉCIDE). articles: from the acts alone
    (`rules.operative`). derived: what follows from them (who is elected), computed. digest: of the recomputation. notice, proof: of a public text, what it is, and (label, hash) of it and of the original."""

    on: date
    ecli: str
    speaks: str = ""
    formation: Sequence[tuple[str, str]]
    visas: Sequence[str]
    facts: Sequence[str]
    reasons: Sequence[Reasons]
    formula: str
    articles: Sequence[str]
    derived: Sequence[str] = ()
    annexes: Sequence[Annex] = ()
    signatures: Sequence[tuple[str, str]] = ()
    public: str = ""
    digest: str = ""
    notice: Sequence[str] = ()
    proof: Sequence[tuple[str, str]] = ()


def ruling(one: Ruling, head: Head, lang: str) -> Paper:
    say = in_words(lang)
    data = {
        "speaks": one.speaks or head.body, "ecli": one.ecli, "public": one.public,
        "on": say(_("Séance du %(day)s")) % {"day": long_date(one.on, lang)},
        "visas": list(one.visas), "w_facts": say(_("Sur les faits et la procédure")), "facts": list(one.facts),
        "reasons": [{"heading": r.heading, "paragraphs": list(r.paragraphs)} for r in one.reasons],
        "formula": one.formula,
        "articles": [[ordinal(n, lang), text] for n, text in enumerate([*one.articles, *one.derived], 1)],
        "w_formation": say(_("Ainsi délibéré par la Cour, où siégeaient")), "formation": [list(m) for m in one.formation],
        "signatures": [list(s) for s in one.signatures],
        "annexes": [annexed(a, lang) for a in one.annexes],
        "w_digest": say(_("Empreinte du calcul, que chacun peut refaire")), "digest": one.digest,
        "notice": list(one.notice), "proof": [list(p) for p in one.proof],
    }  # fmt: skip
    return Paper("court-ruling", head, data, lang)


def ordinal(number: int, lang: str) -> str:
    first = in_words(lang)(_("Article premier"))
    return first if number == 1 else f"Article {number}"


def annexed(one: Annex, lang: str) -> dict[str, object]:
    return {
        "title": f"{in_words(lang)(_('Annexe %(n)s')) % {'n': one.number}} · {one.title}",
        "says": one.says, "heads": list(one.heads), "rows": [list(r) for r in one.rows], "numbers": list(one.numbers),
        "total": list(one.total),
    }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Proclamation:
    """The final results as the Court proclaims them, from its own count.

    figures: (box, value, note); candidates: (rank, name, votes, share, seats); declared: sentences derived from the
    outcome; basis: decisions and articles; differences: what the Court's count changed, explained; log: the entry of the
    public log, "" before it is written.
    """

    on: date
    ecli: str
    speaks: str = ""
    basis: Sequence[str]
    coverage: Sequence[tuple[str, str]]
    figures: Sequence[tuple[str, str]]
    candidates: Sequence[tuple[str, str, str, str, str]]
    seats: bool
    declared: Sequence[str]
    differences: Sequence[str] = ()
    log: str = ""
    digest: str = ""
    signatures: Sequence[tuple[str, str]] = ()


def proclamation(one: Proclamation, head: Head, lang: str) -> Paper:
    say = in_words(lang)
    keep = 5 if one.seats else 4
    heads = [
        say(_("Rang")),
        say(_("Candidature")),
        say(_("Voix")),
        say(_("Part des suffrages exprimés")),
        say(_("Sièges")),
    ]
    data = {
        "on": long_date(one.on, lang), "ecli": one.ecli, "basis": list(one.basis),
        "w_proclaims": say(_("proclame les résultats définitifs")), "speaks": one.speaks or head.body,
        "w_coverage": say(_("Bureaux de vote")), "coverage": [list(r) for r in one.coverage],
        "w_figures": say(_("Participation et bulletins")), "figures": [list(r) for r in one.figures],
        "w_candidates": say(_("Résultats")), "heads": heads[:keep], "candidates": [list(c)[:keep] for c in one.candidates],
        "declared": list(one.declared),
        "w_differences": say(_("Ce que le recensement de la Cour a changé")), "differences": list(one.differences),
        "proof": [
            *([[say(_("Journal public")), one.log]] if one.log else []),
            *([[say(_("Empreinte du calcul, que chacun peut refaire")), one.digest]] if one.digest else []),
        ],
        "signatures": [list(s) for s in one.signatures],
    }  # fmt: skip
    return Paper("court-proclamation", head, data, lang)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a decision says in plain words: decided, why, what it changes (label, before, after), what comes next."""

    number: str
    on: date
    decided: Sequence[str]
    why: Sequence[str]
    changes: Sequence[tuple[str, str, str]] = ()
    next: Sequence[str] = field(default_factory=tuple)
    words: Mapping[str, str] = field(default_factory=dict)
    unreviewed: bool = False


def summary(one: Summary, head: Head, lang: str) -> Paper:
    say = in_words(lang)
    data = {
        "notice": say(_("Ce résumé aide à lire la décision n° %(number)s du %(day)s. Seul le texte de la décision fait foi."))
        % {"number": one.number, "day": long_date(one.on, lang)},
        "parts": [
            {"title": say(title), "items": list(items)}
            for title, items in (
                (_("Ce que la Cour a décidé"), one.decided), (_("Pourquoi"), one.why), (_("Ce qui vient ensuite"), one.next),
            )
            if items
        ],
        "w_changes": say(_("Ce que cela change")), "change_heads": [say(_("Chiffre")), say(_("Avant")), say(_("Après"))],
        "changes": [list(c) for c in one.changes],
        "no_change": say(_("Les chiffres ne changent pas.")),
        "unreviewed": say(_("Texte à lire à voix haute, que personne n’a encore relu dans cette langue.")) if one.unreviewed else "",
        "w_words": say(_("Les mots")), "words": [[k, v] for k, v in one.words.items()],
    }  # fmt: skip
    return Paper("court-summary", head, data, lang)
