"""Another city's town: nothing is tied to one place."""

from app.scope import EVERYTHING
from app.territory import service
from tests.app.territory.conftest import FIRST_DAY, TODAY, Importer, cell, grid_rows
from tests.app.territory.files import Row

LINGBI, YOUJI, ZHANGQIAO = "341323000000", "341323107000", "341323107200"


def test_youji_town_stands_beside_changzhou_as_a_tree_of_its_own(village: Importer) -> None:
    village("grids", grid_rows())
    units: list[Row] = [
        ({"区划代码": "341323", "区划名称": "灵璧县"}, cell(-221, 179, 5, 4)),
        ({"区划代码": "341323107", "区划名称": "游集镇"}, cell(-220, 180, 3, 2)),
        ({"区划代码": ZHANGQIAO, "区划名称": "张桥村委会"}, cell(-220, 180, 2, 1)),
    ]
    report = village("units", units, roots_allowed=True)
    assert report.counts.added == 3
    grids: list[Row] = [
        ({"网格编码": f"{ZHANGQIAO}001", "网格名称": "张桥一组"}, cell(-220, 180)),
        ({"网格编码": f"{ZHANGQIAO}002", "网格名称": "张桥二组"}, cell(-219, 180)),
    ]
    village("grids", grids)
    session = village.session
    assert [(unit.code, unit.level) for unit in service.roots(session)] == [
        ("320404000000", "county"),
        (LINGBI, "county"),
    ]
    assert [unit.name for unit in service.children(session, LINGBI)] == ["游集镇"]
    assert service.grid_counts(session, [LINGBI, "320404000000"], FIRST_DAY) == {LINGBI: 2, "320404000000": 8}
    (hit,) = service.search(session, EVERYTHING, "游集", TODAY)
    assert (hit.code, hit.path_names) == (YOUJI, ["灵璧县"])
    assert service.defect_sums(session, [ZHANGQIAO])[ZHANGQIAO].nobodys_land_m2 == 0
