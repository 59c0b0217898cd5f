"""What stands on a certificate, as texts for its template, and what a checked one says."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from app.determination.certificate_schemas import CheckOut, Fact
from app.determination.chain.bundle import Checked
from app.determination.chain.sealed import Sealed
from app.determination.chain.verifying import Head
from app.determination.signing_schemas import STATE_NAMES
from app.determination.signing_states import shown
from app.determination.standing import NAMES
from app.settings import Settings

# The seven shares in the order of decision 0004, with the colours of the map.
SHARES = (
    ("tracked", "周期内已查", "#24588a"),
    ("declared", "手工申报", "#8fb4d4"),
    ("stale", "已过期", "#d9c9a3"),
    ("never_seen", "从未查看", "#c9694a"),
    ("inaccessible", "无法进入", "#a7b0b7"),
    ("excluded", "已批准扣除", "#d5e3ea"),
    ("unassigned", "无主地", "#2b3640"),
)
LEVELS = {"village": "村（社区）", "town": "镇（街道）", "county": "县（市、区）", "city": "市", "province": "省"}
_LISTED = 40
_PROBLEMS = 100
_LONGEST_FACT = 4_000  # characters; a stranger may seal more


def sheet(
    settings: Settings, row: Row[Any], entry: Sealed, above: list[Row[Any]], head: Head | None, printed_by: str
) -> dict[str, Any]:
    """The certificate's texts. `above`: signatures that were built on it and stand."""
    told, body = entry.told, entry.body
    state = shown(row)
    unit = told["unit"]
    digest = entry.entry_digest.hex()
    return {
        "unit": unit["name"],
        "level": LEVELS.get(unit["level"], unit["level"]),
        "code": unit["code"],
        "period": f"{_day(body['first_day'])} 至 {_day(body['last_day'])}",
        "last_day": _day(body["last_day"]),
        "state": state.state_text,
        "stands": state.state == "valid",
        "why": _ended(settings, row, state.why),
        "statement": _statement(body),
        "words": body.get("words") or "",
        "area": f"{body['shares']['area_m2'] / 1e4:,.1f} 公顷",
        "shares": _shares(body["shares"]),
        "checked": str(body["kinds_checked"]),
        "counts": [_count(each) for each in body["counts"] if each["number"]],
        "policy": _policy(body["policy"]),
        "exceptions": [_exception(each) for each in body["exceptions"][:_LISTED]],
        "more_exceptions": max(0, len(body["exceptions"]) - _LISTED),
        "risk": (body.get("residual_risk") or {}).get("statement") or "签署时没有可用的估计。",
        "evidence": _evidence(body),
        "evidence_digest": body["evidence"]["digest"],
        "signer": _signer(settings, entry),
        "bases": [_basis(each) for each in body["bases"][:_LISTED]],
        "more_bases": max(0, len(body["bases"]) - _LISTED),
        "above": [
            [each.unit_name, each.by_name, f"{_at(settings, each.at)}", str(each.seq), bytes(each.entry_digest).hex()]
            for each in above
        ],
        "id": str(entry.id),
        "seq": str(entry.seq),
        "digest": digest,
        "key": entry.key_id,
        "head_seq": "" if head is None else f"第 {head.seq} 条",
        "head": "" if head is None else head.entry_digest,
        "qr": address(settings, str(entry.id), digest),
        "address": (settings.public_url or "").rstrip("/"),
        "printed": f"{_at(settings, settings.now())} 由{printed_by}打印",
    }


def address(settings: Settings, attestation_id: str, digest: str) -> str:
    """What the QR code says: the page that checks it where there is a public address, else id and digest alone."""
    if settings.public_url:
        return f"{settings.public_url.rstrip('/')}/certificate?id={attestation_id}&digest={digest}"
    return f"wuyilou {attestation_id} {digest}"


def told(settings: Settings, found: Checked) -> CheckOut:
    """What a checked certificate says, as far as it can be read: one sealed by a stranger may say anything."""
    entry = found.signature
    facts: list[Fact] = []
    problems = [str(each) for each in found.problems[:_PROBLEMS]]
    if not problems:
        try:
            facts = _facts(settings, found)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            problems = ["内容不是认定书规定的格式，无法读取。"]
    return CheckOut(
        id=entry.id,
        holds=not problems,
        is_trusted=found.is_trusted,
        ended=found.ended is not None,
        key_ids=sorted({each.key_id[:64] for each in found.bundle.entries.values()}),
        entry_digest=entry.entry_digest.hex()[:128],
        seq=entry.seq,
        entries=len(found.bundle.entries),
        facts=facts,
        problems=problems,
    )


