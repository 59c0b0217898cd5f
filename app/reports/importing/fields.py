"""What the columns of F1 and F3 hold, and the names that they go by."""

from collections.abc import Mapping
from typing import NamedTuple

from app.cases.schemas import CATEGORIES
from app.reports.forms.f1 import TICKED
from app.reports.schemas import ListedForm
from app.spreadsheets import Synonyms


class Fields(NamedTuple):
    """A list's fields with their Chinese, the names of their columns, and those it cannot do without."""

    texts: Mapping[str, str]
    synonyms: Synonyms
    required: tuple[str, ...]


_COMMON = {
    "number": ("问题编号", "编号"),
    "party_name": ("问题单位名称", "非法违法企业(单位或个人)名称", "非法违法企业名称", "企业名称", "单位名称", "名称"),
    "unit": ("地区", "所在乡镇", "所属地区", "所属镇村", "乡镇", "镇村"),
    "address": ("详细地址", "地址", "所在地址"),
    "responsible_phone": ("负责人电话", "联系电话", "电话"),
    "responsible_name": ("负责人", "主要负责人(实际控制人)", "主要负责人", "实际控制人", "责任人"),
    "found_on": ("发现日期", "发现时间", "排查日期", "检查日期"),
}
_F1 = {
    **_COMMON,
    "description": ("违法违规问题具体描述", "问题具体描述", "问题描述", "存在问题"),
    **{code: (text, CATEGORIES[code]) for code, text in TICKED.items()},
    "is_shut": ("停产或关闭", "停产关闭"),
    "cleared": ("两断三清",),
    "filed": ("立案查处", "是否立案"),
    "fine": ("行政处罚(万元)", "行政处罚", "罚款金额", "罚款"),
    "confiscated": ("没收违法所得(万元)", "没收违法所得"),
    "transferred_persons": ("移送司法机关人数", "移送司法机关"),
    "disciplined_persons": ("党纪政纪处理人数", "党纪政纪处理", "党纪政务处分人数"),
    "progress": ("现场整治完成情况", "整治完成情况", "整治情况", "完成情况"),
}
_F3 = {
    **_COMMON,
    "description": ("具体非法违法行为", "非法违法行为", "违法行为", "问题描述"),
    "stages": ("非法违法环节(生产、储存、使用)", "非法违法环节", "违法环节", "环节"),
    "chemicals": ("涉及化工(危险化学品)品种、数量", "涉及化工品种数量", "品种数量", "化学品"),
    "measures": ("采取的措施", "措施", "整治措施"),
    "progress": ("现场整治完成情况", "整治完成情况", "整治情况", "完成情况"),
}
FIELDS: Mapping[ListedForm, Fields] = {
    "F1": Fields({key: names[0] for key, names in _F1.items()}, _F1, ("party_name", "address", "description")),
    "F3": Fields({key: names[0] for key, names in _F3.items()}, _F3, ("party_name", "address", "description")),
}
