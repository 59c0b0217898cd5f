"""A certificate proves itself: on paper, as a file without a database, and by its id."""

import io
import json
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pypdf import PdfReader
from typer.testing import CliRunner, Result

from app.cli import application
from app.determination.chain import attached, bundle, keys
from app.determination.chain.sealed import canonical, entry_digest, sha256
from tests.app.determination.signing.office import Office, refused
from tests.app.determination.village import GRID_1, OTHER, TOWN, VILLAGE


def certificate(office: Office, attestation: dict[str, Any], ending: str, by: str = "countyhead") -> bytes:
    answer = office.as_(by).get(f"/api/certificates/{attestation['id']}.{ending}")
    assert answer.status_code == 200, answer.text
    content: bytes = answer.content
    return content


def check(file: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch, *more: str) -> Result:
    """The command on a machine without any database."""
    monkeypatch.setenv("WUYILOU_DATABASE_URL", "postgresql://nowhere.invalid/none")
    monkeypatch.setenv("WUYILOU_DATA_DIR", str(data_dir))
    monkeypatch.setenv("COLUMNS", "300")
    words = ["certificate", "check", str(file), *more]
    return CliRunner().invoke(application(words), words)


def test_the_paper_says_what_was_signed_and_carries_its_proof(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    village, _other, town, _county = office.signed_up()
    pdf = certificate(office, town, "pdf")

    reader = PdfReader(io.BytesIO(pdf))
    words = "".join(page.extract_text() for page in reader.pages).replace("\n", "").replace(" ", "")
    for told in ("无遗漏认定书", "南桥镇", "明珠村", "邻水村", "测试townhead", "东山区", "均为零", "剩余风险"):
        assert told in words, told
    assert village["entry_digest"] in words
    (tmp_path / "town.pdf").write_bytes(pdf)
    done = check(tmp_path / "town.pdf", office.settings.data_dir, monkeypatch)
    assert done.exit_code == 0, done.output
    assert "由已知的密钥签署" in done.output
    assert "测试townhead（负责人）" in done.output


def test_a_stranger_to_the_keys_is_told_so_and_may_bring_them(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (village,) = office.signed(VILLAGE)
    file = tmp_path / "village.json"
    file.write_bytes(certificate(office, village, "json"))
    known = keys.exported(keys.public_keys(office.settings))
    exported = {"format": "wuyilou-keys-1", "made_at": "", "keys": known, "head": None}
    (tmp_path / "keys.json").write_text(json.dumps(exported), "utf-8")

    unknown = check(file, tmp_path / "elsewhere", monkeypatch)
    brought = check(file, tmp_path / "elsewhere", monkeypatch, "--keys", str(tmp_path / "keys.json"))

    assert unknown.exit_code == 2
    assert "不在已知的公钥之中" in unknown.output
    assert brought.exit_code == 0, brought.output


@pytest.mark.parametrize(
    ("old", "new"),
    [("测试townhead", "测试别人"), ('\\"first_day\\":\\"20', '\\"first_day\\":\\"21'), ("明珠村", "明月村")],
)
def test_a_changed_file_does_not_hold(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, old: str, new: str
) -> None:
    town = office.signed(VILLAGE, OTHER, TOWN)[2]
    text = certificate(office, town, "json").decode()
    assert old in text
    file = tmp_path / "changed.json"
    file.write_text(text.replace(old, new), "utf-8")

    done = check(file, office.settings.data_dir, monkeypatch)

    assert done.exit_code == 1
    assert "签署后被改动" in done.output


def sealed_anew(told: dict[str, Any], document: dict[str, Any]) -> bytes:
    """A certificate of one entry with another document, sealed by somebody else's key."""
    forger = Ed25519PrivateKey.generate()
    forged = keys.key_id(forger.public_key())
    entry = told["entries"][0]
    text = canonical(document)
    digest = sha256(text)
    sealed = entry_digest(entry["seq"], entry["kind"], bytes.fromhex(entry["previous"]), digest)
    entry |= {"document": text.decode(), "digest": digest.hex(), "entry_digest": sealed.hex(), "key_id": forged}
    entry["signature"] = forger.sign(sealed).hex()
    told["keys"] = {forged: keys.pem_of(forger.public_key()).decode()}
    return json.dumps(told).encode()


def test_a_file_sealed_anew_by_somebody_elses_key_is_not_trusted(office: Office) -> None:
    (village,) = office.signed(VILLAGE)
    told = json.loads(certificate(office, village, "json"))
    document = json.loads(told["entries"][0]["document"])
    document["body"]["signer"]["name"] = "别人"

    answer = upload(office, sealed_anew(told, document))

    assert answer.status_code == 200, answer.text
    assert (answer.json()["holds"], answer.json()["is_trusted"]) == (True, False)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"bases": [{"attestation": "x"}]},
        {"bases": "x", "signer": 1},
        {"bases": [], "signer": {"delegation": None, "name": [], "capacity": {}}, "shares": {"area_m2": "x"}},
    ],
)
def test_a_stranger_may_seal_what_is_no_certificate_and_is_told_so(office: Office, body: Any) -> None:
    (village,) = office.signed(VILLAGE)
    told = json.loads(certificate(office, village, "json"))
    document = {**json.loads(told["entries"][0]["document"]), "body": body, "at": "0001-01-01T00:00:00+00:00"}

    answer = upload(office, sealed_anew(told, document))

    assert answer.status_code == 200, answer.text
    assert not answer.json()["holds"]
    assert "规定的格式" in answer.json()["problems"][0]


