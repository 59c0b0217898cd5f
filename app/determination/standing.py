"""What a signature stands on, item by item, so that what changed afterwards can be named."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

import zstandard
from sqlalchemy.orm import Session

from app.determination.chain.sealed import canonical, sha256
from app.determination.queries import standing as queries
from app.settings import Settings
from geo.daytiles import day_number

# Beside an item's digest of what had been recorded: that of its row as it was.
_ROW = "#row"
_UNPACKED_BYTES = 64 * 1024 * 1024
NAMES = {
    "patrol": "巡查记录",
    "mark": "手工标记",
    "inaccessible": "无法进入申请",
    "report": "随手拍",
    "visit": "检查走访",
    "tile": "覆盖数据",
    "lead": "线索",
    "case": "案件",
    "site": "场所",
    "grid": "网格",
    "exclusion": "排除区",
    "attestation": "下级签字",
}
_LISTED = 50


class Items(NamedTuple):
    """Digest (hexadecimal) of each item by subject, with names for people; `later`: recorded upon after signing."""

    digests: dict[str, str]
    labels: Mapping[str, str]
    later: frozenset[str] = frozenset()

    @property
    def packed(self) -> bytes:
        """As it is stored."""
        return zstandard.ZstdCompressor(level=9).compress(canonical(self.digests))

    @property
    def digest(self) -> bytes:
        """The one digest of all items."""
        return sha256(canonical(self.digests))

    def numbers(self) -> dict[str, int]:
        """How many items of each kind."""
        return dict(sorted(Counter(_kind(each) for each in self.digests if not each.endswith(_ROW)).items()))


class Change(NamedTuple):
    """One item that is not as it was signed. `what`: added, gone, changed, or altered (without any record of it)."""

    subject: str
    what: str
    text: str


def cutoff_of(settings: Settings, last_day: date, as_of: datetime) -> datetime:
    """Up to when things belong to a signature: the end of its last local day, or when it was signed."""
    ends = datetime.combine(last_day + timedelta(days=1), datetime.min.time(), settings.zone)
    return min(ends.astimezone(UTC), as_of)


class Walked(NamedTuple):
    """A unit's records and what they saw, up to a time: read once for all of its signatures."""

    path: str
    cutoff: datetime
    day: int
    records: list[queries.Record]
    looks: list[queries.SeenTile]


def walked(session: Session, settings: Settings, path: str, last_day: date, as_of: datetime) -> Walked:
    """What a unit's signatures of periods up to a day, made up to a time, have in common."""
    cutoff, day = cutoff_of(settings, last_day, as_of), day_number(last_day)
    records = queries.records(session, path, cutoff, settings.time_zone)
    return Walked(path, cutoff, day, records, queries.looks(session, path, cutoff, day))


def items_of_unit(
    session: Session, settings: Settings, path: str, last_day: date, as_of: datetime, known: Walked | None = None
) -> Items:
    """What a unit without units below stands on, as known now, of what had happened by the cutoff.

    `known`: the unit's records, read just now up to this or a later cutoff.
    """
    cutoff, day = cutoff_of(settings, last_day, as_of), day_number(last_day)
    if known is None or known.path != path or known.cutoff < cutoff or known.day < day:
        known = walked(session, settings, path, last_day, as_of)
    some = [each for each in known.records if each.started_at < cutoff]
    digests = {each.subject: bytes(each.digest).hex() for each in some} | _tiles(known.looks, cutoff, day)
    labels = {each.subject: each.label for each in some} | {
        subject: f"第 15 级瓦片 {subject.partition(':')[2]}" for subject in digests if _kind(subject) == "tile"
    }
    later: set[str] = set()
    cutoff_day = cutoff.astimezone(settings.zone).date()
    for item in queries.items(session, path, last_day, as_of, cutoff, cutoff_day):
        digests[item.subject] = bytes(item.digest).hex()
        labels[item.subject] = item.label
        if item.row_digest is not None:
            digests[f"{item.subject}{_ROW}"] = bytes(item.row_digest).hex()
        if item.is_later:
            later.add(item.subject)
    return Items(digests, labels, frozenset(later))


def _tiles(looks: list[queries.SeenTile], cutoff: datetime, day: int) -> dict[str, str]:
    """Digest of what was seen of each tile; looks come tile by tile."""
    seen = (each for each in looks if each.started_at < cutoff and each.day <= day)
    return {
        f"tile:{x}/{y}": sha256(b"".join(bytes(each.content) for each in some)).hex()
        for (x, y), some in groupby(seen, key=lambda each: (each.x, each.y))
    }


def unpacked(packed: bytes) -> dict[str, str]:
    """Items as they were stored. Raises ValueError when they cannot be read."""
    try:
        found = json.loads(zstandard.ZstdDecompressor().decompress(packed, max_output_size=_UNPACKED_BYTES))
    except zstandard.ZstdError as error:
        raise ValueError("not packed as items are") from error
    if not isinstance(found, dict):
        raise ValueError("items are no object")
    return found


def changes(then: Mapping[str, str], now: Items) -> list[Change]:
    """What is not as it was signed, by subject; what was honestly recorded upon later is no change of its past."""
    found = []
    for subject in sorted({each.removesuffix(_ROW) for each in (*then, *now.digests)}):
        before, after = then.get(subject), now.digests.get(subject)
        if before is None or after is None:
            found.append(_change(subject, "added" if before is None else "gone", now))
        elif before != after:
            found.append(_change(subject, "changed", now))
        elif subject not in now.later and then.get(f"{subject}{_ROW}") != now.digests.get(f"{subject}{_ROW}"):
            found.append(_change(subject, "altered", now))
    return found


_WHAT = {
    "added": "签字后新增",
    "gone": "签字后不再存在",
    "changed": "签字后有变动",
    "altered": "内容被改动，而没有相应的办理记录",
}


def _change(subject: str, what: str, now: Items) -> Change:
    name = NAMES.get(_kind(subject), _kind(subject))
    label = now.labels.get(subject, subject.partition(":")[2])
    return Change(subject, what, f"{name} {label} {_WHAT[what]}")


def summary(found: Iterable[Change]) -> str:
    """What changed, in a line: "巡查记录 2 项签字后新增；…"."""
    counts = Counter((_kind(each.subject), each.what) for each in found)
    return "；".join(f"{NAMES.get(kind, kind)} {count} 项{_WHAT[what]}" for (kind, what), count in counts.items())


def told(found: list[Change]) -> dict[str, object]:
    """Changes as an entry of the chain says them: all in a line, the first ones by name."""
    listed = [{"subject": each.subject, "what": each.what, "text": each.text} for each in found[:_LISTED]]
    return {"summary": summary(found), "count": len(found), "changes": listed}


def _kind(subject: str) -> str:
    return subject.partition(":")[0]
