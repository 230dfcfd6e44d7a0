"""A strict reader of the part of TaskJuggler's grammar that a plan needs, written from its manual: anything else is refused."""

import re

TOKEN = re.compile(
    r'\s+|"[^"]*"|\'[^\']*\'|\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2}|\+\d+[dwmy]|\d+[dwmy]?|[A-Za-z_][A-Za-z0-9_]*|[{},-]'
)
OWN = re.compile(r"[A-Z][A-Za-z0-9_]*")


class Reader:
    def __init__(self, text):
        self.tokens, at = [], 0
        while at < len(text):
            met = TOKEN.match(text, at)
            assert met, text[at : at + 40]
            if not met[0].isspace():
                self.tokens.append(met[0])
            at = met.end()
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *wanted):
        token = self.peek()
        assert token and (not wanted or token in wanted), (token, wanted)
        self.at += 1
        return token

    def match(self, pattern):
        token = self.take()
        assert re.fullmatch(pattern, token), (token, pattern)
        return token

    def string(self):
        return self.match(r'"[^"]*"|\'[^\']*\'')[1:-1]

    def name(self):
        return self.match(r"[A-Za-z_][A-Za-z0-9_]*")

    def day(self):
        return self.match(r"\d{4}-\d{2}-\d{2}")

    def days(self):
        return int(self.match(r"\d+d")[:-1])


def read(text):
    r = Reader(text)
    found = {"flags": set(), "leaves": [], "tasks": [], "own": {}}
    r.take("project")
    r.name()
    r.string()
    found["start"] = r.day()
    r.match(r"\+\d+w")
    r.take("{")
    while r.peek() != "}":
        header(r, found)
    r.take("}")
    while r.peek():
        match r.take("flags", "leaves", "task"):
            case "flags":
                found["flags"].add(r.name())
                while r.peek() == ",":
                    r.take(",")
                    found["flags"].add(r.name())
            case "leaves":
                r.take("holiday")
                r.string()
                found["leaves"].append(r.day())
            case "task":
                found["tasks"].append(task(r, found))
    return found


def header(r, found):
    match r.take("timezone", "timeformat", "dailyworkinghours", "yearlyworkingdays", "workinghours", "extend"):
        case "timezone" | "timeformat":
            r.string()
        case "dailyworkinghours" | "yearlyworkingdays":
            r.match(r"\d+")
        case "workinghours":
            r.take("mon", "tue", "wed", "thu", "fri", "sat", "sun")
            while r.peek() == ",":
                r.take(",")
                r.take("mon", "tue", "wed", "thu", "fri", "sat", "sun")
            if r.peek() == "off":
                r.take("off")
                return
            hours(r)
            while r.peek() == ",":
                r.take(",")
                hours(r)
        case "extend":
            r.take("task")
            r.take("{")
            while r.peek() != "}":
                r.take("text")
                name = r.match(OWN.pattern)
                assert name not in found["own"], name
                found["own"][name] = r.string()
            r.take("}")


def hours(r):
    r.match(r"\d{1,2}:\d{2}")
    r.take("-")
    r.match(r"\d{1,2}:\d{2}")


def task(r, found):
    one = {"id": r.name(), "name": r.string(), "depends": [], "own": {}}
    assert one["id"] not in {t["id"] for t in found["tasks"]}
    r.take("{")
    while r.peek() != "}":
        match r.take():
            case "flags":
                assert r.name() in found["flags"]
            case "milestone":
                pass
            case ("length" | "duration") as kind:
                one[kind] = r.days()
            case "start":
                assert r.day() == found["start"]
            case "depends":
                one["depends"].append(depends(r))
                while r.peek() == ",":
                    r.take(",")
                    one["depends"].append(depends(r))
            case own:
                assert own in found["own"], own
                one["own"][own] = r.string()
    r.take("}")
    return one


def depends(r):
    one = {"id": r.name()}
    if r.peek() == "{":
        r.take("{")
        while r.peek() != "}":
            match r.take("onstart", "gaplength", "gapduration"):
                case "onstart":
                    one["onstart"] = True
                case kind:
                    one[kind] = r.days()
        r.take("}")
    return one
