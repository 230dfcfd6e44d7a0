"""NIST SP 1500-100 version 2 (results reporting): JSON and XML of one log, written as a stream.

Mapping: docs/decisions/0009. A station is a `precinct`; blank and annulled votes have no field there and
stay in results.csv. Sums of an area are the sum of its stations, by construction.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape as xml_escape
from xml.sax.saxutils import quoteattr

from kalata.results.rules.coverage import Situation
from kalata.results.rules.outcome import Outcome, Status
from kalata.results.rules.systems import Kind
from kalata.transparency.rules.replay import NATION, Area, Key
from kalata.transparency.site.edition import Edition

NAMESPACE = "http://itl.nist.gov/ns/voting/1500-100/v2"
LEVELS = ("state", "county", "municipality")
PARTS = {"general": "election-day", "advance": "early"}


class Report:
    """Identifiers, units and counts, computed once and written twice."""

    def __init__(self, edition: Edition, at: datetime, issuer: str, issuer_short: str) -> None:
        self.edition, self.at, self.issuer, self.short = edition, at, issuer, issuer_short
        manifest = edition.replay.manifest
        areas = [NATION, *sorted(a for a in edition.figures if a != NATION)]
        self.unit_id: dict[Area, str] = {a: f"u{i}" for i, a in enumerate(areas)}
        self.station_id: dict[Key, str] = {k: f"s{i}" for i, k in enumerate(sorted(edition.replay.register.places))}
        self.levels = sorted({a[0] for a in areas if a[0].isdigit()}, key=int)
        self.kind = edition.system.kind if edition.system else None
        self.status = self.report_status()
        self.outcome: Outcome | None = edition.outcome()
        self.day = manifest.get("polling_day") or at.date().isoformat()
        self.counted = {k: v[-1].entry for k, v in edition.replay.history.items() if v[-1].excluded is None}

    def report_status(self) -> str:
        edition = self.edition
        if edition.final:
            return "certified"
        if any(v.excluded is not None or i for vs in edition.replay.history.values() for i, v in enumerate(vs)):
            return "correction"
        return "unofficial-complete" if edition.complete else "unofficial-partial"

    def unit_type(self, area: Area) -> tuple[str, str]:
        """(type, other type)."""
        if area == NATION:
            return "country", ""
        if area[0] == "constituency":
            return "other", "constituency"
        kind = self.edition.replay.register.zones[area].kind or f"level {area[0]}"
        if kind == "arrondissement":
            return "other", kind
        place = self.levels.index(area[0])
        return (LEVELS[place], "") if place < len(LEVELS) else ("other", kind)

    def after(self, number: int) -> str:
        """What became of a candidate, once nothing can change it; empty before."""
        found = self.outcome
        if found is None or found.status in (Status.UNDETERMINED, Status.TIE) or not self.edition.complete:
            return ""
        if found.status is Status.RUNOFF:
            return "advanced-to-runoff" if self.edition.codes[number] in found.options else "defeated"
        if found.status is Status.ELECTED:
            return "winner" if self.edition.codes[number] in found.options else "defeated"
        return ""

    def units(self) -> Iterator[dict[str, Any]]:
        edition = self.edition
        constituencies: dict[Area, list[Key]] = {}
        for key, place in edition.replay.register.places.items():
            for area in place.areas:
                if area[0] == "constituency":
                    constituencies.setdefault(area, []).append(key)
        for area, name in self.unit_id.items():
            found = edition.figures[area]
            kind, other = self.unit_type(area)
            below = [self.unit_id[a] for a in edition.children.get(area, ())]
            below += [self.station_id[k] for k in (constituencies.get(area) or edition.stations.get(area) or [])]
            yield {
                "id": name, "type": kind, "other": other, "code": area[1], "name": found.name or self.title("fr"),
                "below": below, "reported": found.coverage.counted + found.coverage.annulled, "total": found.coverage.expected,
                "registered": found.boxes.get("registered"), "participated": found.voters,
                "status": "completed" if not found.coverage.missing else "in-process" if found.coverage.counted else "not-processed",
            }  # fmt: skip
        for key, name in self.station_id.items():
            place, entry = edition.replay.register.places[key], self.counted.get(key)
            yield {
                "id": name, "type": "precinct", "other": "", "code": key[1], "name": place.name or key[1], "below": [],
                "reported": None, "total": None, "registered": entry.get("registered") if entry else place.registered,
                "participated": (entry.get("voters", entry.get("found")) if entry else None),
                "status": "completed" if edition.situation(key) in (Situation.COUNTED, Situation.ANNULLED) else "not-processed",
            }  # fmt: skip

    def counts(self, place: int) -> Iterator[tuple[str, str, str, int]]:
        """(unit, type, other type, count) of the option at a place of the ballot: sums, then stations."""
        edition = self.edition
        number = edition.replay.lists[place]
        for area, name in self.unit_id.items():
            yield name, "total", "", edition.figures[area].votes[place]
        for key, entry in self.counted.items():
            count = next((v["n"] for v in entry["votes"] if v["list"] == number), None)
            if count is not None:
                kind = PARTS.get(key[0])
                yield self.station_id[key], kind or "other", "" if kind else key[0], count

    def ballots(self) -> Iterator[tuple[str, str, str, int | None, int | None]]:
        """(unit, type, other type, cast, rejected)."""
        for area, name in self.unit_id.items():
            boxes = self.edition.figures[area].boxes
            yield name, "total", "", boxes.get("found", boxes.get("voters")), boxes.get("invalid")
        for key, entry in self.counted.items():
            kind = PARTS.get(key[0])
            yield self.station_id[key], kind or "other", "" if kind else key[0], entry.get("found", entry.get("voters")), entry.get("invalid")  # fmt: skip

    def title(self, lang: str) -> str:
        names = self.edition.replay.manifest.get("names", {})
        return str(names.get(lang) or self.edition.replay.manifest["contest"])

    @property
    def lists(self) -> bool:
        return self.kind in (Kind.PROPORTIONAL, Kind.LIST_PLURALITY)

    @property
    def referendum(self) -> bool:
        return self.kind is Kind.TWO_OPTION_MAJORITY

    @property
    def variation(self) -> str:
        return {Kind.PROPORTIONAL: "proportional", Kind.PLURALITY: "plurality", Kind.LIST_PLURALITY: "plurality"}.get(self.kind or Kind.PLURALITY, "majority")  # fmt: skip

    @property
    def sequence(self) -> int:
        return max(len(self.edition.replay.batches), 1)


def dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def texts(**said: str) -> dict[str, Any]:
    strings = [{"@type": "ElectionResults.LanguageString", "Content": t, "Language": lang} for lang, t in said.items()]
    return {"@type": "ElectionResults.InternationalizedText", "Text": strings}


def as_json(report: Report) -> Iterator[str]:
    """The report, part by part."""
    edition, manifest = report.edition, report.edition.replay.manifest
    head = {
        "@type": "ElectionResults.ElectionReport", "Format": "precinct-level", "Status": report.status,
        "Issuer": report.issuer, "IssuerAbbreviation": report.short, "SequenceStart": report.sequence,
        "SequenceEnd": report.sequence, "GeneratedDate": report.at.isoformat(timespec="seconds"),
        "VendorApplicationId": f"kalata {manifest['software']['version']}", "IsTest": manifest["exercise"],
        "Notes": f"log {edition.point.origin} size {edition.point.size} root {edition.point.root.hex()}",
    }  # fmt: skip
    yield dumped(head)[:-1] + ',"GpUnit":['
    gap = ""
    for unit in report.units():
        made: dict[str, Any] = {"@type": "ElectionResults.ReportingUnit", "@id": unit["id"], "Type": unit["type"], "Name": texts(fr=unit["name"])}  # fmt: skip
        if unit["other"]:
            made["OtherType"] = unit["other"]
        if unit["code"]:
            made["Number"] = unit["code"]
            made["ExternalIdentifier"] = [{"@type": "ElectionResults.ExternalIdentifier", "Type": "local-level", "Value": unit["code"]}]  # fmt: skip
        if unit["below"]:
            made["ComposingGpUnitIds"] = unit["below"]
        for name, key in (("SubUnitsReported", "reported"), ("TotalSubUnits", "total"), ("VotersRegistered", "registered"), ("VotersParticipated", "participated")):  # fmt: skip
            if unit[key] is not None:
                made[name] = unit[key]
        made["CountStatus"] = [{"@type": "ElectionResults.CountStatus", "Type": "total", "Status": unit["status"]}]
        yield gap + dumped(made)
        gap = ","
    parties = [
        {"@type": "ElectionResults.Party", "@id": f"p{n}", "Name": texts(fr=edition.names[n])}
        for n in edition.replay.lists
    ]
    yield "]" + (f',"Party":{dumped(parties)}' if report.lists else "")
    election = {
        "@type": "ElectionResults.Election", "Name": texts(fr=report.title("fr"), en=report.title("en")),
        "Type": "runoff" if manifest["round"] > 1 else "general", "StartDate": report.day, "EndDate": report.day,
        "ElectionScopeId": report.unit_id[NATION],
    }  # fmt: skip
    yield ',"Election":[' + dumped(election)[:-1]
    if not report.lists and not report.referendum:
        people = []
        for n in edition.replay.lists:
            one: dict[str, Any] = {"@type": "ElectionResults.Candidate", "@id": f"c{n}", "BallotName": texts(fr=edition.names[n])}  # fmt: skip
            withdrawn = next((o.get("withdrawn") for o in manifest["lists"] if o["list"] == n), False)
            status = "withdrawn" if withdrawn else report.after(n)
            people.append({**one, **({"PostElectionStatus": status} if status else {})})
        yield f',"Candidate":{dumped(people)}'
    yield ',"BallotCounts":['
    gap = ""
    for unit_id, kind, other, cast, rejected in report.ballots():
        extra = f',"OtherType":{dumped(other)}' if other else ""
        extra += f',"BallotsCast":{cast}' if cast is not None else ""
        extra += f',"BallotsRejected":{rejected}' if rejected is not None else ""
        yield f'{gap}{{"@type":"ElectionResults.BallotCounts","GpUnitId":"{unit_id}","Type":"{kind}"{extra}}}'
        gap = ","
    yield '],"Contest":['
    found = edition.figures[NATION]
    kind = "BallotMeasureContest" if report.referendum else "PartyContest" if report.lists else "CandidateContest"
    contest: dict[str, Any] = {
        "@type": f"ElectionResults.{kind}", "@id": "k1", "ElectionDistrictId": report.unit_id[NATION], "Name": report.title("fr"),
        "VoteVariation": report.variation, "SubUnitsReported": found.coverage.counted + found.coverage.annulled, "TotalSubUnits": found.coverage.expected,
    }  # fmt: skip
    if report.referendum:
        contest["Type"] = "referendum"
        if edition.system:
            contest["PassageThreshold"] = texts(
                fr=edition.system.rule_text() if hasattr(edition.system, "rule_text") else ""
            )
    elif not report.lists:
        contest |= {"VotesAllowed": 1, "NumberElected": 1}
        if report.variation == "majority" and manifest["round"] == 1:
            contest["NumberRunoff"] = 2
    yield dumped(contest)[:-1] + ',"ContestSelection":['
    for place, n in enumerate(edition.replay.lists):
        name = (
            "BallotMeasureSelection"
            if report.referendum
            else "PartySelection"
            if report.lists
            else "CandidateSelection"
        )
        chosen: dict[str, Any] = {"@type": f"ElectionResults.{name}", "@id": f"o{n}", "SequenceOrder": place + 1}
        if report.referendum:
            chosen["Selection"] = texts(fr=edition.names[n])
        elif report.lists:
            chosen["PartyIds"] = [f"p{n}"]
        else:
            chosen["CandidateIds"] = [f"c{n}"]
        yield ("," if place else "") + dumped(chosen)[:-1] + ',"VoteCounts":['
        gap = ""
        for unit_id, type_, other, count in report.counts(place):
            extra = f',"OtherType":{dumped(other)}' if other else ""
            yield f'{gap}{{"@type":"ElectionResults.VoteCounts","GpUnitId":"{unit_id}","Type":"{type_}","Count":{count}{extra}}}'
            gap = ","
        yield "]}"
    yield "]}]}]}"


def escape(text: str) -> str:
    """XML text: what no XML may hold (control characters) is left out."""
    return xml_escape("".join(c for c in text if c in "\t\n\r" or c >= " "))


def tag(name: str, value: Any) -> str:
    return f"<{name}>{escape(str(value))}</{name}>" if value is not None and value != "" else ""


def words(name: str, **said: str) -> str:
    inner = "".join(f"<Text Language={quoteattr(lang)}>{escape(t)}</Text>" for lang, t in said.items())
    return f"<{name}>{inner}</{name}>"


def as_xml(report: Report) -> Iterator[str]:
    """The same report in the order that the schema wants."""
    edition, manifest = report.edition, report.edition.replay.manifest
    yield f'<?xml version="1.0" encoding="UTF-8"?><ElectionReport xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    yield "<Election>"
    for unit_id, kind, other, cast, rejected in report.ballots():
        counts = f"{tag('BallotsCast', cast)}{tag('BallotsRejected', rejected)}"
        yield f"<BallotCounts><GpUnitId>{unit_id}</GpUnitId>{tag('OtherType', other)}<Type>{kind}</Type>{counts}</BallotCounts>"
    if not report.lists and not report.referendum:
        for n in edition.replay.lists:
            withdrawn = next((o.get("withdrawn") for o in manifest["lists"] if o["list"] == n), False)
            status = "withdrawn" if withdrawn else report.after(n)
            yield f'<Candidate ObjectId="c{n}">{words("BallotName", fr=edition.names[n])}{tag("PostElectionStatus", status)}</Candidate>'
    kind = "BallotMeasureContest" if report.referendum else "PartyContest" if report.lists else "CandidateContest"
    yield f'<Contest ObjectId="k1" xsi:type="{kind}">'
    for place, n in enumerate(edition.replay.lists):
        name = (
            "BallotMeasureSelection"
            if report.referendum
            else "PartySelection"
            if report.lists
            else "CandidateSelection"
        )
        yield f'<ContestSelection ObjectId="o{n}" xsi:type="{name}"><SequenceOrder>{place + 1}</SequenceOrder>'
        for unit_id, type_, other, count in report.counts(place):
            yield f"<VoteCounts><GpUnitId>{unit_id}</GpUnitId>{tag('OtherType', other)}<Type>{type_}</Type><Count>{count}</Count></VoteCounts>"
        if report.referendum:
            yield words("Selection", fr=edition.names[n])
        else:
            yield tag("PartyIds" if report.lists else "CandidateIds", f"{'p' if report.lists else 'c'}{n}")
        yield "</ContestSelection>"
    found = edition.figures[NATION]
    yield f"<ElectionDistrictId>{report.unit_id[NATION]}</ElectionDistrictId>{tag('Name', report.title('fr'))}"
    yield f"<SubUnitsReported>{found.coverage.counted + found.coverage.annulled}</SubUnitsReported><TotalSubUnits>{found.coverage.expected}</TotalSubUnits><VoteVariation>{report.variation}</VoteVariation>"
    if report.referendum:
        yield "<Type>referendum</Type>"
    elif not report.lists:
        runoff = "<NumberRunoff>2</NumberRunoff>" if report.variation == "majority" and manifest["round"] == 1 else ""
        yield f"<NumberElected>1</NumberElected>{runoff}<VotesAllowed>1</VotesAllowed>"
    yield "</Contest>"
    yield f"<ElectionScopeId>{report.unit_id[NATION]}</ElectionScopeId>{words('Name', fr=report.title('fr'), en=report.title('en'))}"
    kind = "runoff" if manifest["round"] > 1 else "general"
    yield f"<StartDate>{report.day}</StartDate><EndDate>{report.day}</EndDate><Type>{kind}</Type></Election>"
    yield f"<Format>precinct-level</Format><GeneratedDate>{report.at.isoformat(timespec='seconds')}</GeneratedDate>"
    for unit in report.units():
        code = f"<ExternalIdentifier><Type>local-level</Type><Value>{escape(unit['code'])}</Value></ExternalIdentifier>" if unit["code"] else ""  # fmt: skip
        yield f'<GpUnit ObjectId="{unit["id"]}" xsi:type="ReportingUnit">'
        yield tag("ComposingGpUnitIds", " ".join(unit["below"])) + code + words("Name", fr=unit["name"])
        yield f"<CountStatus><Status>{unit['status']}</Status><Type>total</Type></CountStatus>{tag('Number', unit['code'])}"
        yield f"{tag('SubUnitsReported', unit['reported'])}{tag('TotalSubUnits', unit['total'])}<Type>{unit['type']}</Type>{tag('OtherType', unit['other'])}"
        yield f"{tag('VotersParticipated', unit['participated'])}{tag('VotersRegistered', unit['registered'])}</GpUnit>"
    yield f"{tag('Issuer', report.issuer)}{tag('IssuerAbbreviation', report.short)}<IsTest>{'true' if manifest['exercise'] else 'false'}</IsTest>"
    yield tag("Notes", f"log {edition.point.origin} size {edition.point.size} root {edition.point.root.hex()}")
    if report.lists:
        for n in edition.replay.lists:
            yield f'<Party ObjectId="p{n}" xsi:type="Party">{words("Name", fr=edition.names[n])}</Party>'
    yield f"<SequenceStart>{report.sequence}</SequenceStart><SequenceEnd>{report.sequence}</SequenceEnd><Status>{report.status}</Status>"
    yield f"<VendorApplicationId>{escape('kalata ' + manifest['software']['version'])}</VendorApplicationId></ElectionReport>"


def unresolved(document: dict[str, Any]) -> list[str]:
    """References of a JSON report that name nothing in it: what a schema validator does not look at."""
    known: set[str] = set()
    asked: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if "@id" in value:
                known.add(value["@id"])
            for name, inner in value.items():
                if name.endswith("Id") and name not in ("@id", "VendorApplicationId") and isinstance(inner, str):
                    asked.add(inner)
                elif name.endswith("Ids") and isinstance(inner, list):
                    asked.update(inner)
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(document)
    return sorted(asked - known)
