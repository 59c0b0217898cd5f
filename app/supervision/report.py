"""The report of a plan: what was drawn, looked into and found, by unit and by item."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.settings import Settings
from app.supervision.forms import ANSWERS, FORMS
from app.supervision.plans import plan_row, seen, sees_open, strata_out
from app.supervision.queries import plans as queries
from app.supervision.schemas import LeftOut, PlanReport, Tally, UnitName, UnitTally
from app.territory import service as territory


def report(session: Session, settings: Settings, actor: Actor, plan_id: UUID) -> PlanReport:
    """The report of what the actor sees of a plan. Raises NotFoundError or ForbiddenError."""
    plan = seen(session, actor, plan_id)
    items = queries.items(session, actor.scope, sees_open(actor), plan_id)
    final = [row for row in items if row.is_final]
    return PlanReport(
        plan=plan_row(plan, actor),
        strata=strata_out(plan),
        units=_units(session, plan, items),
        tallies=_tallies(final),
        left_out=[
            LeftOut(
                item_id=row.id,
                name=row.name,
                unit_name=row.unit_name,
                words=row.words,
                by_name=row.by_name,
                on=row.at.astimezone(settings.zone).date(),
            )
            for row in final
            if row.found_omission
        ],
    )


def _units(session: Session, plan: Row[Any], items: Sequence[Row[Any]]) -> list[UnitTally]:
    """By unit straight below the plan's, and what belongs to none of them, as the plan's own."""
    top = territory.unit_or_404(session, plan.unit_code)
    parts = territory.children(session, plan.unit_code)
    owned: dict[str, list[Row[Any]]] = {unit.code: [] for unit in [*parts, top]}
    for row in items:
        own = (unit.code for unit in parts if row.unit_path == unit.path or row.unit_path.startswith(f"{unit.path}."))
        owned[next(own, top.code)].append(row)
    return [
        UnitTally(
            unit=UnitName(code=unit.code, name=unit.name if unit is not top else f"{top.name}本级", level=unit.level),
            drawn=len(owned[unit.code]),
            final=sum(bool(row.is_final) for row in owned[unit.code]),
            omissions=sum(bool(row.is_final and row.found_omission) for row in owned[unit.code]),
        )
        for unit in [*parts, top]
        if owned[unit.code]
    ]


def _tallies(final: Sequence[Row[Any]]) -> list[Tally]:
    """How often each item that is answered by a choice was answered how; forms nobody filled in are left out."""
    found = []
    for form in FORMS.values():
        filled = [row.answers for row in final if row.form == form.code]
        for item in form.items if filled else ():
            if item.answering != "yes_no":
                continue
            counts = Counter(answers.get(str(item.number), {}).get("answer") for answers in filled)
            tally = {answer: counts[answer] for answer in ANSWERS}
            found.append(Tally(form=form.code, number=item.number, text=item.text, **tally))
    return found
