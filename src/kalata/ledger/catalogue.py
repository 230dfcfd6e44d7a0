"""The page of documentation that lists every kind of act, written from their declarations.

python -m kalata.ledger.catalogue writes docs/fr/actes.md and docs/en/acts.md; a test keeps them equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kalata.ledger.rules.kinds import KINDS, SUBJECTS, Kind
from kalata.text import gettext_noop as _
from kalata.text import translate

TITLE = _("Les actes que garde le journal")
INTRO = (
    _("Cette page est écrite depuis les genres déclarés par chaque pièce (`kinds.py`) par `python -m kalata.ledger.catalogue` ; un test la garde égale à eux. Le service qui écrit le journal refuse un genre non déclaré, un champ qui manque ou un champ de trop."),
    _("« Données personnelles » : l’acte en a lu ou changé. « Public » : ce qu’il dit est aussi dit à tous, sur le site ou au journal public. Un champ suivi de « ? » peut manquer ; « * » en laisse entrer d’autres."),
)  # fmt: skip
HEADS = (_("acte"), _("titre"), _("sur"), _("champs"), _("données personnelles"), _("public"))
FILES = {"fr": "docs/fr/actes.md", "en": "docs/en/acts.md"}


def fields_of(kind: Kind) -> str:
    named = [f"`{n}`" for n in sorted(kind.needs)] + [f"`{n}`?" for n in sorted(kind.may)] + ["*"] * kind.free
    return ", ".join(named) or "–"


def lines(lang: str) -> Iterator[str]:
    yield f"# {translate(TITLE, lang)}\n"
    for sentence in INTRO:
        yield f"{translate(sentence, lang)}\n"
    yield f"| {' | '.join(translate(h, lang) for h in HEADS)} |"
    yield f"|{' --- |' * len(HEADS)}"
    yes = translate(_("oui"), lang)
    for code, kind in sorted(KINDS.items()):
        about = ", ".join(translate(SUBJECTS[one], lang) for one in kind.about)
        flags = [yes if flag else "" for flag in (kind.personal, kind.public)]
        yield f"| `{code}` | {kind.words(lang)} | {about} | {fields_of(kind)} | {' | '.join(flags)} |"


def page(lang: str) -> str:
    return "\n".join(lines(lang)) + "\n"


def main() -> None:
    import importlib
    import os

    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kalata.settings.test")
    django.setup()
    importlib.import_module(
        settings.ROOT_URLCONF
    )  # requests of two persons are declared by the services behind the pages
    root = Path(__file__).resolve().parents[3]
    for lang, name in FILES.items():
        (root / name).write_text(page(lang), encoding="utf-8")


if __name__ == "__main__":
    main()
