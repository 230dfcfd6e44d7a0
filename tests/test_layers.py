"""What the tree itself says: no circle of imports, no arrow up, each kind of module in its place, nothing overlong.

A room is read by its folders: `rules/` is pure, `models` keeps, `services` writes, `queries` reads, `forms` takes what
people send, `views` and `api` answer. No module outside `services` opens a transaction; a new room falls under this by
itself. Lists of exceptions only shrink: one that is no longer needed fails too.
"""

import ast
from collections import defaultdict
from functools import cache
from pathlib import Path

import kalata
from kalata import rooms

HOUSE = Path(kalata.__file__).parent
PURE = ("rules", "numeric")

WRITERS = {
    "country/redrawing.py", "deadlines/derogating.py", "deadlines/feeds.py",
    "evidence/rehash.py", "ledger/limits.py", "ledger/locks.py",
    "people/accounts.py", "people/approving.py", "people/commands.py", "people/devices.py", "people/factors.py",
    "people/openings.py", "people/sessions.py", "people/signals.py", "people/throttle.py",
    "people/tokens.py", "states.py", "transparency/log_commands.py", "transparency/publiclog.py",
    "transparency/upkeep.py", "transparency/witnessing.py",
}  # fmt: skip
"""Modules that open a transaction outside their services. No new one."""
STAGES = {
    "disputes/demonstration.py",
    "planning/demonstration.py",
    "tally/demonstration.py",
    "training/demonstration.py",
}
"""It plays an election through the services, in one transaction."""

LONG_MODULES = {
    "deadlines/rules/counting.py": 410,
    "people/accounts.py": 420,
    "results/rules/checks.py": 450,  # one registry: every check with its sentence, its remedy and its formula
    "results/rules/public_ledger.py": 440,
    "tally/services/commission.py": 440,
    "transparency/log_commands.py": 440,
    "transparency/site/assets/verify.py": 1020,  # one file that a reader downloads and runs alone
}
LONG_FUNCTIONS = {
    "deadlines/rules/counting.py": {"once": 66}, "deadlines/rules/definition.py": {"counting_from": 72},
    "results/rules/profile.py": {"profile_from": 64},
    "results/rules/seats.py": {"allocate": 64}, "results/rules/verdicts.py": {"referendum": 61},
    "tally/demonstration.py": {"round_one": 69},
    "transparency/site/builder.py": {"publish": 63}, "transparency/site/nist.py": {"as_json": 95},
}  # fmt: skip
"""Ceilings, so that none grows."""
MOST_LINES, MOST_IN_A_FUNCTION = 400, 60


@cache
def modules() -> dict[str, tuple[Path, ast.Module]]:
    """Dotted name -> (path, tree) of every module of the house."""
    out = {}
    for path in sorted(HOUSE.rglob("*.py")):
        if "migrations" in path.parts:
            continue
        name = ".".join(path.relative_to(HOUSE.parent).with_suffix("").parts).removesuffix(".__init__")
        out[name] = path, ast.parse(path.read_text(encoding="utf-8"))
    return out


