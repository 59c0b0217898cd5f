"""The forms have the very columns of the notices, in their order, under their heads."""

import pytest

from app.reports.forms import f1, f2, f3, f4
from app.reports.table import Head, Table, columns, depth, head_cells


def flat(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\n", " ").split("|")]


F1 = """序号 | 问题编号 | 地区 | 问题单位名称 |
停产停业企业 | 小冶炼 | 小电镀 | 小喷涂 | 小印染 | 小涉爆粉尘 | 其它 | 详细地址 |
负责人 | 违法违规问题具体描述 | 停产或关闭 | 两断三清 |
立案查处 | 行政处罚(万元) | 没收违法所得(万元) | 移送司法机关人数 |
党纪政纪处理人数 | 现场整治完成情况"""
F2 = """地区 | 排查总数 | 问题总数(家) |
小冶炼 | 小电镀 | 小喷涂 | 小印染 | 小涉爆粉尘 | 其它 | 停产停业(家) |
整治完成数(家) | “两断三清”(家) | 立案查处(家) | 行政处罚(万元) | 没收违法所得(万元) |
移送司法机关数(家) | 行政、刑事拘留人数 | 党纪政纪处理人数"""
F3 = """序号 | 非法违法企业(单位或个人)名称 | 所在乡镇 | 地址 | 主要负责人(实际控制人) |
非法违法环节(生产、储存、使用) | 具体非法违法行为 | 涉及化工(危险化学品)品种、数量 | 采取的措施"""
F4 = """检查组个数 | 出动执法人员人次 | 排查企业(单位或个人)数 | 合计 | 现有化工企业超许可范围生产储存危险化学品企业数 |
非化工企业未经许可生产化工产品(危险化学品)企业数 |
无证无照或证照不全生产化工产品(危险化学品)的小企业、小作坊、黑窝点数 |
以挂靠、租赁或“厂中厂”等方式非法违法生产化工产品(危险化学品)的单位或个人数 |
责令停产整顿企业数 | 拆除非法生产装置企业数 | 没收违法所得企业数 | 没收违法所得金额(万元) | 实施经济处罚企业数 |
实施经济处罚金额(万元) | 移送司法机关处理数"""


@pytest.mark.parametrize(
    ("heads", "names", "rows"), [(f1.HEADS, F1, 2), (f2.HEADS, F2, 3), (f3.HEADS, F3, 1), (f4.HEADS, F4, 2)]
)
def test_a_form_has_the_columns_of_the_notice_in_order(heads: tuple[Head, ...], names: str, rows: int) -> None:
    assert [head.text for head in columns(heads)] == flat(names)
    assert depth(heads) == rows


def test_columns_stand_under_the_heads_of_the_notice() -> None:
    above = {
        head.text: [leaf.text for leaf in columns(head.below)]
        for heads in (f1.HEADS, f2.HEADS, f4.HEADS)
        for head in heads
        if head.below
    }
    assert above["违法违规问题整治处理"] == ["停产或关闭", "两断三清"]
    assert above["行政刑事处罚"] == ["立案查处", "行政处罚(万元)", "没收违法所得(万元)", "移送司法机关人数"]
    assert len(above["发现非法违法企业(单位或个人)数"]) == 5
    assert [head.text for head in f2.HEADS[3].below] == ["小字头(家)", "停产停业(家)"]


def test_heads_cover_every_cell_of_their_rows_once() -> None:
    for heads in (f1.HEADS, f2.HEADS, f3.HEADS, f4.HEADS):
        covered = [
            (cell.row + down, cell.column + right)
            for cell in head_cells(heads)
            for down in range(cell.rows)
            for right in range(cell.columns)
        ]
        assert sorted(covered) == [(row, at) for row in range(depth(heads)) for at in range(len(columns(heads)))]


def test_a_row_of_another_width_is_no_row_of_the_form() -> None:
    with pytest.raises(ValueError, match="F3 has 9 columns, a row has 1"):
        Table("F3", "", f3.HEADS, [["甲"]], None, [], (), "A4")
