"""Words that only one of the two languages uses, and which of them a text holds."""

from __future__ import annotations

import re

WORDS = {
    "en": [
        "the",
        "of",
        "and",
        "with",
        "from",
        "not",
        "this",
        "that",
        "are",
        "was",
        "were",
        "has",
        "have",
        "been",
        "which",
        "your",
        "only",
        "each",
        "there",
        "who",
        "what",
        "when",
        "is",
        "for",
        "by",
    ],
    "fr": [
        "le",
        "la",
        "les",
        "des",
        "du",
        "une",
        "est",
        "pas",
        "dans",
        "pour",
        "avec",
        "qui",
        "que",
        "sur",
        "aux",
        "cette",
        "ce",
        "ces",
        "sont",
        "été",
        "aucun",
        "aucune",
        "vous",
        "votre",
        "où",
        "deux",
    ],
}
"""Short words that only one of the two languages uses; a text that holds one is of that language."""


def foreign(text: str, lang: str) -> list[str]:
    """The words of the other language in a text that should be in `lang`."""
    other = "fr" if lang == "en" else "en"
    words = set(re.findall(r"(?<![\w-])[a-zà-ÿœ]+(?![\w-])", text.lower().replace("’", " ").replace("'", " ")))
    return sorted(words & set(WORDS[other]))
