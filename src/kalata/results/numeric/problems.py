"""What cannot be taken of a file, cell by cell or row by row: its code, where it is, what to do. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kalata import codes
from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _

MAX_PROBLEMS = 200


SAYS = {
    "IMP-201": (
        _("« %(value)s » n’est pas un nombre."),
        _("Écrivez un entier, ou laissez la case vide si le PV ne dit rien."),
    ),
    "IMP-202": (_("« %(value)s » est négatif."), _("Un compte de bulletins n’est jamais négatif : relisez le PV.")),
    "IMP-203": (
        _("« %(value)s » n’est pas un nombre entier."),
        _("Un compte de bulletins est entier : relisez le PV."),
    ),
    "IMP-204": (
        _("« %(value)s » est un nombre absurde pour un bureau."),
        _("Relisez le PV : une case contient sans doute deux nombres."),
    ),
    "IMP-205": (
        _("« %(value)s » : la colonne mélange deux façons d’écrire les milliers ou les décimales."),
        _("Écrivez toute la colonne sans séparateur."),
    ),
    "IMP-206": (_("Ce bureau figure déjà à la ligne %(other)d."), _("Gardez une seule ligne par bureau.")),
    "IMP-221": (
        _("Le code « %(value)s » n’est pas accepté : %(why)s."),
        _("Écrivez-le avec des lettres d’une seule écriture, des chiffres et des séparateurs visibles."),
    ),
    "IMP-222": (
        _("« %(value)s » se confond à l’œil avec le bureau de la ligne %(other)d : majuscules ou lettres jumelles."),
        _("Gardez une seule ligne par bureau, ou donnez à l’un des deux un code qui se distingue."),
    ),
    "IMP-223": (
        _("La candidature « %(value)s » se confond à l’œil avec une autre du fichier."),
        _("Gardez une seule colonne par candidature, ou donnez à l’une un nom qui se distingue."),
    ),
    "IMP-207": (
        _("L’état « %(value)s » n’est pas prévu par le profil."),
        _("Ajoutez ce mot à compté, annulé ou manquant dans le profil."),
    ),
    "IMP-208": (_("La clé du bureau est vide."), _("Remplissez les colonnes qui désignent le bureau.")),
    "IMP-209": (
        _("Cette candidature figure deux fois pour ce bureau."),
        _("Gardez une seule ligne par bureau et par candidature."),
    ),
    "IMP-210": (
        _("Zone inconnue : « %(value)s »."),
        _("Corrigez le nom de la zone, ou importez d’abord la liste des bureaux."),
    ),
    "IMP-211": (
        _("Bureau inconnu du fichier des bureaux : « %(value)s »."),
        _("Corrigez le code du bureau, ou importez d’abord la liste des bureaux. Si le registre met les zones dans le code, le fichier doit avoir les colonnes de zones."),
    ),
    "IMP-212": (
        _("Candidature inconnue de ce scrutin : « %(value)s »."),
        _("Ce fichier est peut-être celui d’un autre scrutin : vérifiez avant de continuer."),
    ),
    "IMP-215": (
        _("Le bureau « %(value)s » n’existe pas, ou n’est pas de votre territoire."),
        _("Importez seulement les bureaux de votre zone, ou demandez au superviseur national."),
    ),
    "IMP-214": (
        _(
            "Le bureau « %(value)s » ne peut pas être créé par vous : son code est pris, ou sa zone hors de votre territoire."
        ),
        _("Importez seulement les bureaux de votre zone, ou demandez au superviseur national."),
    ),
    "IMP-213": (
        _("Il manque au fichier la candidature « %(value)s » de ce scrutin."),
        _("Ce fichier est peut-être celui d’un autre scrutin : vérifiez avant de continuer."),
    ),
    "IMP-231": (
        _("Cellule %(value)s du classeur : %(why)s."),
        _("Écrivez dans le classeur la valeur que vous voulez, comme texte, et recommencez."),
    ),
    "IMP-232": (
        _("« %(value)s » : %(why)s."),
        _("Réécrivez ce code comme texte dans la source, et enregistrez-la de nouveau."),
    ),
    "IMP-233": (
        _("« %(value)s » et le bureau de la ligne %(other)d ne diffèrent que par des zéros devant."),
        _("Écrivez les codes d’une seule façon, ou dites dans le profil que les deux comptent (duplicates: keep)."),
    ),
    "IMP-234": (
        _("« %(value)s » n’est pas un bureau : ses chiffres sont la somme %(why)s."),
        _("Retirez les lignes de total, ou demandez au profil de les laisser de côté (totals: skip)."),
    ),
    "IMP-235": (
        _("« %(value)s » s’appelle comme un total, et ses chiffres ne sont la somme d’aucun groupe de lignes."),
        _("Si c’est un total, retirez-le et cherchez l’écart ; si c’est un bureau, dites-le au profil (totals: keep)."),
    ),
    "IMP-236": (
        _("La colonne « %(value)s » n’est pas une candidature : elle est la somme des autres."),
        _("Ne la comptez pas parmi les candidatures : associez-la aux suffrages exprimés, ou laissez-la de côté."),
    ),
    "IMP-237": (
        _("« %(value)s » n’est pas une candidature : %(why)s."),
        _(
            "Associez-la à sa case dans le profil (figures, ou options.boxes pour des lignes), ou écrivez « option » si c’est une candidature."
        ),
    ),
    "IMP-238": (
        _("« %(value)s » n’est pas ce que dit la ligne %(other)d pour le même bureau : %(why)s."),
        _("Les chiffres d’un bureau sont les mêmes sur toutes ses lignes : relisez la source."),
    ),
    "IMP-239": (
        _("La correction nomme le bureau « %(value)s », qui n’est pas dans le fichier corrigé."),
        _("Corrigez le code du bureau. Si c’est un bureau de plus, dites-le dans le profil (corrections: add)."),
    ),
    "IMP-240": (
        _("Des voix sont données à une candidature sans nom."),
        _(
            "Écrivez le nom dans la colonne des candidatures, ou choisissez les lignes du scrutin dans le profil (where)."
        ),
    ),
    "IMP-241": (
        _("Le titre « %(value)s » n’est pas un nom de candidature relu par une personne."),
        _("Relisez ce nom à l’étape de correspondance, ou écrivez-le dans le profil (options: labels)."),
    ),
    "IMP-217": (
        _("Ce fichier donnerait « %(value)s » au scrutin entier : votre mandat ne le règle pas pour tout le pays."),
        _(
            "Demandez à la supervision nationale de régler candidatures, rubriques et circonscriptions, puis recommencez."
        ),
    ),
    "IMP-218": (
        _("Le bureau « %(value)s » est tel que la décision %(why)s l’a mis : un fichier ne change pas une décision."),
        _(
            "Retirez ce bureau du fichier, ou laissez-lui ses chiffres : ils ne changent que par une autre décision de la juridiction."
        ),
    ),
    "IMP-216": (
        _("Le bureau « %(value)s » est d’une partie du scrutin dont les chiffres viennent des procès-verbaux."),
        _("Retirez-le du fichier : un fichier et la centralisation ne comptent jamais la même partie."),
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell or a row that cannot be taken: what, where, what to do."""

    code: str
    row: int
    field: str = ""
    value: str = ""
    other: int = 0
    fault: codes.Fault | None = None
    why: Message | str = ""

    @property
    def message(self) -> Message:
        why = self.fault.message if self.fault else self.why
        return Message(SAYS[self.code][0], {"value": codes.shown(self.value), "other": self.other, "why": why})

    @property
    def remedy(self) -> Message:
        return Message(SAYS[self.code][1])

    def record(self) -> dict[str, object]:
        return {
            "code": self.code,
            "row": self.row,
            "field": self.field,
            "value": codes.shown(self.value),
            **({"sign": self.fault.sign} if self.fault else {}),
            **self.message.both(),
            "remedy": self.remedy.both(),
        }


class BadFile(Refused):
    """Some cells cannot be taken: nothing is added up, nothing is stored."""

    code = "IMP-200"
    says = _(
        "Le fichier %(file)s contient %(n)d {n:ligne ou case inexacte|lignes ou cases inexactes} ; la première : ligne %(row)d, colonne « %(field)s », %(first)s"
    )
    remedy = _("Corrigez le fichier et recommencez. Rien n’a été enregistré.")
    status = 422

    def __init__(self, problems: Sequence[Problem], total: int, file: str) -> None:
        self.problems = list(problems)
        self.total = total
        first = self.problems[0]
        super().__init__(
            file=file,
            n=total,
            row=first.row,
            field=first.field,
            first=Message("%(code)s %(what)s", {"code": first.code, "what": first.message}),
        )

    def record(self) -> dict[str, object]:
        return {**super().record(), "errors": [p.record() for p in self.problems]}
