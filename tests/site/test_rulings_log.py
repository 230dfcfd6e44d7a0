"""Publications of the court's decisions in the log, for the product, the script and the page: the same answer of the three."""

from __future__ import annotations

import json

import pytest

from tests.site.judges import Signed, by_page, by_product, by_script, note_of
from tests.site.malformed import KEY, raw, whole

SOUND = {"version": 2, "full_sha256": "c" * 64, "public_sha256": "d" * 64, "document_sha256": "e" * 64}
ODD = {
    "a version again": {"act": "2027-05/CC-EL", "version": 1},
    "a version passed over": {"act": "2027-05/CC-EL", "version": 3},
    "a first version that is not the first": {"act": "2027-06/CC-EL", "version": 2},
    "no decision": {"act": ""},
    "version nought": {"act": "2027-06/CC-EL", "version": 0},
    "a hash that is none": {"act": "2027-05/CC-EL", "public_sha256": "D" * 64},
    "words of the decision": {"act": "2027-05/CC-EL", "words": "le témoin"},
    "a decision named as what every object has": {"act": "__proto__", "version": 2},
}
GOOD = {
    "the version that follows": {"act": "2027-05/CC-EL"},
    "another decision": {"act": "2027-06/CC-EL", "version": 1},
    "a decision named as what every object has": {"act": "__proto__", "version": 1},
}


def log(change) -> Signed:
    entries, files = whole()
    head = {k: v for k, v in json.loads(entries[0]).items() if k in ("v", "election", "contest", "round")}
    manifest = {**json.loads(entries[0]), "keys": [KEY.verifier.text()]}
    made = [raw(manifest), *entries[1:], raw({**head, "kind": "ruling", **SOUND, **change})]
    return Signed(KEY.name, made, files, note_of(KEY.name, made, KEY), [KEY.verifier.text()])


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    where = tmp_path_factory.mktemp("rulings")
    logs = {
        (kind, name): log(change) for kind, cases in (("good", GOOD), ("odd", ODD)) for name, change in cases.items()
    }
    page = by_page(logs.values())
    return {key: (by_product(one, where), by_script(one, where), page[n]) for n, (key, one) in enumerate(logs.items())}


@pytest.mark.parametrize("name", GOOD)
def test_a_publication_in_its_order_is_valid_for_the_three(judged, name):
    assert judged["good", name] == ("", "", "")


@pytest.mark.parametrize("name", ODD)
def test_a_publication_out_of_order_or_with_another_field_is_valid_for_none(judged, name):
    assert all(judged["odd", name])
