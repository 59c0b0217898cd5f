"""Proof that the tables say what was sealed on the chain, and that what was signed still stands on its evidence."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.determination import exceptions, policies, signing_changes, standing
from app.determination.chain.keys import public_keys
from app.determination.chain.sealed import Problem, Sealed, canonical, check, sha256
from app.determination.chain.verifying import verify_chain
from app.determination.queries import attestations as queries
from app.determination.queries import chain as chain_queries
from app.determination.queries import sealed_rows as rows
from app.settings import Settings

Progress = Callable[[str, int, int], None]
_SHORT = 60


Said = dict[str, "_Entries"]


def verify(session: Session, settings: Settings, progress: Progress | None = None) -> Iterator[Problem]:
    """Everything that does not hold: the chain, rows against their entries, signatures against their evidence."""
    yield from verify_chain(session, settings)
    yield from verify_rows(session, settings)
    standing_ones = queries.all_valid(session)
    for done, (row, found) in enumerate(signing_changes.compared(session, settings, standing_ones), 1):
        for change in found:
            yield Problem(f"{row.unit_name} {row.first_day} 至 {row.last_day} 的签字（{row.id}）", change.text)
        if progress:
            progress("签字", done, len(standing_ones))


def verify_rows(session: Session, settings: Settings) -> Iterator[Problem]:
    """Rows that do not say what their entries do, rows without an entry, and entries without a row."""
    said = _by_kind(session, settings)
    yield from _attestations(session, said)
    yield from _policies(session, said)
    yield from _delegations(session, said)
    yield from _exceptions(session, said)
    yield from _submissions(session, said)


class _Entries(dict[UUID, Sealed]):
    """Entries of a kind that hold by themselves; `broken`: ids of the others, of which the chain's check tells."""

    def __init__(self) -> None:
        super().__init__()
        self.broken: set[UUID] = set()


def _by_kind(session: Session, settings: Settings) -> Said:
    keys = public_keys(settings)
    found: dict[str, _Entries] = defaultdict(_Entries)
    for row in chain_queries.everything(session):
        entry = chain_queries.sealed(row)
        if next(check(entry, keys), None) is None:
            found[entry.kind][entry.id] = entry
        else:
            found[entry.kind].broken.add(entry.id)
    return found


def _missing(said: _Entries, row_id: UUID, where: str) -> Iterator[Problem]:
    if row_id not in said.broken:
        yield Problem(where, "链上没有对应的条目。")


def _attestations(session: Session, said: Said) -> Iterator[Problem]:
    ends = _ends(said)
    seen = set()
    for row in rows.attestations(session):
        where = f"签字 {row.id}（区划 {row.unit_code}，{row.first_day} 至 {row.last_day}）"
        seen.add(row.id)
        entry = said["attestation"].get(row.id)
        if entry is None:
            yield from _missing(said["attestation"], row.id, where)
            continue
        unit, body = entry.told["unit"], entry.body
        signed = {
            "区划代码": (row.unit_code, unit["code"]),
            "区划路径": (row.unit_path, unit["path"]),
            "层级": (row.level, unit["level"]),
            "开始日期": (row.first_day.isoformat(), body["first_day"]),
            "结束日期": (row.last_day.isoformat(), body["last_day"]),
            "证据摘要": (bytes(row.evidence_digest).hex(), body["evidence"]["digest"]),
            "所依据的签字": (sorted(map(str, row.bases)), sorted(each["attestation"] for each in body["bases"])),
        }
        yield from _differing(where, signed)
        yield from _items(where, row)
        ending = ends.get(row.id)
        stated = (row.state, row.state_entry)
        if stated != (("valid", None) if ending is None else (ending.kind, ending.id)):
            is_over = "已失效或已退回" if ending else "仍然有效"
            yield Problem(where, f"状态显示为“{row.state}”，而按链上的条目{is_over}。")
    for missing in said["attestation"].keys() - seen:
        yield Problem(f"签字 {missing}", "链上有此条目，而签字表中没有，记录被删除。")


def _ends(said: Said) -> dict[UUID, Sealed]:
    found = {}
    for entry in (*said["superseded"].values(), *said["sent_back"].values()):
        found[UUID(entry.body["attestation"])] = entry
    return found


def _items(where: str, row: Row[Any]) -> Iterator[Problem]:
    try:
        digest = sha256(canonical(standing.unpacked(bytes(row.items or b""))))
    except ValueError:
        yield Problem(where, "所依据的证据清单不存在或无法读取。")
        return
    if digest != bytes(row.evidence_digest):
        yield Problem(where, "所依据的证据清单与签署的摘要不符，清单被改动。")


def _policies(session: Session, said: Said) -> Iterator[Problem]:
    seen = set()
    for row in rows.policies(session):
        where = f"签字标准 {row.id}（区划 {row.unit_code} 第 {row.version} 版）"
        seen.add(row.id)
        entry = said["policy"].get(row.id)
        if entry is None:
            yield from _missing(said["policy"], row.id, where)
            continue
        body = entry.body
        signed = {
            "区划代码": (row.unit_code, body["unit"]),
            "区划路径": (row.unit_path, entry.told["unit"]["path"]),
            "版本": (row.version, body["version"]),
            "生效日期": (row.valid_from.isoformat(), body["valid_from"]),
            "限度": (canonical(row.thresholds), canonical(body["thresholds"])),
            "说明": (row.words, body["words"]),
            "内容摘要": (bytes(row.content_digest).hex(), policies.content_digest(body).hex()),
        }
        yield from _differing(where, signed)
    for missing in said["policy"].keys() - seen:
        yield Problem(f"签字标准 {missing}", "链上有此条目，而标准表中没有，记录被删除。")


