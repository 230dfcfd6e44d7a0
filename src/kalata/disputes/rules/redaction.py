"""What of a decision is not for everybody: passages proposed, and the public text that is left. Pure.

A passage is a span of one paragraph. The operative part, what follows from it, the annexes, the stations and the
figures are never taken out (DIS-861): what a decision does is public whole. A person decides; a rule only proposes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kalata.refusals import Refused
from kalata.text import Message, fold
from kalata.text import gettext_noop as _

Text = Mapping[str, Sequence[str]]
"""Paragraphs by section, in the order of SECTIONS."""
SECTIONS: Mapping[str, str] = {
    "words": _("Objet"), "visas": _("Visas"), "facts": _("Faits et procédure"), "reasons": _("Motifs"), "overrides": _("Motifs de ceux qui ont passé outre"),
    "operative": _("Dispositif"), "derived": _("Ce qui en résulte"), "corrections": _("Rectifications matérielles"),
}  # fmt: skip
OPEN = ("words", "facts", "reasons", "overrides", "corrections")
"""Sections in which a passage may be taken out."""
REASONS: Mapping[str, str] = {
    "minor": _("mineur"), "witness": _("témoin"), "voter": _("électeur"), "private_person": _("personne privée"),
    "phone": _("numéro de téléphone"), "address": _("adresse"), "email": _("adresse électronique"),
    "identity_number": _("numéro d’identité"), "health": _("santé"),
}  # fmt: skip
"""Why a passage is taken out: the codes that the pack of a country may choose from."""
NAMED = ("candidate", "party", "list", "authority", "state_representative", "counsel")
"""Parties who stay named where the pack says nothing else."""
MARK = _("[occulté : %(reason)s]")
SHORTEST = 3


class Closed(Refused):
    code = "DIS-861"
    says = _("Ce passage ne s’occulte pas : %(what)s.")
    remedy = _("Le dispositif, les annexes, les bureaux et les chiffres d’une décision sont publics en entier.")
    sentences = frozenset({"what"})
    status = 422


class NotInText(Refused):
    code = "DIS-862"
    says = _("Ce passage ne se lit pas dans le texte de la décision.")
    remedy = _("Copiez-le du texte, exactement, dans un seul paragraphe ; trois signes au moins.")
    status = 422


class NotAReason(Refused):
    code = "DIS-863"
    says = _("« %(reason)s » n’est pas un motif d’occultation de ce pays.")
    remedy = _("Choisissez l’un des motifs de la liste.")
    status = 422


class PublicName(Refused):
    code = "DIS-864"
    says = _("« %(name)s » reste nommé : candidatures, institutions et juges sont publics.")
    remedy = _("Gardez ce passage.")
    status = 422


@dataclass(frozen=True, slots=True)
class Policy:
    """What a country takes out, and who stays named: reasons of REASONS, kinds of parties."""

    reasons: tuple[str, ...] = tuple(REASONS)
    named: tuple[str, ...] = NAMED


def policy_of(said: object) -> Policy:
    """From `details.publication` of the court in its pack; what it does not say is the house's own list."""
    found = said if isinstance(said, Mapping) else {}
    reasons, named = (found.get(key) for key in ("redacts", "named"))
    return Policy(
        tuple(r for r in REASONS if r in reasons) if isinstance(reasons, list) else tuple(REASONS),
        tuple(str(n) for n in named) if isinstance(named, list) else NAMED,
    )


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """A span of one paragraph, and why it would be taken out. rule: what proposed it, "" a person."""

    section: str
    paragraph: int
    start: int
    end: int
    reason: str = field(compare=False, default="")
    rule: str = field(compare=False, default="")

    @property
    def place(self) -> tuple[str, int, int, int]:
        return self.section, self.paragraph, self.start, self.end

    def of(self, text: Text) -> str:
        return text[self.section][self.paragraph][self.start : self.end]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beside the text. private: (words, reason) of the case's own records; public: names that stay;
    kept: codes of stations, numbers of petitions and of the decision, folded; figures: its counts, votes and totals."""

    private: Sequence[tuple[str, str]] = ()
    public: Sequence[str] = ()
    kept: frozenset[str] = frozenset()
    figures: frozenset[int] = frozenset()


COUNTED = re.compile(
    r"^[\d\s.,\u00a0\u202f]+%?$|\d\s*(?:%|bureaux?|voix|suffrages|bulletins|votants|inscrits|requêtes?|sièges?)\b",
    re.IGNORECASE,
)
"""Words that tell a figure of the decision, and not a door or a telephone."""
NAME = r"\b[A-ZÀ-ÖØ-Þ][\w’'-]+(?:\s+(?:[A-ZÀ-ÖØ-Þ][\w’'-]+|de|d’|ag|ould|el))*\s+[A-ZÀ-ÖØ-Þ][\w’'-]+"
WHO = r"(?:M\.|MM\.|Mme|Mlle|Monsieur|Madame|Mademoiselle|sieur|dame)"
TITLED = r"\s+(?:" + WHO + r"\s+)?(" + NAME + ")"
PATTERNS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("email", "email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("phone", "phone", re.compile(r"(?<![\w/-])(?:(?:\+|00)\d{1,3}[\s.-]?)?\d{2}(?:[\s.-]?\d{2}){3,4}(?![\w/-])")),
    ("nina", "identity_number", re.compile(r"(?<!\w)[12]\s?\d{2}\s?\d{2}\s?\d(?:\s?\d{1,3}){3,4}\s?[A-Z](?!\w)")),
    ("card", "identity_number", re.compile(r"(?i:(?:NINA|carte\s+(?:d’électeur|nationale)[^,;.]{0,20}?|passeport|récépissé)\s+n[°o]\s*)([\w/-]{4,})")),
    ("minor", "minor", re.compile(r"(?i:mineure?|enfant|élève)" + TITLED)),
    ("witness", "witness", re.compile(r"(?i:témoins?|déposition\s+de|témoignage\s+de)" + TITLED)),
    ("voter", "voter", re.compile(r"(?i:électeur|électrice|votante?)" + TITLED)),
    ("civil", "private_person", re.compile(r"(?<!\w)" + WHO + r"\s+(" + NAME + ")")),
    ("address", "address", re.compile(r"(?i:domiciliée?s?\s+à|demeurant\s+à?|résidant\s+à)\s+([^,;.()]{3,120}(?:,\s*(?:rue|porte|lot|quartier|avenue|BP)[^,;.()]{1,60})*)")),
    ("health", "health", re.compile(r"(?i:atteinte?\s+d[e’]|souffrante?\s+d[e’]|hospitalisée?\s+(?:à|au|pour))\s*([^,;.()]{3,80})")),
)  # fmt: skip
"""(rule, reason, what it looks like); the group, where there is one, is what would be taken out."""


def propose(text: Text, facts: Facts, policy: Policy | None = None) -> list[Passage]:
    """Passages that a person should look at, in the order of the text, none inside another; those that must stay are left."""
    policy = policy or Policy()
    found: dict[tuple[str, int, int, int], Passage] = {}

    def look(looked: Callable[[str], Iterable[tuple[int, int, str, str]]]) -> None:
        for section in OPEN:
            for n, paragraph in enumerate(text.get(section, ())):
                for start, end, reason, rule in looked(paragraph):
                    one = Passage(section, n, start, end, reason, rule)
                    if reason in policy.reasons and stays(one.of(text), facts) is None:
                        found.setdefault(one.place, one)

    look(lambda paragraph: [*known(paragraph, facts), *looking(paragraph)])
    words = {(one.of(text), one.reason, one.rule) for one in found.values()}
    look(lambda p: [(a, b, reason, rule) for w, reason, rule in sorted(words) for a, b in occurrences(p, w)])
    return outermost(found.values())


def known(paragraph: str, facts: Facts) -> Iterable[tuple[int, int, str, str]]:
    for words, reason in facts.private:
        for start, end in occurrences(paragraph, words):
            yield start, end, reason, "record"


def looking(paragraph: str) -> Iterable[tuple[int, int, str, str]]:
    for rule, reason, pattern in PATTERNS:
        for met in pattern.finditer(paragraph):
            start, end = met.span(1) if pattern.groups else met.span()
            yield start, end - (len(paragraph[start:end]) - len(paragraph[start:end].rstrip())), reason, rule


def outermost(passages: Iterable[Passage]) -> list[Passage]:
    """Without those that lie inside another; the first found of two that are alike stays."""
    out: list[Passage] = []
    order = list(REASONS)
    for one in sorted(passages, key=lambda p: (p.section, p.paragraph, p.start, -p.end, order.index(p.reason))):
        last = out[-1] if out else None
        if last and (last.section, last.paragraph) == (one.section, one.paragraph) and one.start < last.end:
            if one.end > last.end:
                out[-1] = Passage(last.section, last.paragraph, last.start, one.end, last.reason, last.rule)
            continue
        out.append(one)
    return sorted(out, key=lambda p: (OPEN.index(p.section), p.paragraph, p.start))


def occurrences(paragraph: str, words: str) -> list[tuple[int, int]]:
    """Where these words stand as whole words, accents, case and runs of blanks aside."""
    parts = [re.escape(w) for w in folded(words).split()]
    if not parts or len("".join(parts)) < SHORTEST:
        return []
    pattern = re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)")
    return [met.span() for met in pattern.finditer(folded(paragraph))]


def folded(words: str) -> str:
    """The same length, sign by sign, without accents nor case: a place in it is a place in the text."""
    return "".join(single(c) for c in words)


def single(sign: str) -> str:
    if sign.isspace():
        return " "
    if sign in "’'":
        return "'"
    plain = fold(sign)
    return plain if len(plain) == 1 else sign


def stays(words: str, facts: Facts) -> Refused | None:
    """What forbids to take these words out; None where nothing does."""
    key = fold(words)
    for name in facts.public:
        if key and (key == fold(name) or f" {key} " in f" {fold(name)} "):
            return PublicName(name=name)
    tokens = key.split()
    if any(
        " ".join(tokens[a:b]) in facts.kept
        for a in range(len(tokens))
        for b in range(a + 1, min(a + 7, len(tokens) + 1))
    ):
        return Closed(what=_("il nomme un bureau, une requête ou une décision"))
    if COUNTED.search(words) and not private(words) and any(value in facts.figures for value in numbers(words)):
        return Closed(what=_("il porte un chiffre de la décision"))
    return None


def private(words: str) -> bool:
    """True where the whole has the form of a telephone or identity number: its groups are no figures."""
    return any(p.fullmatch(words.strip()) for rule, _reason, p in PATTERNS if rule in ("phone", "nina"))


def numbers(words: str) -> list[int]:
    found = re.findall(r"\d+(?:[\s.\u00a0\u202f]\d{3})*", words)
    return [int(re.sub(r"\D", "", n)) for n in found]


def chosen(text: Text, words: str, reason: str, facts: Facts, policy: Policy | None = None) -> list[Passage]:
    """The passages of words that a person typed or selected: everywhere they stand. DIS-861 to DIS-864."""
    if reason not in (policy or Policy()).reasons:
        raise NotAReason(reason=reason[:40])
    words = " ".join(words.split())
    if len(words) < SHORTEST:
        raise NotInText
    places = {
        section: [(n, *span) for n, p in enumerate(paragraphs) for span in occurrences(p, words)]
        for section, paragraphs in text.items()
    }
    if closed := [s for s, found in places.items() if found and s not in OPEN]:
        raise Closed(what=SECTIONS[closed[0]])
    if refused := stays(words, facts):
        raise refused
    found = [Passage(s, n, a, b, reason) for s in OPEN for n, a, b in places.get(s, ())]
    if not found:
        raise NotInText
    return found


def check(passage: Passage, text: Text, facts: Facts) -> None:
    """DIS-861, DIS-862: a passage that is not one, or may not be taken out."""
    if passage.section not in OPEN:
        raise Closed(what=SECTIONS.get(passage.section, _("cette partie")))
    paragraphs = text.get(passage.section, ())
    if not 0 <= passage.paragraph < len(paragraphs) or not 0 <= passage.start < passage.end <= len(
        paragraphs[passage.paragraph]
    ):
        raise NotInText
    if refused := stays(passage.of(text), facts):
        raise refused


def public_text(text: Text, hidden: Iterable[Passage], lang: str = "fr") -> dict[str, list[str]]:
    """The text as everybody reads it: each hidden span is its reason in brackets, whatever its length."""
    spans: dict[tuple[str, int], list[Passage]] = {}
    for one in hidden:
        if one.section not in OPEN:
            raise Closed(what=SECTIONS.get(one.section, one.section))
        spans.setdefault((one.section, one.paragraph), []).append(one)
    return {
        section: [redacted(p, spans.get((section, n), ()), lang) for n, p in enumerate(text.get(section, ()))]
        for section in SECTIONS
    }


def redacted(paragraph: str, spans: Iterable[Passage], lang: str) -> str:
    out, at = [], 0
    for one in outermost(spans):
        out += [paragraph[at : one.start], Message(MARK, {"reason": Message(REASONS[one.reason])}).text(lang)]
        at = one.end
    return "".join([*out, paragraph[at:]])


def left(text: Text, hidden: Iterable[Passage], public: Mapping[str, Sequence[str]]) -> list[str]:
    """Sections of the public text where words that are hidden somewhere can still be read."""
    words = {one.of(text) for one in hidden}
    return [
        section
        for section, paragraphs in public.items()
        if any(occurrences(paragraph, w) for paragraph in paragraphs for w in words)
    ]
