"""The page of protections says what the source does: limits, algorithms, records, logs, ways out, components."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

from kalata import bounded, codes, plain
from kalata.country import forms as country_forms
from kalata.country import outlines
from kalata.deadlines import services as deadlines
from kalata.people import accounts, factors, tokens
from kalata.people.rules import throttle
from kalata.results import drawing, images
from kalata.settings import base
from kalata.tables import files
from kalata.tally import printing
from kalata.tally.services import scanning
from kalata.transparency import log_views
from kalata.ui import fields, uploads
from kalata.web import bodies
from tests.test_source import REACHES, calls

ROOT = Path(__file__).resolve().parents[1]
PAGES = {lang: (ROOT / "docs" / lang / "protection.md").read_text() for lang in ("en", "fr")}
MIB = 2**20


def mib(size):
    assert size % MIB == 0
    return f"{size // MIB} MiB", f"{size // MIB} Mio"


def kib(size):
    return f"{size // 1024} KiB", f"{size // 1024} Kio"


def plain_count(n, en, fr):
    return f"{n:,} {en}", f"{f'{n:,}'.replace(',', ' ')} {fr}"


REQUEST = re.search(r'"KALATA_REQUEST_SECONDS", "(\d+)"', (ROOT / "src/kalata/web/__main__.py").read_text()).group(1)
LIMITS = {
    "upload": mib(uploads.LIMIT),
    "file": mib(files.MAX_FILE),
    "unpacked": mib(files.MAX_UNPACKED),
    "ratio": (f"ratio {files.MAX_RATIO}", f"rapport {files.MAX_RATIO}"),
    "columns": plain_count(files.MAX_COLUMNS, "columns", "colonnes"),
    "cells": plain_count(files.MAX_CELLS, "cells", "cellules"),
    "child": (f"child of {mib(bounded.Limits().memory)[0]} and {bounded.Limits().wall_s} s", f"enfant de {mib(bounded.Limits().memory)[1]} et {bounded.Limits().wall_s} s"),
    "at once": (f"{bounded.AT_ONCE} at a time", f"{bounded.AT_ONCE} à la fois"),
    "image": mib(images.LARGEST),
    "batch": (f"{mib(images.LARGEST_BATCH)[0]} a batch", f"{mib(images.LARGEST_BATCH)[1]} par liasse"),
    "pages": (f"{scanning.MOST_PAGES} pages", f"{scanning.MOST_PAGES} pages"),
    "pixels": (f"{drawing.MOST_PIXELS // 10**6} million pixels", f"{drawing.MOST_PIXELS // 10**6} millions de points"),
    "piece": mib(deadlines.EVIDENCE_MAX),
    "map": mib(outlines.MOST),
    "geography": mib(country_forms.LARGEST),
    "yaml": kib(plain.MOST_YAML),
    "witness": kib(log_views.SIZE),
    "tries": (f"{throttle.FREE} free, then {throttle.FIRST.seconds} s, doubling to {throttle.LONGEST.seconds // 60} min", f"{throttle.FREE} libres, puis {throttle.FIRST.seconds} s, doublées jusqu’à {throttle.LONGEST.seconds // 60} min"),
    "calls": (f"{base.KEY_CALLS_A_MINUTE} a minute", f"{base.KEY_CALLS_A_MINUTE} par minute"),
    "text": (f"Texts: {fields.MOST_TEXT} signs", f"Textes : {fields.MOST_TEXT} signes"),
    "count": (f"counts: {fields.MOST_COUNT:,}", f"nombres : {f'{fields.MOST_COUNT:,}'.replace(',', ' ')}"),
    "code": (f"codes: {codes.LONGEST} signs", f"codes : {codes.LONGEST} signes"),
    "papers": plain_count(printing.MOST, "papers at a time", "papiers à la fois"),
    "body": (f"at most {kib(bodies.SMALL)[0]}", f"au plus {kib(bodies.SMALL)[1]}"),
    "request": (f"any request | {REQUEST} s", f"toute requête | {REQUEST} s"),
    "idle of others": (f"closed after {base.IDLE_MINUTES_OTHERS} minutes alone", f"fermée après {base.IDLE_MINUTES_OTHERS} minutes seul"),
    "idle": (f"closed after {base.IDLE_MINUTES} minutes alone", f"fermée après {base.IDLE_MINUTES} minutes seul"),
    "session": (f"closed after {base.SESSION_COOKIE_AGE // 3600} hours", f"fermée après {base.SESSION_COOKIE_AGE // 3600} heures"),
    "sign": (f"within {base.ACCOUNT_REAUTHENTICATION_TIMEOUT // 60} minutes to sign", f"sous {base.ACCOUNT_REAUTHENTICATION_TIMEOUT // 60} minutes pour signer"),
    "fresh": (f"within {factors.FRESH_SECONDS // 60} minutes to make a key", f"sous {factors.FRESH_SECONDS // 60} minutes pour créer une clé"),
    "key": (f"{tokens.LONGEST_DAYS} days at most", f"{tokens.LONGEST_DAYS} jours au plus"),
    "sheet": (f"{accounts.DAYS} days", f"{accounts.DAYS} jours"),
    "counts kept": ("counts of wrong tries one day" if throttle.FORGOTTEN.days == 1 else "?", "comptes d’essais faux un jour" if throttle.FORGOTTEN.days == 1 else "?"),
}  # fmt: skip


def said(lang):
    return PAGES[lang].replace("'", "’")


@pytest.mark.parametrize("what", LIMITS)
def test_the_limits_on_the_page_are_those_of_the_source(what):
    for lang, text in zip(("en", "fr"), LIMITS[what], strict=True):
        assert text in said(lang), (lang, text)


def test_the_limits_of_tries_are_those_on_the_page_of_operations():
    text = (ROOT / "docs/en/operations.md").read_text()
    assert "ten tries are free, then 30 s, doubling to 30 min" in text
    assert (throttle.FREE, throttle.FIRST.seconds, throttle.LONGEST.seconds) == (10, 30, 1800)


def test_every_kind_of_record_has_a_level():
    ours = {m.__name__ for m in apps.get_models()}
    for lang, page in PAGES.items():
        part = page[page.index("(V14.1.1") :]
        rows = [
            r.split("|")[2]
            for r in part[: part.index("\n\n", part.index("| --- |"))].splitlines()
            if r.startswith("| ")
        ][2:]
        named = [n.strip() for row in rows for n in row.split(",")]
        assert sorted(named) == sorted(ours), (lang, set(named) ^ ours)


def test_every_algorithm_of_the_source_is_in_the_inventory():
    hashes = {n.split(".")[1] for _f, n, _c in calls() if re.fullmatch(r"hashlib\.\w+", n)}
    parts = {
        alias.name
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("cryptography.hazmat")
        and not (node.module or "").endswith(".serialization")  # how keys are written, not an algorithm
        for alias in node.names
        if alias.name != "serialization"
    }
    schemes = {re.sub(r"(Private|Public)Key$", "", p).replace("AESGCM", "AES256GCM") for p in parts}
    for lang, page in PAGES.items():
        part = page[page.index("(V11.1.1") : page.index("(V13.1.1")]
        assert {h for h in hashes if f"`{h}`" not in part} == set(), lang
        plain_part = part.replace("-", "")
        assert {s for s in schemes if s not in plain_part} == set(), lang
        assert "Argon2id" in part and "HMAC-SHA-256" in part


def test_every_logger_of_the_source_is_in_the_inventory():
    named = {ast.literal_eval(c.args[0]) for _f, n, c in calls() if n == "logging.getLogger" and c.args}
    assert named
    for lang, page in PAGES.items():
        part = page[page.index("(V16.1.1)") :]
        assert {n for n in named if f"`{n}`" not in part} == set(), lang
    assert set(base.LOGGING["handlers"]) == {"stderr"}


def test_every_way_out_of_the_source_is_on_the_page():
    for page in PAGES.values():
        part = page[page.index("(V13.1.1)") :]
        assert [w for w in REACHES if f"`{w}`" not in part] == []


DEMANDS = "V2.1.1 V2.1.3 V5.1.1 V6.1.2 V6.1.3 V7.1.1 V7.1.2 V8.1.2 V11.1.1 V11.1.2 V13.1.1 V14.1.1 V14.1.2 V15.1.1 V15.1.3 V16.1.1"


def test_the_page_answers_each_demand_of_documentation():
    heads = {lang: re.findall(r"^## .*\((.*)\)$", page, re.M) for lang, page in PAGES.items()}
    assert heads["en"] == heads["fr"]
    assert sorted(i for h in heads["en"] for i in h.split(", ")) == sorted(DEMANDS.split())
    for page in PAGES.values():
        for part in re.split(r"^## ", page, flags=re.M)[1:]:
            assert len(part) > 300, part[:60]


def test_every_setting_read_from_the_environment_is_documented():
    read = set()
    for path in (ROOT / "src").rglob("*.py"):
        if path.name != "test.py":
            read |= set(re.findall(r"""environ(?:\.get\(|\[)"(KALATA_\w+)""", path.read_text()))
    text = (ROOT / "docs/en/operations.md").read_text()
    assert {r for r in read if f"`{r}`" not in text} <= {"KALATA_TEST_DB"}


def test_the_lock_names_every_component_with_its_hash():
    text = (ROOT / "requirements/base.txt").read_text()
    locked = re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[\w,-]+\])?==\S+", text, re.M)
    assert len(locked) == text.count("==") - text.count("#.*==") and len(locked) > 20
    blocks = re.split(r"^(?=[A-Za-z0-9_.-]+(?:\[[\w,-]+\])?==)", text, flags=re.M)[1:]
    assert [b.split()[0] for b in blocks if "--hash=sha256:" not in b] == []
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {re.match(r"[A-Za-z0-9_.-]+", w).group().lower().replace("_", "-") for w in wanted}
    assert names <= {n.lower().replace("_", "-") for n in locked}
    assert "--require-hashes" in (ROOT / "Makefile").read_text()
