"""Tables as people send them become headers and text; what cannot be read is refused in words."""

import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from app.errors import InvalidInputError, TooLargeError
from app.settings import UploadLimits
from app.spreadsheets import Sheet, read_table
from tests.app.spreadsheets.books import xlsx

SYNONYMS = {"name": ("企业名称",), "uscc": ("统一社会信用代码",), "address": ("地址",), "phone": ("联系电话",)}
CODE = "91320402MA1MG2XN8A"
DAY = datetime(2020, 1, 2)  # noqa: DTZ001 - spreadsheets know no zones


def read(folder: Path, content: bytes, limits: UploadLimits | None = None, **asked: object) -> Sheet:
    """The table in a file of some content."""
    path = folder / "upload"
    path.write_bytes(content)
    return read_table(path, limits or UploadLimits(), SYNONYMS, **asked)  # type: ignore[arg-type]


def test_a_gbk_csv_reads_as_it_was_written(tmp_path: Path) -> None:
    text = f"企业名称,统一社会信用代码,地址\r\n常州宏达机械厂,{CODE},人民路12号\r\n\r\n“鑫源”电镀厂（个体）,,\r\n"
    sheet = read(tmp_path, text.encode("gb18030"))
    assert sheet.encoding == "GB18030"
    assert sheet.headers == ["企业名称", "统一社会信用代码", "地址"]
    assert sheet.rows == [["常州宏达机械厂", CODE, "人民路12号"], ["“鑫源”电镀厂（个体）", "", ""]]
    assert sheet.row_numbers == [2, 4], "as a person counts, blank rows included"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_utf8_csv_reads_with_or_without_its_mark_and_by_its_own_delimiter(
    tmp_path: Path, mark: bytes, delimiter: str
) -> None:
    lines = [["企业名称", "地址"], ["甲厂", "一路1号"], ["乙厂", "二路2号"]]
    sheet = read(tmp_path, mark + "\n".join(delimiter.join(line) for line in lines).encode())
    assert (sheet.encoding, sheet.headers, sheet.rows) == ("UTF-8", lines[0], lines[1:])


def test_codes_in_a_csv_that_are_kept_from_becoming_numbers_read_as_they_show(tmp_path: Path) -> None:
    text = "企业名称,联系电话\n甲厂,=\"0519001\"\n乙厂,'013912345678\n丙厂,'=1+1\n"
    assert [row[1] for row in read(tmp_path, text.encode()).rows] == ["0519001", "013912345678", "=1+1"]


def test_a_workbook_reads_as_a_person_sees_it(tmp_path: Path) -> None:
    rows = [
        ["企业名称", "统一社会信用代码", "人数", "面积", "成立", "打卡", "在营"],
        ["甲厂", "320402199001011234", 12, 0.1 + 0.2, DAY, DAY.replace(hour=8, minute=30), True],
        ["乙厂", "013900000000", 1e12, 1234567.5, None, None, False],
    ]
    sheet = read(tmp_path, xlsx(rows))
    assert sheet.encoding is None
    assert sheet.rows == [
        ["甲厂", "320402199001011234", "12", "0.3", "2020-01-02", "2020-01-02 08:30", "TRUE"],
        ["乙厂", "013900000000", "1000000000000", "1234567.5", "", "", "FALSE"],
    ]


def test_a_header_of_two_merged_rows_below_titles_is_found_and_joined(tmp_path: Path) -> None:
    rows = [
        ["常州市关闭停产企业名单", None, None, None, None, None],
        ["填报单位：应急管理局", None, None, "2026年11月", None, None],
        ["序号", "企业名称", "地址", None, "联系人", None],
        [None, None, "镇（街道）", "门牌", "姓名", "联系电话"],
        [1, "甲厂", "南桥镇", "一路1号", "张三", "0519"],
        [None, None, None, None, None, None],
        [2, "乙厂", "北塘街道", "二路2号", "李四", "0520"],
    ]
    merges = ["A1:F1", "A2:C2", "D2:F2", "A3:A4", "B3:B4", "C3:D3", "E3:F3"]
    sheet = read(tmp_path, xlsx(rows, merges))
    assert sheet.headers == [
        *("序号", "企业名称", "地址 / 镇（街道）", "地址 / 门牌", "联系人 / 姓名", "联系人 / 联系电话"),
    ]
    assert (sheet.header_row, sheet.header_rows) == (3, 2)
    assert sheet.row_numbers == [5, 7]
    assert sheet.rows[1] == ["2", "乙厂", "北塘街道", "二路2号", "李四", "0520"]


def test_the_same_header_without_merged_cells_is_joined_too(tmp_path: Path) -> None:
    text = "关闭企业名单,,,\n序号,企业名称,地址,\n,,镇,门牌\n1,甲厂,南桥镇,一路1号\n2,乙厂,南桥镇,一路2号\n"
    sheet = read(tmp_path, text.encode())
    assert sheet.headers == ["序号", "企业名称", "地址 / 镇", "地址 / 门牌"]
    assert sheet.row_numbers == [4, 5]


