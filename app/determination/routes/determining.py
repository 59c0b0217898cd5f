"""HTTP of the determination, policies and exceptions."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query

from app.configured import SettingsDep
from app.db import SessionDep
from app.determination import exceptions, policies, showing
from app.determination.exceptions import Wanted
from app.determination.incoming import DecisionIn, EndIn, ExceptionIn, PolicyIn
from app.determination.routes.residual import residual_risk
from app.determination.schemas import (
    DeterminationOut,
    ExceptionOut,
    ExceptionPage,
    OmissionRows,
    Places,
    PolicyHeld,
)
from app.security import DeterminationReader, ExceptionDecider, ExceptionRequester, PolicySetter

router = APIRouter(prefix="/api/determination", tags=["determination"])
Unit = Annotated[str, Query(max_length=64)]
Kinds = Annotated[list[str] | None, Query(alias="kind", max_length=50)]
Limit = Annotated[int, Query(ge=1, le=500)]
Skip = Annotated[int, Query(ge=0, le=1_000_000)]


@router.get("")
def show(
    actor: DeterminationReader,
    session: SessionDep,
    settings: SettingsDep,
    unit: Unit,
    last_day: date | None = None,
    first_day: date | None = None,
) -> DeterminationOut:
    """Whether a unit can be signed for a period, and what stands against it."""
    residual = residual_risk(session, settings, actor, unit, last_day)
    return showing.shown(session, settings, actor, unit, first_day, last_day, residual)


@router.get("/omissions")
def list_omissions(
    actor: DeterminationReader,
    session: SessionDep,
    settings: SettingsDep,
    unit: Unit,
    kind: Kinds = None,
    last_day: date | None = None,
    first_day: date | None = None,
    limit: Limit = 50,
    skip: Skip = 0,
) -> OmissionRows:
    """What is left out at or below a unit, a page of it."""
    return showing.rows(session, settings, actor, unit, (first_day, last_day), kind, limit, skip)


@router.get("/places")
def list_places(
    actor: DeterminationReader,
    session: SessionDep,
    settings: SettingsDep,
    unit: Unit,
    kind: Kinds = None,
    last_day: date | None = None,
    first_day: date | None = None,
) -> Places:
    """Where something is left out, as GeoJSON points."""
    return showing.places(session, settings, actor, unit, (first_day, last_day), kind)


@router.get("/policies")
def list_policies(actor: DeterminationReader, session: SessionDep, unit: Unit) -> list[PolicyHeld]:
    """A unit's own policies, newest first."""
    return policies.versions(session, actor, unit)


@router.post("/policies", status_code=201)
def set_policy(actor: PolicySetter, session: SessionDep, settings: SettingsDep, policy: PolicyIn) -> PolicyHeld:
    """Set the next version of a unit's policy, from above it."""
    return policies.set_policy(
        session, settings, actor, policy.unit, policy.valid_from, dict(policy.thresholds), policy.words
    )


@router.get("/exceptions")
def list_exceptions(
    actor: DeterminationReader,
    session: SessionDep,
    unit: Unit,
    state: Literal["requested", "approved", "refused", "ended"] | None = None,
    limit: Limit = 50,
    skip: Skip = 0,
) -> ExceptionPage:
    """Exceptions at or below a unit, those that wait first."""
    return exceptions.page(session, actor, unit, state, limit, skip)


@router.post("/exceptions", status_code=201)
def request_exception(
    actor: ExceptionRequester, session: SessionDep, settings: SettingsDep, wanted: ExceptionIn
) -> ExceptionOut:
    """Ask that one omission may stay until a day."""
    asked = Wanted(wanted.kind, wanted.subject, wanted.until, wanted.reason)
    return exceptions.request(session, settings, actor, wanted.id, wanted.unit, asked)


@router.post("/exceptions/{exception_id}/decision")
def decide_exception(
    actor: ExceptionDecider, session: SessionDep, settings: SettingsDep, exception_id: UUID, decision: DecisionIn
) -> ExceptionOut:
    """Approve or refuse a request, from above the unit."""
    return exceptions.decide(session, settings, actor, exception_id, decision.approve, decision.words)


@router.post("/exceptions/{exception_id}/end")
def end_exception(
    actor: ExceptionDecider, session: SessionDep, settings: SettingsDep, exception_id: UUID, ending: EndIn
) -> ExceptionOut:
    """End an approved exception before its day, from above the unit."""
    return exceptions.end(session, settings, actor, exception_id, ending.words)
