"""Whether the chain, as the database holds it, is the one that was sealed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.determination.chain.keys import public_keys
from app.determination.chain.sealed import Problem, Sealed, check, check_follows, name_of
from app.determination.queries import chain as queries
from app.settings import Settings


class Head(NamedTuple):
    """The end of the chain at some time; `entry_digest` in hexadecimal. What is kept elsewhere shows a cut tail."""

    seq: int
    entry_digest: str


def verify_chain(session: Session, settings: Settings, after: Sealed | None = None) -> Iterator[Problem]:
    """Everything that is wrong with the chain (what follows `after`, if given), in its order; nothing if it holds.

    A chain whose last entries were cut off holds all the same: compare with a head that was kept elsewhere
    (`check_head`). Raises ConflictError when a public key's file is broken.
    """
    keys = public_keys(settings)
    before = after
    for row in queries.everything(session, 0 if after is None else after.seq):
        entry = queries.sealed(row)
        yield from check_follows(entry, before)
        problems = list(check(entry, keys))
        yield from problems
        if not problems:
            yield from _check_columns(row, entry)
        before = entry


def head(session: Session) -> Head | None:
    """The end of the chain now; None of an empty one."""
    last = queries.last(session)
    return None if last is None else Head(last.seq, last.entry_digest.hex())


def check_head(session: Session, kept: Head) -> Iterator[Problem]:
    """What is wrong with the chain as measured by a head that was kept elsewhere."""
    found = queries.by_seq(session, kept.seq)
    where = f"另行保存的链首（第 {kept.seq} 条）"
    if found is None:
        now = head(session)
        end = "是空的" if now is None else f"到第 {now.seq} 条为止"
        yield Problem(where, f"数据库中的链{end}，其后的条目被截去。")
    elif found.entry_digest.hex() != kept.entry_digest.lower():
        yield Problem(where, "数据库中该条的摘要与保存的不同，链被整体替换。")


def _check_columns(row: Row[Any], entry: Sealed) -> Iterator[Problem]:
    """What lists show of an entry stands in columns; the document is what was signed."""
    told = entry.told
    unit, by = told.get("unit") or {}, told.get("by") or {}
    columns: tuple[tuple[str, object, object], ...] = (
        ("区划代码", row.unit_code, unit.get("code")),
        ("区划路径", row.unit_path, unit.get("path")),
        ("签署账号", row.by_account, by.get("account")),
        ("签署人", row.by_name, by.get("name")),
        ("时间", row.at, datetime.fromisoformat(told["at"])),
    )
    for name, shown, signed in columns:
        if shown != signed:
            yield Problem(name_of(entry), f"{name}显示为“{shown}”，签署的是“{signed}”，记录在签署后被改动。")