def test_what_stands_below_may_not_be_left_out(office: Office) -> None:
    village, _other, town = office.signed(VILLAGE, OTHER, TOWN)
    told = json.loads(certificate(office, town, "json"))
    told["entries"] = [each for each in told["entries"] if each["id"] != village["id"]]

    found = upload(office, json.dumps(told).encode()).json()

    assert not found["holds"]
    assert "明珠村" in found["problems"][0]


def test_what_was_let_stand_is_named_with_who_let_it_and_no_address(office: Office) -> None:
    office.tamper("DELETE FROM grid_officer WHERE grid_code LIKE '%001001001'")
    until = (office.settings.today() + timedelta(days=20)).isoformat()
    body = {"id": str(uuid4()), "unit": VILLAGE, "kind": "no_officer", "subject": f"grid:{GRID_1}"}
    asked = office.as_("head").post("/api/determination/exceptions", {**body, "until": until, "reason": "新人下月到岗"})
    assert asked.status_code == 201, asked.text
    decision = {"approve": True, "words": "同意"}
    answer = office.as_("townhead").post(f"/api/determination/exceptions/{body['id']}/decision", decision)
    assert answer.status_code == 200, answer.text

    last_day = office.settings.today().isoformat()
    signed = office.sign(VILLAGE, last_day=last_day)

    assert signed.status_code == 201, signed.text
    (exception,) = signed.json()["document"]["body"]["exceptions"]
    assert exception["reason"] == "新人下月到岗"
    assert exception["decided_by"] == "测试townhead（townhead）"
    pdf = PdfReader(io.BytesIO(certificate(office, signed.json(), "pdf", "head")))
    words = "".join(page.extract_text() for page in pdf.pages).replace("\n", "")
    assert "新人下月到岗" in words
    assert "testclient" not in certificate(office, signed.json(), "json", "head").decode() + words


def test_one_that_stands_no_longer_says_so(office: Office) -> None:
    (village,) = office.signed(VILLAGE)
    before = certificate(office, village, "pdf", "head")
    office.walk()
    assert office.read(village)["state"] == "superseded"

    online = office.visitor().get(f"/api/certificates/{village['id']}").json()
    after = PdfReader(io.BytesIO(certificate(office, village, "pdf", "head")))

    assert (online["state"], online["problems"]) == ("superseded", [])
    assert "不再有效" in "".join(page.extract_text() for page in after.pages)
    assert upload(office, before).json()["ended"] is False
    assert upload(office, certificate(office, village, "json", "head")).json()["ended"] is True


