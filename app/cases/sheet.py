"""What the printed file says, ready to be set: every value is text already."""

from typing import Any

from app.cases.schemas import codes
from app.cases.schemas.outputs import Attachment, CaseDetail, Event
from app.settings import Settings

_NONE = "—"
_YES_NO = {True: "是", False: "否"}
_CHOICES: dict[str, dict[str, str]] = {
    "category": codes.CATEGORIES,
    "chemical_kind": codes.CHEMICAL_KINDS,
    "way_to_close": codes.WAYS,
    "state": codes.STATES,
    "supervised_level": codes.LEVELS,
    "look_back": codes.LOOK_BACK_RESULTS,
}
_CLOSURE_PARTS = {"done_on": "完成日期", "evidence": "证据"}
_OTHER_NAMES = {"look_back": "回头看结果", "relapses": "反弹次数", "attachment": "附件"}


def sheet(settings: Settings, case: CaseDetail, printed_by: str, thumbnails: dict[str, str]) -> dict[str, Any]:
    """The data of the template. `thumbnails`: file by the id of the attachment it is of."""
    numbers = {str(each.id): f"附件{at}" for at, each in enumerate(case.attachments, 1)}
    return {
        "number": case.number,
        "place": "".join(case.place_names) or case.unit.name,
        "state": case.state_text,
        "supervised": "" if case.supervised_level is None else f"{codes.LEVELS[case.supervised_level]}挂牌督办",
        "facts": _facts(case),
        "description": _lines(case.description),
        "measures": _lines(case.measures or "（未填写）"),
        "closure": [
            {
                "name": item.name,
                "done_on": _day(item.done_on),
                "words": item.words or _NONE,
                "missing": "、".join({"date": "缺日期", "evidence": "缺证据"}[each] for each in item.missing),
                "evidence": [
                    {"label": numbers[str(each)], "file": thumbnails.get(str(each), "")} for each in item.attachment_ids
                ],
            }
            for item in case.closure
        ],
        "penalties": _penalties(case),
        "links": [_link(link) for link in case.links],
        "look_backs": [
            [
                _day(each.due_on),
                _day(each.done_on),
                codes.LOOK_BACK_RESULTS[each.result] if each.result else ("逾期未做" if each.is_missed else "未到期"),
                each.words or _NONE,
                each.by_name or _NONE,
            ]
            for each in case.look_backs
        ],
        "events": [_event(settings, event, numbers) for event in case.events],
        "attachments": [_attachment(numbers[str(each.id)], each) for each in case.attachments],
        "printed": f"{settings.now():%Y-%m-%d %H:%M} 由 {printed_by} 打印",
    }


def changes_told(changes: dict[str, Any], numbers: dict[str, str] | None = None) -> list[str]:
    """A step's changes as people read them, one a line; digests stand in the list of attachments."""
    told = {field: pair for field, pair in changes.items() if field != "sha256"}
    return [
        f"{_name(field)}：{_value(field, old, numbers)} → {_value(field, new, numbers)}"
        for field, (old, new) in told.items()
    ]


def _facts(case: CaseDetail) -> list[list[str]]:
    """Name and text, in the order of the form."""
    place = _NONE if case.lon is None or case.lat is None else f"{case.lon:.6f}, {case.lat:.6f}（WGS-84）"
    known: list[tuple[str, str | None]] = [
        ("party_name", case.party_name),
        ("party_uscc", case.party_uscc),
        ("category", case.category_text),
        ("stages", "、".join(codes.STAGES[each] for each in case.stages)),
        ("chemical_kind", codes.CHEMICAL_KINDS.get(case.chemical_kind or "")),
        ("chemicals", "；".join(_chemical(each) for each in case.chemicals)),
        ("address", case.address),
        ("place", place),
        ("responsible_name", case.responsible_name),
        ("responsible_phone", case.responsible_phone),
        ("found_on", _day(case.found_on)),
        ("deadline", _day(case.deadline)),
        ("handler_name", case.handler_name),
        ("handler_phone", case.handler_phone),
        ("way_to_close", codes.WAYS.get(case.way_to_close or "")),
        ("closed_on", _day(case.closed_on)),
    ]
    rows = [[codes.FIELDS[name], text or _NONE] for name, text in known]
    origin = "；".join(f"{_SOURCES[source.kind]} {source.text}" for source in case.sources)
    return [*rows, ["来源", origin or _NONE], ["反弹次数", str(case.relapses)]]


