"""After the cells are read: codes, names, totals, odd cells. What is wrong is a problem, what was done is said. Pure."""

from __future__ import annotations

import re
from itertools import chain

import numpy as np

from kalata.results.numeric import options, places, proofs, sums
from kalata.results.numeric.collecting import columns_of
from kalata.results.numeric.problems import Problem
from kalata.results.numeric.station_keys import SEP, coded, doubles, number_doubles
from kalata.results.numeric.table import Table, select
from kalata.results.rules import meanings
from kalata.results.rules.boxes import ABSENT, Standing
from kalata.results.rules.profile import Profile
from kalata.tables.files import Blocks, Opened
from kalata.tables.rules.folding import Said, kept, place_of, quoted, same, together
from kalata.tables.workbooks import column_name
from kalata.text import Message
from kalata.text import gettext_noop as _

SPREADSHEET = re.compile(r"#[^\s\d]{1,12}[!?]|#N/[AD]|#DIV/0!|[+-]?\d(?:[.,]\d+)?E\+\d{2,3}")
"""What a spreadsheet leaves where a code was: an error word, or a long number cut to its first figures."""
CELLS = {
    "date": _("le tableur en a fait une date ou une heure"),
    "digits": _("le nombre a plus de chiffres qu’un tableur n’en garde"),
    "error": _("c’est une erreur de calcul"),
    "blank formula": _("c’est une formule sans valeur enregistrée"),
    "fraction": _("le tableur en a fait une fraction"),
    "merged": _("elle est fusionnée avec une autre ligne, et son chiffre compterait plusieurs fois"),
}
CUT = _("le tableur a remplacé ce code par une erreur ou par un nombre arrondi")


def cleaned(file: Opened, profile: Profile, table: Table, problems: list[Problem]) -> tuple[Table, list[Problem]]:
    """The table with its names folded and its total rows dealt with; every problem found on the way added."""
    table.said += file.said
    problems += odd_cells(file, profile, table)
    table = without_notes(file, profile, table)
    aliases = places.fold_areas(table)
    places.fold_constituencies(table, list(profile.seats))
    if profile.totals == "skip":
        table, found = without_totals(file, profile, table)
        problems += found
    name_options(file, profile, table)
    problems += alike_options(profile, table)
    one_option_each(table)
    field = " + ".join(profile.station)
    keys, folded = coded(table, field, aliases)
    problems += keys
    table.said += folded
    twice = doubles(table, field)
    if profile.duplicates == "keep":
        number_doubles(table, [p for p in twice if p.code in ("IMP-206", "IMP-233")])
        twice = [p for p in twice if p.code not in ("IMP-206", "IMP-233")]
    told = {p.row for p in problems if p.code == "IMP-231"}
    lost = [p for p in spreadsheet_keys(table, field) if p.row not in told]
    problems += [*twice, *lost, *no_options(profile, table)]
    if profile.totals == "refuse":
        problems += without_totals(file, profile, table)[1]
    if file.account.blank:
        what = {"n": file.account.blank, "row": file.blanks[0]}
        table.said.append(Said("blank", Message(_("%(n)d {n:ligne entièrement vide est passée|lignes entièrement vides sont passées} (la première : %(row)d)."), what), tuple(file.blanks)))  # fmt: skip
    return table, problems


def chosen_rows(file: Opened, profile: Profile, blocks: Blocks) -> Blocks:
    """The rows that the profile asks for by the words of some columns; how many were left, and with which words, is said."""
    places = [(place_of(column, file.header), {same(w) for w in words}) for column, words in profile.where.items()]
    left: dict[str, int] = {}
    for start, block in blocks:
        part: list[list[str]] = []
        first = start
        for number, row in enumerate(block, start):
            other = next((row[at] for at, words in places if at is not None and same(row[at]) not in words), None)
            if other is None:
                first, part = (first, part) if part else (number, part)
                part.append(row)
                continue
            left[other] = left.get(other, 0) + 1
            if part:
                yield first, part
                part = []
        if part:
            yield first, part
    if left:
        what = {"n": sum(left.values()), "what": quoted(left)}
        file.said.append(Said("where", Message(_("%(n)d {n:ligne n’est pas de ce scrutin d’après le profil et est laissée|lignes ne sont pas de ce scrutin d’après le profil et sont laissées} de côté : %(what)s."), what)))  # fmt: skip
    file.account.other = sum(left.values())
    file.account.rows -= file.account.other


