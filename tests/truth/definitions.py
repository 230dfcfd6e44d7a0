"""docs/fr/chiffres.md and docs/en/figures.md, made from `rules.coverage.DEFINITIONS`: python -m tests.truth.definitions."""

from __future__ import annotations

from pathlib import Path

from kalata.results.rules.balance import BALANCES
from kalata.results.rules.coverage import CAUSES, DEFINITIONS, RECEIVED_CAUSES
from kalata.text import Message, translate

ROOT = Path(__file__).resolve().parents[2]
FILES = {"fr": ROOT / "docs" / "fr" / "chiffres.md", "en": ROOT / "docs" / "en" / "figures.md"}
HEAD = {
    "fr": """# Ce que veut dire chaque chiffre

Un mot a un seul sens, partout : pages de l’application, site public, flux, CSV, XLSX, JSON, API, vignettes, affiches. Les définitions
vivent dans [`rules/coverage.py`](../../src/kalata/results/rules/coverage.py), [`rules/published.py`](../../src/kalata/results/rules/published.py) et
[`rules/balance.py`](../../src/kalata/results/rules/balance.py) ; l’application les remplit de ses enregistrements, le site public de son journal.
`tests/truth` joue des histoires au hasard (imports, procès-verbaux, corrections, rappels, annulations, retraits), lit toutes les
sorties et compare chaque nombre à un compte tenu à part : `make nightly` en joue cent.

`attendus = comptés + annulés + manquants` ; les rappelés sont des manquants.

| mot | dans les fichiers | sens |
| --- | --- | --- |
""",
    "en": """# What each figure means

A word has one meaning, everywhere: pages of the application, public site, feeds, CSV, XLSX, JSON, API, cards, posters. The definitions
live in [`rules/coverage.py`](../../src/kalata/results/rules/coverage.py), [`rules/published.py`](../../src/kalata/results/rules/published.py) and
[`rules/balance.py`](../../src/kalata/results/rules/balance.py); the application fills them from its records, the public site from its log.
`tests/truth` plays random histories (imports, reports on paper, corrections, recalls, annulments, withdrawals), reads every
output and compares each number with an account kept apart: `make nightly` plays a hundred.

`expected = counted + annulled + missing`; the recalled are among the missing.

| word | in files | meaning |
| --- | --- | --- |
""",
}
MORE = {
    "fr": """
## Pourquoi un bureau manque
Ce qui n’a jamais été public, par l’état de son papier et rien d’autre ; « reçu » quand le papier est dans la maison.

| cause | reçu |
| --- | --- |
""",
    "en": """
## Why a station is missing
What was never public, by the state of its paper and nothing else; “received” once the paper is in the house.

| cause | received |
| --- | --- |
""",
}
GAPS = {
    "fr": """
## Un écart entre deux totaux est expliqué
Sous chaque total, l’écart se partage en bureaux qui ont plus, bureaux qui ont moins, bureaux où une case est vide ; les trois parts
font l’écart, au bulletin près, et mènent à la liste des bureaux.

""",
    "en": """
## A gap between two totals is explained
Under each total, the gap is split into stations with more, stations with fewer, stations where a box is empty; the three parts make
up the gap to the last ballot paper, and lead to the list of stations.

""",
}
YES = {"fr": ("oui", "non"), "en": ("yes", "no")}


def text(lang: str) -> str:
    rows = "".join(f"| {translate(label, lang)} | `{name}` | {translate(says, lang)} |\n" for name, (label, says) in DEFINITIONS.items())  # fmt: skip
    causes = "".join(f"| {translate(label, lang)} | {YES[lang][code not in RECEIVED_CAUSES]} |\n" for code, label, _s in CAUSES)  # fmt: skip
    gaps = "".join(f"- {r.code} : {Message(r.label, {'left': '…', 'right': '…', 'gap': '…'}).text(lang)}\n" for r in BALANCES)  # fmt: skip
    return HEAD[lang] + rows + MORE[lang] + causes + GAPS[lang] + (gaps if lang == "fr" else gaps.replace(" : ", ": ", len(BALANCES)))  # fmt: skip


if __name__ == "__main__":
    for lang, path in FILES.items():
        path.write_text(text(lang), encoding="utf-8")
