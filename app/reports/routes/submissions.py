"""HTTP of what is handed upward."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app import errors
from app.configured import SettingsDep
from app.db import SessionDep
from app.reports.routes.forms import UnitCode, download
from app.reports.service import XLSX, File
from app.reports.submissions import detail, reading, signing, working
from app.reports.submissions.schemas import CheckIn, DeskOut, SignIn, SubmissionOut, Submissions, WhyIn
from app.security import ReportManager, ReportReader, Signer

router = APIRouter(prefix="/api/reports/submissions", tags=["reports"])


@router.get("/desk")
def get_desk(actor: ReportReader, session: SessionDep, settings: SettingsDep, unit: UnitCode = None) -> DeskOut:
    """What a unit has to hand upward and by when, and how those below it stand, the late ones first."""
    return reading.desk(session, settings, actor, reading.unit_of(session, actor, unit))


@router.get("")
def list_submissions(
    actor: ReportReader,
    session: SessionDep,
    unit: UnitCode = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Submissions:
    """Every version at or below a unit, replaced ones too."""
    return reading.page(session, actor, reading.unit_of(session, actor, unit), limit, skip)


@router.get("/{submission_id}.xlsx", response_class=Response)
def get_submission_file(
    actor: ReportReader, session: SessionDep, settings: SettingsDep, submission_id: UUID
) -> Response:
    """A version as a workbook, as it was signed."""
    content, name = detail.file(session, settings, actor, submission_id)
    return download(File(content, XLSX, name))


@router.get("/{submission_id}")
def get_submission(
    actor: ReportReader, session: SessionDep, settings: SettingsDep, submission_id: UUID
) -> SubmissionOut:
    """A version with its form, its steps and what its reader may do."""
    return detail.one(session, settings, actor, submission_id)


@router.post("/{submission_id}/refresh")
def refresh_submission(
    actor: ReportManager, session: SessionDep, settings: SettingsDep, submission_id: UUID
) -> SubmissionOut:
    """Fill in anew what is not signed yet."""
    working.refresh(session, settings, actor, submission_id)
    return detail.one(session, settings, actor, submission_id)


@router.post("/{submission_id}/check")
def check_submission(
    actor: ReportManager, session: SessionDep, settings: SettingsDep, submission_id: UUID, told: CheckIn
) -> SubmissionOut:
    """Vouch for what was looked at, and say which units below are missing."""
    working.check(session, settings, actor, submission_id, told)
    return detail.one(session, settings, actor, submission_id)


@router.post("/{submission_id}/sign", response_model=SubmissionOut)
def sign_submission(
    actor: Signer, session: SessionDep, settings: SettingsDep, submission_id: UUID, told: SignIn
) -> SubmissionOut | Response:
    """Sign as the unit's head, with the password once more."""
    refused = signing.sign(session, settings, actor, submission_id, told)
    if refused is not None:
        return errors.answer(refused)  # not raised: the failed attempt must stay counted
    return detail.one(session, settings, actor, submission_id)


@router.post("/{submission_id}/submit")
def submit_submission(
    actor: ReportManager, session: SessionDep, settings: SettingsDep, submission_id: UUID
) -> SubmissionOut:
    """Hand a signed report upward."""
    working.submit(session, settings, actor, submission_id)
    return detail.one(session, settings, actor, submission_id)


@router.post("/{submission_id}/send-back")
def send_back_submission(
    actor: ReportManager, session: SessionDep, settings: SettingsDep, submission_id: UUID, said: WhyIn
) -> SubmissionOut:
    """Not accept what a unit below handed upward."""
    working.send_back(session, settings, actor, submission_id, said.why)
    return detail.one(session, settings, actor, submission_id)


@router.post("/{submission_id}/correction")
def correct_submission(
    actor: ReportManager, session: SessionDep, settings: SettingsDep, submission_id: UUID, said: WhyIn
) -> SubmissionOut:
    """A new version of a report that was signed; the answer is the new one."""
    made = working.correct(session, settings, actor, submission_id, said.why)
    return detail.one(session, settings, actor, made)
