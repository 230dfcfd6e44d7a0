"""Files of others are read in a child process that can hurt nobody: bounded memory, time and output.

`call("kalata.tables.files:looked_at", file="x.xlsx", path=…)` runs that function in a fresh interpreter (never a
fork: the parent has threads), without the secrets of the house in its environment, under limits that the kernel
keeps. What it returns comes back as JSON; a refusal it raises is raised here; anything else (a parser that crashes,
a bomb, an endless loop) is a refusal that names the file, the limit and the remedy. The child dies with its parent.
A function called this way takes JSON values by name, returns a JSON value, and imports no Django.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kalata.refusals import Refused, every_refusal
from kalata.text import gettext_noop as _

MIB = 2**20
AT_ONCE = 2
"""Children one process keeps at a time; others wait their turn."""
LIBRARIES = 640 * MIB
"""Address space that shared libraries take without using memory."""
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reading may take: on a quiet machine the processor time ends it, on a busy one the wall gives it its turn."""

    memory: int = 192 * MIB
    cpu_s: int = 9
    wall_s: int = 40
    output: int = 32 * MIB
    """Bytes of any one file it writes, its answer included."""


class BeyondLimits(Refused):
    """The file asks for more than any honest file of its kind."""

    code = "EDG-102"
    says = _("Le fichier %(file)s demande plus que ce qui est permis (%(limit)s) : il n’est pas lu.")
    remedy = _("Enregistrez-le à nouveau avec ses seules pages, lignes et colonnes utiles, ou en plusieurs fichiers. Rien n’a été enregistré.")  # fmt: skip
    status = 422


class Broken(Refused):
    """The reader did not survive the file."""

    code = "EDG-103"
    says = _("Le fichier %(file)s est abîmé ou contrefait : son lecteur s’est arrêté (%(why)s).")
    remedy = _("Ouvrez-le dans le logiciel qui l’a produit, enregistrez-le à nouveau et recommencez. Rien n’a été enregistré.")  # fmt: skip
    status = 422


peak = threading.local()
"""`.bytes`: the most memory the last child of this thread held, as far as it was seen."""
_turn = threading.BoundedSemaphore(AT_ONCE)


def call(task: str, *, file: str, limits: Limits = Limits(), **args: Any) -> Any:
    """What `task` ("module:function") answers for these arguments, run under `limits`.

    Raises: the refusal the function raised; EDG-102 beyond a limit; EDG-103 where the reader died of the file.
    """
    with _turn, tempfile.TemporaryDirectory(prefix="kalata-read-") as folder:
        answer = Path(folder) / "answer"
        request = {"task": task, "args": args, "answer": str(answer), "limits": asdict(limits), "parent": os.getpid()}
        code = watched(json.dumps(request), limits, file)
        try:
            if answer.stat().st_size > limits.output:
                raise OSError
            said = json.loads(answer.read_bytes())
        except (OSError, ValueError, RecursionError):
            raise died(file, code, limits) from None
    if "refused" in said:
        raise as_refusal(said["refused"], file)
    if "beyond" in said:
        raise BeyondLimits(file=file, limit=in_words(said["beyond"], limits))
    if "broken" in said:
        raise Broken(file=file, why=str(said["broken"])[:80])
    return said["value"]


def watched(request: str, limits: Limits, file: str) -> int:
    """Run one child to its end, or stop it at the wall; its exit status."""
    child = subprocess.Popen(
        [sys.executable, "-X", "faulthandler=0", "-m", "kalata.bounded"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(),
    )  # fmt: skip
    peak.bytes = 0
    until = time.monotonic() + limits.wall_s
    try:
        assert child.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(request.encode())
            child.stdin.close()
        while (code := child.poll()) is None:
            peak.bytes = max(peak.bytes, held(child.pid))
            if time.monotonic() > until:
                raise BeyondLimits(file=file, limit=in_words("time", limits))
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(0.02)
        return code
    finally:
        if child.poll() is None:
            child.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(5)


def environment() -> dict[str, str]:
    """What the child needs to find this code, and nothing of what the house keeps to itself."""
    kept = {k: os.environ[k] for k in ("PATH", "TMPDIR", "LD_LIBRARY_PATH") if k in os.environ}
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **threads, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}  # fmt: skip


def held(pid: int) -> int:
    """The most memory a process has held so far, in bytes; 0 where it is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
        return int(text.split("VmHWM:")[1].split()[0]) * 1024
    except (OSError, IndexError, ValueError):
        return 0


def in_words(limit: str, limits: Limits) -> str:
    return {
        "memory": f"{limits.memory // MIB} Mio",
        "time": f"{limits.cpu_s} s",
        "output": f"{limits.output // MIB} Mio",
    }.get(limit, limit)


def died(file: str, code: int, limits: Limits) -> Refused:
    """Why a child ended without an answer."""
    if code == -signal.SIGXCPU:
        return BeyondLimits(file=file, limit=in_words("time", limits))
    if code == -signal.SIGXFSZ:
        return BeyondLimits(file=file, limit=in_words("output", limits))
    if code in (-signal.SIGABRT, -signal.SIGKILL):  # an allocation that a library does not survive
        return BeyondLimits(file=file, limit=in_words("memory", limits))
    return Broken(file=file, why=f"signal {-code}" if code < 0 else f"code {code}")


def as_refusal(said: dict[str, Any], file: str) -> Refused:
    kind = next((r for r in every_refusal() if r.code == said["code"] and r.__module__ == said["module"]), None)
    if kind is None:
        return Broken(file=file, why=str(said["code"]))
    made = kind.__new__(kind)
    Refused.__init__(made, **said["params"])
    return made


# --- the child ------------------------------------------------------------------------------------
def die_with(parent: int) -> None:
    """End when the process that asked ends, however it ends."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def bind(limits: Limits) -> None:
    for what, most in (
        (resource.RLIMIT_DATA, limits.memory),
        (resource.RLIMIT_AS, limits.memory + LIBRARIES),
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_FSIZE, limits.output),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        _soft, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


def answered(request: dict[str, Any]) -> dict[str, Any]:
    module, _colon, name = request["task"].partition(":")
    try:
        return {"value": getattr(importlib.import_module(module), name)(**request["args"])}
    except Refused as refused:
        params = {k: v if isinstance(v, str | int) else str(v) for k, v in refused.params.items()}
        return {"refused": {"code": refused.code, "module": type(refused).__module__, "params": params}}
    except MemoryError:
        return {"beyond": "memory"}
    except RecursionError:
        return {"broken": "RecursionError"}
    except OSError as problem:
        return {"beyond": "output"} if problem.errno == 27 else {"broken": type(problem).__name__}
    except Exception as problem:
        return {"broken": type(problem).__name__}


def main() -> None:
    request = json.loads(sys.stdin.buffer.read())
    die_with(request["parent"])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a write too long is an error of its own
    bind(Limits(**request["limits"]))
    answer = answered(request)
    try:
        text = json.dumps(answer).encode()
        Path(request["answer"]).write_bytes(text)
    except (MemoryError, OSError):
        Path(request["answer"]).write_bytes(b'{"beyond": "output"}')
    os._exit(0)  # no library has anything left to say


if __name__ == "__main__":
    main()
