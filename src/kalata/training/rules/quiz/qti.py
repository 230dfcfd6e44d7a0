"""IMS QTI 2.1 out: a package of items with the standard ways of scoring, for platforms other than Moodle."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from html import escape

from kalata.training.rules.quiz.packing import zipped
from kalata.training.rules.quiz.question import Question, Reply, plain_decimal
from kalata.training.rules.quiz.shown import html, name_of

KINDS = ("choice", "multi", "true_false", "short", "numeric", "match", "essay", "description")
SPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
WAYS = "http://www.imsglobal.org/question/qti_v2p1/rptemplates"
DECLARED = '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"><defaultValue><value>0</value></defaultValue></outcomeDeclaration>'  # fmt: skip


def package(questions: Sequence[Question], title: str, lang: str) -> bytes:
    """The zip: imsmanifest.xml and an item each."""
    files = {}
    resources = []
    for n, one in enumerate(questions, 1):
        name = f"items/item{n:04}.xml"
        files[name] = item(one, n, lang).encode()
        resources.append(
            f'<resource identifier="R{n:04}" type="imsqti_item_xmlv2p1" href="{name}"><file href="{name}"/></resource>'
        )
    mark = hashlib.sha256("".join(q.id for q in questions).encode()).hexdigest()[:16]
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" '
        f'identifier="M{mark}"><metadata><schema>QTIv2.1 Package</schema><schemaversion>1.0.0</schemaversion></metadata>'
        f"<organizations/><resources>{''.join(resources)}</resources></manifest>\n"
    )
    return zipped({"imsmanifest.xml": manifest.encode(), **files})


def item(one: Question, n: int, lang: str) -> str:
    declared, interaction, scoring = {
        "choice": choice, "multi": choice, "true_false": choice, "short": entry, "numeric": entry, "match": match,
        "essay": essay, "description": lambda _one: ("", "", ""),
    }[one.kind](one)  # fmt: skip
    told = remarks(one)
    if told:
        first = f"<defaultValue><value>{told[0][0]}</value></defaultValue>" if told[0][0] == "F0" else ""
        declared += f'<outcomeDeclaration identifier="FEEDBACK" cardinality="multiple" baseType="identifier">{first}</outcomeDeclaration>'
        scoring = f"<responseProcessing>{inner(scoring)}{''.join(way for _n, _t, way in told)}</responseProcessing>"
    shown = "".join(
        f'<modalFeedback outcomeIdentifier="FEEDBACK" showHide="show" identifier="{name}">{html(text, one.format)}</modalFeedback>'
        for name, text, _way in told
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem xmlns="{SPACE}" identifier="Q{n:04}" label="{escape(one.id)}" '
        f'title="{escape(name_of(one))}" adaptive="false" timeDependent="false" xml:lang="{lang}">{declared}{DECLARED}'
        f"<itemBody><div>{html(one.text, one.format)}</div>{interaction}</itemBody>{scoring}{shown}</assessmentItem>\n"
    )


def inner(scoring: str) -> str:
    """The rules of a scoring: those of the template that counts each answer, written out."""
    if "template=" in scoring:
        return '<setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue>'
    return scoring.removeprefix("<responseProcessing>").removesuffix("</responseProcessing>")


def remarks(one: Question) -> list[tuple[str, str, str]]:
    """(identifier, text, when it is shown) of what is said after the answer: in any case, then of each answer."""
    found = [("F0", one.feedback, "")] if one.feedback else []
    if one.kind == "true_false":
        said = [one.feedback_right, one.feedback_wrong] if one.answer else [one.feedback_wrong, one.feedback_right]
        found += [(f"F{n}", text, chosen(n, one)) for n, text in enumerate(said, 1) if text]
    for n, a in enumerate(one.answers, 1):
        if a.feedback:
            found.append((f"F{n}", a.feedback, chosen(n, one)))
    return found


def chosen(n: int, one: Question) -> str:
    said = '<variable identifier="RESPONSE"/>'
    if one.kind == "short":
        test = f'<stringMatch caseSensitive="false">{said}<baseValue baseType="string">{escape(one.answers[n - 1].text)}</baseValue></stringMatch>'
    elif one.kind == "numeric":
        a = one.answers[n - 1]
        test = f"<not>{'<or>' + ''.join(within(o) for o in one.answers if o.value != '*') + '</or>'}</not>" if a.value == "*" else within(a)  # fmt: skip
    elif one.kind == "multi":
        test = f'<member><baseValue baseType="identifier">A{n}</baseValue>{said}</member>'
    else:
        test = f'<match>{said}<baseValue baseType="identifier">A{n}</baseValue></match>'
    also = f'<multiple><variable identifier="FEEDBACK"/><baseValue baseType="identifier">F{n}</baseValue></multiple>'
    return f'<responseCondition><responseIf>{test}<setOutcomeValue identifier="FEEDBACK">{also}</setOutcomeValue></responseIf></responseCondition>'  # fmt: skip


def options(one: Question) -> list[tuple[str, str, str]]:
    """(identifier, text, share) of each."""
    if one.kind == "true_false":
        return [("A1", "true", "1" if one.answer else "0"), ("A2", "false", "0" if one.answer else "1")]
    return [(f"A{n}", html(a.text, one.format), a.fraction) for n, a in enumerate(one.answers, 1)]


def choice(one: Question) -> tuple[str, str, str]:
    found = options(one)
    many = one.kind == "multi"
    right = "".join(f"<value>{name}</value>" for name, _t, part in found if Decimal(part) > 0)
    mapped = "".join(f'<mapEntry mapKey="{name}" mappedValue="{part}"/>' for name, _t, part in found)
    declared = (
        f'<responseDeclaration identifier="RESPONSE" cardinality="{"multiple" if many else "single"}" baseType="identifier">'
        f'<correctResponse>{right}</correctResponse><mapping lowerBound="0" upperBound="1" defaultValue="0">{mapped}</mapping></responseDeclaration>'
    )
    said = "".join(f'<simpleChoice identifier="{name}">{text}</simpleChoice>' for name, text, _p in found)
    shown = f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="{str(one.kind != "true_false").lower()}" maxChoices="{0 if many else 1}">{said}</choiceInteraction>'
    return declared, shown, f'<responseProcessing template="{WAYS}/map_response"/>'


def entry(one: Question) -> tuple[str, str, str]:
    """A short answer, or a number: a number within its tolerance is told by its bounds."""
    shown = '<p><textEntryInteraction responseIdentifier="RESPONSE" expectedLength="40"/></p>'
    if one.kind == "short":
        first = next((a.text for a in one.answers if a.fraction == "1"), one.answers[0].text)
        mapped = "".join(f'<mapEntry mapKey="{escape(a.text)}" mappedValue="{a.fraction}" caseSensitive="false"/>' for a in one.answers)  # fmt: skip
        declared = (
            '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string">'
            f'<correctResponse><value>{escape(first)}</value></correctResponse><mapping defaultValue="0">{mapped}</mapping></responseDeclaration>'
        )
        return declared, shown, f'<responseProcessing template="{WAYS}/map_response"/>'
    numbers = [a for a in one.answers if a.value != "*"]
    middle = plain_decimal(sum(bounds_of(numbers[0]), Decimal()) / 2) if numbers else "0"
    declared = f'<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="float"><correctResponse><value>{middle}</value></correctResponse></responseDeclaration>'  # fmt: skip
    ways = "".join(rule(a, "responseIf" if n == 0 else "responseElseIf") for n, a in enumerate(numbers))  # fmt: skip
    other = next((a.fraction for a in one.answers if a.value == "*"), "0")
    rest = f"<responseElse>{score(other)}</responseElse>" if ways else score(other)
    scoring = f"<responseCondition>{ways}{rest}</responseCondition>" if ways else rest
    return declared, shown, f"<responseProcessing>{scoring}</responseProcessing>"


def bounds_of(a: Reply) -> tuple[Decimal, Decimal]:
    if a.low:
        return Decimal(a.low), Decimal(a.high)
    slack = abs(Decimal(a.tolerance or "0"))
    return Decimal(a.value) - slack, Decimal(a.value) + slack


def score(part: str) -> str:
    return f'<setOutcomeValue identifier="SCORE"><baseValue baseType="float">{part}</baseValue></setOutcomeValue>'


def within(a: Reply) -> str:
    said = '<variable identifier="RESPONSE"/>'
    low, high = (plain_decimal(v) for v in bounds_of(a))
    return f'<and><gte>{said}<baseValue baseType="float">{low}</baseValue></gte><lte>{said}<baseValue baseType="float">{high}</baseValue></lte></and>'


def rule(a: Reply, tag: str) -> str:
    return f"<{tag}>{within(a)}{score(a.fraction)}</{tag}>"


def match(one: Question) -> tuple[str, str, str]:
    """Pairs to relate. A right half without a left one is there to mislead."""
    left = [(f"L{n}", text) for n, (text, _right) in enumerate(one.pairs, 1) if text]
    halves = list(dict.fromkeys(right for _left, right in one.pairs))
    right = {text: f"R{n}" for n, text in enumerate(halves, 1)}
    ties = [(f"L{n}", right[half]) for n, (text, half) in enumerate(one.pairs, 1) if text]
    each = plain_decimal((Decimal(1) / max(1, len(ties))).quantize(Decimal("0.000001")))
    said = "".join(f"<value>{a} {b}</value>" for a, b in ties)
    mapped = "".join(f'<mapEntry mapKey="{a} {b}" mappedValue="{each}"/>' for a, b in ties)
    declared = f'<responseDeclaration identifier="RESPONSE" cardinality="multiple" baseType="directedPair"><correctResponse>{said}</correctResponse><mapping lowerBound="0" upperBound="1" defaultValue="0">{mapped}</mapping></responseDeclaration>'  # fmt: skip
    first = "".join(f'<simpleAssociableChoice identifier="{n}" matchMax="1">{html(t, one.format)}</simpleAssociableChoice>' for n, t in left)  # fmt: skip
    second = "".join(f'<simpleAssociableChoice identifier="{n}" matchMax="{len(left) or 1}">{html(t, one.format)}</simpleAssociableChoice>' for t, n in right.items())  # fmt: skip
    shown = f'<matchInteraction responseIdentifier="RESPONSE" shuffle="true" maxAssociations="{len(left) or 1}"><simpleMatchSet>{first}</simpleMatchSet><simpleMatchSet>{second}</simpleMatchSet></matchInteraction>'  # fmt: skip
    return declared, shown, f'<responseProcessing template="{WAYS}/map_response"/>'


def essay(_one: Question) -> tuple[str, str, str]:
    declared = '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="string"/>'
    return declared, '<extendedTextInteraction responseIdentifier="RESPONSE" expectedLines="8"/>', ""
