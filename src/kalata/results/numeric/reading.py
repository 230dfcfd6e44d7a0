"""From an opened file and a profile to a table, cell by cell, with everything that is wrong.

Digits are taken a block at a time; whatever is not plain digits waits until its whole column
has been seen, because only then is its convention known (`rules.numbers`). Pure.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from kalata import codes
from kalata.refusals import Refused
from kalata.results.files import Opened
from kalata.results.numeric import options as choices
from kalata.results.numeric.table import Ints, Path, Table
from kalata.results.rules.boxes import ABSENT, Standing
from kalata.results.rules.numbers import EMPTY, Fault, parse_count, style_of
from kalata.results.rules.profile import Profile, UnknownColumn
from kalata.text import Message
from kalata.text import gettext_noop as _

PENDING = -2


MAX_PROBLEMS = 200


SAYS = {
    "IMP-201": (
        _("« %(value)s » n’est pas un nombre."),
        _("Écrivez un entier, ou laissez la case vide si le PV ne dit rien."),
    ),
    "IMP-202": (_("« %(value)s » est négatif."), _("Un compte de bulletins n’est jamais négatif : relisez le PV.")),
    "IMP-203": (
        _("« %(value)s » n’est pas un nombre entier."),
        _("Un compte de bulletins est entier : relisez le PV."),
    ),
    "IMP-204": (
        _("« %(value)s » est un nombre absurde pour un bureau."),
        _("Relisez le PV : une case contient sans doute deux nombres."),
    ),
    "IMP-205": (
        _("« %(value)s » : la colonne mélange deux façons d’écrire les milliers ou les décimales."),
        _("Écrivez toute la colonne sans séparateur."),
    ),
    "IMP-206": (_("Ce bureau figure déjà à la ligne %(other)d."), _("Gardez une seule ligne par bureau.")),
    "IMP-221": (
        _("Le code « %(value)s » n’est pas accepté : %(why)s."),
        _("Écrivez-le avec des lettres d’une seule écriture, des chiffres et des séparateurs visibles."),
    ),
    "IMP-222": (
        _("« %(value)s » se confond à l’œil avec le bureau de la ligne %(other)d : majuscules ou lettres jumelles."),
        _("Gardez une seule ligne par bureau, ou donnez à l’un des deux un code qui se distingue."),
    ),
    "IMP-223": (
        _("La candidature « %(value)s » se confond à l’œil avec une autre du fichier."),
        _("Gardez une seule colonne par candidature, ou donnez à l’une un nom qui se distingue."),
    ),
    "IMP-207": (
        _("L’état « %(value)s » n’est pas prévu par le profil."),
        _("Ajoutez ce mot à compté, annulé ou manquant dans le profil."),
    ),
    "IMP-208": (_("La clé du bureau est vide."), _("Remplissez les colonnes qui désignent le bureau.")),
    "IMP-209": (
        _("Cette candidature figure deux fois pour ce bureau."),
        _("Gardez une seule ligne par bureau et par candidature."),
    ),
    "IMP-210": (
        _("Zone inconnue : « %(value)s »."),
        _("Corrigez le nom de la zone, ou importez d’abord la liste des bureaux."),
    ),
    "IMP-211": (
        _("Bureau inconnu du fichier des bureaux : « %(value)s »."),
        _("Corrigez le code du bureau, ou importez d’abord la liste des bureaux."),
    ),
    "IMP-212": (
        _("Candidature inconnue de ce scrutin : « %(value)s »."),
        _("Ce fichier est peut-être celui d’un autre scrutin : vérifiez avant de continuer."),
    ),
    "IMP-215": (
        _("Le bureau « %(value)s » n’existe pas, ou n’est pas de votre territoire."),
        _("Importez seulement les bureaux de votre zone, ou demandez au superviseur national."),
    ),
    "IMP-214": (
        _(
            "Le bureau « %(value)s » ne peut pas être créé par vous : son code est pris, ou sa zone hors de votre territoire."
        ),
        _("Importez seulement les bureaux de votre zone, ou demandez au superviseur national."),
    ),
    "IMP-213": (
        _("Il manque au fichier la candidature « %(value)s » de ce scrutin."),
        _("Ce fichier est peut-être celui d’un autre scrutin : vérifiez avant de continuer."),
    ),
    "IMP-241": (
        _("Le titre « %(value)s » n’est pas un nom de candidature relu par une personne."),
        _("Relisez ce nom à l’étape de correspondance, ou écrivez-le dans le profil (options: labels)."),
    ),
    "IMP-216": (
        _("Le bureau « %(value)s » est d’une partie du scrutin dont les chiffres viennent des procès-verbaux."),
        _("Retirez-le du fichier : un fichier et la centralisation ne comptent jamais la même partie."),
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell or a row that cannot be taken: what, where, what to do."""

    code: str
    row: int
    field: str = ""
    value: str = ""
    other: int = 0
    fault: codes.Fault | None = None

    @property
    def message(self) -> Message:
        why = self.fault.message if self.fault else ""
        return Message(SAYS[self.code][0], {"value": codes.shown(self.value), "other": self.other, "why": why})

    @property
    def remedy(self) -> Message:
        return Message(SAYS[self.code][1])

    def record(self) -> dict[str, object]:
        return {
            "code": self.code,
            "row": self.row,
            "field": self.field,
            "value": codes.shown(self.value),
            **({"sign": self.fault.sign} if self.fault else {}),
            **self.message.both(),
            "remedy": self.remedy.both(),
        }


