"""The mapping page of the wizard: what was detected, what is guessed, what the form means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from kalata import plain
from kalata.country.services import fold
from kalata.results.models import Import
from kalata.results.rules.boxes import LABELS, Box
from kalata.text import gettext_noop as _
from kalata.text import translate

STATES: Mapping[str, str] = {
    "uploaded": _("déposé"),
    "mapped": _("colonnes choisies"),
    "checking": _("contrôle en cours"),
    "checked": _("contrôlé"),
    "refused": _("refusé"),
    "waiting": _("attend une approbation"),
    "committing": _("enregistrement en cours"),
    "committed": _("enregistré"),
    "discarded": _("abandonné"),
}
GUESSES: Mapping[Box, tuple[str, ...]] = {
    Box.REGISTERED: (
        "inscrits",
        "registered",
        "reg voters",
        "electeurs",
        "reg_voters",
        "electors",
        "possible voters",
        "ln",
    ),
    Box.ADDITIONAL: ("special voters", "additionnels"),
    Box.VOTERS: ("votants", "voters", "turnout", "total votes", "emargements", "ballots signed for"),
    Box.BALLOTS: ("bulletins", "ballots", "bulletins trouves", "papers"),
    Box.NULL_BALLOTS: ("nuls", "bulletins nuls", "null", "invalid votes", "invalid", "nulos"),
    Box.BLANK_BALLOTS: ("blancs", "blank", "blanco"),
    Box.VALID: ("exprimes", "suffrages exprimes", "valid", "valid votes", "validos"),
    Box.RECEIVED: ("bulletins recus", "num ballots"),
}
STATIONS = (
    "bureau",
    "bureau de vote",
    "station",
    "bv",
    "mesa",
    "uik",
    "code bureau",
    "polling station",
    "casilla_id",
    "casilla id",
    "precinct_id",
    "precinct id",
)
AREAS = (
    "region",
    "district",
    "departement",
    "cercle",
    "department",
    "province",
    "constituency",
    "county",
    "prefectures",
    "communes",
    "commune",
    "tik",
    "sub_county",
    "sub county",
    "parish",
)
NOTHING = ("adresse", "address", "lieu", "observations", "order", "url", "name")


def numeric(sample: list[list[str]], place: int) -> bool:
    cells = [row[place].strip() for row in sample if place < len(row) and row[place].strip()]
    return bool(cells) and all(c.replace(" ", "").replace("\u202f", "").isdigit() for c in cells)


def guess(one: Import) -> dict[str, Any]:
    """A first profile from the names of the columns and the look of the first rows."""
    roles: dict[str, str] = {}
    words = {c: fold(c) for c in one.header}
    for box, names in GUESSES.items():
        for column in one.header:
            if words[column] in {fold(n) for n in names} and column not in roles and box.value not in roles.values():
                roles[column] = box.value
    for place, column in enumerate(one.header):
        if column in roles:
            continue
        if words[column] in {fold(n) for n in STATIONS}:
            roles[column] = "station"
        elif words[column] in {fold(n) for n in AREAS}:
            roles[column] = "area"
        elif not any(words[column].startswith(fold(n)) for n in NOTHING) and numeric(one.sample, place):
            roles[column] = "option"
    if "station" not in roles.values() and one.header:
        roles[one.header[0]] = "station"
    for option in one.contest.options.all():
        for column in one.header:
            if fold(option.name) == words[column] or fold(option.code) == words[column]:
                roles[column] = "option"
    stations = [c for c in one.header if roles.get(c) == "station"]
    areas = [c for c in one.header if roles.get(c) == "area"]
    return {
        "rows": "wide",
        "station": [*areas, *stations] if areas else stations,
        "areas": areas,
        "figures": {r: c for c, r in roles.items() if r in set(Box)},
        "options": [c for c in one.header if roles.get(c) == "option"],
    }


def roles_of(profile: Mapping[str, Any], header: list[str]) -> dict[str, str]:
    """Column -> what the form shows for it."""
    out: dict[str, str] = {}
    for box, columns in (profile.get("figures") or {}).items():
        for column in [columns] if isinstance(columns, str) else columns:
            out[column] = box
    options = profile.get("options")
    if isinstance(options, list):
        out |= dict.fromkeys(options, "option")
    elif isinstance(options, Mapping):
        from kalata.results.rules.profile import options_from

        spec = options_from(options, str(profile.get("rows", "wide")))
        out |= {c: "option" for c, _label in spec.resolve(header)}
        if spec.column:
            out |= {spec.column: "long_option", spec.votes: "long_votes"}
    for column in profile.get("areas") or []:
        out[column] = "area"
    station = profile.get("station") or []
    for column in [station] if isinstance(station, str) else station:
        out.setdefault(column, "station")
    if isinstance(profile.get("status"), Mapping):
        out[profile["status"]["column"]] = "status"
    return out


def choices(lang: str) -> list[tuple[str, str]]:
    return [
        ("", translate(_("ne pas utiliser"), lang)),
        ("station", translate(_("désigne le bureau"), lang)),
        ("area", translate(_("zone (de la plus grande à la plus petite)"), lang)),
        ("option", translate(_("voix d’une candidature"), lang)),
        ("status", translate(_("état du PV"), lang)),
        ("long_option", translate(_("nom de la candidature (une ligne par candidature)"), lang)),
        ("long_votes", translate(_("voix (une ligne par candidature)"), lang)),
        *((b.value, translate(LABELS[b], lang)) for b in Box),
    ]


def page(one: Import, lang: str, start: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The mapping as the page shows it. start: a kept profile to begin from."""
    profile = dict(start) if start else one.profile or guess(one)
    roles = roles_of(profile, one.header)
    rows = [
        (i, column, [row[i] for row in one.sample[:4] if i < len(row)], roles.get(column, ""))
        for i, column in enumerate(one.header)
    ]
    words = sorted({row[i].strip() for i, c in enumerate(one.header) if roles.get(c) == "status" for row in one.sample})
    text = yaml.safe_dump(
        {k: v for k, v in profile.items() if k != "contest"}, allow_unicode=True, sort_keys=False, width=100
    )
    spec = profile.get("status") if isinstance(profile.get("status"), Mapping) else {}
    return {
        "rows": rows,
        "choices": choices(lang),
        "profile_text": text,
        "status_words": words,
        "guessed": one.profile is None,
        "register": one.contest.stations.count(),
        "status": {k: ", ".join(map(str, spec.get(k, []))) for k in ("counted", "annulled", "missing")} if spec else {},
        "create": one.create if one.profile else ("none" if one.contest.stations.exists() else "all"),
    }