def odd_cells(file: Opened, profile: Profile, table: Table) -> list[Problem]:
    """Cells of a workbook whose text is not what a person sees there, in the columns that are read."""
    if not file.facts.odd:
        return []
    _options, place = columns_of(file, profile)
    words = {*profile.station, *profile.areas, *profile.constituency, profile.options.column}
    words |= {profile.status.column} if profile.status else set()
    at: dict[int, tuple[str, bool]] = {}
    for name, column in place.items():
        at[column] = (name, name in words or at.get(column, ("", False))[1])
    first = file.account.before + file.account.header
    out: list[Problem] = []
    for kind, found in file.facts.odd.items():
        for column, rows in found.items():
            name, word = at.get(column, ("", False))
            rows = [r for r in rows if r > first]
            if not name or not rows or kind == ("merged" if word else "error"):
                if name and rows and kind == "merged":
                    table.said.append(merged_said(name, rows, file.facts.counts[kind][column]))
                continue
            if word or kind in ("blank formula", "merged"):
                cells = [(r, f"{column_name(column)}{file.place(r)[1]}") for r in rows]
                out += [Problem("IMP-231", r, name, cell, why=Message(CELLS[kind])) for r, cell in cells]
    return out


def merged_said(name: str, rows: list[int], n: int) -> Said:
    what = {"name": name, "n": n, "row": rows[0]}
    return Said("merged", Message(_("Colonne « %(name)s » : %(n)d {n:cellule fusionnée a reçu|cellules fusionnées ont reçu} la valeur de la première (ligne %(row)d et suivantes)."), what), tuple(rows))  # fmt: skip


def without_notes(file: Opened, profile: Profile, table: Table) -> Table:
    """Leave out, and say, rows that hold words in the key and nothing else: notes under a table, names of groups."""
    if not profile.areas or not len(table) or not set(profile.areas) - set(profile.station):
        return table
    bare = np.array([not any(part.strip() for part in path) for path in table.paths])[table.area]
    if not bare.any():
        return table
    empty = (table.figures == ABSENT).all(axis=1) & (table.votes == ABSENT).all(axis=1)
    notes = np.flatnonzero(bare & empty)
    if not len(notes) or bool((bare & ~empty).any()) or table.figures.shape[1] + table.votes.shape[1] < 2:
        return table
    what = {"n": len(notes), "what": quoted(SEP.join(table.keys[i]) for i in notes.tolist())}
    rows = tuple(table.rows[notes].tolist())
    table.said.append(Said("note", Message(_("%(n)d {n:ligne sans zone ni chiffre est une note, pas un bureau|lignes sans zone ni chiffre sont des notes, pas des bureaux} : %(what)s."), what), rows))  # fmt: skip
    file.account.rows -= len(notes)
    return of_used_areas(select(table, np.setdiff1d(np.arange(len(table)), notes).tolist()))


def name_options(file: Opened, profile: Profile, table: Table) -> None:
    """The names that the profile gives to values or columns; one option from several columns is added up."""
    spec = profile.options
    if spec.column:
        options.relabelled(table, spec.labels, spec.ignored)
        if not profile.status and spec.ignored:
            table.standing[(table.votes == ABSENT).all(axis=1)] = Standing.MISSING
    elif len(set(table.options)) < len(table.options):
        labels, table.options = table.options, [c for c, _l in spec.resolve(file.header)]
        options.renamed(table, labels)


