"""Photos: taken in whole and once, refused when they are none, shown to whom they concern, judged when named."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from PIL import Image
from sqlalchemy import Engine, text

from app.actor import Actor, terminal
from app.db import transaction
from app.errors import ForbiddenError, InvalidInputError
from app.evidence import service as evidence
from app.evidence.pictures import MOST_DIFFERENT_BITS, parts_of, read_picture
from app.evidence.schemas import Finding, PhotoStated
from app.rights import RIGHTS, Right, Role
from app.scope import EVERYTHING, Scope
from app.territory.codes import path_of
from tests.app.evidence.conftest import NEIGHBOUR
from tests.app.evidence.pictures import exif_time, jpeg, scene
from tests.app.evidence.walks import MORNING
from tests.app.patrols.bodies import HOME, LAT_PER_M, OFFICER
from tests.app.patrols.territory import VILLAGE

CHINA = ZoneInfo("Asia/Shanghai")
PICTURE = jpeg(scene(1))


@pytest.fixture
def put(client: TestClient, db: Engine) -> Callable[..., Response]:
    """Send a photo as the operator."""

    def putting(data: bytes, photo_id: UUID | None = None, **stated: Any) -> Response:
        params = {"officer_code": OFFICER, "taken_at": MORNING.isoformat(), **stated}
        headers = {"Content-Type": "image/jpeg"}
        return client.put(f"/api/photos/{photo_id or uuid4()}", content=data, params=params, headers=headers)

    return putting


def counted(db: Engine) -> tuple[int, int]:
    """Photos and their contents."""
    with db.connect() as connection:
        return tuple(  # type: ignore[return-value]
            connection.execute(text("SELECT (SELECT count(*) FROM photo), (SELECT count(*) FROM photo_content)")).one()
        )


def test_a_photo_comes_back_as_it_was_sent(put: Any, client: TestClient) -> None:
    photo_id = uuid4()
    answer = put(PICTURE, photo_id, lon=HOME[0], lat=HOME[1])
    assert answer.json() == {
        "id": str(photo_id),
        "width": 640,
        "height": 480,
        "digest_hex": hashlib.sha256(PICTURE).hexdigest(),
    }
    shown = client.get(f"/api/photos/{photo_id}")
    assert shown.content == PICTURE
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cache-control"] == "private, no-cache"
    assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
    again = client.get(f"/api/photos/{photo_id}", headers={"If-None-Match": shown.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_sent_again_it_is_there_once(put: Any, db: Engine) -> None:
    photo_id = uuid4()
    first, second = put(PICTURE, photo_id), put(PICTURE, photo_id)
    assert first.json() == second.json()
    assert ("Idempotent-Replay" in first.headers, second.headers["Idempotent-Replay"]) == (False, "true")
    assert counted(db) == (1, 1)


def test_an_id_stands_for_one_picture_of_one_officer(put: Any, db: Engine) -> None:
    photo_id = uuid4()
    put(PICTURE, photo_id)
    assert put(jpeg(scene(2)), photo_id).status_code == 409
    assert put(PICTURE, photo_id, officer_code=NEIGHBOUR).status_code == 409
    assert counted(db) == (1, 1)


def _png() -> bytes:
    out = BytesIO()
    scene(1).save(out, "PNG")
    return out.getvalue()


def _many_scans() -> bytes:
    """A JPEG of few bytes that costs a decoder much: a progressive one with its last scan a hundred times."""
    out = BytesIO()
    scene(1).save(out, "JPEG", progressive=True)
    data = out.getvalue()
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * 100 + data[-2:]


BROKEN = {
    "nothing": (b"", "不是完整的 JPEG"),
    "a page": (b"<html><script>alert(1)</script></html>" * 50, "不是完整的 JPEG"),
    "a PNG": (_png(), "不是完整的 JPEG"),
    "cut off": (PICTURE[: len(PICTURE) // 2], "不是完整的 JPEG"),
    "only a head": (PICTURE[:400], "不是完整的 JPEG"),
    "tiny": (jpeg(scene(1, (32, 32))), "只有 32 × 32 像素"),
    "of too many pixels": (jpeg(Image.new("L", (8_000, 8_000))), "超过上限 2500 万像素"),
    "of many scans": (_many_scans(), "扫描次数过多"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_no_photo_is_refused(put: Any, db: Engine, what: str) -> None:
    data, why = BROKEN[what]
    answer = put(data)
    assert answer.status_code == 422
    assert why in answer.json()["error"]["message"]
    assert counted(db) == (0, 0)


def test_a_photo_over_the_bound_is_refused_unread(put: Any, db: Engine) -> None:
    answer = put(PICTURE + bytes(3 * 1024 * 1024))
    assert answer.status_code == 413
    assert "3 MB" in answer.json()["error"]["message"]
    assert counted(db) == (0, 0)


@pytest.mark.parametrize(
    "stated",
    [
        {"taken_at": "2024-10-01T09:00:00"},
        {"taken_at": "1999-10-01T09:00:00+08:00"},
        {"taken_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()},
        {"lon": 119.9},
        {"lon": 500, "lat": 31},
        {"lon": "nan", "lat": 31},
        {"officer_code": ""},
    ],
)
def test_what_cannot_be_said_of_a_photo_is_refused(put: Any, db: Engine, stated: dict[str, Any]) -> None:
    answer = put(PICTURE, **stated)
    assert answer.status_code == 422, answer.text
    assert counted(db) == (0, 0)


def test_an_unknown_officer_is_refused(put: Any) -> None:
    assert put(PICTURE, officer_code="G999").status_code == 404


def test_nobody_sends_and_sees_nothing(stranger: TestClient, put: Any) -> None:
    photo_id = uuid4()
    assert put(PICTURE, photo_id).status_code == 200
    params = {"officer_code": OFFICER, "taken_at": MORNING.isoformat()}
    assert stranger.put(f"/api/photos/{uuid4()}", content=PICTURE, params=params).status_code == 401
    assert stranger.get(f"/api/photos/{photo_id}").status_code == 401


def test_an_unknown_photo_is_not_found(client: TestClient, db: Engine) -> None:
    assert client.get(f"/api/photos/{uuid4()}").status_code == 404


def person(role: Role, scope: Scope, officer_code: str | None = None) -> Actor:
    """Somebody signed in."""
    return Actor("某人", role, RIGHTS[role], scope, "session", "127.0.0.1", officer_code=officer_code)


def test_a_photo_is_shown_to_its_officer_and_to_who_reads_tracks_there(put: Any, db: Engine) -> None:
    photo_id = uuid4()
    put(PICTURE, photo_id)
    record_with(db, [photo_id])
    here, elsewhere = Scope((path_of(VILLAGE),)), Scope(("9",))
    allowed = [person(Role.OFFICER, Scope(), OFFICER), person(Role.VILLAGE, here), person(Role.LEADER, EVERYTHING)]
    refused = [
        person(Role.OFFICER, here, NEIGHBOUR),
        person(Role.VILLAGE, elsewhere),
        person(Role.ADMINISTRATOR, EVERYTHING),
    ]
    with transaction(db) as session:
        for actor in allowed:
            assert evidence.read_photo(session, actor, photo_id).jpeg == PICTURE
        for actor in refused:
            with pytest.raises(ForbiddenError):
                evidence.read_photo(session, actor, photo_id)
    assert [actor.facts for actor in allowed] == [
        {},
        {"officer_codes": [OFFICER]},
        {"officer_codes": [OFFICER]},
    ], "whose photo was looked at is for the audit"
    assert Right.READ_TRACKS not in RIGHTS[Role.ADMINISTRATOR]


def test_a_photo_that_no_record_names_is_its_officers_alone(put: Any, db: Engine) -> None:
    photo_id = uuid4()
    put(PICTURE, photo_id)
    with transaction(db) as session, pytest.raises(ForbiddenError):
        evidence.read_photo(session, person(Role.VILLAGE, Scope((path_of(VILLAGE),))), photo_id)


def test_an_officer_sends_only_their_own(put: Any, db: Engine, settings: Any) -> None:
    stranger = person(Role.OFFICER, Scope(), NEIGHBOUR)
    stated = PhotoStated(OFFICER, MORNING, None, None)
    with transaction(db) as session, pytest.raises(ForbiddenError):
        evidence.accept_photo(session, settings, stranger, uuid4(), stated, PICTURE)


def record_with(
    db: Engine,
    photo_ids: list[UUID],
    made_at: datetime = MORNING,
    position: tuple[float, float] | None = HOME,
    officer_code: str = OFFICER,
) -> UUID:
    """A record that names photos."""
    evidence_id = uuid4()
    with transaction(db) as session:
        assert evidence.submit(
            session, terminal(), evidence_id, "mark", officer_code, made_at, made_at, made_at.date(), None
        )
        evidence.attach_photos(session, evidence_id, officer_code, photo_ids, made_at, position)
    return evidence_id


@pytest.fixture
def photo(put: Any) -> Callable[..., UUID]:
    """Send a photo that must be taken in; its id."""

    def sending(data: bytes, **stated: Any) -> UUID:
        answer = put(data, **stated)
        assert answer.status_code == 200, answer.text
        return UUID(answer.json()["id"])

    return sending


Ask = Callable[[UUID], dict[str, Finding]]


def test_good_photos_are_kept_in_order_and_raise_nothing(photo: Any, db: Engine, findings: Ask) -> None:
    ids = [photo(jpeg(scene(seed), taken=exif_time(MORNING.astimezone(CHINA)), place=HOME)) for seed in (1, 2, 3)]
    record = record_with(db, [ids[2], ids[0]])
    with transaction(db) as session:
        evidence.attach_photos(session, record, OFFICER, [ids[0], ids[1]], MORNING, HOME)
        kept = evidence.photos_of(session, record)
    assert [one.id for one in kept] == [ids[2], ids[0], ids[1]]
    assert kept[0].own_taken_at == MORNING
    assert (kept[0].own_lon, kept[0].own_lat) == pytest.approx(HOME, abs=1e-6)
    assert findings(record) == {}


@pytest.mark.parametrize("whose", ["unknown", "another's"])
def test_a_photo_that_is_not_there_or_anothers_is_refused(photo: Any, db: Engine, whose: str) -> None:
    photo_id = uuid4() if whose == "unknown" else photo(PICTURE, officer_code=NEIGHBOUR)
    with pytest.raises(InvalidInputError, match="还没有上传" if whose == "unknown" else "不是网格员"):
        record_with(db, [photo_id])


@pytest.mark.parametrize("how", ["the same id", "the same bytes"])
def test_a_photo_used_before_is_told(photo: Any, db: Engine, findings: Ask, how: str) -> None:
    first_photo = photo(PICTURE)
    first = record_with(db, [first_photo])
    second_photo = first_photo if how == "the same id" else photo(PICTURE)
    second = record_with(db, [second_photo, photo(jpeg(scene(7)))])
    found = findings(second)
    assert list(found) == ["photo_reused"]
    assert found["photo_reused"].other_id == first
    assert found["photo_reused"].facts["photos"] == [
        {"photo_id": str(second_photo), "other_photo_id": str(first_photo)}
    ]
    assert found["photo_reused"].text == "1 张照片已在 2024-10-01 的另一条记录中使用过"


ALTERED = {
    "saved anew": lambda: jpeg(scene(1), quality=40),
    "shrunk": lambda: jpeg(scene(1).resize((400, 300))),
    "brighter": lambda: jpeg(Image.eval(scene(1), lambda value: min(255, value + 12))),
    "a little cropped": lambda: jpeg(scene(1).crop((4, 3, 636, 477))),
}


@pytest.mark.parametrize("how", ALTERED)
def test_a_photo_altered_a_little_is_told(photo: Any, db: Engine, findings: Ask, how: str) -> None:
    first = record_with(db, [photo(PICTURE)])
    later = MORNING + timedelta(days=9)
    second = record_with(db, [photo(ALTERED[how](), taken_at=later.isoformat())], made_at=later)
    found = findings(second)
    assert list(found) == ["photo_look_alike"]
    assert found["photo_look_alike"].other_id == first
    assert "高度相似" in found["photo_look_alike"].text


def test_two_shots_in_one_go_are_alike_with_good_reason(photo: Any, db: Engine, findings: Ask) -> None:
    record_with(db, [photo(PICTURE)])
    soon = MORNING + timedelta(minutes=3)
    second = record_with(db, [photo(jpeg(scene(1), quality=40), taken_at=soon.isoformat())], made_at=soon)
    assert findings(second) == {}


def test_other_pictures_do_not_look_alike(db: Engine) -> None:
    hashes = [read_picture(jpeg(scene(seed)), CHINA).look_alike for seed in range(60)]
    differ = [(a ^ b) % 2**64 for i, a in enumerate(hashes) for b in hashes[:i]]
    assert min(bits.bit_count() for bits in differ) > 2 * MOST_DIFFERENT_BITS


def test_alike_hashes_always_share_a_part() -> None:
    rng = np.random.default_rng(4)
    for _ in range(500):
        one = int(rng.integers(-(2**63), 2**63))
        other = one
        for bit in rng.choice(64, MOST_DIFFERENT_BITS, replace=False):
            other ^= 1 << int(bit)
        assert set(parts_of(one)) & set(parts_of(other))


def test_a_photo_taken_at_another_time_is_told(photo: Any, db: Engine, findings: Ask) -> None:
    old = photo(jpeg(scene(1), taken="2024:09:20 09:00:00"))
    late = photo(jpeg(scene(2)), taken_at=(MORNING - timedelta(hours=5)).isoformat())
    found = findings(record_with(db, [old, late]))
    assert list(found) == ["photo_time"]
    assert [(one["said_by"], one["apart_minutes"]) for one in found["photo_time"].facts["photos"]] == [
        ("picture", 11 * 24 * 60),
        ("phone", 300),
    ]
    assert found["photo_time"].text == "2 张照片的拍摄时间与记录时间不符，照片自身信息显示相差 11 天"


def test_a_cameras_zone_is_heeded(photo: Any, db: Engine, findings: Ask) -> None:
    in_utc = photo(jpeg(scene(1), taken=exif_time(MORNING), offset="+00:00"))
    assert findings(record_with(db, [in_utc])) == {}


def test_a_photo_taken_elsewhere_is_told(photo: Any, db: Engine, findings: Ask) -> None:
    far = (HOME[0], HOME[1] + 3000 * LAT_PER_M)
    own = photo(jpeg(scene(1), place=far))
    stated = photo(jpeg(scene(2)), lon=far[0], lat=far[1])
    found = findings(record_with(db, [own, stated]))
    assert list(found) == ["photo_place"]
    assert [one["said_by"] for one in found["photo_place"].facts["photos"]] == ["picture", "phone"]
    assert found["photo_place"].text == "2 张照片的拍摄地点与记录地点不符，照片自身信息显示相距 3.0 公里"


def test_a_camera_that_writes_gcj02_is_forgiven(photo: Any, db: Engine, findings: Ask) -> None:
    near = photo(jpeg(scene(1), place=(HOME[0], HOME[1] + 600 * LAT_PER_M)))
    assert findings(record_with(db, [near])) == {}


@pytest.mark.parametrize("taken", ["", "yesterday", "0000:00:00 00:00:00", "2024:13:41 99:00:00"])
def test_nonsense_in_the_metadata_is_no_reason_to_refuse(photo: Any, db: Engine, findings: Ask, taken: str) -> None:
    assert findings(record_with(db, [photo(jpeg(scene(1), taken=taken, place=(0.0, 0.0)))])) == {}


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_metadata_are_no_reason_to_refuse(put: Any) -> None:
    good = jpeg(scene(1), taken="2024:10:01 09:00:00", place=HOME)
    at = good.index(b"Exif\0\0") + 6
    broken = good[: at + 4] + bytes([255]) * 40 + good[at + 44 :]
    assert put(broken).status_code == 200
