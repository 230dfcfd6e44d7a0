"""Statistics as everybody reads them: each figure with what it counts, of how many, and where it was read.

Where nothing measures a figure it says so: it is never zero. Breakdowns by what a person is name no case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Any

from kalata.text import gettext_noop as _

from .filing import CHANNELS, GROUNDS
from .public import ABOUT, OTHER_ABOUT, OTHER_OUTCOME, OUTCOMES
from .scorecard import MET, NOT_MET, UNKNOWN
from .statistics import FIGURE_LABELS, PERSONAL, CaseFacts, Cell, Figure, Statistics, statistics

DOCKET, SESSION, DECISION, RESULTS = (
    _("rôle de la Cour"), _("étapes des affaires et procès-verbaux d’audience"), _("décisions publiées"), _("effets des décisions sur les résultats"),
)  # fmt: skip
DEFINITIONS: Mapping[str, tuple[str, str]] = {
    "filed": (_("Requêtes qui ont reçu un numéro, brouillons exclus."), DOCKET),
    "decided": (_("Requêtes dont la décision est lue en audience publique."), SESSION),
    "median_time": (_("De l’instant du dépôt à la lecture de la décision : la moitié en moins de temps."), SESSION),
    "p90_time": (_("De l’instant du dépôt à la lecture de la décision : neuf sur dix en moins de temps."), SESSION),
    "in_time": (_("Décisions lues avant la fin du délai que la loi donne à la Cour, sur celles qui ont un délai."), SESSION),
    "hearing": (_("Requêtes jugées dont une audience s’est tenue."), SESSION),
    "both_heard": (_("Requêtes jugées où l’autre partie a déposé un mémoire ou est venue à l’audience, sur celles qui ont une autre partie."), SESSION),
    "dismissed_on_form": (_("Requêtes rejetées pour un défaut de forme, sur celles dont le motif est connu."), DECISION),
    "joined": (_("Requêtes jugées avec une autre."), DOCKET),
    "granted": (_("Requêtes accueillies, sur celles dont la décision est publiée."), DECISION),
    "stations_annulled": (_("Bureaux dont une décision publiée annule les suffrages, comptés une fois par décision."), DECISION),
    "votes_moved": (_("Suffrages annulés, et voix changées par une rectification."), DECISION),
    "seats_changed": (_("Sièges qui ont changé de titulaire quand une décision a été exécutée."), RESULTS),
    "publication_time": (_("De la lecture de la décision à la publication de son texte, au milieu."), DECISION),
}  # fmt: skip
"""Figure -> (what it counts, where it is read)."""
OF_DECISIONS = ("stations_annulled", "votes_moved", "seats_changed")
BREAKDOWNS: Mapping[str, str] = {
    "about": _("Par acte attaqué"), "ground": _("Par grief"), "channel": _("Par voie de dépôt"), "outcome": _("Par issue"),
    "rapporteur": _("Par juge rapporteur"), "region": _("Par région"), "sex": _("Par sexe du requérant"),
}  # fmt: skip
SEXES = {"F": _("femmes"), "M": _("hommes"), "f": _("femmes"), "m": _("hommes"), "–": _("non dit")}
STATE_LABELS: Mapping[str, tuple[str, str, str]] = {
    MET: (_("rempli"), "ok", "ok"), NOT_MET: (_("non rempli"), "bad", "bad"), UNKNOWN: (_("pas mesuré"), "", "wait"),
}  # fmt: skip
INDICATORS: Mapping[str, str] = {
    "edr.coverage": _("Recours que la loi ouvre contre les actes de ce scrutin"),
    "edr.rule_cited": _("Décisions qui citent la règle appliquée"),
    "edr.recusals": _("Récusations et déports décidés"),
    "edr.on_time": _("Décisions dans le délai"),
    "edr.standard_set": _("Standard de preuve écrit"),
    "edr.dismissed_on_form": _("Rejets pour la forme"),
    "edr.remedies": _("Décisions qui changent un résultat"),
    "edr.outcome_test": _("Décisions qui disent si l’issue pouvait changer"),
    "edr.education": _("Parties et électeurs instruits de la procédure"),
    "edr.published_days": _("Délai de publication des décisions"),
    "edr.criminal_funnel": _("Suites pénales"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure. value None: not measured. n: how many cases it was made from."""

    key: str
    label: str
    value: int | Fraction | timedelta | None
    n: int
    cases: tuple[str, ...]
    means: str
    source: str

    @property
    def record(self) -> dict[str, Any]:
        return {
            "key": self.key,
            **Figure(self.value, self.cases).record(),
            "n": self.n,
            "definition": self.means,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Table:
    """A breakdown: (key, its word, count or None where it is hidden, cases)."""

    key: str
    label: str
    rows: tuple[tuple[str, str, int | None, tuple[str, ...]], ...]


def shown(found: Statistics) -> list[Shown]:
    """Every figure with its definition; of what only a decision tells, not measured until one is published."""
    judged = sum(bool(c.outcome) for c in found.cases)
    out = []
    for key, figure in found.figures.items():
        means, source = DEFINITIONS[key]
        n = judged if key in OF_DECISIONS else figure.of if figure.of is not None else len(found.cases)
        value = None if n == 0 and key != "filed" else figure.value
        out.append(Shown(key, FIGURE_LABELS[key], value, n, figure.cases, means, source))
    return out


def tables(found: Statistics) -> list[Table]:
    out = []
    for key, label in BREAKDOWNS.items():
        cells = found.breakdowns.get(key, ())
        if cells and not (key in PERSONAL and all(c.key == "–" for c in cells)):
            out.append(Table(key, label, tuple(row_of(key, cell) for cell in cells)))
    return out


def row_of(key: str, cell: Cell) -> tuple[str, str, int | None, tuple[str, ...]]:
    words = {"about": ABOUT, "ground": GROUNDS, "channel": CHANNELS, "outcome": OUTCOMES, "sex": SEXES}.get(key, {})
    unsaid = _("texte à paraître") if key == "outcome" else _("non dit")
    other = unsaid if cell.key == "–" else {"about": OTHER_ABOUT, "outcome": OTHER_OUTCOME}.get(key, cell.key)
    return cell.key, words.get(cell.key, other), cell.count, () if key in PERSONAL else cell.cases


def record(cases: Sequence[CaseFacts]) -> dict[str, Any]:
    """The open data of statistics: what the page shows, and no more."""
    found = statistics(cases)
    return {
        "figures": [one.record for one in shown(found)],
        "breakdowns": {
            t.key: [{"key": k, "count": n, **({"suppressed": True} if n is None else {}), **({"cases": list(c)} if c else {})} for k, _w, n, c in t.rows]
            for t in tables(found)
        },
    }  # fmt: skip
