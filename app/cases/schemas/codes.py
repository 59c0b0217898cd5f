"""The codes of cases and what people read for them."""

from typing import Literal

Category = Literal["chemical", "smelting", "plating", "spraying", "dyeing", "dust", "other", "shut_down"]
ChemicalKind = Literal["beyond_licence", "unlicensed_firm", "black_workshop", "affiliated"]
Stage = Literal["produce", "store", "use"]
Way = Literal["ban", "upgrade", "relocate", "convert"]
State = Literal["registered", "rectifying", "closed", "struck_off"]
Item = Literal["water", "power", "equipment", "premises", "materials"]
Relation = Literal["supplier", "buyer", "landlord", "related"]
Level = Literal["town", "county", "city", "province"]
LookBackResult = Literal["clean", "relapse"]
Omission = Literal["overdue", "closed_incomplete", "look_back_missed"]
EventKind = Literal[
    "registered", "changed", "started", "closure_item", "closed", "struck_off", "relapsed", "look_back", "linked",
    "unlinked", "attached", "withdrawn", "supervised", "noted",
]  # fmt: skip

CATEGORIES: dict[str, str] = {
    "chemical": "小化工",
    "smelting": "小冶炼",
    "plating": "小电镀",
    "spraying": "小喷涂",
    "dyeing": "小印染",
    "dust": "小涉爆粉尘",
    "other": "其它",
    "shut_down": "停产停业",
}
CHEMICAL_KINDS: dict[str, str] = {
    "beyond_licence": "现有化工企业超许可范围生产储存危险化学品",
    "unlicensed_firm": "非化工企业未经许可生产化工产品（危险化学品）",
    "black_workshop": "无证无照或证照不全的小企业、小作坊、黑窝点",
    "affiliated": "以挂靠、租赁或“厂中厂”等方式非法违法生产",
}
STAGES: dict[str, str] = {"produce": "生产", "store": "储存", "use": "使用"}
WAYS: dict[str, str] = {"ban": "关闭取缔", "upgrade": "规范提升", "relocate": "整合搬迁", "convert": "转型升级"}
STATES: dict[str, str] = {
    "registered": "已登记",
    "rectifying": "整治中",
    "closed": "已完成整治",
    "struck_off": "已销号",
}
# 两断三清, in the order in which people say them.
ITEMS: dict[str, str] = {
    "water": "断水",
    "power": "断电",
    "equipment": "清设备",
    "premises": "清厂房场地",
    "materials": "清原材料、产品及危险废物",
}
# What the other end of a link is to this case; "tenant" is a landlord seen from the landlord's own case.
RELATIONS: dict[str, str] = {
    "supplier": "上家（供货）",
    "buyer": "下家（买家）",
    "landlord": "出租方",
    "tenant": "承租方",
    "related": "关联",
}
FROM_THE_OTHER_SIDE: dict[str, str] = {
    "supplier": "buyer",
    "buyer": "supplier",
    "landlord": "tenant",
    "related": "related",
}
LEVELS: dict[str, str] = {"town": "镇级", "county": "县级", "city": "市级", "province": "省级"}
LOOK_BACK_RESULTS: dict[str, str] = {"clean": "未发现反弹", "relapse": "死灰复燃"}
OMISSIONS: dict[str, str] = {
    "overdue": "整治超期",
    "closed_incomplete": "“两断三清”不全即完成",
    "look_back_missed": "回头看逾期",
}
EVENTS: dict[str, str] = {
    "registered": "登记立案",
    "changed": "修改档案",
    "started": "开始整治",
    "closure_item": "登记两断三清",
    "closed": "完成整治",
    "struck_off": "销号",
    "relapsed": "死灰复燃，重新整治",
    "look_back": "回头看",
    "linked": "建立关联",
    "unlinked": "解除关联",
    "attached": "上传附件",
    "withdrawn": "撤销附件",
    "supervised": "挂牌督办",
    "noted": "记事",
}
# The fields of a file as people know them: for forms, for the timeline, for the printed file.
FIELDS: dict[str, str] = {
    "party_name": "问题单位（个人）",
    "party_uscc": "统一社会信用代码",
    "category": "问题类别",
    "chemical_kind": "小化工情形",
    "unit_code": "所属区划",
    "grid_code": "所属网格",
    "address": "详细地址",
    "place": "坐标",
    "source_datum": "坐标系",
    "site_id": "场所",
    "tenancy_id": "租户",
    "lead_id": "线索",
    "visit_id": "检查走访",
    "responsible_name": "负责人",
    "responsible_phone": "负责人电话",
    "stages": "违法环节",
    "chemicals": "化学品及数量",
    "description": "问题具体描述",
    "measures": "采取的措施",
    "way_to_close": "整治方式",
    "is_shut": "停产或关闭",
    "is_suspended": "责令停产整顿",
    "is_dismantled": "拆除非法生产装置",
    "found_on": "发现日期",
    "deadline": "整治期限",
    "handler_name": "跟踪督办人",
    "handler_phone": "督办人电话",
    "supervised_level": "挂牌督办级别",
    "supervised_on": "挂牌日期",
    "filed_on": "立案日期",
    "fine_wan": "行政处罚（万元）",
    "fined_on": "处罚日期",
    "confiscated_wan": "没收违法所得（万元）",
    "confiscated_on": "没收日期",
    "transferred_persons": "移送司法机关人数",
    "transferred_on": "移送日期",
    "detained_persons": "行政、刑事拘留人数",
    "disciplined_persons": "党纪政纪处理人数",
    "closed_on": "完成整治日期",
    "state": "状态",
}