_SOURCES = {"site": "场所", "tenancy": "租户", "lead": "线索", "visit": "检查走访"}


def _penalties(case: CaseDetail) -> list[list[str]]:
    numbers = [
        ["停产或关闭", _YES_NO[case.is_shut]],
        ["责令停产整顿", _YES_NO[case.is_suspended]],
        ["拆除非法生产装置", _YES_NO[case.is_dismantled]],
        ["立案查处", _day(case.filed_on)],
        ["行政处罚（万元）", _money(case.fine_wan, case.fined_on)],
        ["没收违法所得（万元）", _money(case.confiscated_wan, case.confiscated_on)],
    ]
    people = [
        ["移送司法机关人数", _persons(case.transferred_persons, case.transferred_on)],
        ["行政、刑事拘留人数", str(case.detained_persons)],
        ["党纪政纪处理人数", str(case.disciplined_persons)],
    ]
    return [*numbers, *people, ["挂牌督办", _supervised(case)]]


def _supervised(case: CaseDetail) -> str:
    if case.supervised_level is None:
        return "未挂牌"
    return f"{codes.LEVELS[case.supervised_level]}（{_day(case.supervised_on)}）"


def _link(link: Any) -> list[str]:
    other = link.other_case
    if other is None:
        place = "，".join(each for each in (link.other_uscc, link.other_address) if each)
        return [link.relation_name, link.other_name, place or _NONE, link.words or _NONE]
    if not other.in_scope:
        return [link.relation_name, other.number, f"{other.county_name or ''}（管辖范围外）", _NONE]
    return [
        link.relation_name,
        other.party_name,
        f"案件 {other.number}，{codes.STATES[other.state]}",
        link.words or _NONE,
    ]


def _event(settings: Settings, event: Event, numbers: dict[str, str]) -> list[str]:
    told = [event.words] if event.words else []
    told += changes_told(event.changes, numbers)
    at = event.at.astimezone(settings.zone)
    return [_day(event.on_day), event.kind_name, "\n".join(told) or _NONE, f"{event.by_name}\n{at:%Y-%m-%d %H:%M}"]


def _attachment(label: str, each: Attachment) -> list[str]:
    what = each.what if each.withdrawn_why is None else f"{each.what}（已撤销：{each.withdrawn_why}）"
    size = f"{-(-each.byte_count // 1024):,} KB"
    return [label, what, f"{each.file_name}（{size}）", each.sha256]


def _name(field: str) -> str:
    item, _, part = field.partition(".")
    if item == "link":
        return codes.RELATIONS[part]
    if part:
        return f"{codes.ITEMS[item]}{_CLOSURE_PARTS[part]}"
    return codes.FIELDS.get(field) or _OTHER_NAMES.get(field, field)


def _value(field: str, value: Any, numbers: dict[str, str] | None) -> str:
    if value is None or value == []:
        return "空"
    if isinstance(value, bool):
        return _YES_NO[value]
    if field.endswith(".evidence"):
        return "、".join((numbers or {}).get(each, each[:8]) for each in value)
    if field == "stages":
        return "、".join(codes.STAGES[each] for each in value)
    if field == "chemicals":
        return "；".join(_chemical(each) for each in value)
    return _CHOICES.get(field, {}).get(str(value), str(value))


def _chemical(each: dict[str, Any]) -> str:
    amount = "" if each.get("amount") is None else f" {each['amount']:g}"
    return f"{each['name']}{amount}{each.get('unit') or ''}"


def _money(wan: Any, on: Any) -> str:
    return f"{wan.normalize():f}" + (f"（{on}）" if on else "") if wan else "0"


def _persons(count: int, on: Any) -> str:
    return f"{count}（{on}）" if on and count else str(count)


def _day(day: Any) -> str:
    return _NONE if day is None else str(day)


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]
