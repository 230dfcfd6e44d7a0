"""What is no plan of MS Project is refused; what is one is kept whole."""

import pytest
from lxml import etree

from kalata.planning.rules.exchange.mspdi import project_of, tree_of, written
from kalata.planning.rules.faults import AnotherForm, BadDuration, BadLink, RepeatedId, UnknownActivity

from .files import NAMESPACE, link, project, task

BOMB = b'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><Project xmlns="http://schemas.microsoft.com/project"><Name>&b;</Name></Project>'


@pytest.mark.parametrize(
    "raw",
    [
        BOMB,
        BOMB.decode().replace('version="1.0"', 'version="1.0" encoding="UTF-16"').encode("utf-16"),
        b'<!DOCTYPE Project SYSTEM "file:///etc/passwd"><Project xmlns="http://schemas.microsoft.com/project"/>',
        b'<?xml version="1.0"?><APIBusinessObjects xmlns="http://xmlns.oracle.com/Primavera/P6/V19"><Project/></APIBusinessObjects>',
        b"ERMHDR\t19.12\t2027-03-08\tProject\n%T\tTASK\n",
        b'<?xml version="1.0"?><project><task id="1"/></project>',
        b'<?xml version="1.0"?><Project DefaultTargets="Build" xmlns="http://schemas.microsoft.com/developer/msbuild/2003"/>',
        b"<Project><PropertyGroup/></Project>",
        b'<Project xmlns="http://schemas.microsoft.com/project"><Tasks>',
        b"id,dur_likely\nA,5\n",
        b"",
        b"\x00\x01\x02",
        b"<Project>" * 100,
    ],
)
def test_what_is_of_another_form_is_refused(raw):
    with pytest.raises(AnotherForm, match="PLN-108"):
        project_of(tree_of(raw))


def test_a_primavera_export_is_named():
    with pytest.raises(AnotherForm, match="Primavera"):
        tree_of(b"ERMHDR\t19.12")


def test_a_document_is_written_again_with_what_nobody_knows():
    raw = project(
        task(1, 8, more="<Unheard>of <!-- kept --><b x='1'/></Unheard>"), task(2, 8, link(1)),
        head="<!-- first --><Later xmlns='urn:other'> spaced  </Later>", tail="<Zzz/><?keep this?>",
    )  # fmt: skip
    once = written(tree_of(raw))
    assert etree.tostring(etree.fromstring(raw), method="c14n") == etree.tostring(etree.fromstring(once), method="c14n")
    assert written(tree_of(once)) == once


def test_another_encoding_is_read_and_kept():
    raw = project(task(1, 8, Name="Répétition")).decode().replace("UTF-8", "UTF-16").encode("utf-16")
    tree = tree_of(raw)
    assert project_of(tree).tasks[0].name == "Répétition"
    assert project_of(tree_of(written(tree))).tasks[0].name == "Répétition"


@pytest.mark.parametrize(
    ("raw", "refusal", "code"),
    [
        (project(task(1, 8, link(7))), UnknownActivity, "PLN-102"),
        (project(task(1, 8), task(1, 8)), RepeatedId, "PLN-105"),
        (project(task(1, 8, Duration="PT-8H")), BadDuration, "PLN-103"),
        (project(task(1, 8, Duration="-PT8H0M0S")), BadDuration, "PLN-103"),
        (project(task(1, 8, Duration="8 days")), BadDuration, "PLN-103"),
        (project(task(1, 8), task(2, 8, link(1, 4))), BadLink, "PLN-104"),
        (project(task(1, 8), task(2, 8, link(1, 1, 0, 99))), BadLink, "PLN-104"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_line(raw, refusal, code):
    with pytest.raises(refusal, match=code) as refused:
        project_of(tree_of(raw))
    assert refused.value.rows


def test_a_link_to_another_file_is_no_link_to_an_unknown_task():
    other = link(7).replace("<CrossProject>0", "<CrossProject>1")
    assert project_of(tree_of(project(task(1, 8, other)))).tasks[0].links[0].pred == "7"


def test_empty_rows_are_no_tasks():
    assert [
        t.uid for t in project_of(tree_of(project(task(1, 8), "<Task><UID>3</UID><IsNull>1</IsNull></Task>"))).tasks
    ] == ["1"]
    assert NAMESPACE.encode() in project()