class BadFile(Refused):
    """Some cells cannot be taken: nothing is added up, nothing is stored."""

    code = "IMP-200"
    says = _(
        "Le fichier %(file)s contient %(n)d ligne(s) ou case(s) inexactes ; la première : ligne %(row)d, colonne « %(field)s », %(first)s"
    )
    remedy = _("Corrigez le fichier et recommencez. Rien n’a été enregistré.")
    status = 422

    def __init__(self, problems: Sequence[Problem], total: int, file: str) -> None:
        self.problems = list(problems)
        self.total = total
        first = self.problems[0]
        super().__init__(
            file=file, n=total, row=first.row, field=first.field, first=f"{first.code} {first.message.text('fr')}"
        )

    def record(self) -> dict[str, object]:
        return {**super().record(), "errors": [p.record() for p in self.problems]}


class Column:
    """One column being read: digits at once, everything else kept until the whole column is seen."""

    __slots__ = ("name", "odd", "parts", "size")

    def __init__(self, name: str) -> None:
        self.name = name
        self.parts: list[Ints] = []
        self.odd: list[tuple[int, str]] = []
        self.size = 0

    def feed(self, cells: Sequence[str]) -> None:
        joined = "".join(cells)
        if joined.isascii() and joined.isdigit():
            try:
                part = np.fromiter(map(int, cells), np.int64, len(cells))
            except (ValueError, OverflowError):
                pass  # an empty cell among digits, or a number beyond 64 bits: cell by cell below
            else:
                self.parts.append(part)
                self.size += len(cells)
                return
        part = np.array(
            [int(c) if c.isdigit() and c.isascii() and len(c) < 10 else (PENDING if c else ABSENT) for c in cells],
            np.int64,
        )
        self.odd += [(self.size + i, cells[i]) for i in np.flatnonzero(part == PENDING).tolist()]
        self.parts.append(part)
        self.size += len(cells)

    def done(self, limit: int) -> tuple[Ints, list[tuple[int, str, Fault]]]:
        """The column, and the cells that are no count: (position, text, fault)."""
        whole: Ints = np.concatenate(self.parts) if self.parts else np.empty(0, np.int64)
        faults: list[tuple[int, str, Fault]] = []
        if self.odd:
            style = style_of(text.strip() for _i, text in self.odd if text.strip().lower() not in EMPTY)
            for place, text in self.odd:
                value = parse_count(text, style, limit)
                if isinstance(value, Fault):
                    faults.append((place, text, value))
                    whole[place] = ABSENT
                else:
                    whole[place] = ABSENT if value is None else value
        for place in np.flatnonzero(whole > limit).tolist():
            faults.append((place, str(whole[place]), Fault.ABSURD))
            whole[place] = ABSENT
        return whole, faults


def needed(profile: Profile, header: Sequence[str], file: str) -> tuple[list[tuple[str, str]], dict[str, int]]:
    """The option columns and the place of every column the profile names, or IMP-102."""
    options = profile.options.resolve(header)
    wanted = [*profile.station, *profile.areas, *profile.constituency]
    wanted += [c for columns in profile.figures.values() for c in columns]
    wanted += [c for c, _label in options]
    wanted += [c for c in (profile.options.column, profile.options.votes) if c]
    if profile.status:
        wanted.append(profile.status.column)
    for column in wanted:
        if column not in header:
            raise UnknownColumn(field=column, file=file, found=", ".join(header[:40]))
    return options, {column: header.index(column) for column in wanted}