def alike_options(profile: Profile, table: Table) -> list[Problem]:
    """IMP-223: two names that an accent alone tells apart, both with votes in one station: perhaps two candidates.

    They are one only where the profile gives both one name (`options: labels`); spaces and case are folded and said.
    """
    names, found = together(table.options)
    if not found or profile.options.labels:
        return []
    out = []
    for one in found:
        held = [i for i, o in enumerate(table.options) if names[o] == one.name]
        if len({kept(table.options[i]).casefold() for i in held}) < 2:
            continue
        both = np.flatnonzero((table.votes[:, held] > 0).sum(axis=1) > 1)
        if len(both):
            row = int(table.rows[int(both[0])])
            out.append(
                Problem("IMP-223", row, profile.options.column or table.options[held[1]], table.options[held[1]])
            )
    return out


def one_option_each(table: Table) -> None:
    """Options whose names differ by spaces, case or accents are one: added up and said."""
    names, folded = together(table.options)
    if folded or len(set(table.options)) < len(table.options):
        options.renamed(table, [names[o] for o in table.options])


def spreadsheet_keys(table: Table, field: str) -> list[Problem]:
    """Keys that a spreadsheet has put in the place of codes: #REF!, 1,23E+11."""
    joined = "\n".join(chain.from_iterable(table.keys))
    if "#" not in joined and "E+" not in joined:
        return []
    out = []
    for i, key in enumerate(table.keys):
        for part in key:
            if SPREADSHEET.fullmatch(part):
                out.append(Problem("IMP-232", int(table.rows[i]), field, part, why=Message(CUT)))
    return out


def no_options(profile: Profile, table: Table) -> list[Problem]:
    """What is counted as an option and is none: a box by its name, a column that is the sum of the others."""
    out = []
    row = int(table.rows[0]) if len(table) else 1
    field = profile.options.column or "options"
    for label in table.options:
        if profile.options.boxes.get(same(label), "") is None or label in profile.options.labels.values():
            continue
        if (box := meanings.box_named(label)) is not None:
            out.append(Problem("IMP-237", row, field, label, why=Message(meanings.IS_A_BOX, {"box": Message(meanings.box_label(box))})))  # fmt: skip
        elif meanings.is_total(label):
            out.append(Problem("IMP-237", row, field, label, why=Message(meanings.IS_A_TOTAL)))
    named = {p.value for p in out}
    for place in sums.total_columns(table):
        if table.options[place] not in named:
            out.append(Problem("IMP-236", row, field, table.options[place]))
    return out


def without_totals(file: Opened, profile: Profile, table: Table) -> tuple[Table, list[Problem]]:
    """Refuse the rows that are sums of others, or leave them out where the profile says so."""
    found = sums.totals(table)
    if not found:
        return table, []
    skip = {t.at for t in found if t.why is not None} if profile.totals == "skip" else set()
    labels = profile.options.labels if profile.options.column else {}
    table.proofs = proofs.proved(table, found, skip, labels, file.place)
    problems = []
    for one in found:
        if one.at not in skip:
            name = " / ".join(dict.fromkeys(w for w in sums.names_of(table, one.at) if w))
            code = "IMP-235" if one.why is None else "IMP-234"
            problems.append(
                Problem(code, int(table.rows[one.at]), " + ".join(profile.station), name, why=one.why or "")
            )
    if not skip:
        return table, problems
    gone = sorted(skip)
    what = {"n": len(gone), "what": quoted(SEP.join(table.keys[i]) for i in gone)}
    rows = tuple(table.rows[gone].tolist())
    table.said.append(Said("total", Message(_("%(n)d {n:ligne de total, somme exacte d’autres lignes, est laissée|lignes de total, sommes exactes d’autres lignes, sont laissées} de côté : %(what)s."), what), rows))  # fmt: skip
    return of_used_areas(select(table, [i for i in range(len(table)) if i not in skip])), problems


def of_used_areas(table: Table) -> Table:
    """The same table without the areas that no station is in any more."""
    used, table.area = np.unique(table.area, return_inverse=True)
    table.paths = [table.paths[i] for i in used.tolist()] or [()]
    return table
