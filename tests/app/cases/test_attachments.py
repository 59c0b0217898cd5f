"""Originals: taken by what they are, given out as they came, struck out and never lost."""

import hashlib
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.cases.attachments import MOST_FILES
from app.cases.originals import MOST_SCANS
from tests.app.cases.desk import PDF, Desks, one, picture, refused
from tests.app.review.world import World


@pytest.mark.parametrize(
    ("content", "name", "media_type", "kept_as"),
    [
        (picture(1), "断电.JPG", "image/jpeg", "断电.jpg"),
        (picture(2, "PNG"), "../../etc/passwd", "image/png", "passwd.png"),
        (PDF, "C:\\扫描\\决定书.pdf.exe", "application/pdf", "决定书.pdf.pdf"),
        (picture(3), "决定书.pdf", "image/jpeg", "决定书.jpg"),
    ],
)
def test_a_file_is_what_its_content_says(
    desks: Desks, content: bytes, name: str, media_type: str, kept_as: str
) -> None:
    case = desks.opened()
    desks.taken(desks.attach(case["id"], content, name=name))
    told = desks.read(case["id"])["attachments"][0]
    assert (told["media_type"], told["file_name"]) == (media_type, kept_as)
    assert told["sha256"] == hashlib.sha256(content).hexdigest()
    answer = desks.person("county").get(told["url"])
    assert answer.content == content
    assert answer.headers["content-type"] == media_type
    assert answer.headers["x-content-type-options"] == "nosniff"
    how = "inline" if media_type.startswith("image/") else "attachment"
    assert answer.headers["content-disposition"].startswith(f"{how}; filename*=UTF-8''")
    assert "sandbox" in answer.headers["content-security-policy"]
    again = desks.person("county").get(told["url"], headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ" + bytes(100), "photo.jpg", "只接受"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "photo.png", "只接受"),
        (b"%PDF-1.4\n", "half.pdf", "只接受"),
        (picture(1)[:2000], "photo.jpg", "不完整"),
        (b"\xff\xd8\xff" + b"\xff\xda" * (MOST_SCANS + 1), "photo.jpg", "扫描次数过多"),
        (b"", "photo.jpg", "空文件"),
    ],
)
def test_other_things_are_refused(desks: Desks, content: bytes, name: str, words: str) -> None:
    case = desks.opened()
    assert words in refused(desks.attach(case["id"], content, name=name), 422)
    assert desks.read(case["id"])["attachments"] == []


def test_a_picture_of_too_many_pixels_is_refused(desks: Desks) -> None:
    case = desks.opened()
    assert "超过上限 6000 万像素" in refused(desks.attach(case["id"], picture(1, "PNG", (10_000, 6_100))), 422)


def test_what_is_too_large_is_refused_before_it_is_read(desks: Desks) -> None:
    case = desks.opened()
    most = desks.settings.upload.attachment_bytes
    just = b"%PDF-1.4\n" + bytes(most - 20) + b"%%EOF"
    desks.taken(desks.attach(case["id"], just))
    assert "超过上限 15 MB" in refused(desks.attach(case["id"], b"%PDF-1.4\n" + bytes(most) + b"%%EOF"), 413)
    assert "超过上限 15 MB" in refused(desks.attach(case["id"], bytes(most + 200_000)), 413)


def test_there_is_room_for_sixty(desks: Desks, world: World) -> None:
    case = desks.opened()
    with world.engine.begin() as connection:
        connection.execute(
            text(
                """INSERT INTO case_attachment (id, case_id, file_name, media_type, digest, byte_count, what, added_by)
                SELECT gen_random_uuid(), :id, 'x.jpg', 'image/jpeg', '\\x00', 1, 'x', 'x'
                FROM generate_series(1, :n)"""
            ),
            {"id": case["id"], "n": MOST_FILES - 1},
        )
    desks.attached(case["id"])
    assert "最多 60 个附件" in refused(desks.attach(case["id"], picture(2)), 413)


