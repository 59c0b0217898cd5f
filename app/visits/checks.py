"""What a visit must satisfy: by itself, for the kind of its site, and for the tenancies there on that day."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from app.errors import ConflictError, InvalidInputError
from app.evidence import service as evidence
from app.evidence.service import NOTHING_KEPT
from app.settings import Settings
from app.sites.schemas import CurrentTenancy, TenancyBrief
from app.visits.checklists import CHECKLISTS, ITEMS
from app.visits.queries import SiteRow
from app.visits.schemas import NOT_ENTERED_REASONS, OTHER, VisitIn

_NAMED = 5


def check(visit: VisitIn, settings: Settings) -> None:
    """Raise InvalidInputError for what cannot be, or contradicts itself, whatever the site."""
    evidence.check_times(visit.visited_at, visit.position, settings)
    if visit.result == "not_entered":
        _check_not_entered(visit)
    else:
        _check_entered(visit)
    # What was found goes into a case: it is said, and it is shown.
    evidence.check_photos(visit.photo_ids, least=1 if visit.result == "problem_found" else 0)
    named = [each.tenancy_id for each in visit.tenancies] + [each.id for each in visit.new_tenants]
    if len(set(named)) < len(named):
        raise InvalidInputError(f"同一个租户填写了两次，请核对后重发。{NOTHING_KEPT}", problem="tenancy_twice")


def check_checklist(visit: VisitIn, site: SiteRow) -> None:
    """Raise InvalidInputError unless a visit that entered answers every item of its kind of site, and no other."""
    items = CHECKLISTS[site.kind]
    unknown = [code for code in visit.checklist if code not in items]
    if unknown:
        raise InvalidInputError(
            f"检查项 {_some(unknown)} 不属于场所“{site.name}”的检查表，场所类型可能已更改。"
            f"请更新数据后按新的检查表填写。{NOTHING_KEPT}",
            problem="checklist",
            unknown=unknown,
        )
    missing = [code for code in items if code not in visit.checklist]
    if visit.result != "not_entered" and missing:
        raise InvalidInputError(
            f"还有 {len(missing)} 个检查项没有填写：{_some(ITEMS[code] for code in missing)}。{NOTHING_KEPT}",
            problem="checklist",
            missing=missing,
        )


def check_tenancies(
    visit: VisitIn, site: SiteRow, current: Iterable[CurrentTenancy], known: Mapping[UUID, TenancyBrief], day: date
) -> None:
    """Raise InvalidInputError unless current tenancies of the site are answered for, and all of them if it entered.

    `known`: the named ones that exist anywhere. Raises ConflictError for a new tenant whose id another tenancy has.
    """
    there = {each.id: each for each in current}
    for answered in visit.tenancies:
        if answered.tenancy_id not in there:
            raise _not_there(answered.tenancy_id, site, known.get(answered.tenancy_id), day)
    for new in visit.new_tenants:
        if new.id in known:
            raise ConflictError(
                f"新租户“{new.tenant_name}”的编号 {new.id} 已用于租户“{known[new.id].tenant_name}”。{NOTHING_KEPT}",
                tenancy_id=str(new.id),
            )
    answered_for = {each.tenancy_id for each in visit.tenancies}
    missing = [each for each in there.values() if each.id not in answered_for]
    if visit.result != "not_entered" and missing:
        raise InvalidInputError(
            f"场所“{site.name}”还有 {len(missing)} 个在场租户没有说明是否见到："
            f"{_some(each.tenant_name for each in missing)}。请逐个填写“见到”或“未见到”后重发。{NOTHING_KEPT}",
            problem="tenancies",
            missing=[{"id": str(each.id), "tenant_name": each.tenant_name} for each in missing],
        )


def _not_there(tenancy_id: UUID, site: SiteRow, known: TenancyBrief | None, day: date) -> InvalidInputError:
    if known is None or known.site_id != site.id:
        return InvalidInputError(
            f"租户 {tenancy_id} 不是场所“{site.name}”的租户。请更新数据后重新填写。{NOTHING_KEPT}",
            problem="tenancy",
            tenancy_id=str(tenancy_id),
        )
    return InvalidInputError(
        f"租户“{known.tenant_name}”在 {day} 不在场（尚未入驻或已经迁出）。请更新数据后重新填写。{NOTHING_KEPT}",
        problem="tenancy_not_current",
        tenancy_id=str(tenancy_id),
    )


def _check_not_entered(visit: VisitIn) -> None:
    if visit.not_entered_why not in NOT_ENTERED_REASONS:
        known = "、".join(f"{code}（{text}）" for code, text in NOT_ENTERED_REASONS.items())
        raise InvalidInputError(
            f"未能进入的原因 {visit.not_entered_why!r} 不可选，应为：{known}。{NOTHING_KEPT}", problem="not_entered_why"
        )
    if visit.not_entered_why == OTHER and visit.note is None:
        raise InvalidInputError(f"未能进入的原因选“其他”时，请写明具体情况。{NOTHING_KEPT}", problem="note")
    if visit.new_tenants or any(each.seen for each in visit.tenancies):
        raise InvalidInputError(f"未能进入时不能填写见到的租户，请核对结果。{NOTHING_KEPT}", problem="tenancies")
    if visit.checklist:
        raise InvalidInputError(f"未能进入时不能填写检查项，请核对结果。{NOTHING_KEPT}", problem="checklist")


def _check_entered(visit: VisitIn) -> None:
    if visit.not_entered_why is not None:
        raise InvalidInputError(
            f"只有“未能进入”才填写未能进入的原因，请核对结果。{NOTHING_KEPT}", problem="not_entered_why"
        )
    wrong = [code for code, item in visit.checklist.items() if item.answer == "no"]
    if visit.result == "nothing_found" and wrong:
        raise InvalidInputError(
            f"有 {len(wrong)} 个检查项为“不符合”：{_some(ITEMS.get(code, code) for code in wrong)}。"
            f"结果应选“发现问题”，并写明情况、附照片。{NOTHING_KEPT}",
            problem="result",
            items=wrong,
        )
    if visit.result == "problem_found" and visit.note is None:
        raise InvalidInputError(f"结果为“发现问题”时，请写明发现了什么。{NOTHING_KEPT}", problem="note")


def _some(words: Iterable[str]) -> str:
    named = list(words)
    return "、".join(named[:_NAMED]) + (f"等 {len(named)} 个" if len(named) > _NAMED else "")
