"""What the source never does, read from the source itself: each refusal here is a kind of attack that needs the thing refused."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests.trees import PYTHON, nodes, trees

SRC = Path(__file__).resolve().parents[1] / "src" / "kalata"
SCRIPTS = [p for p in sorted(SRC.rglob("*.js")) if p.name != "verifier-qr.js"]
TEMPLATES = [p for p in sorted(SRC.rglob("*.html")) if "assets" not in p.parts]


def short(path):
    return path.relative_to(SRC).as_posix()


@cache
def calls():
    """(file, "a.b.c", the call) of every call in the source."""
    return [(short(path), ast.unparse(node.func), node) for path, node in nodes() if isinstance(node, ast.Call)]


@cache
def imports():
    """(file, module) of every import in the source."""
    found = []
    for path, node in nodes():
        if isinstance(node, ast.Import):
            found += [(short(path), alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [(short(path), name) for name in (node.module, *(f"{node.module}.{a.name}" for a in node.names))]
    return found


def importing(*modules):
    return sorted({file for file, name in imports() if any(name == m or name.startswith(f"{m}.") for m in modules)})


def test_no_text_becomes_code():
    assert [(f, n) for f, n, _c in calls() if n in ("eval", "exec", "compile", "__import__")] == []
    assert importing("marshal", "shelve", "dill", "jsonpickle", "code", "runpy") == []
    # Between a process of the publication and the children it started, through files without a name.
    assert importing("pickle") == ["transparency/site/builder.py", "transparency/site/helpers.py"]


def test_a_command_is_a_list_and_never_goes_through_a_shell():
    started = [(f, n, c) for f, n, c in calls() if n.startswith("subprocess.")]
    for file, name, call in started:
        assert not [k for k in call.keywords if k.arg == "shell"], (file, name)
        assert not isinstance(call.args[0] if call.args else None, ast.JoinedStr | ast.Constant | ast.BinOp), (
            file,
            name,
        )
    assert [
        (f, n) for f, n, _c in calls() if n in ("os.system", "os.popen", "os.execv", "os.spawnl", "pty.spawn")
    ] == []


BY_HAND = {
    "ledger/locks.py", "ledger/limits.py",  # triggers bear the names of our tables
    "moving.py",  # tables, columns and keys of our models, as the database itself names them
    "backups.py", "storage.py", "archive/trial.py",  # every table of a file is counted, whatever its name
    "many.py", "results/services/authority.py", "transparency/site/datasets.py",  # bulk inserts and a copy: our own columns
}  # fmt: skip
"""Where the text of a query is put together, from constants of the source alone."""


def test_a_query_written_by_hand_is_a_constant_and_takes_its_values_apart():
    odd = [
        (f, ast.unparse(c)[:80])
        for f, n, c in calls()
        if n.endswith((".execute", ".executemany")) and f not in BY_HAND
        and not isinstance(c.args[0], ast.Constant)
    ]  # fmt: skip
    assert odd == []
    assert [(f, n) for f, n, _c in calls() if n.endswith((".raw", ".extra", "RawSQL"))] == [
        ("chain/queries.py", "RawSQL"),  # the same, of every kind of record
        ("chain/queries.py", "RawSQL"),
        ("disputes/queries/precedents.py", "RawSQL")  # full text: one constant for each database, the words apart
    ]


def test_no_xml_is_ever_read_and_no_directory_or_memory_cache_asked():
    read = importing("xml.etree", "xml.dom", "xml.sax.expatreader", "lxml", "defusedxml", "expat", "bs4", "signxml")
    assert read == [
        "disputes/signing/texts.py",  # a judgment that the Court signed: no DOCTYPE, no entity, no network
        "planning/rules/exchange/msp_out.py",  # it writes one, and reads nothing
        "planning/rules/exchange/mspdi.py",  # a plan of MS Project: the same, looked through once before it is read
    ]
    only_escape = ["results/rules/ledger_words.py", "transparency/site/feeds.py", "transparency/site/nist.py"]
    walked = [
        "planning/rules/exchange/mspdi.py",
        "training/rules/quiz/tree.py",  # questions of Moodle: a tree of plain nodes, no document type, no entity, bounded
        "training/rules/source/pictograms.py",  # a picture: each element and value is of a list, or the reading ends
    ]
    assert importing("xml") == sorted([*walked, *only_escape])
    assert importing("ldap", "ldap3", "memcache", "pymemcache", "pylibmc", "jpype", "graphene", "strawberry", "channels", "websockets") == []  # fmt: skip


def test_yaml_is_read_in_one_place_with_a_loader_that_builds_plain_values_only():
    odd = [(f, n) for f, n, _c in calls() if n in ("yaml.load", "yaml.unsafe_load", "yaml.full_load", "yaml.load_all")]
    assert odd == [("plain.py", "yaml.load")]
    from kalata import plain

    assert issubclass(plain.LOADER, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    for odd_tag in ("!!python/object/apply:os.system [ls]", "!!python/name:os.system", "!!binary aGk="):
        with pytest.raises(yaml.YAMLError):
            yaml.load(odd_tag, Loader=plain.LOADER)


def test_no_pattern_is_made_from_what_a_person_typed():
    odd = [
        (f, ast.unparse(c)[:80])
        for f, n, c in calls()
        if n in {f"re.{v}" for v in ("compile", "match", "search", "fullmatch", "sub", "split", "findall", "finditer")}
        and not isinstance(c.args[0], ast.Constant | ast.BinOp)
    ]  # fmt: skip
    ours = (
        "disputes/rules/gate_prose.py",
        "disputes/rules/identifiers.py",  # the form of a pack, escaped, its parts constants
        "tally/rehearsal/",
        "transparency/site/assets/verify.py",
        "web/bodies.py",
        "yaml_words.py",
    )
    assert sorted(o for o in odd if not o[0].startswith(ours)) == [  # of those the patterns are constants passed on
        ("codes.py", "re.compile(f'([{re.escape(SIGNS)}]+)')"),  # constants, escaped
        ("country/rules/lookup.py", "re.compile(pattern)"),  # its own table of spellings
        ("results/rules/profile.py", "re.compile(text)"),  # the simple patterns of a profile
        ("results/rules/profile.py", "re.match(self.pattern, c[:LONGEST_NAME])"),
        ("transparency/rules/entries.py", "re.compile(p)"),  # its own table of patterns
    ]


RANDOM = (
    "tally/demonstration.py", "tally/demonstration_figures.py", "tally/management/commands/prepare_rehearsal.py", "tally/rehearsal/",
    "planning/rules/levelling_search.py", "planning/rules/levelling_plan.py",
)  # fmt: skip
"""Fictional elections, drawn again the same from a seed; orders of work tried by a search, which its seed repeats."""


def test_no_secret_comes_from_a_predictable_draw_and_no_weak_hash_is_used():
    assert [f for f in importing("random") if not f.startswith(RANDOM)] == []
    names = {n for _f, n, _c in calls() if re.fullmatch(r"(hashlib|hashes|hmac)\.\w+", n)}
    allowed = {"hashlib.sha256", "hashlib.sha512", "hashlib.sha384", "hashlib.file_digest", "hashlib.scrypt", "hashlib.pbkdf2_hmac", "hmac.compare_digest", "hmac.new", "hashlib.shake_256", "hashlib.shake_128", "hashes.SHA256", "hashes.SHA512", "hashlib.sha3_256"}  # fmt: skip
    assert names <= allowed, names - allowed


PRIMITIVES = ("asymmetric.ed25519", "asymmetric.mldsa", "ciphers.aead", "serialization")
SEALING = {"asymmetric.ec", "hashes.SHA256", "hpke", "kdf.hkdf.HKDF"}
"""What the bench's sealed texts and the Court's signatures need beside, in their modules alone (decisions 0022, 0023)."""


def test_signatures_and_encryption_come_from_one_library_and_from_named_parts_of_it():
    used = {n for _f, n in imports() if n.startswith("cryptography.hazmat.primitives.")}
    odd = {n.removeprefix("cryptography.hazmat.primitives.") for n in used}
    odd = {n for n in odd if not n.startswith(PRIMITIVES)}
    where = {f for f, n in imports() if n.removeprefix("cryptography.hazmat.primitives.") in odd}
    whole = {part for name in SEALING for part in (name, name.rpartition(".")[0])}
    assert odd - whole == set() and where <= {
        f for f in where if f.startswith(("certificate.py", "disputes/signing/", "disputes/rules/sealing"))
    }
    assert importing("Crypto", "Cryptodome", "nacl", "ecdsa", "rsa", "jwt", "jose", "authlib", "itsdangerous") == []


REACHES = {
    "evidence/s3.py": "the store of kept files of the settings",
    "transparency/witnessing.py": "witnesses named by the keepers of the log",
    "letters.py": "the mail server of the settings",
    "tally/rehearsal/drill.py": "the house itself, in a rehearsal",
    "tally/rehearsal/players.py": "the house itself, in a rehearsal",
}


def test_only_named_modules_speak_to_another_machine():
    met = importing("urllib.request", "http.client", "requests", "httpx", "aiohttp", "ftplib", "smtplib", "telnetlib")
    assert set(met) <= set(REACHES) and "transparency/witnessing.py" in met


UNESCAPED = {
    "ui/templatetags/kalata.py": 4,  # symbols of our own file, nothing at all, and sentences whose values are escaped
    "transparency/site/pages.py": 1,  # the square of an address, drawn by segno
    "transparency/site/render.py": 3,  # the same symbols; values go through .format, which escapes
}


def test_what_is_written_unescaped_is_counted():
    met = {}
    for file, name, _call in calls():
        if name in ("mark_safe", "Markup", "SafeString", "SafeText"):
            met[file] = met.get(file, 0) + 1
    assert met == UNESCAPED


@pytest.mark.parametrize("path", TEMPLATES, ids=short)
def test_a_template_escapes_everything(path):
    text = path.read_text()
    assert not re.search(r"\|\s*safe\b|\|\s*safeseq|autoescape (off|false)", text)
    assert not re.search(r"""\son\w+\s*=\s*["']|javascript:|style\s*=\s*["']""", re.sub(r"<svg.*?</svg>", "", text, flags=re.S)) or "site" in path.parts  # fmt: skip


@pytest.mark.parametrize("path", SCRIPTS, ids=short)
def test_a_script_writes_text_keeps_nothing_and_speaks_to_nobody_else(path):
    text = path.read_text()
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "postMessage", "localStorage", "sessionStorage", "indexedDB", "__proto__", "http://", "https://", "createContextualFragment", "srcdoc"):  # fmt: skip
        assert word not in text, word