def test_a_case_holds_no_more_than_its_bytes_struck_out_ones_included(desks: Desks, world: World) -> None:
    case = desks.opened()
    content = picture(1)
    desks.settings.upload.case_bytes = len(content) + 100
    first = desks.attached(case["id"])
    told = refused(desks.attach(case["id"], picture(2)), 413)
    assert f"案件 {case['number']} 的全部附件（含已撤销的）合计不超过" in told
    assert "未保存" in told
    desks.taken(
        desks.person("village11").post(
            f"/api/cases/{case['id']}/attachments/{first}/withdrawal", json={"why": "拍错了"}
        )
    )
    assert "合计不超过" in refused(desks.attach(case["id"], picture(2)), 413)
    assert len(desks.read(case["id"])["attachments"]) == 1


def test_sent_again_it_is_there_once_and_another_file_is_refused(desks: Desks) -> None:
    case, same = desks.opened(), str(uuid4())
    for _ in range(2):
        desks.taken(desks.attach(case["id"], picture(1), attachment_id=same))
    assert len(desks.read(case["id"])["attachments"]) == 1
    assert "已用于另一个文件" in refused(desks.attach(case["id"], picture(2), attachment_id=same), 409)


def test_a_small_picture_is_small(desks: Desks) -> None:
    case = desks.opened()
    url = f"/api/cases/{case['id']}/attachments/{desks.attached(case['id'])}"
    small = desks.person("county").get(f"{url}?small=true")
    assert small.headers["content-type"] == "image/jpeg"
    assert len(small.content) < len(desks.person("county").get(url).content)
    desks.taken(desks.attach(case["id"], PDF))
    pdf = one(desks.read(case["id"])["attachments"], media_type="application/pdf")
    assert "没有缩略图" in refused(desks.person("county").get(f"{pdf['url']}?small=true"), 404)


def test_a_withdrawn_file_stays_readable_and_proves_nothing(desks: Desks) -> None:
    case = desks.opened()
    picture_id = desks.attached(case["id"])
    desks.taken(desks.prove(case["id"], "water", desks.ago(1), [picture_id]))
    url = f"/api/cases/{case['id']}/attachments/{picture_id}"
    told = desks.taken(desks.person("village11").post(f"{url}/withdrawal", json={"why": "拍错了"}))
    assert told["closure"][0]["missing"] == ["evidence"]
    assert told["attachments"][0]["withdrawn_why"] == "拍错了"
    assert told["events"][-1]["kind"] == "withdrawn"
    assert desks.person("county").get(url).status_code == 200
    assert "已经撤销" in refused(desks.person("village11").post(f"{url}/withdrawal", json={"why": "x"}), 409)


def test_the_only_evidence_of_a_finished_case_is_not_withdrawn(desks: Desks) -> None:
    case = desks.closed(days_ago=3)
    item = case["closure"][1]
    only = item["attachment_ids"][0]
    url = f"/api/cases/{case['id']}/attachments/{only}/withdrawal"
    message = refused(desks.person("village11").post(url, json={"why": "拍错了"}), 409)
    assert "“断电”的唯一证据" in message
    better = desks.attached(case["id"], 50)
    desks.taken(desks.prove(case["id"], "power", item["done_on"], [only, better]))
    desks.taken(desks.person("village11").post(url, json={"why": "拍错了"}))
    assert desks.read(case["id"])["omissions"] == []


def test_another_cases_file_is_not_found_and_beyond_the_scope_is_refused(desks: Desks) -> None:
    first, second = desks.opened(), desks.opened()
    picture_id = desks.attached(first["id"])
    wrong = desks.person("county").get(f"/api/cases/{second['id']}/attachments/{picture_id}")
    assert "本案没有这个附件" in refused(wrong, 404)
    beyond = desks.person("village21").get(f"/api/cases/{first['id']}/attachments/{picture_id}")
    assert "管辖范围" in refused(beyond, 403)