def read(
    file: Opened, profile: Profile, *, limit: int = 10**6, strict: bool = True
) -> tuple[Table, list[Problem], int]:
    """The table of a file under a profile, its problems (the first MAX_PROBLEMS) and their number.

    Raises:
        UnknownColumn: IMP-102. BadFile: IMP-200 with every problem, when `strict`.
    """
    pause = gc.isenabled()
    gc.disable()  # hundreds of thousands of small strings and no cycle: collecting them twice costs a third of the time
    try:
        table, problems = read_long(file, profile, limit) if profile.rows == "long" else read_wide(file, profile, limit)
    finally:
        if pause:
            gc.enable()
    if profile.options.column:
        choices.relabelled(table, profile.options.labels, profile.options.ignored)
        if not profile.status and profile.options.ignored:
            table.standing[(table.votes == ABSENT).all(axis=1)] = Standing.MISSING
    elif len(set(table.options)) < len(table.options):  # one option from several columns
        labels, table.options = table.options, [c for c, _l in profile.options.resolve(file.header)]
        choices.renamed(table, labels)
    from kalata.results.numeric.station_keys import coded, doubles, number_doubles

    problems += coded(table, " + ".join(profile.station))
    twice = doubles(table)
    if profile.duplicates == "keep":
        number_doubles(table, [p for p in twice if p.code == "IMP-206"])
        twice = [p for p in twice if p.code != "IMP-206"]
    problems += twice
    problems.sort(key=lambda p: p.row)
    if problems and strict:
        raise BadFile(problems[:MAX_PROBLEMS], len(problems), file.name)
    return table, problems[:MAX_PROBLEMS], len(problems)


def read_wide(file: Opened, profile: Profile, limit: int) -> tuple[Table, list[Problem]]:
    options, place = needed(profile, file.header, file.name)
    figure_columns = {c: Column(c) for columns in profile.figures.values() for c in columns}
    vote_columns = {c: Column(c) for c, _label in options}
    every = figure_columns | vote_columns
    wanted = list(place)
    pick: Callable[[list[str]], tuple[str, ...]]
    if len(wanted) > 1:
        pick = itemgetter(*place.values())
    else:
        only = place[wanted[0]]
        pick = lambda row: (row[only],)  # noqa: E731
    keys: list[Path] = []
    paths: dict[Path, int] = {}
    area_codes: list[Ints] = []
    groups: list[Path] = []
    states: list[str] = []
    rows: list[Ints] = []
    for start, block in file.blocks:
        columns = dict(zip(wanted, zip(*map(pick, block), strict=True), strict=True))  # small blocks stay in the cache
        keys.extend(zip(*(columns[c] for c in profile.station), strict=False))
        if profile.areas:
            area_codes.append(
                np.fromiter(
                    (paths.setdefault(a, len(paths)) for a in zip(*(columns[c] for c in profile.areas), strict=False)),
                    np.int64,
                    len(block),
                )
            )
        if profile.constituency:
            groups.extend(zip(*(columns[c] for c in profile.constituency), strict=True))
        if profile.status:
            states.extend(columns[profile.status.column])
        for name, column in every.items():
            column.feed(columns[name])
        rows.append(np.arange(start, start + len(block), dtype=np.int64))
    number = np.concatenate(rows) if rows else np.empty(0, np.int64)
    problems: list[Problem] = []
    values: dict[str, Ints] = {}
    for name, column in every.items():
        values[name], faults = column.done(limit)
        problems += [Problem(fault.value, int(number[i]), name, text) for i, text, fault in faults]
    figures = (
        np.column_stack([summed([values[c] for c in cs]) for cs in profile.figures.values()])
        if profile.figures
        else np.empty((len(keys), 0), np.int64)
    )
    votes = np.column_stack([values[c] for c, _l in options]) if options else np.empty((len(keys), 0), np.int64)
    area = np.concatenate(area_codes) if area_codes else np.zeros(len(keys), np.int64)
    return assemble(
        profile,
        keys,
        list(paths) or [()],
        area,
        groups,
        states,
        number,
        figures,
        votes,
        [label for _c, label in options],
        problems,
    )