def test_no_module_writes_a_secret_into_the_source():
    for path in PYTHON:
        text = path.read_text()
        assert "PRIVATE KEY" not in text and not re.search(r"klt_[A-Za-z0-9_-]{30,}", text), short(path)
        if short(path) not in ("settings/test.py",):
            assert not re.search(r"""SECRET_KEY\s*=\s*["']""", text), short(path)


def test_no_template_and_no_format_is_made_of_text():
    assert [(f, n) for f, n, _c in calls() if n.endswith((".from_string", "Template")) and "loader" not in n] == []
    odd = [
        (f, ast.unparse(c)[:60])
        for f, _n, c in calls()
        if isinstance(c.func, ast.Attribute) and c.func.attr in ("format", "format_map")
        and not isinstance(c.func.value, ast.Constant)
        and not (isinstance(c.func.value, ast.Call) and all(isinstance(a, ast.Constant) for a in c.func.value.args))
    ]  # fmt: skip
    assert {f for f, _call in odd} <= {
        "ledger/locks.py", "ledger/limits.py",  # columns of our tables
        "web/refusals.py",  # a constant page, its values escaped
    }  # fmt: skip


def test_no_form_takes_its_fields_from_a_model():
    bases = {ast.unparse(b) for tree in trees().values() for n in ast.walk(tree) if isinstance(n, ast.ClassDef) for b in n.bases}  # fmt: skip
    assert not [b for b in bases if b.endswith(("ModelForm", "ModelSchema"))]
    odd = [
        (f, ast.unparse(c)[:80])
        for f, _n, c in calls()
        for k in c.keywords
        if k.arg is None and re.search(r"request\.(POST|GET|body)|\.dict\(\)", ast.unparse(k.value))
    ]
    assert odd == []


