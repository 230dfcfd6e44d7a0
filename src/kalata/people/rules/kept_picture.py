"""A picture as a request keeps it: what the asker had before the eyes, what the second person signed. Pure, both ways.

Sentences are kept with their values, so that each reader later reads them in his own language.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from kalata.people.rules.picture import Effect, Item, Line, Picture, Piece, Row
from kalata.text import Message, Named

Json = Any


def said(value: Any) -> Json:
    """A text or a value of one. Anything that is neither is kept as it is written in French."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Message):
        return {"message": value.template, "with": {k: said(v) for k, v in value.params.items()}}
    if isinstance(value, Named):
        return {"fr": value.fr, "en": value.en}
    if isinstance(value, Fraction):
        return {"fraction": [value.numerator, value.denominator]}
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, time):
        return {"hour": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": int(value.total_seconds())}
    if isinstance(value, tuple | list):
        return {"all": [said(v) for v in value]}
    return str(value)


def read(value: Json) -> Any:
    """The value that `said` kept."""
    if not isinstance(value, Mapping):
        return value
    if "message" in value:
        return Message(value["message"], {k: read(v) for k, v in value["with"].items()})
    if "fraction" in value:
        return Fraction(*value["fraction"])
    if "instant" in value:
        return datetime.fromisoformat(value["instant"])
    if "day" in value:
        return date.fromisoformat(value["day"])
    if "hour" in value:
        return time.fromisoformat(value["hour"])
    if "seconds" in value:
        return timedelta(seconds=value["seconds"])
    if "all" in value:
        return tuple(read(v) for v in value["all"])
    return Named(value["fr"], value["en"])


def record(picture: Picture, items: tuple[Item, ...] = ()) -> dict[str, Json]:
    """A picture as plain data, without its facts, which the request keeps beside it. items: of more than its page."""
    effect = picture.effect
    return {
        "says": said(picture.says),
        "count": picture.count,
        "items": [
            {
                "title": said(i.title), "code": i.code, "same": i.same, "note": said(i.note),
                "lines": [[said(x.label), said(x.before), said(x.after)] for x in i.lines],
                "images": [[said(caption), address] for caption, address in i.images],
            }
            for i in items or picture.items
        ],
        "effect": None if effect is None else {
            "says": said(effect.says), "calm": effect.calm, "inside": effect.inside, "rows": [row(r) for r in effect.rows],
            "total": row(effect.total), "notes": [said(n) for n in effect.notes],
        },
        "pieces": [[said(p.label), said(p.note), p.url, p.intact] for p in picture.pieces],
        "then": [said(t) for t in picture.then],
    }  # fmt: skip


def row(of: Row) -> list[Json]:
    shares = [said(of.share_before), said(of.share_after)]
    return [of.label, of.before, of.after, *shares, of.rank_before, of.rank_after, of.emblem]


def row_of(kept: list[Json]) -> Row:
    label, before, after, was, becomes, rank, rank_after, emblem = kept
    return Row(label, before, after, read(was), read(becomes), rank, rank_after, emblem)


def picture_of(kept: Mapping[str, Json] | None) -> Picture | None:
    """The picture that a request kept; None where it was asked before pictures were."""
    if not kept:
        return None
    effect = kept["effect"]
    return Picture(
        read(kept["says"]),
        {},
        tuple(
            Item(
                read(i["title"]), i["code"], tuple(Line(read(a), read(b), read(c)) for a, b, c in i["lines"]), i["same"],
                read(i["note"]), tuple((read(caption), address) for caption, address in i["images"]),
            )
            for i in kept["items"]
        ),
        kept["count"],
        None
        if effect is None
        else Effect(
            read(effect["says"]), effect["calm"], tuple(row_of(r) for r in effect["rows"]), row_of(effect["total"]),
            tuple(read(n) for n in effect["notes"]), effect["inside"],
        ),
        tuple(Piece(read(label), read(note), url, intact) for label, note, url, intact in kept["pieces"]),
        tuple(read(t) for t in kept["then"]),
    )  # fmt: skip
