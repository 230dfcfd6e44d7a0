"""Procedures in the demonstration: the pack's starting text, some of it on its way, one approved, one that waits for its second person."""

from __future__ import annotations

from kalata.people.models import Person
from kalata.people.rules.approval import Decision
from kalata.people.services import decide_approval
from kalata.training.models import ProcedureVersion
from kalata.training.queries.procedures import standing_of
from kalata.training.rules.procedure_editing import Content
from kalata.training.services import procedures, procedures_approving

WRITER, REVIEWER = "cellule-formation", "relecture-juridique"


def load(pack: str = "ml") -> str:
    """The pack's procedures in several states. What is verified here is verified for the exercise."""
    writer, reviewer = (Person.objects.get(username=name) for name in (WRITER, REVIEWER))
    counts = procedures.import_pack(pack=pack, by=writer)
    found = {v.procedure.code: v for v in standing_of(ProcedureVersion.objects.select_related("procedure")).values()}
    for code in ("TAB-DESK", "TAB-ENTRY", "REG-DAY", "ASS-ID"):
        lawful(found[code], reviewer)
    for code in ("TAB-DESK", "TAB-ENTRY", "ASS-ID"):
        procedures_approving.say_tested(
            version=fresh(found[code]), reason="essayée avec douze agents (exercice)", by=writer
        )
    approved(found["TAB-DESK"], writer, reviewer)
    draft = procedures.open_draft(version=fresh(found["TAB-DESK"]), by=writer)
    procedures.edit(version=draft, what="step TAB-DESK.2", change=reworded, by=writer)
    procedures_approving.ask(version=fresh(found["TAB-ENTRY"]), reason="prête (exercice)", by=writer)
    procedures.comment(
        version=found["OUV"], element="OUV.2", text="Le quorum cite un secrétaire que le bureau n’a pas : à trancher (exercice).", by=reviewer
    )  # fmt: skip
    return f"{counts['made']} procédures reprises du pack."


def fresh(one: ProcedureVersion) -> ProcedureVersion:
    return ProcedureVersion.objects.get(pk=one.pk)


def lawful(one: ProcedureVersion, reviewer: Person) -> None:
    marks = {f"{b['article']}@{b['version']}" for s in one.content["steps"] for b in s.get("basis") or ()}
    for mark in sorted(marks):
        procedures.verify(version=one, article=mark, reason="exercice : aucun texte n’a été lu", by=reviewer)
    procedures_approving.say_lawful(version=fresh(one), reason="exercice", by=reviewer)


def approved(one: ProcedureVersion, writer: Person, reviewer: Person) -> None:
    asked = procedures_approving.ask(version=fresh(one), reason="première version (exercice)", by=writer)
    decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=reviewer)


def reworded(content: Content) -> Content:
    content["steps"][1]["do"]["fr"] = (
        "Écrivez l’heure, le porteur, le véhicule et l’état de l’enveloppe dans le cahier."
    )
    content["steps"][1]["do"]["en"] = (
        "Write the time, the bearer, the vehicle and the state of the envelope in the book."
    )
    return content
