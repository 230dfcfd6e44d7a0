"""The paper of a record, issued when it is closed."""

from kalata.documents.rendering import Head, Paper
from PACKAGE.models import Record


def closing(one: Record, lang: str = "fr") -> Paper:
    said = {"blocks": [{"kind": "paragraph", "text": f"{one.title} ({one.by.full_name})"}]}
    return Paper("toy-closing", Head(title="Toy", number=str(one.pk)), said, lang)
