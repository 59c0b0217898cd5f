"""HTTP of signatures and delegations."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app import errors
from app.configured import SettingsDep
from app.db import SessionDep
from app.determination import delegations, signing, signing_states
from app.determination.routes.residual import residual_risk
from app.determination.schemas import State
from app.determination.signing_schemas import (
    AttestationOut,
    Attestations,
    DelegationIn,
    DelegationOut,
    Delegations,
    EndIn,
    SendBackIn,
    SignatureIn,
    SigningState,
)
from app.errors import DomainError
from app.security import DeterminationReader, Signer

router = APIRouter(prefix="/api/determination", tags=["determination"])
Unit = Annotated[str, Query(max_length=64)]


@router.get("/signing")
def get_signing(
    actor: DeterminationReader,
    session: SessionDep,
    settings: SettingsDep,
    unit: Unit,
    last_day: date | None = None,
    first_day: date | None = None,
) -> SigningState:
    """Who may sign for a unit and a period, and who has."""
    return signing.state(session, settings, actor, unit, first_day, last_day)


@router.get("/attestations")
def list_attestations(
    actor: DeterminationReader,
    session: SessionDep,
    unit: Unit,
    state: State | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Attestations:
    """Signatures at or below a unit, newest first."""
    return signing_states.page(session, actor, unit, state, limit, skip)


@router.post("/attestations", status_code=201, response_model=AttestationOut)
def sign(actor: Signer, session: SessionDep, settings: SettingsDep, body: SignatureIn) -> AttestationOut | Response:
    """Sign for a unit and a period, with one's password again."""
    risk = residual_risk(session, settings, actor, body.unit, body.last_day)
    return _told(signing.sign(session, settings, actor, body, risk))


@router.get("/attestations/{attestation_id}")
def get_attestation(
    actor: DeterminationReader, session: SessionDep, settings: SettingsDep, attestation_id: UUID
) -> AttestationOut:
    """A signature in full, compared with the records as they are now."""
    return signing.detail(session, settings, actor, attestation_id)


@router.post("/attestations/{attestation_id}/send-back", response_model=AttestationOut)
def send_back(
    actor: Signer, session: SessionDep, settings: SettingsDep, attestation_id: UUID, body: SendBackIn
) -> AttestationOut | Response:
    """Refuse a signature of the level below, with reasons."""
    return _told(signing.send_back(session, settings, actor, attestation_id, body))


@router.get("/delegations")
def list_delegations(actor: DeterminationReader, session: SessionDep, settings: SettingsDep, unit: Unit) -> Delegations:
    """A unit's delegations, and whom its head may ask."""
    return delegations.of_unit(session, settings, actor, unit)


@router.post("/delegations", status_code=201, response_model=DelegationOut)
def delegate(actor: Signer, session: SessionDep, settings: SettingsDep, body: DelegationIn) -> DelegationOut | Response:
    """Let somebody sign in one's place for some days, with one's password again."""
    made = delegations.delegate(session, settings, actor, body)
    return errors.answer(made) if isinstance(made, DomainError) else made


@router.post("/delegations/{delegation_id}/end")
def end_delegation(
    actor: Signer, session: SessionDep, settings: SettingsDep, delegation_id: UUID, body: EndIn
) -> DelegationOut:
    """End a delegation early."""
    return delegations.end(session, settings, actor, delegation_id, body.words)


def _told(done: AttestationOut | DomainError) -> AttestationOut | Response:
    # Not raised: that a password was wrong or an older signature stands no longer must stay written.
    return errors.answer(done) if isinstance(done, DomainError) else done
