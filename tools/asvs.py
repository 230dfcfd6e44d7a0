"""Writes docs/{en,fr}/asvs.md from docs/security/asvs.csv: `python tools/asvs.py`. A test compares them."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "docs" / "security" / "asvs.csv"
COLUMNS = ("id", "level", "asks_en", "asks_fr", "state", "how_en", "how_fr", "where", "test")
STATES = ("met", "partly", "not met", "not applicable")
STATES_FR = {"met": "rempli", "partly": "en partie", "not met": "non rempli", "not applicable": "sans objet"}
CHAPTERS = {
    "V1": ("Encoding and sanitization", "Encodage et assainissement"),
    "V2": ("Validation and business logic", "Validation et logique métier"),
    "V3": ("Web front end", "Navigateur"),
    "V4": ("API and web services", "API et services web"),
    "V5": ("Files", "Fichiers"),
    "V6": ("Authentication", "Authentification"),
    "V7": ("Sessions", "Sessions"),
    "V8": ("Authorization", "Autorisations"),
    "V9": ("Self-contained tokens", "Jetons autoportants"),
    "V10": ("OAuth and OpenID Connect", "OAuth et OpenID Connect"),
    "V11": ("Cryptography", "Cryptographie"),
    "V12": ("Secure communication", "Communications protégées"),
    "V13": ("Configuration", "Configuration"),
    "V14": ("Data protection", "Protection des données"),
    "V15": ("Coding and architecture", "Code et architecture"),
    "V16": ("Logging and errors", "Journaux et erreurs"),
    "V17": ("WebRTC", "WebRTC"),
}
CHECKS = {
    "deploy": "check --deploy",
    "contracts": "lint-imports",
    "types": "/mypy",
    "lint": "ruff check",
    "hashes": "--require-hashes",
}
"""Automatic checks that are not tests, and the words by which the Makefile runs each."""
HEAD = {
    "en": """# OWASP ASVS 5.0, levels 1 and 2

Each of the {n} requirements of levels 1 and 2 of the [OWASP Application Security Verification Standard 5.0.0](https://github.com/OWASP/ASVS), \
in our own short words; the standard's text, under its own licence, is the reference. *Met* is said only where a named test or check fails when it breaks \
(`check::` is a step of `make check` or `make setup`); *partly* and *not met* say what lacks; *not applicable* says why. \
Judged by those who write the software, not by an outside assessor. Documentation asked by the standard: [what is protected](protection.md). \
Written from [asvs.csv](../security/asvs.csv) by `tools/asvs.py`.
""",
    "fr": """# OWASP ASVS 5.0, niveaux 1 et 2

Chacune des {n} exigences des niveaux 1 et 2 de l'[OWASP Application Security Verification Standard 5.0.0](https://github.com/OWASP/ASVS), \
en nos propres mots brefs ; le texte du standard, sous sa licence, fait référence. *Rempli* n'est dit que là où un test ou un contrôle nommé échoue si cela casse \
(`check::` est une étape de `make check` ou `make setup`) ; *en partie* et *non rempli* disent ce qui manque ; *sans objet* dit pourquoi. \
Jugé par ceux qui écrivent le logiciel, pas par un évaluateur du dehors. Documentation demandée par le standard : [ce qui est protégé](protection.md). \
Écrit depuis [asvs.csv](../security/asvs.csv) par `tools/asvs.py`.
""",
}
WORDS = {
    "en": ("chapter", "total", "id", "L", "asks", "state", "how", "where", "test"),
    "fr": ("chapitre", "total", "id", "N", "demande", "état", "comment", "où", "test"),
}


def rows() -> list[dict[str, str]]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def chapter(row: dict[str, str]) -> str:
    return row["id"].partition(".")[0]


def state(row: dict[str, str], lang: str) -> str:
    return row["state"] if lang == "en" else STATES_FR[row["state"]]


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def counts(found: list[dict[str, str]], lang: str) -> list[str]:
    """The table of chapters: how many of each state."""
    total_word = WORDS[lang][1]
    names = [s if lang == "en" else STATES_FR[s] for s in STATES]
    out = [f"| {WORDS[lang][0]} | {' | '.join(names)} | {total_word} |", "| --- |" + " ---: |" * 5]
    for code, titles in CHAPTERS.items():
        n = Counter(r["state"] for r in found if chapter(r) == code)
        title = titles[0 if lang == "en" else 1]
        out.append(f"| {code} {title} | {' | '.join(str(n[s]) for s in STATES)} | {n.total()} |")
    n = Counter(r["state"] for r in found)
    out.append(f"| **{total_word}** | {' | '.join(f'**{n[s]}**' for s in STATES)} | **{n.total()}** |")
    return out


def test_of(name: str) -> str:
    path, _sep, test = name.partition("::")
    return f"`{name}`" if path == "check" else f"`{path.removeprefix('tests/')}::{test}`"


def line(row: dict[str, str], lang: str) -> str:
    where = " ".join(f"`{w.removeprefix('src/kalata/')}`" for w in row["where"].split())
    tests = "<br>".join(test_of(t) for t in row["test"].split())
    shown = f"**{state(row, lang)}**" if row["state"] in ("partly", "not met") else state(row, lang)
    return f"| {row['id']} | {row['level']} | {cell(row[f'asks_{lang}'])} | {shown} | {cell(row[f'how_{lang}'])} | {where} | {tests} |"


def page(lang: str) -> str:
    found = rows()
    out = [HEAD[lang].format(n=len(found)), *counts(found, lang)]
    for code, titles in CHAPTERS.items():
        out += [
            "",
            f"## {code} {titles[0 if lang == 'en' else 1]}",
            "| " + " | ".join(WORDS[lang][2:]) + " |",
            "| --- " * 7 + "|",
        ]
        out += [line(r, lang) for r in found if chapter(r) == code]
    return "\n".join(out) + "\n"


def main() -> None:
    for lang in ("en", "fr"):
        (ROOT / "docs" / lang / "asvs.md").write_text(page(lang), encoding="utf-8")


if __name__ == "__main__":
    main()