def test_a_header_of_one_row_does_not_swallow_the_first_row_of_data(tmp_path: Path) -> None:
    sheet = read(tmp_path, xlsx([["企业名称", "地址", "联系电话"], ["甲厂", None, "0519"], ["乙厂", "二路2号", None]]))
    assert sheet.header_rows == 1
    assert [row[0] for row in sheet.rows] == ["甲厂", "乙厂"]


def test_the_header_that_a_person_names_is_taken(tmp_path: Path) -> None:
    rows = [["企业名称", "地址"], ["名", "址"], ["甲厂", "一路"]]
    assert read(tmp_path, xlsx(rows), header_row=2).headers == ["名", "址"]
    with pytest.raises(InvalidInputError, match="第 9 行"):
        read(tmp_path, xlsx(rows), header_row=9)


def test_columns_of_one_name_are_told_apart_and_nameless_ones_by_their_letter(tmp_path: Path) -> None:
    rows = [["企业名称", "地址", "地址", None], ["甲厂", "一路", "二路", "备"]]
    assert read(tmp_path, xlsx(rows)).headers == ["企业名称", "地址", "地址 (2)", "D 列"]


def test_a_hidden_sheet_is_not_read_and_other_sheets_are_told(tmp_path: Path) -> None:
    sheet = read(tmp_path, xlsx([["企业名称"], ["甲厂"]], hidden_first=True))
    assert (sheet.name, sheet.rows, sheet.other_sheets) == ("名单", [["甲厂"]], [])


def test_unseen_characters_go(tmp_path: Path) -> None:
    sheet = read(tmp_path, "企业名称,地址\n甲\u200b厂\u202e,一路\n".encode())
    assert sheet.rows == [["甲厂", "一路"]]


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n\x00\x01\x02",
        "企业名称,地址\n甲厂,一路\n".encode("utf-16"),
        "企業名稱,地址\n鴻海精密機械廠,臺灣省桃園縣龍潭鄉\n".encode("big5"),
        "Zażółć gęślą jaźń;Łódź\n".encode("iso8859-2"),
    ],
    ids=["pdf", "utf-16", "big5", "latin-2"],
)
def test_what_is_no_table_in_a_known_encoding_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InvalidInputError, match="UTF-8 或 GB18030"):
        read(tmp_path, content)


def test_a_zip_that_is_no_workbook_a_broken_one_and_an_empty_file_are_refused(tmp_path: Path) -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as zipped:
        zipped.writestr("readme.txt", "nothing")
    for content in (other.getvalue(), xlsx([["企业名称"], ["甲厂"]])[:2000]):
        with pytest.raises(InvalidInputError, match="工作簿"):
            read(tmp_path, content)
    with pytest.raises(InvalidInputError, match="空的"):
        read(tmp_path, b"")


def test_a_quote_that_is_never_closed_swallows_nothing_in_silence(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="引号"):
        read(tmp_path, '企业名称,地址\n"甲厂,一路\n乙厂,二路\n'.encode())


def test_rows_columns_cells_and_bytes_are_bounded(tmp_path: Path) -> None:
    text = ("企业名称,地址\n" + "甲厂,一路\n" * 201).encode()
    limits = UploadLimits(table_rows=100, table_columns=3, table_cell=20, table_bytes=10_000)
    with pytest.raises(TooLargeError, match="100 行"):
        read(tmp_path, text, limits)
    with pytest.raises(TooLargeError, match="100 行"):
        read(tmp_path, xlsx([["企业名称"], *[["甲"]] * 101]), limits)
    with pytest.raises(TooLargeError, match="3 列"):
        read(tmp_path, "企业名称,a,b,c\n甲,1,2,3\n".encode(), limits)
    with pytest.raises(TooLargeError, match="第 2 行“企业名称”列"):
        read(tmp_path, f"企业名称,地址\n{'甲' * 21},一路\n".encode(), limits)
    with pytest.raises(TooLargeError, match="MB"):
        read(tmp_path, b"a" * 10_001, limits)


def test_a_workbook_that_unpacks_to_more_than_the_bound_is_refused(tmp_path: Path) -> None:
    bomb = io.BytesIO(xlsx([["企业名称"], ["甲厂"]]))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("xl/media/bomb.bin", b"\0" * 3_000_000)
    with pytest.raises(TooLargeError, match="解开后过大"):
        read(tmp_path, bomb.getvalue(), UploadLimits(table_unpacked_bytes=2_000_000))


def test_a_small_workbook_with_a_cell_at_the_far_corner_costs_no_memory(tmp_path: Path) -> None:
    """Its sheet would be held whole: 17 billion cells."""
    target = io.BytesIO()
    small = io.BytesIO(xlsx([["企业名称", "地址"], ["甲厂", "一路"]]))
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(small) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            content = before.read(entry)
            after.writestr(entry, content.replace(b"</sheetData>", far))
    with pytest.raises(TooLargeError):
        read(tmp_path, target.getvalue())
