"""Small files that people give: YAML, JSON and tables, read into plain values within bounds.

No alias in a YAML (a few lines of them unfold into gigabytes), no nesting deeper than a person writes, no
hidden character, every row as wide as its header. What is too heavy for one process is for `kalata.bounded`.
"""

from __future__ import annotations

import csv
import io
import json
import math
import unicodedata
from collections.abc import Sequence
from typing import Any

import yaml

from kalata.refusals import Refused
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.yaml_words import Twice, Words

LOADER: Any = Words
MOST_YAML = 256 * 1024
DEEPEST = 40
MOST_NODES = 400_000
MOST_CELL = 4_000
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of writing: they make a text read as another one."""


class BadYaml(Refused):
    code = "EDG-104"
    says = _("Ce texte YAML (%(file)s) ne peut pas être lu, ligne %(row)d : %(why)s.")
    remedy = _(
        "Écrivez chaque valeur en toutes lettres, sans ancre ni renvoi, et recommencez. Rien n’a été enregistré."
    )
    status = 422
    sentences = frozenset({"why"})

    @property
    def where(self) -> Message:
        """The line and the reason alone, for a refusal that names the file itself."""
        return Message(_("%(file)s, ligne %(row)d : %(why)s"), self.said())


class BadTable(Refused):
    code = "EDG-105"
    says = _("Fichier %(file)s, ligne %(row)d, %(field)s : %(why)s.")
    remedy = _("Corrigez cette ligne, enregistrez le fichier en CSV (UTF-8) et recommencez. Rien n’a été enregistré.")
    status = 422
    sentences = frozenset({"why"})


class BadJson(Refused):
    code = "EDG-106"
    says = _("Ce texte JSON (%(file)s) ne peut pas être lu : %(why)s.")
    remedy = _("Vérifiez-le avec le logiciel qui l’a produit et recommencez. Rien n’a été enregistré.")
    status = 422
    sentences = frozenset({"why"})


def hidden(text: str, *, lines: bool = False) -> str:
    """The first character of a text that no screen shows or no database keeps, as U+XXXX; "" where there is none."""
    if text.isascii() and text.isprintable():
        return ""
    for c in text:
        kind = unicodedata.category(c)
        nowhere = ord(c) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(c) <= 0xFDEF
        if (kind == "Cc" and not (lines and c in "\n\r\t")) or kind == "Cs" or nowhere or c in TURNING:
            return f"U+{ord(c):04X}"
    return ""


def yaml_of(text: str | bytes, *, file: str, most: int = MOST_YAML, aliases: bool = False) -> Any:
    """The value of a YAML text, words as written (`yaml_words`). EDG-104 names file and line where it is too long,
    too deep, damaged, gives a key twice, or (unless `aliases`) refers to itself.

    aliases: for packs, which name a source once and refer to it; what they unfold into is counted all the same.
    """
    if len(text) > most:
        raise BadYaml(file=file, row=1, why=f"{len(text) // 1024} Kio, {most // 1024} Kio")
    try:
        if not aliases:
            checked(text, file)
        value = yaml.load(text, Loader=LOADER)
        unfolded(value, file)
    except Twice as problem:
        said = _("la clé « %(key)s » est écrite deux fois, déjà ligne %(first)d")
        raise BadYaml(
            file=file, row=problem.row, why=Message(said, {"key": problem.key[:60], "first": problem.first})
        ) from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        why = str(getattr(problem, "problem", None) or problem).splitlines()[0][:120]
        raise BadYaml(file=file, row=getattr(mark, "line", 0) + 1, why=why) from None
    except (ValueError, OverflowError, RecursionError, TypeError) as problem:
        raise BadYaml(file=file, row=1, why=(str(problem) or type(problem).__name__).splitlines()[0][:120]) from None
    return value


def checked(text: str | bytes, file: str) -> None:
    """Walk the text without building anything: no reference, no depth."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        row = getattr(event.start_mark, "line", 0) + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise BadYaml(file=file, row=row, why=_("une ancre ou un renvoi"))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise BadYaml(file=file, row=row, why=_("trop de niveaux"))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def unfolded(value: Any, file: str) -> None:
    """Count what a value holds with every alias written out; a value inside itself has no end."""
    sizes: dict[int, int] = {}

    def size(part: Any, above: tuple[int, ...]) -> int:
        if not isinstance(part, dict | list):
            return 1
        if id(part) in above:
            raise BadYaml(file=file, row=1, why=_("une ancre ou un renvoi"))
        if id(part) not in sizes:
            inside = [*part.keys(), *part.values()] if isinstance(part, dict) else part
            sizes[id(part)] = 1 + sum(size(p, (*above, id(part))) for p in inside)
        if sizes[id(part)] > MOST_NODES:
            raise BadYaml(file=file, row=1, why=_("trop de valeurs"))
        return sizes[id(part)]

    size(value, ())


