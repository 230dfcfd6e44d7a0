"""Every address of the house with the right it asks for, room by room, and the page of documentation printed from them.

python -m kalata.doors writes docs/fr/droits.md and docs/en/rights.md; a test keeps them equal to the declarations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from kalata import rooms
from kalata.people.rules.doors import OVER_LABELS, Gate, Over, Page
from kalata.text import gettext_noop as _
from kalata.text import translate

ROOMS: Mapping[str, tuple[Page, ...]] = {room.title: rooms.load(room.doors) for room in rooms.every() if room.doors}
PAGES: tuple[Page, ...] = tuple(p for pages in ROOMS.values() for p in pages)
THINGS = rooms.kinds()
INTRO = (
    _("Cette page est écrite depuis le registre des droits (`doors.py` de chaque pièce) par `python -m kalata.doors` ; un test la garde égale au registre, et un autre frappe à chaque porte avec chaque rôle."),
    _("Une porte se lit de gauche à droite. Qui ne la passe pas reçoit : 302, la page de connexion ; 401, une clé est demandée ; 404, pour cette personne l’objet n’existe pas ; 403, elle le voit et ne peut pas faire cet acte. Rien n’est écrit avant la dernière porte."),
    _("Un mandat vaut pour un territoire (ou le pays) et parfois pour un seul scrutin. Chaque droit est demandé :"),
)  # fmt: skip
LEGEND = _(
    "● dans son territoire ; ◐ seulement par un mandat national ; ○ tout le monde, une fois l’objet publié ; · non."
)
TITLE = _("Qui voit quoi, qui fait quoi")
BY_ROLE = _("Rôle par rôle")
HEADS = (_("adresse"), _("objet"), _("portes"), _("actes"))
EVERYBODY = _("tous")
ONCE_PUBLIC = _("publié : tous")
AUTHOR = _("son auteur aussi")
LIMITED = frozenset({Over.SOMEWHERE, Over.CONTEST_PART, Over.PLACE, Over.AREA_PART, Over.AREA, Over.BRANCH, Over.SCOPE})
"""What a mandate limited to a territory can answer, for a thing of that territory."""


def words_of(gate: Gate, lang: str) -> str:
    """One gate: its answer, the rights, over what."""
    if not gate.rights:
        return f"{gate.status}" + (f" ({translate(AUTHOR, lang)})" if gate.own else "")
    rights = " / ".join(f"`{r}`" for r in gate.rights)
    more = [translate(ONCE_PUBLIC, lang)] if gate.public else []
    more += [translate(AUTHOR, lang)] if gate.own else []
    return f"{gate.status} {rights} [{gate.over.value}]" + (f" ({', '.join(more)})" if more else "")


def mark(rights: Iterable[str], gates: Sequence[Gate]) -> str:
    """What a role passes: in its territory, nationally only, once published, or not."""
    held = set(rights)
    asked = [g for g in gates if g.rights]
    mine = [g for g in asked if held & set(g.rights)]
    if len(mine) == len(asked):
        return "●" if all(g.over in LIMITED for g in asked) else "◐"
    return "○" if all(g in mine or g.public for g in asked) else "·"


def rows(page: Page) -> Iterator[tuple[str, tuple[Gate, ...]]]:
    if page.reads:
        yield page.name, page.gates
    for act, _gates in page.acts:
        yield f"{page.name} ▸ {act or 'POST'}", page.before(act)


def document(lang: str, roles: Mapping[str, Sequence[str]], paths: Mapping[str, str]) -> str:
    """The page in one language. roles: id -> rights; paths: name of the address -> its pattern."""
    say = lambda text: translate(text, lang)  # noqa: E731
    out = [f"# {say(TITLE)}", "", say(INTRO[0]), "", say(INTRO[1]), "", say(INTRO[2]), ""]
    out += [f"- `{over.value}`{' :' if lang == 'fr' else ':'} {say(label)}" for over, label in OVER_LABELS.items()]
    for room, pages in ROOMS.items():
        shown = [p for p in pages if not p.library]
        out += ["", f"## {say(room)}", "", "| " + " | ".join(map(say, HEADS)) + " |", "|---|---|---|---|"]  # fmt: skip
        for page in shown:
            gates = "<br>".join(words_of(g, lang) for g in page.gates) or say(EVERYBODY)
            acts = "<br>".join(
                f"**{a or 'POST'}** " + "; ".join(words_of(g, lang) for g in more) for a, more in page.acts
            )
            path = paths.get(page.address, "").replace("<", "‹").replace(">", "›")
            out.append(f"| {page.name}<br>`/{path}` | {say(THINGS[page.thing])} | {gates} | {acts} |")
    out += ["", f"## {say(BY_ROLE)}", "", say(LEGEND), ""]
    names = list(roles)
    out += ["| | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    for page in PAGES:
        for label, before in rows(page) if not page.library else ():
            if any(g.rights for g in before):
                out.append(f"| {label} | " + " | ".join(mark(roles[r], before) for r in names) + " |")
    return "\n".join(out) + "\n"


FILES = {"fr": "docs/fr/droits.md", "en": "docs/en/rights.md"}


def written(lang: str) -> str:
    """The page as the product's own pack and addresses make it; Django must be set up."""
    from django.urls import URLResolver, get_resolver

    from kalata.country import packs

    def walked(resolver: URLResolver, spaces: tuple[str, ...], path: str) -> Iterator[tuple[str, str]]:
        for one in resolver.url_patterns:
            here = path + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from walked(one, spaces + ((one.namespace,) if one.namespace else ()), here)
            elif one.name:
                yield ":".join([*spaces, one.name]), here

    pack = packs.load_pack(packs.find_pack("ml"))
    roles = {str(r["id"]): [str(x) for x in r["rights"]] for r in pack.records("roles")}  # type: ignore[attr-defined]
    return document(lang, roles, dict(walked(get_resolver(), (), "")))


if __name__ == "__main__":
    from kalata.cli import setup_django

    setup_django()
    for language, name in FILES.items():
        Path(name).write_text(written(language), encoding="utf-8")
