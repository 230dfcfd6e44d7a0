"""What is read aloud: plain sentences, a pause between steps, no number of an article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kalata.training.rules.manuals.pages import Page


def script(pages: Sequence[Page], role: str, words: Mapping[str, str], *, draft: bool) -> str:
    out = [f"{words['manual']} : {role}.", *([words["draft_long"]] if draft else [])]
    for page in pages:
        out += ["", f"# {page.title} ({words['page_code']} {page.code})", ""]
        for n, line in enumerate(page.lines, 1):
            said = [f"{words['step']} {n}. {line.do}", f"{words['warning']} : {line.warning}" if line.warning else "", f"{words['why']} : {line.why}" if line.why else ""]  # fmt: skip
            out += [*(one for one in said if one), "[pause]"]
        for case in page.cases:
            out += [f"{case.when} : {words['go']} {case.says or case.to}", "[pause]"]
    return "\n".join(out) + "\n"
