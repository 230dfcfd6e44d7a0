"""What can be wrong with an archive: nine checks, a code each, and a sentence for each way of failing."""

from __future__ import annotations

from dataclasses import dataclass, field

from kalata.text import Message
from kalata.text import gettext_noop as _

CHECKS = ("seal", "manifest", "evidence", "custody", "tokens", "pdf", "xml", "decision", "results")
CODES = {check: f"DIS-70{n}" for n, check in enumerate(CHECKS, 1)}
REMEDY = _(
    "Redemandez l’archive à la Cour et comparez sa clé avec celle qui est affichée ; dites-lui ce code et ce nom."
)
UNREAD = _("Cette partie de l’archive ne se lit pas.")
SAYS: dict[str, dict[str, str]] = {
    "seal": {
        "note": _("Le sceau de l’archive ne se lit pas."),
        "case": _("Le sceau nomme une autre affaire que le manifeste."),
        "digest": _("Le sceau est celui d’un autre manifeste."),
        "lines": _("Le sceau n’a pas une seule signature."),
        "key": _("Le sceau n’est pas de la clé de la Cour."),
        "vkey": _("La clé de la Cour ne se lit pas dans l’archive."),
    },
    "manifest": {
        "form": _("Le manifeste, ou une fiche, n’est pas sous sa forme canonique."),
        "order": _("Les fichiers du manifeste ne sont pas chacun une fois, dans l’ordre de leurs noms."),
        "missing": _("Un fichier du manifeste manque."),
        "more": _("Un fichier n’est pas au manifeste, ou son nom n’a pas de place dans une archive."),
        "name": _("Un nom du manifeste n’a pas de place dans une archive."),
        "twin": _("Deux noms ne diffèrent que par leur casse, leurs accents composés, ou sont le même."),
        "link": _("Un lien ou un fichier spécial est dans l’archive."),
        "escape": _("Un nom sort du dossier de l’archive."),
        "packed": _("Un fichier du zip ne se lit pas : chiffré, abîmé, ou plus grand qu’annoncé."),
        "size": _("Un fichier n’a pas la longueur du manifeste."),
        "sha256": _("Un fichier n’a pas l’empreinte du manifeste."),
        "case": _("La fiche de l’affaire, le registre et le manifeste ne nomment pas la même affaire."),
        "large": _("Un fichier est trop grand pour être lu."),
    },
    "evidence": {
        "form": _("Le registre des pièces n’a pas sa forme."),
        "missing": _("Une pièce du registre n’est pas dans l’archive."),
        "more": _("Une pièce est dans l’archive et pas au registre."),
        "sealed": _("Une pièce scellée est dans l’archive : seule son empreinte y a sa place."),
        "bytes": _("Le contenu d’une pièce n’a pas l’empreinte du registre."),
        "size": _("Une pièce n’a pas la longueur du registre."),
        "twice": _("Un numéro de pièce est donné deux fois."),
    },
    "custody": {
        "json": _("Une ligne de la garde n’est pas sous sa forme canonique."),
        "end": _("La dernière ligne de la garde est coupée."),
        "shape": _("Une ligne de la garde n’a pas ses champs, ou nomme une personne."),
        "n": _("Une ligne de la garde n’a pas son rang : il en manque une, ou l’ordre a changé."),
        "prev": _("Une ligne de la garde ne suit pas la précédente."),
        "hash": _("Une ligne de la garde n’a pas son empreinte."),
        "piece": _("Une pièce du registre n’a aucune ligne de garde."),
        "none": _("La garde de cette affaire est vide."),
    },
    "tokens": {
        "missing": _("Un jeton d’horodatage manque."),
        "token": _("Un jeton d’horodatage ne vaut pas : autre autorité, autre empreinte, ou hors de validité."),
        "more": _("Un jeton ne porte sur rien de cette archive."),
        "proof": _("La preuve d’un jour de garde ne mène pas à la racine horodatée."),
        "before": _("Un jeton est daté d’avant ce qu’il certifie."),
    },
    "pdf": {
        "missing": _("La décision en PDF manque."),
        "seal": _("Le sceau d’un PDF ne vaut pas."),
    },
    "xml": {
        "missing": _("L’arrêt en XML manque."),
        "signature": _("La signature de l’arrêt en XML ne vaut pas."),
        "schema": _("L’arrêt en XML n’est pas conforme au schéma Akoma Ntoso 3.0 (OASIS)."),
    },
    "decision": {
        "missing": _("La décision en JSON manque, ou l’affaire n’a pas de décision et l’archive en porte une."),
        "form": _("La décision en JSON n’est pas sous sa forme canonique."),
        "pdf": _("Le PDF ne porte pas la même décision que le JSON."),
        "xml": _("Le XML ne porte pas la même décision que le JSON."),
        "number": _("La décision n’est pas celle de cette affaire."),
        "text": _("Le texte du PDF n’est pas celui de l’arrêt en XML."),
        "act": _("Un article du dispositif ne dit pas l’acte de la décision."),
        "figures": _("Le PDF imprime d’autres totaux que la décision."),
        "station": _("Une annexe du PDF n’a pas les bureaux ou les chiffres de la décision."),
        "count": _("Une annexe du PDF compte autrement que la décision."),
        "digest": _("Le PDF n’imprime pas l’empreinte de la décision."),
    },
    "results": {
        "missing": _("Il manque de quoi refaire le calcul des résultats."),
        "form": _("Le recalcul n’est pas sous sa forme canonique."),
        "unread": _("Les relevés, leur profil ou les actes ne se lisent pas."),
        "digest": _("Refaire le calcul ne donne pas le recalcul de l’archive."),
        "printed": _("Les totaux imprimés dans la décision ne sont pas ceux du recalcul."),
        "annex": _("Une annexe de la décision n’a pas les bureaux du recalcul."),
        "log": _("Les totaux inscrits au journal public ne sont pas ceux du recalcul."),
    },
}  # fmt: skip


for kinds in SAYS.values():
    kinds.setdefault("unread", UNREAD)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not hold: which check, which file, what was read, what was expected."""

    check: str
    kind: str
    path: str
    got: str = ""
    want: str = ""

    @property
    def code(self) -> str:
        return CODES[self.check]

    def record(self) -> dict[str, object]:
        said = Message(SAYS[self.check][self.kind]).both()
        return {"code": self.code, "check": self.check, "path": safe(self.path), "got": safe(self.got), "want": safe(self.want), **said}  # fmt: skip


def safe(text: str) -> str:
    """What any terminal and any JSON reader can hold: no control character, no lone surrogate, not too long."""
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return shown if len(shown) <= 300 else shown[:299] + "…"


@dataclass(slots=True)
class Verdict:
    """What was checked. counts: how many things each check met."""

    case: str = ""
    trusted: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def fault(self, check: str, kind: str, path: str, got: object = "", want: object = "") -> None:
        self.problems.append(Problem(check, kind, path, str(got), str(want)))

    def holds(self, check: str) -> bool:
        return not any(one.check == check for one in self.problems)

    def checked(self, check: str) -> bool:
        """Was there anything to look at? What was not looked at neither holds nor fails."""
        return bool(self.counts.get(check)) or not self.holds(check)

    @property
    def valid(self) -> bool:
        return not self.problems

    def record(self) -> dict[str, object]:
        return {
            "case": safe(self.case), "valid": self.valid, "trusted": self.trusted,
            "checks": [
                {"check": c, "holds": self.holds(c), "n": self.counts.get(c, 0), "checked": self.checked(c)} for c in CHECKS
            ],
            "problems": [one.record() for one in self.problems],
        }  # fmt: skip