def _facts(settings: Settings, found: Checked) -> list[Fact]:
    entry, body = found.signature, found.signature.body
    unit = entry.told["unit"]
    blind = body["shares"]
    facts = {
        "单位": f"{unit['name']}（{unit['code']}）",
        "期间": f"{body['first_day']} 至 {body['last_day']}",
        "签署人": _signer(settings, entry)["who"],
        "签署时间": _signer(settings, entry)["at"],
        "面积": f"{blind['area_m2'] / 1e4:,.1f} 公顷",
        **{name: f"{blind[code]['percent']:.1f}%" for code, name, _ in SHARES},
        "遗留": "、".join(f"{each['text']} {each['number']}" for each in body["counts"] if each["number"]) or "无",
        "例外": f"{len(body['exceptions'])} 项",
        "依据的下级签字": "、".join(each["name"] for each in body["bases"]) or "无（直接依据现场记录）",
        "制作时的链首": f"第 {found.bundle.head_seq} 条 {found.bundle.head_digest}",
    }
    if found.ended:
        facts["状态"] = f"文件制作时{STATE_NAMES[found.ended]}"
    return [Fact(name=name, value=value[:_LONGEST_FACT]) for name, value in facts.items()]


def _statement(body: dict[str, Any]) -> str:
    left = [each for each in body["counts"] if each["number"]]
    if not left:
        return f"经逐项核对 {body['kinds_checked']} 类遗漏，本期间内均为零。"
    number = sum(each["number"] for each in left)
    return f"经逐项核对 {body['kinds_checked']} 类遗漏，尚有 {number} 项在例外批准或规定限度之内，其余均为零。"


def _shares(shares: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "colour": colour,
            "percent": f"{shares[code]['percent']:.1f}%",
            "area": f"{shares[code]['area_m2'] / 1e4:,.2f}",
            "part": shares[code]["area_m2"] / shares["area_m2"] if shares["area_m2"] else 0,
        }
        for code, name, colour in SHARES
    ]


def _count(each: dict[str, Any]) -> list[str]:
    area = f"{each['area_m2']:,.0f} m²" if each.get("area_m2") is not None else "—"
    limit = each["limit"]
    stated = [f"{limit['count']} 项"] if limit.get("count") is not None else []
    stated += [f"{limit['area_m2']:,.0f} m²"] if limit.get("area_m2") is not None else []
    return [each["text"], str(each["number"]), area, str(each["excepted"]), "、".join(stated) or "—"]


def _policy(policy: dict[str, Any]) -> str:
    if not policy["version"]:
        return str(policy["words"])
    return (
        f"{policy['unit']['name']}签字标准第 {policy['version']} 版（自 {policy['valid_from']} 起）：{policy['words']}"
    )


def _exception(each: dict[str, Any]) -> list[str]:
    return [
        f"{each['kind_text']}\n{each['name']}",
        each["unit"],
        each["reason"],
        each["until"],
        f"{each['decided_by']}：{each['decided_words']}",
    ]


def _evidence(body: dict[str, Any]) -> str:
    numbers = "、".join(f"{NAMES.get(kind, kind)} {count}" for kind, count in body["evidence"]["numbers"].items())
    return f"{numbers or '无'}。"


def _signer(settings: Settings, entry: Sealed) -> dict[str, str]:
    signer = entry.body["signer"]
    capacity = "负责人" if signer["capacity"] == "head" else f"受{signer['for']}委托"
    return {"who": f"{signer['name']}（{capacity}）", "at": _at(settings, entry.at)}


def _basis(each: dict[str, Any]) -> list[str]:
    return [each["name"], each["signed_by"], str(each["seq"]), each["entry_digest"]]


def _ended(settings: Settings, row: Row[Any], why: str | None) -> str:
    if row.state_at is None:
        return ""
    return f"{_at(settings, row.state_at)} {STATE_NAMES[row.state]}：{why or ''}"


def _at(settings: Settings, at: datetime) -> str:
    return f"{at.astimezone(settings.zone):%Y-%m-%d %H:%M}"


def _day(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.year} 年 {day.month} 月 {day.day} 日"
