"""The lists that may be exported: their columns in Chinese, and the words of their codes."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from app.baselines import schemas as baselines
from app.cases import schemas as cases
from app.cases.schemas.codes import LEVELS
from app.exporting import Column
from app.rights import Right
from app.sites import schemas as sites
from app.visits import schemas as visits

ListName = Literal["sites", "tenancies", "visits", "baseline-rows", "leads", "cases"]
Words = Mapping[str, Mapping[str, str]]  # by key: code -> text
_PLACE = "lon 经度(WGS-84)|lat 纬度(WGS-84)"
_VISIT_STATES = {"accepted": "有效", "voided": "已作废"}


class Listed(NamedTuple):
    """A list: what its file is called, the right to look at it, its columns, the words of its codes."""

    title: str
    right: Right
    columns: tuple[Column, ...]
    words: Words


def _columns(text: str) -> tuple[Column, ...]:
    """Columns written as "key 表头|key 表头"."""
    return tuple(Column(*part.strip().split(" ", 1)) for part in text.split("|"))


LISTS: Mapping[ListName, Listed] = {
    "sites": Listed(
        "场所",
        Right.READ_SITES,
        _columns(
            "code 场所编号|name 场所名称|kind 类型|occupancy 使用状况|shut_down_kind 停产停业类型|region 地区|"
            "grid_code 网格编码|address 地址|uscc 统一社会信用代码|risk 风险等级|cycle_days 检查周期(天)|"
            "state 检查状态|last_visit_day 最近检查日期|due_on 应检查日期|lessor_name 出租方|"
            "lessor_phone 出租方电话|dust_kind 粉尘种类|dust_confirmed_by 粉尘确认人|"
            f"dust_confirmed_on 粉尘确认日期|safety_officer 安全员|provenance 来源说明|{_PLACE}"
        ),
        {
            "kind": sites.SITE_KINDS,
            "occupancy": sites.OCCUPANCIES,
            "shut_down_kind": sites.SHUT_DOWN_KINDS,
            "risk": sites.RISKS,
            "state": sites.STATES,
        },
    ),
    "tenancies": Listed(
        "租户",
        Right.READ_SITES,
        _columns(
            "site_code 场所编号|site_name 场所名称|region 地区|address 地址|tenant_name 租户名称|"
            "uscc 统一社会信用代码|let_by 转租方|contact_name 联系人|contact_phone 联系电话|"
            "floor_unit 楼层单元|area_m2 面积(平方米)|process 生产工艺|main_risks 主要风险|"
            "chemicals 化学品及数量|lease_from 租期起|lease_to 租期止|sublets 转租情况|state 登记状态|"
            f"started_on 入驻日期|ended_on 退出日期|ended_why 退出原因|{_PLACE}"
        ),
        {"sublets": sites.SUBLETS, "state": sites.TENANCY_STATES},
    ),
    "visits": Listed(
        "检查走访",
        Right.READ_TRACKS,
        _columns(
            "visited_at 检查时间|site_code 场所编号|site_name 场所名称|region 地区|address 地址|"
            "officer_code 网格员编码|officer_name 网格员|result 结果|not_entered_why 未能进入原因|note 说明|"
            "tenancies_seen 核实租户数|tenancies_not_seen 未见租户数|distance_m 手机距场所(米)|state 状态|"
            f"void_reason 作废原因|{_PLACE}"
        ),
        {"result": sites.VISIT_RESULTS, "not_entered_why": visits.NOT_ENTERED_REASONS, "state": _VISIT_STATES},
    ),
    "baseline-rows": Listed(
        "底单明细",
        Right.READ_BASELINES,
        _columns(
            "list_name 底单名称|kind 底单类型|department 提供部门|as_of 数据日期|row_number 文件行号|"
            "name 企业名称|uscc 统一社会信用代码|uscc_valid 代码校验通过|address 地址|contact 联系方式|"
            "region 地区|grid_code 网格编码|state 匹配状态|site_code 场所编号|site_name 场所名称|"
            "tenant_name 租户名称|score 匹配得分|reasons 匹配依据|decided_by 确认人|decided_at 确认时间|"
            f"decided_why 确认说明|{_PLACE}"
        ),
        {"kind": baselines.KINDS, "state": baselines.ROW_STATES},
    ),
    "leads": Listed(
        "线索",
        Right.READ_LEADS,
        _columns(
            "number 来源编号|source 来源|what 情况|note 说明|subject_name 涉及单位(个人)|"
            "subject_uscc 统一社会信用代码|address 地址|region 地区|grid_code 网格编码|state 办理状态|"
            "deadline 办理期限|made_at 上报时间|assigned_to 承办网格员|site_code 场所编号|site_name 场所名称|"
            f"tenant_name 租户名称|{_PLACE}"
        ),
        {},  # in words as they come
    ),
    "cases": Listed(
        "案件",
        Right.READ_CASES,
        _columns(
            "number 问题编号|party_name 问题单位(个人)|party_uscc 统一社会信用代码|category 问题类别|"
            "chemical_kind 小化工情形|region 地区|grid_code 网格编码|address 详细地址|responsible_name 负责人|"
            "responsible_phone 负责人电话|stages 违法环节|chemicals 化学品及数量|description 问题具体描述|"
            "measures 采取的措施|way_to_close 整治方式|is_shut 停产或关闭|is_suspended 责令停产整顿|"
            "is_dismantled 拆除非法生产装置|found_on 发现日期|deadline 整治期限|state 状态|"
            "closed_on 完成整治日期|relapses 死灰复燃次数|handler_name 跟踪督办人|handler_phone 督办人电话|"
            "supervised_level 挂牌督办级别|supervised_on 挂牌日期|filed_on 立案日期|fine_wan 行政处罚(万元)|"
            "fined_on 处罚日期|confiscated_wan 没收违法所得(万元)|confiscated_on 没收日期|"
            "transferred_persons 移送司法机关人数|transferred_on 移送日期|detained_persons 行政、刑事拘留人数|"
            f"disciplined_persons 党纪政纪处理人数|site_code 场所编号|{_PLACE}"
        ),
        {
            "category": cases.CATEGORIES,
            "chemical_kind": cases.CHEMICAL_KINDS,
            "stages": cases.STAGES,
            "way_to_close": cases.WAYS,
            "state": cases.STATES,
            "supervised_level": LEVELS,
        },
    ),
}


def said(rows: Sequence[dict[str, Any]], words: Words) -> list[dict[str, Any]]:
    """The rows with words in the place of codes, chemicals in one line; a code without a word stands for itself."""
    return [{key: _said(key, value, words.get(key)) for key, value in row.items()} for row in rows]


def _said(key: str, value: Any, words: Mapping[str, str] | None) -> Any:
    if key == "chemicals":
        return chemicals(value)
    if words is None or value is None:
        return value
    if isinstance(value, list):
        return [words.get(code, code) for code in value]
    return words.get(value, value)


def chemicals(told: Sequence[Mapping[str, Any]]) -> str:
    """Chemicals with their amounts in one line, as told: "甲醇 2 吨；盐酸"."""
    return "；".join(_chemical(each) for each in told)


def _chemical(told: Mapping[str, Any]) -> str:
    amount = told.get("amount")
    shown = "" if amount is None else f"{amount:.10g}"
    return " ".join(filter(None, (told.get("name"), shown, told.get("unit"))))
