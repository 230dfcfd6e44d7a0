"""The editor of a case: its parts by name, and each part as the fields of its form."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml

from kalata import plain
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training.forms import moot_editing as forms
from kalata.training.rules.moots import editing, engine_lines
from kalata.training.rules.moots.case import Asks

Content = dict[str, Any]
WIDE = 160
KINDS: dict[str, type[forms.PartForm]] = {
    "head": forms.HeadForm, "election": forms.ElectionForm, "stage": forms.StageForm, "paper": forms.PaperForm, "question": forms.QuestionForm,
    "criterion": forms.CriterionForm, "file": forms.FileForm,
}  # fmt: skip
NEW_STAGE = ("question_id", "question_fr", "question_en")
NEW = {
    _("Titre, sujets, droit"): (
        "code", "sort", "title_fr", "title_en", "lesson_fr", "lesson_en", "difficulty", "pack", "on", "source", "confidence",
    ),
    _("Première étape"): ("stage_fr", "stage_en", "minutes", "facts_fr", "facts_en", "question_id", "question_fr", "question_en"),
    _("Premier critère de la grille"): ("criterion_id", "weight", "criterion_fr", "criterion_en", "levels_fr", "levels_en"),
}  # fmt: skip
"""The boxes of a new case, under their headings."""
HIDDEN = ("seen", "stage", "n", "topics")
WORDS = {
    "head": _("Titre, sujets, droit"), "election": _("L’élection de l’affaire"), "stage": _("Étape"), "paper": _("Pièce"), "question": _("Question"),
    "criterion": _("Critère"), "file": _("Le fichier entier (YAML)"),
}  # fmt: skip


def text_of(content: Any) -> str:
    return str(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=WIDE))


def contents(content: Content, lang: str) -> list[dict[str, Any]]:
    """The stages with their papers and questions, as the side of the page lists them."""

    def said(pair: Any) -> str:
        return str(pair.get(lang) or pair.get("fr") or "") if isinstance(pair, dict) else ""

    return [
        {
            "n": n, "title": said(stage.get("title")),
            "papers": [(k, said(p.get("title"))) for k, p in enumerate(stage.get("papers") or (), 1)],
            "questions": [(k, str(q.get("id")), said(q.get("text"))) for k, q in enumerate(stage.get("questions") or (), 1)],
        }
        for n, stage in enumerate(content.get("stages") or (), 1)
    ]  # fmt: skip


def criteria(content: Content, lang: str) -> list[tuple[int, str, str]]:
    return [
        (n, str(c.get("id")), str((c.get("text") or {}).get(lang, "")))
        for n, c in enumerate(content.get("rubric") or (), 1)
    ]


def element(content: Content, part: str, stage: int, n: int) -> dict[str, Any]:
    """What stands there now; {} for a new one and for a place that is not there."""
    if part == "criterion":
        rows = content.get("rubric") or []
        return dict(rows[n - 1]) if 1 <= n <= len(rows) else {}
    stages = content.get("stages") or []
    if part == "stage":
        return dict(stages[n - 1]) if 1 <= n <= len(stages) else {}
    if part in ("paper", "question") and 1 <= stage <= len(stages):
        rows = stages[stage - 1].get(f"{part}s") or []
        return dict(rows[n - 1]) if 1 <= n <= len(rows) else {}
    return {}


def pair(old: dict[str, Any], *names: str) -> dict[str, str]:
    return {f"{name}_{lang}": str((old.get(name) or {}).get(lang, "")) for name in names for lang in ("fr", "en")}


def column(rows: Any, lang: str) -> str:
    return "\n".join(str(row.get(lang, "")) for row in rows or ())


def kind_of(look: Any, old: dict[str, Any]) -> tuple[str, str] | None:
    """What a question asks and which engine answers it: as chosen, else as it stands; None: to be chosen first."""
    asks = look.asks or ("" if look.choose else str(old.get("asks", "")))
    by = look.by or ("" if look.asks and look.asks != old.get("asks") else str((old.get("engine") or {}).get("by", "")))
    if asks not in set(Asks) or (asks == Asks.COMPUTED and by not in editing.READS):
        return None
    return asks, by if asks == Asks.COMPUTED else ""


def initial(content: Content, part: str, old: dict[str, Any], lang: str = "fr") -> dict[str, Any]:
    """The fields of a form from what stands there."""
    if part == "head":
        regime = content.get("regime") or {}
        return {
            **pair(content, "title", "lesson"), "difficulty": str(content.get("difficulty", "")), "pack": regime.get("pack", ""),
            "on": date.fromisoformat(str(regime["on"])) if regime.get("on") else None, "source": "\n".join(content.get("source") or ()),
            "confidence": content.get("confidence", ""),
        }  # fmt: skip
    if part == "election":
        held = content.get("election") or {}
        rows = (
            "/".join(map(str, s["station"])) + " | " + " | ".join(map(str, s.get("votes") or ()))
            for s in held.get("stations") or ()
        )
        return {
            "contest": text_of(held["contest"]) if held else "",
            "options": "\n".join(held.get("options") or ()),
            "stations": "\n".join(rows),
        }
    if part == "stage":
        facts = old.get("facts")
        return {
            **pair(old, "title"), "minutes": old.get("minutes", 30), "at": old.get("at"), "facts_fr": column(facts, "fr"), "facts_en": column(facts, "en"),
            "law": "\n".join(old.get("law") or ()),
        }  # fmt: skip
    if part == "paper":
        return pair(old, "title", "text")
    if part == "question":
        return question(old, lang)
    if part == "criterion":
        return {
            "id": old.get("id", ""),
            "weight": old.get("weight"),
            **pair(old, "text"),
            "levels_fr": column(old.get("levels"), "fr"),
            "levels_en": column(old.get("levels"), "en"),
        }
    return {"text": text_of(content)}


def question(old: dict[str, Any], lang: str) -> dict[str, Any]:
    given = dict(old.get("engine") or {})
    options = (f"{o['id']} | {o['text']['fr']} | {o['text']['en']}" for o in old.get("options") or ())
    told = {k: given.get(k, "") for k in ("by", "norm", "event", "item", "check")}
    ask, _colon, name = str(given.get("ask", "")).partition(":")
    acts, contested = given.get("acts") or [], given.get("contested")
    shown = engine_lines.as_lines(acts, lang)
    return {
        "id": old.get("id", ""), "asks": old.get("asks", Asks.WRITTEN.value), **pair(old, "text", "why"), "minutes": old.get("minutes", 0),
        "options": "\n".join(options), "right": " ".join(old.get("right") or ()), "planted": " ".join(old.get("planted") or ()),
        **told, **{f"ask_{engine}": ask if engine == given.get("by") else "" for engine in forms.ASK}, "ask_name": name, "out": given.get("out"),
        "acts": text_of(acts) if shown is None else shown,
        "contested": "\n".join(map(engine_lines.code, contested)) if isinstance(contested, list) else "", **engine_lines.facts_shown(given.get("facts") or {}, lang),
        "boxes": "\n".join(f"{k} | {v}" for k, v in (given.get("boxes") or {}).items()), "votes": "\n".join(map(str, given.get("votes") or ())),
    }  # fmt: skip


def name_of(part: str, stage: int, n: int) -> Message:
    """What is open, in words."""
    what = Message(WORDS[part])
    if part in ("paper", "question"):
        whole = _("%(what)s %(n)d de l’étape %(stage)d") if n else _("%(what)s à ajouter à l’étape %(stage)d")
        return Message(whole, {"what": what, "n": n, "stage": stage})
    if part in ("stage", "criterion"):
        return Message(_("%(what)s %(n)d") if n else _("%(what)s à ajouter"), {"what": what, "n": n})
    return what


def boxes_of(form: forms.PartForm, part: str, n: int, kind: tuple[str, str] | None = None) -> list[str]:
    """The fields that the page draws one under the other."""
    if part == "question":
        return list(forms.shown_for(*kind)) if kind else []
    left = {*HIDDEN, *(NEW_STAGE if part == "stage" and n else ())}
    return [name for name in form.fields if name not in left]


def acts_typed(text: str, old: Any) -> list[Any]:
    """Acts as lines, or as the file writes them where no line can."""
    if text.lstrip()[:1] in ("-", "[", "{"):
        return list(plain.yaml_of(text, file="acts") or [])
    return engine_lines.acts_of(text, old or ())


def engine_of(given: Any, old: dict[str, Any]) -> dict[str, Any] | None:
    """What the engine of a question is given, from a form that was read."""
    if given.asks != Asks.COMPUTED or not given.by:
        return None
    before = old.get("engine") or {}
    found: dict[str, Any] = {name: getattr(given, name) for name in ("norm", "event", "item", "check", "out")}
    if given.by in forms.ASK:
        ask = getattr(given, f"ask_{given.by}")
        found["ask"] = f"{ask}:{given.ask_name}" if ask in ("votes", "qualified") else ask
    if given.by == "effect":
        found["acts"] = acts_typed(given.acts, before.get("acts"))
    if given.by == "ceiling":
        found["contested"] = engine_lines.contested(given.contested)
    if given.by == "admissible":
        found["facts"] = engine_lines.facts_of(vars(given), before.get("facts") or {})
    found["boxes"] = editing.boxes(given.boxes)
    found["votes"] = [editing.count(n, v) for n, v in enumerate(editing.lines(given.votes), 1)] or None
    return editing.engine(given.by, found, before)
