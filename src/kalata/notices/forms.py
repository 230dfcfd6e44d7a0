"""What the page of notices is asked."""

from __future__ import annotations

from kalata.notices.models import MAIL
from kalata.ui import edge, fields


class NoticeList(edge.Edge):
    etat = fields.ChoiceField(("unread", "todo", "all"), initial="unread")


class ReadForm(edge.Edge):
    """The notices that were read; all of them where none is named."""

    act = "read"
    id = fields.ManyField(fields.IdField(), most=1_000)


class DoneForm(edge.Edge):
    act = "done"
    id = fields.IdField(required=True)


class MailForm(edge.Edge):
    act = "mail"
    mail = fields.ChoiceField(MAIL, required=True)