def test_no_file_holds_the_marks_of_a_merge():
    marks = ("<" * 7 + " ", ">" * 7 + " ")
    kinds = {".py", ".html", ".css", ".js", ".md", ".yaml", ".csv", ".po", ".toml", ".txt"}
    files = [
        p
        for folder in ("src", "tests", "docs", "bench", "tools")
        for p in (SRC.parents[1] / folder).rglob("*")
        if p.suffix in kinds
    ]
    assert len(files) > 500
    assert [
        str(p) for p in files if any(line.startswith(marks) for line in p.read_text("utf-8", "replace").splitlines())
    ] == []


KEEPS_FILES = {"evidence/store.py", "backups.py", "modes.py"}
"""The store, what copies it and what closes it to others."""


def test_files_from_outside_are_kept_in_one_place():
    named = {
        short(path)
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "MEDIA_ROOT"
    }
    assert named - KEEPS_FILES <= {"results/services/importing.py"}  # the progress of a reading, and files of before
    assert importing("django.core.files.storage") == []


def test_a_view_hands_out_a_kept_file_only_through_its_door():
    odd = [
        (f, n)
        for f, n, _c in calls()
        if ("/views/" in f or f.endswith("views.py")) and n in ("images.path", "store.path", "evidence.store.path")
    ]
    assert odd == [("tally/views/papers.py", "images.path")] * 2  # is there a crop to point at: nothing is read