def no_constant(text: str) -> Any:
    raise ValueError(text)


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A table whose keys are each there once: of two values for one key neither is chosen."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [k for k, _v in pairs]
        raise ValueError(f"{next(k for k in keys if keys.count(k) > 1)[:60]} × 2")
    return found


def finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text[:20])
    return value


def json_of(text: str | bytes, *, file: str, most: int) -> Any:
    """The value of a JSON text. EDG-106: too long, damaged, too deep, a key twice, NaN, a lone surrogate."""
    if len(text) > most:
        raise BadJson(file=file, why=f"{len(text) // 1024} Kio, {most // 1024} Kio")
    try:
        value = json.loads(text, parse_constant=no_constant, parse_float=finite, object_pairs_hook=once)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as problem:
        deep = isinstance(problem, RecursionError)
        why = _("trop de niveaux") if deep else (str(problem) or "–").splitlines()[0][:100]
        raise BadJson(file=file, why=why) from None
    return value


def rows_of(
    content: bytes,
    *,
    file: str,
    most: int,
    needed: Sequence[str] = (),
    most_rows: int = 50_000,
    most_columns: int = 200,
) -> list[dict[str, str]]:
    """The rows of a CSV in UTF-8 by column name; a cell that is not there is "". EDG-105 names row and column."""
    if len(content) > most:
        raise BadTable(file=file, row=1, field="–", why=f"{len(content) // 1024} Kio, {most // 1024} Kio")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise BadTable(file=file, row=row, field="–", why=_("encodage autre que UTF-8")) from None
    first = text.split("\n", 1)[0][:20_000]
    mark = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text), delimiter=mark, strict=True)
    header: list[str] = []
    out: list[dict[str, str]] = []
    try:
        for line in reader:
            number = reader.line_num
            if not header:
                header = named(line, file, needed, most_columns)
            elif any(line):
                out.append(cells(line, header, file, number))
            if len(out) > most_rows:
                raise BadTable(file=file, row=number, field="–", why=_("trop de lignes"))
    except csv.Error as problem:
        raise BadTable(file=file, row=reader.line_num, field="–", why=str(problem)[:80]) from None
    if not header:
        raise BadTable(file=file, row=1, field="–", why=_("fichier vide"))
    return out


def named(row: list[str], file: str, needed: Sequence[str], most: int) -> list[str]:
    header = [cell.strip() for cell in row]
    if len(header) > most:
        raise BadTable(file=file, row=1, field="–", why=_("trop de colonnes"))
    for column in needed:
        if column not in header:
            raise BadTable(file=file, row=1, field=column, why=_("colonne absente"))
    for place, column in enumerate(header):
        if hidden(column) or (column and column in header[:place]):
            raise BadTable(file=file, row=1, field=f"colonne {place + 1}", why=_("nom illisible ou déjà pris"))
    return header


def cells(row: list[str], header: list[str], file: str, number: int) -> dict[str, str]:
    if any(row[len(header) :]):
        raise BadTable(file=file, row=number, field="–", why=f"{len(row)} / {len(header)}")
    for column, cell in zip(header, row, strict=False):
        if len(cell) > MOST_CELL:
            raise BadTable(file=file, row=number, field=column, why=_("case trop longue"))
        if found := hidden(cell, lines=True):
            raise BadTable(file=file, row=number, field=column, why=found)
    return dict.fromkeys(header, "") | dict(zip(header, row, strict=False))
