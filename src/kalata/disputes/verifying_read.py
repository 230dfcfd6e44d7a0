"""What was read of an archive, for the checks that follow each other (`verifying`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kalata.disputes import archives
from kalata.disputes.rules import archive
from kalata.disputes.rules.archive_problems import Verdict

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
PDF, XML, JSON = (f"{archive.DECISION}.{kind}" for kind in ("pdf", "xml", "json"))


@dataclass(slots=True)
class Read:
    """sealed_at, attached: of decision.pdf. words: paragraphs of the signed XML by part. again: the results computed again."""

    source: archives.Source
    verdict: Verdict
    roots: list[Certificate] = field(default_factory=list)
    sha256: dict[str, str] = field(default_factory=dict)
    case: dict[str, Any] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    decision: dict[str, Any] | None = None
    sealed_at: datetime | None = None
    attached: dict[str, bytes] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    again: dict[str, Any] | None = None

    def file(self, path: str) -> bytes | None:
        return archives.read(self.source, path, self.verdict)

    @property
    def there(self) -> dict[str, int]:
        return self.source.sizes