def test_no_room_opens_a_kept_file_without_its_fingerprint():
    """Whoever writes in the folder of files puts another paper under a true name: who reads one asks `sound` or `content`."""
    odd = [(f, n) for f, n, _c in calls() if n in ("store.path", "evidence.store.path") and not f.startswith("evidence/")]
    assert odd == [("operations.py", "store.path")]  # of the static files of the source
    looks = {f for f, n, _c in calls() if n == "images.path"}
    assert looks == {"tally/views/papers.py", "tally/queries/sheet_findings.py"}  # is it there: nothing is read


def test_papers_are_set_in_one_place():
    assert importing("typst") == ["documents/typeset.py"]


PLAIN_TABLES = {
    "tables/files.py": "rows of a bounded child to its parent: nobody opens it",
    "disputes/rules/frozen.py": "the very bytes that the archive of a case hashes",
    "transparency/rules/register.py": "published tables, byte for byte what three verifiers read; who fills them is safe",
    "transparency/site/assets/verify.py": "the same tables, by whoever verifies",
    "planning/services/importing.py": "rows that a trial hands to the confirmation of the same page: nobody opens it",
    "training/cascade_files.py": "words of the house and numbers alone",
    "people/importing/services.py": "the columns of a file to fill in, and an example",
    "training/rules/quiz/tables.py": "questions for another program, which reads them as they are",
}


def test_no_table_that_people_open_is_written_without_what_disarms_a_formula():
    written = {file for file, name, _call in calls() if name == "csv.writer"}
    disarmed = {file for file, name in imports() if name in ("kalata.inert.safe", "kalata.tables.lists.csv_of")}
    assert written - disarmed - {"tables/lists.py"} - set(PLAIN_TABLES) == set()


SLOW = {"table_in", "solved", "solved_of", "images.received", "images.keep_as_given", "queries.made_of", "bounded.call", "files.opened", "paper_of", "effects.budget"}
"""What reads a file of others in a child, solves, or draws: seconds, during which no transaction is held open."""


def held_open(function):
    """The parts of a function that run inside one transaction."""
    if any("atomic" in ast.unparse(d) for d in function.decorator_list):
        return [function]
    return [w for w in ast.walk(function) if isinstance(w, ast.With) and any("atomic" in ast.unparse(i) for i in w.items)]


def test_nobody_holds_the_database_while_a_file_is_read_or_a_plan_is_solved():
    parts = [(short(p), f.name, part) for p, f in nodes() if isinstance(f, ast.FunctionDef) for part in held_open(f)]
    calls_in = [(file, name, ast.unparse(c.func)) for file, name, part in parts for c in ast.walk(part) if isinstance(c, ast.Call)]
    assert [row for row in calls_in if row[2] in SLOW] == []


def test_every_library_that_the_source_imports_is_installed_with_it():
    """A tool of the developers stands in their environment and hides that an office would not have it."""
    from importlib.metadata import packages_distributions

    lock = (SRC.parents[1] / "requirements" / "base.txt").read_text()
    locked = {line.split("==")[0] for line in lock.splitlines() if re.match("[a-z0-9]", line)}
    project = (SRC.parents[1] / "pyproject.toml").read_text().partition("[project.optional-dependencies]")[2]
    extras = set(re.findall(r'\["([a-z0-9-]+)', project.partition("[project.scripts]")[0]))
    assert extras == {"python-pkcs11", "ortools"}
    given = packages_distributions()
    named = {
        name
        for _path, node in nodes()
        for name in (
            [a.name for a in node.names] if isinstance(node, ast.Import)
            else [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
        )
    }  # fmt: skip
    outside = {name.split(".")[0] for name in named} - set(sys.stdlib_module_names) - {"kalata"}
    by_name = {name: {d.lower().replace("_", "-") for d in given.get(name, [name])} for name in outside}
    assert {n for n, found in by_name.items() if not found & (locked | extras)} - {"pkcs11"} == set()
