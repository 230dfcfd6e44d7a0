"""What a plan file may not hold: each with its rows, its field and what to do. Nothing is kept of a plan refused."""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class PlanFault(Refused):
    """A value that cannot be read. Rows are as a spreadsheet numbers them: the heading is row 1."""

    code = "PLN-110"
    says = _("Ligne %(row)s, colonne « %(field)s » : « %(value)s » ne peut pas être lu.")
    remedy = _("Corrigez cette case sous la forme %(form)s, puis recommencez. Rien n’a été enregistré.")
    status = 422

    @property
    def rows(self) -> list[int]:
        given = self.params.get("rows", self.params.get("row"))
        return list(given) if isinstance(given, list | tuple) else [given] if isinstance(given, int) else []

    @property
    def path(self) -> list[str]:
        given = self.params.get("path")
        return list(given) if isinstance(given, list | tuple) else []

    def said(self) -> dict[str, object]:
        found = super().said()
        found.setdefault("row", ", ".join(map(str, self.rows)))
        found["path"] = " → ".join(self.path)
        return found

    def record(self) -> dict[str, object]:
        found = super().record()
        found |= {"rows": self.rows}
        return found | ({"path": self.path} if self.path else {})


class Cycle(PlanFault):
    code = "PLN-101"
    says = _("Les liaisons tournent en rond : %(path)s.")
    remedy = _("Ôtez une des liaisons de ce cercle (lignes %(row)s), puis recommencez. Rien n’a été enregistré.")


class UnknownActivity(PlanFault):
    code = "PLN-102"
    says = _("Ligne %(row)s, colonne « %(field)s » : l’activité « %(value)s » n’existe pas dans ce plan.")
    remedy = _("Corrigez l’identifiant, ou ajoutez l’activité « %(value)s » au plan. Rien n’a été enregistré.")


class BadDuration(PlanFault):
    code = "PLN-103"
    says = _("Ligne %(row)s, colonne « %(field)s » : la durée « %(value)s » n’est pas permise.")
    remedy = _("Une durée est un nombre entier de jours, zéro ou plus, et optimiste ≤ probable ≤ pessimiste. Rien n’a été enregistré.")  # fmt: skip


class BadLink(PlanFault):
    code = "PLN-104"
    says = _("Ligne %(row)s, colonne « %(field)s » : « %(value)s » n’est pas une unité, un type de liaison ou un délai connu.")  # fmt: skip
    remedy = _("Unités : wd, cd. Liaisons : ID, ID:SS, ID:FF-2wd ; types FS, SS, FF, SF ; délais en d, cd, ed, wd ou %%. Rien n’a été enregistré.")  # fmt: skip


class RepeatedId(PlanFault):
    code = "PLN-105"
    says = _("L’identifiant « %(value)s » est donné deux fois (lignes %(row)s).")
    remedy = _("Donnez à chaque activité un identifiant à elle seule. Rien n’a été enregistré.")


class BadExpression(PlanFault):
    code = "PLN-106"
    says = _("Ligne %(row)s, colonne « %(field)s », caractère %(position)s : « %(value)s » ne peut pas être compris.")
    remedy = _("Une quantité s’écrit avec des nombres, des codes d’inducteurs, + - * / et des parenthèses. Rien n’a été enregistré.")  # fmt: skip


class NoWorkingDay(PlanFault):
    code = "PLN-107"
    says = _("Le calendrier « %(value)s » n’a aucun jour ouvré là où le plan en demande.")
    remedy = _("Donnez au moins un jour de travail par semaine (0 = lundi) et vérifiez les jours fériés. Rien n’a été enregistré.")  # fmt: skip


class AnotherForm(PlanFault):
    code = "PLN-108"
    says = _("Ce fichier n’a pas la forme d’un plan : %(why)s.")
    remedy = _("Donnez un CSV en UTF-8 avec au moins les colonnes id, dur_likely et dur_unit, ou un XML de MS Project. Rien n’a été enregistré.")  # fmt: skip
    sentences = frozenset({"why"})


class AnotherPaste(AnotherForm):
    says = _("Ce tableau n’a pas la forme attendue : %(why)s.")
    remedy = _("Copiez le titre avec les lignes : la colonne id, et celles qui changent ; une activité nouvelle demande dur_likely et dur_unit. Rien n’a été enregistré.")


class NeedAbovePool(PlanFault):
    code = "PLN-109"
    says = _("Ligne %(row)s : « %(value)s » demande %(need)s de « %(pool)s », qui n’en a jamais plus de %(capacity)s.")
    remedy = _("Réduisez le besoin ou augmentez la capacité. Rien n’a été enregistré.")


class NoStart(PlanFault):
    code = "PLN-111"
    says = _("Ce plan ne dit pas son premier jour.")
    remedy = _("Ajoutez --start AAAA-MM-JJ.")


class NoTarget(PlanFault):
    code = "PLN-112"
    says = _("Ce plan n’a pas d’activité « %(value)s ».")
    remedy = _("Donnez l’identifiant d’une activité du plan.")


class TooManyDraws(PlanFault):
    code = "PLN-113"
    says = _("%(value)s {value:tirage n’est pas possible|tirages ne sont pas possibles} pour ce plan.")
    remedy = _("Demandez entre 1 et %(most)s {most:tirage|tirages}.")
