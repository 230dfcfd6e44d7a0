"""Places, contests, packs and their facts, as a search finds them and as they rest on each other."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.urls import reverse

from kalata.chain import services as chain
from kalata.chain.about import About, Title, Told, plain
from kalata.chain.about import Link as On
from kalata.chain.rules.verbs import Verb
from kalata.chain.services import Rests, Row
from kalata.country.models import Geography, PackVersion, Unit
from kalata.country.queries import latest_packs
from kalata.country.rules.pack import Pack

GEOGRAPHY = About(
    seen=lambda _person: Geography.objects.defer("outlines"),
    title=lambda one: Title(one.name_fr, one.name_en),
    page=lambda one: reverse("country:geography", args=[one.code]),
    words=lambda one: (one.code, one.legal_basis),
    subject="code",
)
PACK = About(
    seen=lambda _person: PackVersion.objects.defer("content"),
    title=lambda one: plain(str(one)),
    page=lambda one: reverse("country:pack", args=[one.code]),
    words=lambda one: (one.sha256[:12],),
)
AREA = About(
    seen=lambda _person: Unit.objects.all(),
    title=lambda one: plain(f"{one.name} ({one.kind})" if one.kind else one.name),
    page=lambda one: f"{reverse('country:geography', args=[one.geography.code])}?q={one.name}",
    words=lambda one: (one.code, *map(str, one.aliases)),
    links=(On(verb=Verb.PART_OF, kind="area", path="parent_id"), On(verb=Verb.PART_OF, kind="geography", path="geography_id")),
    along=("geography",),
)  # fmt: skip


# --- facts of packs: texts of law, their articles, the norms that they state ------------------------------------
def packs() -> Iterator[Pack]:
    """The latest version of each pack, once."""
    yield from (version.pack for version in latest_packs())


def at(pack: Pack, section: str, word: str) -> str:
    return f"{reverse('country:section', args=[pack.code, section])}?q={word}"


def texts() -> Iterator[Row]:
    for pack in packs():
        for one in pack.records("texts"):
            name, fr = str(one["id"]), str(one["title_fr"])
            yield Row(name, name, fr, str(one.get("title_en") or fr), (name,), at(pack, "texts", name))


def articles() -> Iterator[Row]:
    for pack in packs():
        titles = {str(t["id"]): t for t in pack.records("texts")}
        for key, (law, said) in stated(pack).items():
            text = titles.get(law, {})
            fr = str(text.get("title_fr") or law)
            en = str(text.get("title_en") or fr)
            yield Row(key, key, f"{said} · {fr}", f"{said} · {en}", (law, said), at(pack, "deadlines", said))


def norms() -> Iterator[Row]:
    for pack in packs():
        for one in pack.records("deadlines"):
            name = str(one["id"])
            fr, en = str(one["what_fr"]), str(one.get("what_en") or one["what_fr"])
            yield Row(name, name, fr, en, (str(one.get("article", "")),), at(pack, "deadlines", name))


ARTICLE = re.compile(r"\b(?:art|articles?)\b\.?\s*(.+)", re.IGNORECASE)


def article_key(law: str, article: str) -> str:
    """The name of an article in this house: its text, then what it is called there. "ML-CONST-1992 art 32"."""
    found = ARTICLE.search(article)
    return f"{law} art {found[1].strip() if found else article.strip()}"[:150]


def stated(pack: Pack) -> dict[str, tuple[str, str]]:
    """Articles that norms of this pack name -> (the text, as it is written)."""
    out: dict[str, tuple[str, str]] = {}
    for one in pack.records("deadlines"):
        if one.get("law") and one.get("article"):
            law, said = str(one["law"]), str(one["article"])
            out.setdefault(article_key(law, said), (law, said))
    return out


def links(pack: Pack) -> Iterator[Rests]:
    """norm -> article -> text, as the records of a pack say it."""
    for key, (law, _said) in stated(pack).items():
        yield Rests(("article", key), Verb.PART_OF, ("text", law))
    for one in pack.records("deadlines"):
        norm = ("norm", str(one["id"]))
        if one.get("law") and one.get("article"):
            yield Rests(norm, Verb.STATED_IN, ("article", article_key(str(one["law"]), str(one["article"]))))
        elif one.get("law"):
            yield Rests(norm, Verb.STATED_IN, ("text", str(one["law"])))


def every_link() -> Iterator[Rests]:
    for pack in packs():
        yield from links(pack)


TEXT = Told(entries=texts)
ARTICLES = Told(entries=articles)
NORM = Told(entries=norms, edges=every_link)


def tie() -> None:
    """Index the facts of the packs and write what each norm is stated in, in the transaction that loads them."""
    for kind in ("text", "article", "norm"):
        chain.keep_told(kind)