def test_by_its_id_anybody_learns_whether_it_stands(office: Office) -> None:
    (village,) = office.signed(VILLAGE)

    known = office.visitor().get(f"/api/certificates/{village['id']}").json()

    assert known["entry_digest"] == village["entry_digest"]
    assert (known["unit_name"], known["state"], known["problems"]) == ("明珠村", "valid", [])
    assert "why" not in known
    refused(office.visitor().get(f"/api/certificates/{UUID(int=1)}"), 404)


def test_papers_of_others_are_not_handed_out(office: Office) -> None:
    _village, other = office.signed(VILLAGE, OTHER)

    for ending in ("pdf", "json"):
        refused(office.as_("head").get(f"/api/certificates/{other['id']}.{ending}"), 403)
        refused(office.visitor().get(f"/api/certificates/{other['id']}.{ending}"), 401)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7 nothing",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b'{"format": "wuyilou-certificate-1", "entries": []}',
        b"[" * 100_000,
        b'{"format": "wuyilou-certificate-1", "entries": [1], "keys": [], "head": {}, "attestation": "x"}',
    ],
)
def test_what_is_no_certificate_is_refused_in_words(office: Office, content: bytes) -> None:
    assert "认定书" in refused(upload(office, content), 422)["message"] or b"PDF" in content


def test_a_pdf_without_proof_is_refused(office: Office, tmp_path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    out = io.BytesIO()
    writer.write(out)

    assert "没有凭证数据" in refused(upload(office, out.getvalue()), 422)["message"]


def test_numbers_beyond_all_bounds_do_no_harm(office: Office) -> None:
    (village,) = office.signed(VILLAGE)
    told = json.loads(certificate(office, village, "json"))
    told["entries"][0]["seq"] = 2**70

    refused(upload(office, json.dumps(told).encode()), 422)
    assert told["format"] == bundle.FORMAT


def upload(office: Office, content: bytes) -> Any:
    """Send a file to be checked."""
    visitor = office.as_("head")
    return visitor.ask("POST", "/api/certificates/check", files={"file": ("file", content)})


def test_numbers_and_texts_that_no_answer_holds_are_refused_in_words(office: Office) -> None:
    (village,) = office.signed(VILLAGE)
    whole = certificate(office, village, "json").decode()
    seq = f'"seq": {village["seq"]}'
    broken = [whole.replace(seq, '"seq": 1e999'), whole.replace('"kind": "attestation"', '"kind": "\\ud800"')]
    broken.append(whole.replace('"kind": "attestation"', f'"kind": "{"x" * 100}"'))
    for name in ("document", "key_id"):
        told = json.loads(whole)
        told["entries"][0][name] = "\ud800"
        broken.append(json.dumps(told))
    for text in broken:
        assert text != whole
        assert "认定书" in refused(upload(office, text.encode()), 422)["message"]


def test_a_pdf_made_to_be_read_for_minutes_is_given_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached, "SECONDS", 1)
    content = zlib.compress(b"\x020" * 30_000_000, 9)
    stream = b"<</Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 1>>/Length %d>>stream\n" % len(content)
    names = b"<</EmbeddedFiles<</Names[(certificate.json)2 0 R]>>>>"
    parts = [
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Names" + names + b">>endobj\n",
        b"2 0 obj<</Type/Filespec/F(certificate.json)/UF(certificate.json)/EF<</F 3 0 R>>>>endobj\n",
        b"3 0 obj" + stream + content + b"\nendstream endobj\n",
    ]
    ends = [sum(map(len, parts[:count])) for count in range(1, 4)]
    table = b"".join(b"%010d 00000 n \n" % at for at in (9, *ends[:2]))
    parts.append(b"xref\n0 4\n0000000000 65535 f \n" + table + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n")
    parts.append(b"%d\n%%%%EOF" % ends[2])

    assert "过大" in refused(upload(office, b"".join(parts)), 422)["message"]
