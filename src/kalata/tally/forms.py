"""What people type and press at the desks of the tally centre."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kalata.results import images
from kalata.results.rules.checks import CHECKS
from kalata.tally.rules.lifecycle import State
from kalata.tally.services import commission, copies, custody
from kalata.ui import edge, fields

SHA = 64


class FigureField(fields.TextField):
    """One line of a form as typed: the desk reads it, and shows it again where it cannot (`common.Lines.read`)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=40, **kwargs)

    examples = ("12",)


class Figures(edge.Edge):
    """The lines of a contest's form, by their keys, beside the fields of the desk."""

    def __init__(self, *args: Any, lines: Iterable[str] = ("c1", "voters"), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for key in self.lines:
            self.fields[key] = FigureField()

    @property
    def figures(self) -> dict[str, str]:
        return {key: str(getattr(self.v, key)) for key in self.lines}

    @property
    def texts(self) -> dict[str, str]:
        """Every field as typed, for a page that shows it again."""
        return {key: str(value) for key, value in vars(self.v).items() if isinstance(value, str)}


# --- reception, scanning -----------------------------------------------------------------------------
class ReceiveForm(edge.Edge):
    """A form arrives: the text of its QR, or the code of its station."""

    code = fields.TextField(required=True)
    reason = fields.LinesField()


class SettleForm(edge.Edge):
    """A person says which paper a waiting page shows."""

    scan = fields.IdField(required=True)
    code = fields.TextField(required=True)


class FilesForm(edge.Edge):
    files = fields.UploadsField(most=images.LARGEST_BATCH)  # type: ignore[assignment]


class PictureForm(edge.Edge):
    picture = fields.UploadField(most=images.LARGEST, required=True)


# --- entry, arbitration ------------------------------------------------------------------------------
class PaperForm(edge.Edge):
    """The paper a desk speaks of."""

    paper = fields.IdField(required=True)


class BackForm(PaperForm):
    act = "back"


class IncidentForm(PaperForm):
    act = "incident"
    reason = fields.LinesField()


class AgainForm(PaperForm):
    act = "again"
    seen = fields.TextField(most=SHA, required=True)
    reason = fields.LinesField()


class EntryForm(Figures):
    """A blind entry, or its draft. seen: the fingerprint of the paper that was on the screen."""

    paper = fields.IdField(required=True)
    tail = fields.TextField(most=40)
    seen = fields.TextField(most=SHA)


class ArbitrationForm(edge.Edge):
    """For each line that differs: the first, the second, or what the arbiter reads."""

    paper = fields.IdField(required=True)
    seen = fields.TextField(most=SHA, required=True)
    reason = fields.LinesField()
    crop = fields.UploadField(most=images.LARGEST)

    def __init__(self, *args: Any, lines: Iterable[str] = ("c1",), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in lines:
            self.fields[key] = fields.TextField(most=20)  # an unknown pick is a line left open (RES-402)
            self.fields[f"{key}_free"] = FigureField()


# --- papers ------------------------------------------------------------------------------------------
class StatesField(fields.TextField):
    """States of papers, separated by commas."""

    def clean(self, value: Any) -> list[str]:
        found = [s for s in super().clean(value).split(",") if s]
        if any(s not in set(State) for s in found):
            raise ValidationError(_("Ce n’est pas un état de procès-verbal."), "invalid")
        return found

    examples = (State.SCANNED.value, f"{State.SCANNED.value},{State.CHECKED.value}")


class PaperList(edge.Edge):
    q = fields.TextField(label=_("Code ou nom du bureau"))
    etat = StatesField(label=_("État"))
    zone = fields.TextField(label=_("Zone (région, cercle, commune)"))
    constat = fields.ChoiceField([*(c.code for c in CHECKS), "RECALL", "COMMISSION"], label=_("Constat"))
    heures = fields.CountField(most=9_999, label=_("Attend depuis au moins (heures)"))


class ActForm(edge.Edge):
    """What the page of a paper offers: a step, and what must come with it.

    seen: the hash of the paper as it was shown, empty where nothing had happened to it.
    """

    to = fields.ChoiceField([s.value for s in State], required=True)
    seen = fields.TextField(most=SHA)
    reason = fields.LinesField()
    document = fields.TextField(most=300)
    sitting = fields.IdField()
    image = fields.UploadField(most=images.LARGEST)


class Board(edge.Edge):
    """The board, still or moving."""

    fige = fields.FlagField()


# --- custody -----------------------------------------------------------------------------------------
class SealForm(edge.Edge):
    code = fields.TextField(most=120)
    kind = fields.ChoiceField(list(custody.KINDS))
    seals = fields.LinesField()
    stations = fields.LinesField(most=200_000)
    place = fields.TextField(most=120)


class OpenForm(edge.Edge):
    act = "open"
    found = fields.LinesField(most=200_000)
    seals = fields.LinesField()
    witness = fields.TextField()
    condition = fields.LinesField()


class HandForm(edge.Edge):
    giver = fields.TextField(most=120)
    receiver = fields.TextField(most=120)
    place = fields.TextField(most=120)
    seals = fields.LinesField()
    condition = fields.LinesField()
    photo = fields.UploadField(most=images.LARGEST)


class ReplaceForm(edge.Edge):
    reason = fields.LinesField()


class BagList(edge.Edge):
    q = fields.TextField()
    etat = fields.ChoiceField(list(custody.STATES))


# --- commission --------------------------------------------------------------------------------------
class ConveneForm(edge.Edge):
    """A sitting to call. An empty quorum is a question, not a quorum of nobody."""

    zone = fields.IdField()
    title = fields.TextField()
    quorum = fields.CountField(most=999, required=True, label=_("Quorum"))
    members = fields.LinesField(most=20_000)
    purpose = fields.LinesField()


class MembersForm(edge.Edge):
    """Who is there, who signs, with what reservation. seen: the hash of the recap on the page, empty for none."""

    act = "members"
    seen = fields.TextField(most=SHA)

    def __init__(self, *args: Any, members: Iterable[int] = (1,), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for pk in members:
            self.fields[f"present-{pk}"] = fields.FlagField()
            self.fields[f"signature-{pk}"] = fields.ChoiceField(list(commission.SIGNATURES))
            self.fields[f"reservation-{pk}"] = fields.LinesField()


class AttendForm(edge.Edge):
    """One's own presence."""

    act = "attend"


class DecideForm(edge.Edge):
    act = "decide"
    text = fields.LinesField(most=4_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in (("for", _("pour")), ("against", _("contre")), ("abstained", _("abstentions"))):
            self.fields[name] = fields.CountField(most=9_999, label=label)


class ExplainForm(edge.Edge):
    """Why lines of the recap differ from the sum of the reports. seen: the mark of the page that showed them."""

    act = "explain"
    seen = fields.TextField(most=SHA)
    line = fields.ManyField(fields.TextField(most=60))
    kind = fields.TextField(most=40)
    text = fields.LinesField(most=4_000)


class SeenField(fields.TextField):
    """A paper with the fingerprint under which it was seen: number:hash."""

    def clean(self, value: Any) -> tuple[int, str]:  # type: ignore[override]
        number, _colon, seen = super().clean(value).partition(":")
        return fields.IdField(required=True).clean(number) or 0, seen

    examples = ("1:" + "0" * SHA,)


class ValidateForm(edge.Edge):
    act = "validate"
    paper = fields.ManyField(SeenField(most=100, required=True))


class RecapForm(Figures):
    """The recap as typed: sums, and how many stations they hold. seen: the hash of the one it takes the place of."""

    act = "recap"
    seen = fields.TextField(most=SHA)
    stations = fields.CountField(most=999_999, required=True, label=_("Bureaux"))


class ChangeForm(edge.Edge):
    """Open, suspend, close. seen: the mark of the page."""

    seen = fields.TextField(most=SHA)
    text = fields.LinesField(most=4_000)


class OpenSitting(ChangeForm):
    act = "open"


class SuspendSitting(ChangeForm):
    act = "suspended"


class CloseSitting(ChangeForm):
    act = "closed"


SITTING = (
    MembersForm,
    AttendForm,
    DecideForm,
    ExplainForm,
    ValidateForm,
    RecapForm,
    OpenSitting,
    SuspendSitting,
    CloseSitting,
)


# --- publication, copies -----------------------------------------------------------------------------
class BatchForm(edge.Edge):
    """The next batch. seen: the mark of the reports that the page counted."""

    seen = fields.TextField(most=SHA + 10)
    document = fields.TextField(most=300)
    note = fields.LinesField()


class DeclarationForm(edge.Edge):
    """The act by which a body declares results, with its document."""

    seen = fields.TextField(most=SHA)
    stage = fields.TextField(most=40, required=True)
    act = fields.TextField(most=300)  # type: ignore[assignment]
    document = fields.UploadField(most=images.LARGEST)


class AnswerForm(edge.Edge):
    act = "answer"
    seen = fields.TextField(most=SHA)
    copy = fields.IdField(required=True)
    what = fields.ChoiceField(list(copies.ANSWERS), required=True)
    note = fields.LinesField()


class CopiesForm(edge.Edge):
    act = "import"
    file = fields.UploadField(most=images.LARGEST, required=True)
    source = fields.TextField(most=120)


class CopyForm(Figures):
    station = fields.TextField(most=120)
    source = fields.TextField(most=120)
    illegible = fields.FlagField()
    image = fields.UploadField(most=images.LARGEST)


# --- print -------------------------------------------------------------------------------------------
class Print(edge.Edge):
    """Which forms, of which place, in which second language."""

    zone = fields.IdField()
    exemplaires = fields.FlagField()
    seconde = fields.ChoiceField(("en", "bm"))
    document = fields.ChoiceField(("reserve", "pv"))
    nombre = fields.CountField(least=1, most=500, initial=20)


class Recap(edge.Edge):
    zone = fields.IdField()
    vierge = fields.FlagField()


class AnnounceForm(edge.Edge):
    """The tie, the promise, and where the public number will come from."""

    act = "announce"
    place = fields.TextField(most=120)
    promise = fields.TextField(label=_("Empreinte SHA-256 du secret"), most=80, required=True)
    source = fields.TextField(label=_("D’où viendra le nombre public"), most=300, required=True)


class DrawForm(edge.Edge):
    """The secret, the number thrown in public, the minutes."""

    act = "open"
    seen = fields.TextField(most=64)
    announcement = fields.IdField(required=True)
    secret = fields.TextField(label=_("Secret, à la lettre près"), most=300, required=True)
    number = fields.TextField(label=_("Nombre tiré en public"), most=100, required=True)
    document = fields.TextField(label=_("Procès-verbal du tirage"), most=300, required=True)


class UndoForm(edge.Edge):
    act = "undo"
    seen = fields.TextField(most=64)
    announcement = fields.IdField(required=True)
    document = fields.TextField(label=_("Acte qui annule le tirage"), most=300, required=True)
    reason = fields.TextField(label=_("Motif"), most=400, required=True)
