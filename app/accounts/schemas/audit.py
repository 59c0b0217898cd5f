"""The audit as it is read."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel


class Entry(BaseModel):
    """One deed. `what`: the right that was used, or sign_in, …; `officer_codes`: whose tracks were looked at."""

    id: int
    at: datetime
    account_id: int | None
    actor: str
    role: str
    via: str
    address: str
    what: str
    what_name: str
    route: str
    subject: str
    officer_codes: list[str]
    facts: dict[str, Any]


class AuditPage(BaseModel):
    """Some of the entries that match, newest first; `whats`: what may be asked for, with names."""

    total: int
    items: list[Entry]
    whats: dict[str, str]