def read_long(file: Opened, profile: Profile, limit: int) -> tuple[Table, list[Problem]]:
    """A row per station and option: figures are taken from the first row of each station."""
    _options, place = needed(profile, file.header, file.name)
    index: dict[Path, int] = {}
    labels: dict[str, int] = {}
    paths: dict[Path, int] = {}
    areas: list[int] = []
    groups: list[Path] = []
    states: list[str] = []
    first: list[int] = []
    figure_columns = {c: Column(c) for columns in profile.figures.values() for c in columns}
    cells = Column(profile.options.votes)
    where: list[tuple[int, int, int]] = []
    station = [place[c] for c in profile.station]
    for start, block in file.blocks:
        for offset, row in enumerate(block):
            key = tuple(row[i] for i in station)
            at = index.get(key)
            if at is None:
                at = index[key] = len(index)
                first.append(start + offset)
                areas.append(paths.setdefault(tuple(row[place[c]] for c in profile.areas), len(paths)))
                groups.append(tuple(row[place[c]] for c in profile.constituency))
                if profile.status:
                    states.append(row[place[profile.status.column]])
                for name, column in figure_columns.items():
                    column.feed([row[place[name]]])
            option = row[place[profile.options.column]].strip() if profile.options.column else ""
            where.append((at, labels.setdefault(option, len(labels)), start + offset))
            if profile.options.votes:
                cells.feed([row[place[profile.options.votes]]])
    number = np.array(first, np.int64)
    problems: list[Problem] = []
    values: dict[str, Ints] = {}
    for name, column in figure_columns.items():
        values[name], faults = column.done(limit)
        problems += [Problem(fault.value, int(number[i]), name, text) for i, text, fault in faults]
    votes = np.full((len(index), len(labels) if profile.options.votes else 0), ABSENT, np.int64)
    if profile.options.votes:
        counts, faults = cells.done(limit)
        problems += [Problem(fault.value, where[i][2], profile.options.votes, text) for i, text, fault in faults]
        seen: set[tuple[int, int]] = set()
        for (at, option_at, row_number), count in zip(where, counts.tolist(), strict=True):
            if (at, option_at) in seen:
                problems.append(Problem("IMP-209", row_number, profile.options.column))
            seen.add((at, option_at))
            votes[at, option_at] = count
    keys = list(index)
    figures = (
        np.column_stack([summed([values[c] for c in cs]) for cs in profile.figures.values()])
        if profile.figures
        else np.empty((len(keys), 0), np.int64)
    )
    area = np.array(areas, np.int64)
    return assemble(
        profile,
        keys,
        list(paths) or [()],
        area,
        groups,
        states,
        number,
        figures,
        votes,
        list(labels) if profile.options.votes else [],
        problems,
    )


def summed(columns: Sequence[Ints]) -> Ints:
    """The sum of several columns of one box; ABSENT only where every one is empty."""
    if len(columns) == 1:
        return columns[0]
    stack = np.column_stack(columns)
    total: Ints = np.where(stack == ABSENT, 0, stack).sum(axis=1)
    return np.where((stack == ABSENT).all(axis=1), ABSENT, total)


def assemble(
    profile: Profile,
    keys: list[Path],
    paths: list[Path],
    area: Ints,
    groups: list[Path],
    states: list[str],
    number: Ints,
    figures: Ints,
    votes: Ints,
    labels: list[str],
    problems: list[Problem],
) -> tuple[Table, list[Problem]]:
    n = len(keys)
    standing = np.zeros(n, np.int8)
    if profile.status:
        spec = profile.status
        code = dict.fromkeys(spec.counted | spec.contested, 0) | dict.fromkeys(spec.annulled | spec.rerun, 1)
        code |= dict.fromkeys(spec.missing, 2)
        standing = np.fromiter((code.get(s.strip(), -1) for s in states), np.int8, n)
        for i in np.flatnonzero(standing == -1).tolist():
            problems.append(Problem("IMP-207", int(number[i]), spec.column, states[i]))
        standing = np.where(standing == -1, 2, standing).astype(np.int8)
    elif labels:
        empty = (votes == ABSENT).all(axis=1)
        standing[empty] = Standing.MISSING
    constituencies: dict[str, int] = {}
    constituency = None
    if profile.constituency:
        constituency = np.fromiter(
            (constituencies.setdefault(" / ".join(g), len(constituencies)) for g in groups), np.int64, n
        )
    table = Table(
        keys=keys,
        paths=paths,
        area=area,
        boxes=tuple(profile.figures),
        figures=figures,
        options=labels,
        votes=votes,
        standing=standing,
        rows=number,
        constituencies=list(constituencies),
        constituency=constituency,
        keeps=profile.status.annulled_keeps if profile.status else (),
    )
    if profile.status and (spec := profile.status).rerun | spec.contested:
        table.rerun = np.fromiter((s.strip() in spec.rerun for s in states), np.bool_, n)
        table.contested = np.fromiter((s.strip() in spec.contested for s in states), np.bool_, n)
    return table, problems
