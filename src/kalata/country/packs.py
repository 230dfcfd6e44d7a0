"""Reading a pack's folder from disk. The meaning is in `rules.pack`; this only opens files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kalata import plain
from kalata.country.rules import tables
from kalata.country.rules.pack import BadPack, Pack, PackError, error, remedy_errors, validate
from kalata.country.rules.rights import RIGHTS
from kalata.country.rules.schema import BY_NAME, SECTIONS
from kalata.deadlines.rules.lawbook import problems
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

PACKS = Path(__file__).resolve().parents[1] / "packs"
MOST = 4 * 2**20


class NoPack(Refused):
    code = "PACK-001"
    says = _("Le pack « %(pack)s » n’existe pas.")
    remedy = _("Donnez un dossier, ou l’un des packs fournis : %(known)s.")
    status = 404


def shipped() -> list[str]:
    """Codes of the packs that come with the product."""
    return sorted(p.parent.name for p in PACKS.glob("*/pack.yaml"))


def find_pack(name: str | Path) -> Path:
    """The folder of a pack: a path, or the code of a shipped one."""
    for folder in (Path(name), PACKS / str(name)):
        if (folder / "pack.yaml").is_file():
            return folder
    raise NoPack(pack=str(name), known=", ".join(shipped()))


def read_yaml(path: Path) -> tuple[object, PackError | None]:
    try:
        return plain.yaml_of(path.read_bytes(), file=path.name, most=MOST, aliases=True), None
    except plain.BadYaml as problem:
        return None, error("PACK-113", path.name, "", "", why=problem.where)
    except UnicodeDecodeError as problem:
        return None, error("PACK-113", path.name, "", "", why=str(problem)[:160])


def head_of(folder: Path) -> Mapping[str, object]:
    """What pack.yaml says, unchecked: for commands that need one word of it and must start at once."""
    head, _problem = read_yaml(folder / "pack.yaml")
    return head if isinstance(head, Mapping) else {}


def section_of(folder: Path, name: str) -> list[Mapping[str, object]]:
    """The records of one section, unchecked; empty where the pack has none."""
    path = folder / f"{name}.yaml"
    data, _problem = read_yaml(path) if path.exists() else ({}, None)
    defaults = data.get("defaults", {}) if isinstance(data, Mapping) else {}
    rows = data.get("records") if isinstance(data, Mapping) else data
    return [{**defaults, **row} for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def check_folder(folder: Path) -> tuple[Pack | None, list[PackError]]:
    """The pack in `folder` and everything wrong with it."""
    errors: list[PackError] = []
    head, problem = read_yaml(folder / "pack.yaml")
    if problem:
        return None, [problem]
    if not isinstance(head, Mapping):
        return None, [error("PACK-113", "pack.yaml", "", "", why="une table clé: valeur est attendue")]
    sections: dict[str, tuple[Mapping[str, object], ...]] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.stem != "pack" and path.stem not in BY_NAME:
            errors.append(error("PACK-114", path.name, "", ""))
    for section in SECTIONS:
        path = folder / f"{section.name}.yaml"
        if not path.exists():
            continue
        data, problem = read_yaml(path)
        if problem:
            errors.append(problem)
            continue
        defaults = data.get("defaults", {}) if isinstance(data, Mapping) else {}
        rows = data.get("records") if isinstance(data, Mapping) else data
        if not isinstance(rows, list) or not all(isinstance(r, Mapping) for r in rows):
            errors.append(error("PACK-113", path.name, "", "records", why="une liste de fiches est attendue"))
            continue
        for key in data if isinstance(data, Mapping) else ():
            if key not in ("records", "defaults"):
                errors.append(error("PACK-103", path.name, "", str(key), known="records, defaults"))
        if not isinstance(defaults, Mapping):
            errors.append(error("PACK-113", path.name, "", "defaults", why="une table clé: valeur est attendue"))
            continue
        sections[section.name] = tuple({**defaults, **row} for row in rows)
    errors += validate(head, sections, frozenset(RIGHTS))
    errors += table_errors(folder, sections)
    if not errors:
        errors += [*(deadline_error(refused) for refused in problems(sections)), *remedy_errors(sections)]
    return Pack(head, sections), errors


def table_errors(folder: Path, sections: Mapping[str, tuple[Mapping[str, object], ...]]) -> list[PackError]:
    """What is wrong with the tables that a pack carries in folders beside its sections."""
    errors: list[PackError] = []
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("*/*")):
        if path.parent.name == "training":  # a source of manuals: read and judged by its own room
            continue
        file = f"{path.parent.name}/{path.name}"
        try:
            texts[file] = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as problem:
            errors.append(error("PACK-113", file, "", "", why=str(problem)[:160]))
            continue
        errors += tables.problems(file, texts[file])
    known = frozenset(str(r.get("id")) for r in sections.get("deadlines", ()))
    for file, text in texts.items():
        if "/norms-" in file:
            errors += tables.norms_tied(file, text, texts.get(file.replace("/norms-", "/activities-"), ""), known)
    return errors


def table(code: str, file: str) -> list[dict[str, str]]:
    """The rows of a table of a shipped pack, each cell as text; empty where the pack has none."""
    path = PACKS / code / file
    return tables.rows_of(path.read_text("utf-8")) if code in shipped() and path.is_file() else []


def table_text(code: str, file: str) -> str:
    """The text of a table of a shipped pack; "" where the pack has none."""
    path = PACKS / code / file
    return path.read_text("utf-8") if code in shipped() and path.is_file() else ""


def deadline_error(refused: Refused) -> PackError:
    """What the room of legal time refuses in a pack, as an error of the pack."""
    record, field = (str(refused.params.get(key, "")) for key in ("record", "field"))
    return PackError(refused.code, "deadlines.yaml", record, field, refused.message, refused.how)


def load_pack(folder: Path) -> Pack:
    """The pack in `folder`, or BadPack (PACK-100) with every error."""
    pack, errors = check_folder(folder)
    if errors or pack is None:
        raise BadPack(folder.name, errors)
    return pack
