"""YAML as YAML 1.2 reads it: what a person wrote is what is kept.

`yes`, `no`, `on`, `off` are words; `001`, `1_000`, `18:00`, `0x1F`, `2027-02-28` are text; `true`, `false`, `null`
and a number written as a number is written (12, 0.05) are those. Keys are text, and each is there once: of two
values for one key neither is chosen. No merge, no tag beyond the plain ones.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PLAIN = ("null", "bool", "int", "float", "str", "seq", "map")


class Twice(yaml.constructor.ConstructorError):
    """A key written twice: `row` of the second one, `first` of the first (from 1)."""

    def __init__(self, key: str, first: yaml.Mark, second: yaml.Mark) -> None:
        super().__init__(None, None, key, second)
        self.key, self.first, self.row = key, first.line + 1, second.line + 1


class Words(Base):
    """The loader of every YAML that somebody gives."""

    yaml_implicit_resolvers: dict[str, Any] = {}
    yaml_constructors: dict[str, Any] = {
        tag: make
        for tag, make in Base.yaml_constructors.items()
        if tag is None or tag.removeprefix("tag:yaml.org,2002:") in PLAIN
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[str, Any]:
        if not isinstance(node, yaml.MappingNode):
            raise yaml.constructor.ConstructorError(None, None, "a mapping is expected", node.start_mark)
        found: dict[str, Any] = {}
        at: dict[str, yaml.Mark] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key is one word", key.start_mark)
            name = str(key.value)
            if name in found:
                raise Twice(name, at[name], key.start_mark)
            at[name] = key.start_mark
            found[name] = self.construct_object(value, deep=deep)
        return found


def number(loader: Any, node: Any) -> float | str:
    """0.05 is a number; 1.10 would lose its last figure: it stays text."""
    text = str(loader.construct_scalar(node))
    return value if repr(value := float(text)) == text else text


for tag, pattern, firsts in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"0|-?[1-9][0-9]*", "-0123456789"),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+", "-0123456789"),
):
    Words.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(firsts))
Words.add_constructor("tag:yaml.org,2002:float", number)
