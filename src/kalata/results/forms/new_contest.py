"""The five steps of a new contest: each asks one thing, offers what the country's pack proposes, and says what is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kalata import codes
from kalata.country.models import Contest, Election, PackVersion
from kalata.country.queries import latest_packs
from kalata.refusals import Refused
from kalata.results.forms.setup import box_choices, rows_typed
from kalata.results.queries import drafts
from kalata.results.rules.contest_draft import Answers
from kalata.results.rules.systems import fits, system_from
from kalata.ui import edge, fields

OWN = "own"
OTHER = {"id": ""}
RESERVED = frozenset({"archives", "gerer"})


class Copy(edge.Edge):
    """The contest to copy from, in the address of the first step."""

    copie = fields.TextField(most=80)


class Look(edge.Edge):
    """The system whose rules the third step shows."""

    mode = fields.TextField(most=60)


class Step(edge.Edge):
    """A step: the answers so far, in the reader's language."""

    def __init__(
        self, *args: Any, answers: Answers, pack: PackVersion | None = None, lang: str = "fr", **kwargs: Any
    ) -> None:
        self.answers, self.pack, self.lang = answers, pack, lang
        super().__init__(*args, **kwargs)
        self.offer()

    def offer(self) -> None:
        """What this step lets choose from."""

    def values(self) -> dict[str, object]:
        """The answers of this step, as they are kept."""
        raise NotImplementedError


class ElectionStep(Step):
    what = forms.ChoiceField(label=_("De quelle élection s’agit-il ?"), widget=forms.RadioSelect)
    existing = forms.ModelChoiceField(
        Election.objects.none(), label=_("Dans la même consultation que"), required=False, empty_label=_("une consultation nouvelle"),
        help_text=_("Plusieurs scrutins du même jour forment une consultation : elle tient le pays et le découpage."),
    )  # fmt: skip
    election = fields.TextField(
        label=_("Nom de la consultation nouvelle"), help_text=_("Laissez vide : elle prend le nom du scrutin.")
    )
    name_fr = fields.TextField(required=True, label=_("Nom du scrutin"), most=200)
    name_en = fields.TextField(label=_("Nom en anglais"), most=200)
    polling_day = fields.DateField(label=_("Jour du scrutin"), help_text=_("Laissez vide si le décret n’est pas paru."))
    exercise = forms.BooleanField(label=_("Exercice : données fictives"), required=False)

    def offer(self) -> None:
        own = drafts.pack_of(self.answers)
        offered = sorted(latest_packs(), key=lambda v: own is None or v.code != own.code)
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (f"{v.pk}:{r['id']}", str(r.get("name_en" if self.lang == "en" else "name_fr") or r["id"] or _("Une autre")))
            for v in offered for r in (*v.pack.records("contests"), OTHER)
        ]  # fmt: skip
        self.fields["existing"].queryset = Election.objects.select_related("pack")  # type: ignore[attr-defined]
        self.fields["existing"].label_from_instance = self.told  # type: ignore[attr-defined]
        self.fields["name_en"].widget.attrs["lang"] = "en"

    def countries(self) -> list[tuple[str, list[Any], bool]]:
        """(country, its radio buttons, whether it is shown open): that of the house first."""
        groups: dict[str, list[Any]] = {}
        for one in self["what"]:  # type: ignore[attr-defined]
            groups.setdefault(str(one.data["value"]).partition(":")[0], []).append(one)
        heads = {str(v.pk): v.pack.head for v in latest_packs()}
        named = [(heads[pk], rows) for pk, rows in groups.items()]
        return [
            (
                str(head.get("name_en" if self.lang == "en" else "name_fr") or ""),
                rows,
                not n or any(r.data["selected"] for r in rows),
            )
            for n, (head, rows) in enumerate(named)
        ]

    def told(self, election: Election) -> str:
        return f"{election.name_en if self.lang == 'en' and election.name_en else election.name_fr} ({election.code})"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        existing, what = data.get("existing"), str(data.get("what") or "")
        pack = what.partition(":")[0]
        if existing and pack and existing.pack.code != PackVersion.objects.only("code").get(pk=pack).code:
            self.add_error("existing", _("Cette consultation est d’un autre pays."))
        return data

    def values(self) -> dict[str, object]:
        data = self.cleaned_data
        pack, _colon, kind = str(data["what"]).partition(":")
        existing = data["existing"]
        version = existing.pack if existing else PackVersion.objects.get(pk=pack)
        kept: dict[str, object] = {
            "pack": version.pk, "kind": kind, "existing": existing.pk if existing else None, "election": data["election"],
            "name_fr": data["name_fr"], "name_en": data["name_en"],
            "polling_day": data["polling_day"].isoformat() if data["polling_day"] else "",
            "exercise": existing.exercise if existing else data["exercise"],
        }  # fmt: skip
        if existing:
            kept["geography"] = existing.geography.code
        changed = (version.pk, kind) != (self.answers.pack, self.answers.kind)
        if changed and not self.answers.copied:
            kept |= drafts.proposed(version, kind)
        return kept