def place(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def known(dotted: str) -> str:
    while dotted and dotted not in modules():
        dotted = dotted.rpartition(".")[0]
    return dotted


def named(node: ast.AST, here: str, package: bool) -> list[str]:
    """The modules of the house that an import names."""
    if isinstance(node, ast.Import):
        return [known(a.name) for a in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        above = here.split(".")[: None if package and node.level == 1 else len(here.split(".")) - node.level + package]
        base = ".".join([*above, *([base] if base else [])])
    return [known(f"{base}.{a.name}") for a in node.names]


@cache
def arrows() -> dict[str, frozenset[str]]:
    """Module -> modules it imports, at its top or inside a function; imports for the type checker alone are none."""
    out = {}
    for name, (path, tree) in modules().items():
        for branch in [n for n in ast.walk(tree) if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.dump(n.test)]:
            branch.body = [ast.Pass()]
        found = {m for n in ast.walk(tree) for m in named(n, name, path.name == "__init__.py")}
        out[name] = frozenset(m for m in found if m.startswith("kalata") and m != name)
    return out


def circles(edges: dict[str, frozenset[str]]) -> list[list[str]]:
    """Sets of modules that lead back to themselves: what is left once every module that leads nowhere is taken away."""
    left = {m: set(to) for m, to in edges.items()}
    for turned in (False, True):
        while gone := [m for m, to in left.items() if not to]:
            for m in gone:
                del left[m]
            for to in left.values():
                to.difference_update(gone)
        back = defaultdict(set)
        for m, to in left.items():
            for other in to:
                back[other].add(m)
        left = {m: back[m] for m in left} if not turned else left
    return [sorted(left)] if left else []


def test_a_circle_is_found_where_there_is_one():
    line = {"a": frozenset("b"), "b": frozenset("c"), "c": frozenset()}
    assert circles(line) == []
    assert circles(line | {"c": frozenset("b"), "d": frozenset("b")}) == [["b", "c"]]


def test_no_import_leads_back_to_where_it_came_from_not_even_inside_a_function():
    assert circles(arrows()) == []


def test_no_arrow_leads_up():
    """tally above results above the ground; tables under every room."""
    above = {
        "results": {"tally"},
        "tables": {"results", "tally", "country", "people", "deadlines", "transparency", "ledger"},
    }
    above |= {room: {"results", "tally"} for room in ("country", "people", "deadlines", "ledger", "evidence", "ui")}
    wrong = [
        (name, to)
        for name, found in arrows().items()
        for to in found
        if to.split(".")[1:2] and to.split(".")[1] in above.get((name.split(".") + [""])[1], ())
    ]
    assert wrong == []


def opens_a_transaction(tree: ast.Module) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr in ("atomic", "select_for_update") for n in ast.walk(tree))


def test_only_services_open_a_transaction():
    found = {place(path) for path, tree in modules().values() if opens_a_transaction(tree)}
    outside = {p for p in found if "services" not in Path(p).with_suffix("").parts} - STAGES
    assert outside - WRITERS == set(), "a writer goes to services.py, or to the services/ folder, of its room"
    assert WRITERS - outside == set(), "no longer a writer: take it off the list"


def test_pure_folders_name_no_database():
    for path, tree in modules().values():
        if set(PURE) & set(path.relative_to(HOUSE).parts[:-1]):
            assert not any(isinstance(n, ast.Attribute) and n.attr == "objects" for n in ast.walk(tree)), path


def is_view(path: Path) -> bool:
    inside = path.relative_to(HOUSE)
    return "views" in inside.parts or inside.stem.endswith("views") or inside.stem == "api"


def test_views_ask_queries_and_not_the_database():
    """And what people send is asked at the one edge (`ui.edge`); a tag that writes the address of another page reads this one's."""
    asks, looks = {}, {}
    for path, tree in modules().values():
        named = [n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)]
        if is_view(path) and "objects" in named:
            asks[place(path)] = named.count("objects")
        if place(path) not in ("ui/edge.py", "ui/templatetags/kalata.py") and (met := {"POST", "GET", "FILES"} & set(named)):
            looks[place(path)] = met
    assert asks == {} and looks == {}


ADDRESSES_KNOWN = ("people/middleware.py", "tally/rehearsal/", "transparency/site/", "web/")
"""Before any view is chosen, or outside the house: what is open to who has no second factor yet, programs that knock."""


def test_no_address_of_the_house_is_written_in_python():
    """A page moves by its `urls.py` alone: whoever leads to it says its name (`reverse`)."""
    prefixes = tuple(f"/{one.prefix}" for one in rooms.addresses() if one.prefix)
    written = [
        (place(path), n.lineno, n.value)
        for path, tree in modules().values()
        if not place(path).startswith(ADDRESSES_KNOWN) and path.stem not in ("room", "urls")
        for n in ast.walk(tree)
        if isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value.startswith(prefixes)
    ]
    asked = [one for one in written if one[0] != "ui/context.py"]  # where a page stands, not where it leads
    assert asked == []


def test_nothing_writes_from_a_query_a_page_or_a_view():
    """What changes a row is not named there at all."""
    acts = {"save", "bulk_create", "bulk_update", "delete", "get_or_create", "update_or_create"}
    for path, tree in modules().values():
        inside = path.relative_to(HOUSE)
        if is_view(path) or {"queries", "pages"} & set(inside.parts[:-1]) or inside.stem == "queries":
            calls = {
                n.func.attr for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
            }
            assert calls & acts == set(), (place(path), calls & acts)


def test_files_of_one_room_look_alike():
    """A room that has a folder for one kind of module has no second place for it."""
    for room in {p.parent for p, _tree in modules().values()}:
        for kind in ("views", "services", "queries", "forms", "models", "rules"):
            if (room / kind).is_dir():
                beside = [p.name for p in room.glob(f"*{kind}.py")]
                assert beside == [], (place(room), kind)


def test_no_module_and_no_function_is_longer_than_a_person_reads_at_once():
    lines = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path, _tree in modules().values()}
    long = {p: n for p, n in lines.items() if n > MOST_LINES}
    assert {p for p, n in long.items() if n > LONG_MODULES.get(p, MOST_LINES)} == set()
    assert [p for p in LONG_MODULES if lines.get(p, 0) < MOST_LINES - 20] == [], (
        "short enough now: take it off the list"
    )
    functions: dict[str, dict[str, int]] = defaultdict(dict)
    for path, tree in modules().values():
        for n in ast.walk(tree):
            if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.end_lineno - n.lineno >= MOST_IN_A_FUNCTION:
                functions[place(path)][n.name] = n.end_lineno - n.lineno + 1
    longer = [
        (p, f, n) for p, held in functions.items() for f, n in held.items() if n > LONG_FUNCTIONS.get(p, {}).get(f, 0)
    ]
    assert longer == []
    done = [(p, f) for p, held in LONG_FUNCTIONS.items() for f in held if f not in functions.get(p, {})]
    assert done == [], "short enough now: take it off the list"
