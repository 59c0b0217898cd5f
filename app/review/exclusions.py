"""Requests that came with an import, to take ground out of what must be covered: who may decide, and the decision."""

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.review import wording
from app.review.schemas import ExclusionDecided, ExclusionItem, Exclusions, Outcome
from app.rights import Right
from app.settings import Settings
from app.territory import change
from app.territory import service as territory
from app.territory.schemas import ExclusionRequest


def waiting(session: Session, actor: Actor, limit: int, skip: int) -> Exclusions:
    """Requests that meet the actor's scope and wait, oldest first."""
    found = territory.exclusions_waiting(session, actor.scope, limit, skip)
    paths = sorted({path for each in found.listed for path in each.unit_paths})
    names = {unit.path: unit.name for unit in territory.units_by_paths(session, paths)}
    return Exclusions(total=found.total, items=[_item(actor, each, names) for each in found.listed])


def decide(
    session: Session, settings: Settings, actor: Actor, code: str, state: Outcome, words: str
) -> ExclusionDecided:
    """Approve or refuse a request from today on; `state` is "approved" or "refused".

    Raises NotFoundError, ForbiddenError, InvalidInputError for a refusal without words, or ConflictError.
    """
    asked = territory.exclusion_waiting(session, code)
    if asked is None:
        raise _none_waits(session, settings, code)
    refusal = _why_not(actor, asked)
    if refusal is not None:
        raise ForbiddenError(refusal, code=code)
    if state == "refused" and not words:
        raise InvalidInputError("请写明不予批准的理由。", field="words")
    by = actor.label if not words else f"{actor.label}：{words}"
    try:
        change.decide_exclusion(session, code, state, by, settings.today())
    except ConflictError as error:
        raise _none_waits(session, settings, code) from error
    return ExclusionDecided(code=code, state=state, decided_by=by)


def _item(actor: Actor, asked: ExclusionRequest, names: dict[str, str]) -> ExclusionItem:
    refusal = _why_not(actor, asked)
    return ExclusionItem(
        code=asked.code,
        name=asked.name,
        kind=asked.kind,
        effect=asked.effect,
        reason=asked.reason,
        requested_by=asked.requested_by,
        since=asked.since,
        area_m2=asked.area_m2,
        unit_name="、".join(names[path] for path in _lowest(asked.unit_paths) if path in names),
        geometry=asked.geometry,
        may_decide=refusal is None,
        why_not=refusal,
    )


def _why_not(actor: Actor, asked: ExclusionRequest) -> str | None:
    if not actor.may(Right.DECIDE_EXCLUSIONS):
        return wording.ABOVE
    if actor.username is not None and f"（{actor.username}）" in asked.requested_by:
        return wording.OWN_REQUEST
    # Ground that reaches into a neighbour is not for one of the two to decide.
    lowest = _lowest(asked.unit_paths)
    if not actor.scope.is_everything and not (lowest and all(actor.scope.holds_unit(path) for path in lowest)):
        return wording.BEYOND
    return None


def _lowest(paths: list[str]) -> list[str]:
    """Units with no other of the list below them."""
    return [path for path in paths if not any(other.startswith(f"{path}.") for other in paths)]


def _none_waits(session: Session, settings: Settings, code: str) -> NotFoundError | ConflictError:
    newest = territory.exclusion_decision(session, code)
    if newest is None or newest.decided_at is None:
        return NotFoundError(f"没有编码为 {code} 的待审批申请。请刷新列表。", code=code)
    at = f"{newest.decided_at.astimezone(settings.zone):%Y-%m-%d %H:%M}"
    message = f"{newest.decided_by} 已于 {at} {wording.DECISIONS[newest.state]}。本次未作更改，请刷新列表。"
    return ConflictError(message, code=code, state=newest.state, decided_by=newest.decided_by)
