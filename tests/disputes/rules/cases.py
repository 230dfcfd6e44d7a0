"""Small elections written out, and the decisions that tests put to them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from kalata.disputes.rules.effect import Recomputation, recompute
from kalata.disputes.rules.election import Election
from kalata.disputes.rules.written import election_from


def station(key: str, votes: list[int | None], **more: Any) -> dict[str, Any]:
    return {"station": [key], "votes": votes, **more}


def raw(system: dict[str, Any] | str, options: str, stations: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    contest = {"id": "k5", "system": system, **({"round": more.pop("round")} if "round" in more else {})}
    return {"contest": contest, "options": list(options), "stations": stations, **more}


def election(*args: Any, **more: Any) -> Election:
    return election_from(raw(*args, **more))


def decided(base: Election, *acts: dict[str, Any], **more: Any) -> Recomputation:
    numbered = [{"id": str(n), **act} for n, act in enumerate(acts, 1)]
    return recompute(base, {"decision": "2026-04/CC-EL", "acts": numbered, **more})


def annul(*keys: str) -> dict[str, Any]:
    return {"act": "ANNUL_STATION", "stations": [[k] for k in keys]}


def rectify(key: str, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {
        "act": "RECTIFY",
        "station": [key],
        "before": before,
        "after": after,
        "ground": "g1",
        "evidence": ["ab" * 32],
    }


def run(*args: str, stdin: str | None = None) -> tuple[int, Any, str]:
    """`kalata disputes …` in a process without settings: (status, the JSON it prints, standard error)."""
    env = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    words = [sys.executable, "-m", "kalata", "disputes", *args, "--json"]
    done = subprocess.run(words, input=stdin, capture_output=True, text=True, env=env, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr


def kept(path: Path, value: Any) -> str:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return str(path)
