"""Plain values to typed ones: each says its file and its place where it is not what is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from kalata.plain import hidden
from kalata.text import Message, nfc
from kalata.text import gettext_noop as _
from kalata.training.rules.source.faults import BadSource
from kalata.training.rules.source.values import Said

MOST_TEXT = 4_000
NAME = re.compile(r"[\w][\w.\-/:+]{0,79}")
LANG = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True)
class At:
    """A value, its file and its place: steps.2.do."""

    value: Any
    file: str
    field: str = ""

    def wrong(self, why: str | Message) -> NoReturn:
        raise BadSource(file=self.file, field=self.field or "–", why=why)

    def into(self, key: str | int, value: Any) -> At:
        return At(value, self.file, f"{self.field}.{key}" if self.field else str(key))

    def table(self, known: Collection[str]) -> Mapping[str, At]:
        """Its keys, each with its value; a key that nobody knows is refused, so that none is lost by a slip."""
        if not isinstance(self.value, dict):
            self.wrong(_("une table clé : valeur est attendue"))
        for key in self.value:
            if key not in known:
                self.into(key, None).wrong(Message(_("clé inconnue ; connues : %(known)s"), {"known": ", ".join(sorted(known))}))  # fmt: skip
        return {k: self.into(k, v) for k, v in self.value.items() if v is not None}

    def list(self) -> list[At]:
        if not isinstance(self.value, list):
            self.wrong(_("une liste est attendue"))
        return [self.into(n, v) for n, v in enumerate(self.value, 1)]

    def text(self) -> str:
        """One line or several, as written; a number is the text that it was written as."""
        if isinstance(self.value, bool) or not isinstance(self.value, str | int | float):
            self.wrong(_("un texte est attendu"))
        said = nfc(str(self.value)).strip()
        if len(said) > MOST_TEXT:
            self.wrong(Message(_("texte de %(n)d {n:caractère|caractères}, au plus %(most)d"), {"n": len(said), "most": MOST_TEXT}))
        if found := hidden(said, lines=True):
            self.wrong(Message(_("caractère invisible %(sign)s"), {"sign": found}))
        return said

    def name(self) -> str:
        """A code: letters, figures, . - / : +, without spaces, 80 at most."""
        said = self.text()
        if not NAME.fullmatch(said):
            self.wrong(Message(_("« %(value)s » n’est pas un code (lettres, chiffres, . - / : +, sans espace)"), {"value": said[:60]}))  # fmt: skip
        return said

    def truth(self) -> bool:
        if not isinstance(self.value, bool):
            self.wrong(_("true ou false est attendu"))
        return self.value

    def whole(self, most: int) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not 0 <= self.value <= most:
            self.wrong(Message(_("un nombre entier de 0 à %(most)d est attendu"), {"most": most}))
        return self.value

    def among(self, known: Collection[str]) -> str:
        said = self.text()
        if said not in known:
            self.wrong(Message(_("« %(value)s » n’est pas l’un de : %(known)s"), {"value": said[:40], "known": ", ".join(known)}))  # fmt: skip
        return said

    def said(self) -> Said:
        """A sentence by language; what is empty in a language is not there."""
        if not isinstance(self.value, dict) or not self.value:
            self.wrong(_("une phrase par langue est attendue, comme {fr: …, en: …}"))
        found = {}
        for lang, value in self.value.items():
            if not LANG.fullmatch(lang):
                self.into(lang, None).wrong(_("un code de langue est attendu, comme fr"))
            if value is not None and (text := self.into(lang, value).text()):
                found[lang] = text
        return found

    def words(self) -> Said:
        """The same; one text for all languages may stand for it, under ""."""
        if isinstance(self.value, dict):
            return self.said()
        text = self.text()
        return {"": text} if text else {}


T = TypeVar("T")


def each(place: At | None, read: Callable[[At], T]) -> tuple[T, ...]:
    return tuple(read(one) for one in place.list()) if place else ()