def _delegations(session: Session, said: Said) -> Iterator[Problem]:
    ended = {UUID(entry.body["delegation"]) for entry in said["delegation_ended"].values()}
    seen = set()
    for row in rows.delegations(session):
        where = f"签字委托 {row.id}（区划 {row.unit_code}）"
        seen.add(row.id)
        entry = said["delegation"].get(row.id)
        if entry is None:
            yield from _missing(said["delegation"], row.id, where)
            continue
        body = entry.body
        signed = {
            "区划代码": (row.unit_code, entry.told["unit"]["code"]),
            "委托人": (row.from_account, body["from"]["account"]),
            "受托人": (row.to_account, body["to"]["account"]),
            "开始日期": (row.first_day.isoformat(), body["first_day"]),
            "结束日期": (row.last_day.isoformat(), body["last_day"]),
            "事由": (row.reason, body["reason"]),
            "是否终止": (row.ended_at is not None, row.id in ended),
        }
        yield from _differing(where, signed)
    for missing in said["delegation"].keys() - seen:
        yield Problem(f"签字委托 {missing}", "链上有此条目，而委托表中没有，记录被删除。")


def _exceptions(session: Session, said: Said) -> Iterator[Problem]:
    """The newest entry of an exception counts: it is approved first, and may be ended later."""
    newest: dict[str, Sealed] = {}
    for entry in sorted(said["exception"].values(), key=lambda each: each.seq):
        newest[entry.body["id"]] = entry
    seen = set()
    for row in rows.exceptions(session):
        where = f"例外 {row.id}（区划 {row.unit_code}，{row.name[:_SHORT]}）"
        entry_of = newest.get(str(row.id))
        seen.add(str(row.id))
        if entry_of is None:
            if row.state == "approved":
                yield Problem(where, "显示为已批准，而链上没有批准它的条目。")
            continue
        path = {"区划路径": (row.unit_path, entry_of.told["unit"]["path"])}
        yield from _differing(where, path | _exception_signed(row, entry_of))
    for missing in newest.keys() - seen:
        yield Problem(f"例外 {missing}", "链上有此条目，而例外表中没有，记录被删除。")


def _exception_signed(row: Row[Any], entry: Sealed) -> dict[str, tuple[object, object]]:
    names = {
        "unit": "区划代码",
        "kind": "类别",
        "subject": "对象",
        "name": "名称",
        "area_m2": "面积",
        "reason": "理由",
        "until": "期限",
        "content_digest": "内容摘要",
        "requested_by": "申请人",
    }
    decided = {"decided_by": "批准人", "decided_words": "批准意见"}
    told, body = exceptions.document_of(row), entry.body
    if row.state == body["state"]:
        return {text: (told[name], body[name]) for name, text in {**names, **decided, "state": "状态"}.items()}
    # One that ran out by its day is ended without an entry; nothing else may be otherwise than was signed.
    ran_out = row.state == "ended" and body["state"] == "approved"
    state = {} if ran_out else {"状态": (row.state, body["state"])}
    return {text: (told[name], body[name]) for name, text in names.items()} | state


def _submissions(session: Session, said: Said) -> Iterator[Problem]:
    seen = set()
    for row in rows.submissions(session):
        where = (
            f"报表 {row.form} {row.id}（区划 {row.unit_code}，{row.first_day} 至 {row.last_day} 第 {row.version} 版）"
        )
        seen.add(row.chain_id)
        entry = said["report"].get(row.chain_id)
        if entry is None:
            yield from _missing(said["report"], row.chain_id, where)
            continue
        body = entry.body
        signed = {
            "编号": (str(row.id), body["submission"]),
            "表号": (row.form, body["form"]),
            "区划代码": (row.unit_code, entry.told["unit"]["code"]),
            "开始日期": (row.first_day.isoformat(), body["first_day"]),
            "结束日期": (row.last_day.isoformat(), body["last_day"]),
            "版本": (row.version, body["version"]),
            "表格内容": (sha256(canonical(row.content)).hex(), body["content_digest"]),
            "内容摘要": (bytes(row.content_digest).hex(), body["content_digest"]),
        }
        yield from _differing(where, signed)
    for missing in said["report"].keys() - seen:
        yield Problem(f"报表签字 {missing}", "链上有此条目，而没有报表以它为签字，记录被改动或删除。")


def _differing(where: str, signed: Mapping[str, tuple[object, object]]) -> Iterator[Problem]:
    for name, (shown, sealed) in signed.items():
        if shown != sealed:
            told = f"“{str(shown)[:_SHORT]}”，签署的是“{str(sealed)[:_SHORT]}”"
            yield Problem(where, f"{name}显示为{told}，记录在签署后被改动。")
