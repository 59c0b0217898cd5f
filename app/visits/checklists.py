"""What is looked at in a site, by its kind; each item is said as it should be, so "no" is always a problem."""

from collections.abc import Mapping
from types import MappingProxyType

ITEMS: Mapping[str, str] = MappingProxyType(
    {
        "hidden_area": "无隐蔽车间、夹层、暗门，没有上锁而不予查看的房间",
        "chemicals": "无来历不明、无标签的化学品、原料桶和储罐",
        "equipment": "无反应釜、蒸馏、电镀槽、熔炼炉、染缸、喷涂等与登记用途不符的设备",
        "emissions": "无刺激性气味，无私设排风，无暗管和废水、废液外排",
        "waste": "无违规堆放、倾倒、填埋的废渣、废液和危险废物",
        "power": "用电、用水与实际用途相符，无私接线路，电表无异常",
        "licence": "营业执照等证照齐全，实际生产经营内容与证照一致",
        "shut": "已关闭、停产的部分未恢复生产，断水断电完好",
        "tenants": "实际使用人与登记一致，无未登记的转租、分租",
        "fire": "安全出口、消防通道畅通，消防器材有效",
        "lodging": "生产、储存区域内无人员住宿",
        "dust": "涉粉尘部位除尘设施正常运行，积尘按时清理",
        "goods": "储存物品与登记相符，无违规储存的危险化学品",
        "traffic": "无夜间装卸、槽罐车进出等异常车辆痕迹",
        "sheds": "棚舍用于养殖或确已闲置，未改作生产、储存",
        "dwelling": "房屋用于居住或登记用途，未用于生产、储存",
        "traces": "无新搭建的棚屋、围挡，无近期活动痕迹",
        "register": "园区承租台账与现场一致，新入驻单位已登记",
        "tenant_licences": "各承租单位证照齐全，租赁协议和安全责任约定齐备",
    }
)
_OF_KIND = {
    "factory": "hidden_area chemicals equipment emissions waste power licence shut fire dust",
    "warehouse": "hidden_area goods chemicals equipment emissions power tenants fire traffic",
    "workshop": "hidden_area chemicals equipment emissions waste power licence fire lodging dust",
    "farm": "sheds hidden_area chemicals equipment emissions waste power tenants",
    "house": "dwelling hidden_area chemicals equipment emissions power tenants",
    "remote": "traces hidden_area chemicals equipment emissions waste power traffic",
    "park": "register tenant_licences hidden_area chemicals emissions waste power fire dust traffic",
}
# By kind of site: the codes of its items, in the order in which they are asked.
CHECKLISTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {kind: tuple(codes.split()) for kind, codes in _OF_KIND.items()}
)
ANSWERS: Mapping[str, str] = MappingProxyType({"yes": "符合", "no": "不符合", "not_applicable": "不适用"})