class TerritoryStep(Step):
    geography = forms.ChoiceField(label=_("Sur quel découpage ?"), widget=forms.RadioSelect, required=False)
    expected = fields.CountField(
        label=_("Bureaux attendus"), most=9_999_999, help_text=_("Laissez vide si la liste des bureaux qui sera importée fait foi.")
    )  # fmt: skip
    seats_from = forms.ChoiceField(label=_("Circonscriptions et sièges"), widget=forms.RadioSelect, required=False)
    constituencies = fields.LinesField(
        most=200_000, label=_("Une circonscription par ligne : code ; nom ; sièges"), required=False
    )

    def offer(self) -> None:
        if self.answers.existing:
            del self.fields["geography"]
        else:
            rows = drafts.divisions(self.answers.day, self.pack)
            self.fields["geography"].choices = [*((d.geography.code, d.geography.name_fr) for d in rows), ("", _("Créé depuis le fichier des bureaux"))]  # type: ignore[attr-defined]  # fmt: skip
        sets = drafts.seat_sets(self.pack) if self.pack else []
        self.fields["seats_from"].choices = [  # type: ignore[attr-defined]
            ("", _("Aucune : tout le territoire élit ensemble")), *((s.name, s.name) for s in sets), ("typed", _("Saisies ici")),
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("seats_from") == "typed" and "constituencies" in data:
            try:
                if not rows_typed(str(data["constituencies"])):
                    self.add_error("constituencies", _("Écrivez au moins une circonscription."))
            except forms.ValidationError as wrong:
                self.add_error("constituencies", wrong)
        return data

    def values(self) -> dict[str, object]:
        return {k: v for k, v in self.cleaned_data.items() if k in self.fields}


class SystemStep(Step):
    system = forms.ChoiceField(label=_("Comment gagne-t-on ?"), widget=forms.RadioSelect)
    own = fields.LinesField(
        most=20_000, label=_("Règle écrite en toutes lettres"), required=False,
        help_text=_("Pour qui connaît la forme du pack : un genre, ou une définition {kind: …}."),
    )  # fmt: skip

    def offer(self) -> None:
        known = self.pack.pack.engine_systems() if self.pack else {}
        self.fields["system"].choices = [*((k, k) for k in known), (OWN, OWN)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("system") == OWN:
            text = str(data.get("own") or "").strip()
            try:
                if not text:
                    raise ValueError(_("écrivez la règle"))
                drafts.written_system(text)
            except (Refused, TypeError, ValueError) as problem:
                self.add_error("own", problem.message.text(self.lang) if isinstance(problem, Refused) else str(problem))
        return data

    def values(self) -> dict[str, object]:
        own = self.cleaned_data["system"] == OWN
        return {
            "system": "" if own else self.cleaned_data["system"],
            "own": self.cleaned_data["own"].strip() if own else "",
        }


class BallotStep(Step):
    options = fields.LinesField(
        most=200_000, label=_("Candidatures, une par ligne, dans l’ordre du bulletin"), required=False,
        help_text=_("Laissez vide si la liste n’est pas arrêtée : elle se saisit plus tard, ou vient du premier fichier."),
    )  # fmt: skip
    boxes = forms.MultipleChoiceField(label=_("Cases du procès-verbal"), widget=forms.CheckboxSelectMultiple)

    def offer(self) -> None:
        self.fields["boxes"].choices = box_choices(self.lang)  # type: ignore[attr-defined]

    def clean_options(self) -> str:
        text = str(self.cleaned_data["options"])
        names = [line.strip() for line in text.splitlines() if line.strip()]
        try:
            codes.distinct([codes.label(name) for name in names], codes.name_key)
            if names and self.pack:
                fits(drafts_system(self.answers, self.pack), names)
        except Refused as refused:
            raise forms.ValidationError(refused.message.text(self.lang)) from None
        return "\n".join(names)

    def values(self) -> dict[str, object]:
        return {"options": self.cleaned_data["options"], "boxes": tuple(self.cleaned_data["boxes"])}


def drafts_system(answers: Answers, pack: PackVersion) -> Any:
    """The system of the answers, as a value."""
    return system_from(
        drafts.written_system(answers.own) if answers.own else dict(pack.pack.engine_systems()[answers.system])
    )


class ReviewStep(Step):
    code = forms.SlugField(
        label=_("Code"), max_length=60, help_text=_("Lettres, chiffres et tirets : il figure dans les adresses, et ne change plus.")
    )  # fmt: skip
    seen = fields.TextField(most=64)

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if code in RESERVED or Contest.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(_("Ce code est déjà pris."))
        return code


STEPS: tuple[type[Step], ...] = (ElectionStep, TerritoryStep, SystemStep, BallotStep, ReviewStep)