def words(text: str) -> list[str]:
    return [w.strip() for w in text.split(",")] if text.strip() else []


def profile_from_post(sent: Any, one: Import) -> dict[str, Any]:
    """The profile that the form means. The text box, when changed, wins over the columns."""
    if sent.mode == "yaml":
        data = plain.yaml_of(sent.yaml, file=_("profil"))
        if not isinstance(data, dict):
            raise ValueError("une table clé: valeur est attendue")
        return {k: v for k, v in data.items() if k != "contest"}
    roles = {column: getattr(sent, f"c{i}") for i, column in enumerate(one.header)}
    areas = [c for c, r in roles.items() if r == "area"]
    keys = [c for c, r in roles.items() if r == "station"]
    figures: dict[str, Any] = {}
    for column, role in roles.items():
        if role in set(Box):
            figures.setdefault(role, []).append(column)
    profile: dict[str, Any] = {
        "rows": "wide",
        "station": [*areas, *keys] if sent.areas_in_key else keys,
        "areas": areas,
        "figures": {k: v[0] if len(v) == 1 else v for k, v in figures.items()},
    }
    long_option = [c for c, r in roles.items() if r == "long_option"]
    long_votes = [c for c, r in roles.items() if r == "long_votes"]
    if long_option and long_votes:
        profile |= {"rows": "long", "options": {"column": long_option[0], "votes": long_votes[0]}}
    elif options := [c for c, r in roles.items() if r == "option"]:
        profile["options"] = options
    if status := [c for c, r in roles.items() if r == "status"]:
        profile["status"] = {
            "column": status[0],
            "counted": words(sent.counted),
            "annulled": words(sent.annulled),
            "missing": [*words(sent.missing), ""],
        }
    if sent.duplicates:
        profile["duplicates"] = "keep"
    return profile
