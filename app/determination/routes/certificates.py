"""HTTP of certificates."""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Response, UploadFile

from app.configured import SettingsDep
from app.db import SessionDep
from app.determination import certificates
from app.determination.certificate_schemas import CertificateOut, CheckOut
from app.security import DeterminationReader, Public, SignedIn

router = APIRouter(prefix="/api/certificates", tags=["determination"])
HEAVY_AT_ONCE = 2


def _turn() -> Iterator[None]:
    """A place among the few certificates that are printed or checked at a time."""
    yield


TurnDep = Annotated[None, Depends(_turn, max_concurrency=HEAVY_AT_ONCE, scope="function")]


@router.get("/{attestation_id}.pdf", response_class=Response)
def get_pdf(
    actor: DeterminationReader, _turn: TurnDep, session: SessionDep, settings: SettingsDep, attestation_id: UUID
) -> Response:
    """The certificate on paper, with its proof attached."""
    return _saved(certificates.as_pdf(session, settings, actor, attestation_id), "application/pdf")


@router.get("/{attestation_id}.json", response_class=Response)
def get_json(actor: DeterminationReader, session: SessionDep, settings: SettingsDep, attestation_id: UUID) -> Response:
    """The certificate's proof by itself."""
    return _saved(certificates.as_json(session, settings, actor, attestation_id), "application/json")


@router.get("/{attestation_id}", dependencies=[Public])
def get_certificate(session: SessionDep, settings: SettingsDep, attestation_id: UUID) -> CertificateOut:
    """Whether a certificate stands, for whoever holds it."""
    return certificates.known(session, settings, attestation_id)


@router.post("/check")
def check(_actor: SignedIn, _turn: TurnDep, settings: SettingsDep, file: UploadFile) -> CheckOut:
    """Check a certificate's file by itself. Nothing of it is kept."""
    return certificates.check_file(settings, file.file.read())


def _saved(saved: certificates.Saved, media_type: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(saved.name)}"}
    return Response(saved.content, media_type=media_type, headers=headers)
