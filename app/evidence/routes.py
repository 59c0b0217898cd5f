"""HTTP of evidence: photos in and out."""

from collections.abc import Iterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import AwareDatetime

from app.db import SessionDep
from app.errors import InvalidInputError
from app.evidence import service
from app.evidence.schemas import PhotoAnswer, PhotoStated
from app.security import RecordSender, SignedIn

router = APIRouter(prefix="/api", tags=["evidence"])
PHOTOS_AT_ONCE = 3
_JPEG = "image/jpeg"
_JPEG_BODY = {"requestBody": {"required": True, "content": {_JPEG: {"schema": {"type": "string", "format": "binary"}}}}}


def _turn() -> Iterator[None]:
    """A place among the few pictures decoded at a time: a large one takes some hundred megabytes meanwhile."""
    yield


async def raw_body(request: Request) -> bytes:
    """The body as bytes, bounded by `BodyLimit`."""
    return await request.body()


TurnDep = Annotated[None, Depends(_turn, max_concurrency=PHOTOS_AT_ONCE, scope="function")]


def stated_of(
    officer_code: Annotated[str, Query(min_length=1, max_length=64)],
    taken_at: AwareDatetime,
    lon: Annotated[float | None, Query(ge=-180, le=180, allow_inf_nan=False)] = None,
    lat: Annotated[float | None, Query(ge=-85, le=85, allow_inf_nan=False)] = None,
) -> PhotoStated:
    """What the address says about the photo. Raises InvalidInputError for half a position."""
    if (lon is None) != (lat is None):
        raise InvalidInputError("照片的位置应同时给出经度 lon 和纬度 lat，或都不给。未保存。", problem="position")
    return PhotoStated(officer_code, taken_at, lon, lat)


@router.put("/photos/{photo_id}", openapi_extra=_JPEG_BODY)
def put_photo(
    actor: RecordSender,
    _turn: TurnDep,
    request: Request,
    session: SessionDep,
    response: Response,
    photo_id: UUID,
    stated: Annotated[PhotoStated, Depends(stated_of)],
    body: Annotated[bytes, Depends(raw_body)],
) -> PhotoAnswer:
    """Take in a JPEG, before the record that names it; sent again, the same answer and nothing twice."""
    accepted = service.accept_photo(session, request.app.state.settings, actor, photo_id, stated, body)
    if accepted.is_replay:
        response.headers["Idempotent-Replay"] = "true"
    return accepted.answer


@router.get("/photos/{photo_id}", status_code=200, response_class=Response, responses={200: {"content": {_JPEG: {}}}})
def get_photo(
    actor: SignedIn,
    session: SessionDep,
    photo_id: UUID,
    held: Annotated[str | None, Header(alias="If-None-Match")] = None,
) -> Response:
    """A photo as it came, or 304 when the browser's copy is right."""
    photo = service.read_photo(session, actor, photo_id)
    # Each look is asked for and noted anew; and opened by itself, a picture runs nothing.
    headers = {
        "ETag": photo.etag,
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": f'inline; filename="{photo_id}.jpg"',
    }
    if held == photo.etag:
        return Response(status_code=304, headers=headers)
    return Response(photo.jpeg, media_type=_JPEG, headers=headers)
