"""The demo's people: one login per role, around one grid that is half covered. Never made outside of the demo."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.demo import DemoLogin, demo_logins, set_demo_password
from app.rights import ROLE_NAMES, Role
from app.settings import Settings
from demo.home import home_grid
from demo.intentions import HOST_COUNTY, WHOLE_TOWN
from demo.plan import Plan
from demo.state import ACTOR

COUNTY_CODE = f"{HOST_COUNTY}000000"
TOWN_DIGITS = 9
# The heads of the town where nothing is left out, and of its villages.
WHOLE_HEADS = {
    "320404006000": ("jiedao", "演示街道主任"),
    "320404006007": ("sancun", "演示三村主任"),
    "320404006010": ("ercun", "演示二村主任"),
}


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who may sign in to the demo; `scopes` as accounts take them: (unit code, grid code)."""

    username: str
    name: str
    role: Role
    scopes: tuple[tuple[str | None, str | None], ...]
    officer_code: str | None = None


def people(plan: Plan) -> Iterator[DemoPerson]:
    """One person per role, from the officer upwards."""
    grid = home_grid(plan.scene)
    village = grid.unit_code
    top = next(unit.code for unit in plan.units if unit.parent_code is None)
    town = village[:TOWN_DIGITS] + "000"
    yield DemoPerson("wangge", grid.officer_name or "网格员", Role.OFFICER, (), grid.officer_code)
    yield DemoPerson("cun", "演示村工作人员", Role.VILLAGE, ((village, None),))
    yield DemoPerson("zhen", "演示镇工作人员", Role.TOWN, ((town, None),))
    yield DemoPerson("xian", "演示区工作人员", Role.COUNTY, ((COUNTY_CODE, None),))
    yield DemoPerson("shi", "演示市工作人员", Role.CITY, ((top, None),))
    yield DemoPerson("lingdao", "演示领导", Role.LEADER, ((COUNTY_CODE, None),))
    yield DemoPerson("cunzhang", "演示村主任", Role.LEADER, ((village, None),))
    whole = [each for each in plan.units if each.code.startswith(WHOLE_TOWN)]
    for unit in whole:
        name, title = WHOLE_HEADS[unit.code]
        yield DemoPerson(name, title, Role.LEADER, ((unit.code, None),))
    yield DemoPerson("dudao", "演示督导", Role.SUPERVISOR, ((top, None),))
    yield DemoPerson("jubao", "演示举报受理员", Role.INTAKE, ((COUNTY_CODE, None),))
    yield DemoPerson("guanli", "演示管理员", Role.ADMINISTRATOR, ((None, None),))


def ensure_people(session: Session, settings: Settings, plan: Plan) -> None:
    """Make the demo's accounts unless they are there; nobody can sign in to them before `set_password`."""
    known = {login.username for login in demo_logins(session, settings)}
    for person in people(plan):
        if person.username not in known:
            accounts.create_account(
                session,
                username=person.username,
                name=person.name,
                role=person.role,
                created_by=ACTOR,
                officer_code=person.officer_code,
                scopes=person.scopes,
                is_demo=True,
            )


def set_password(session: Session, settings: Settings, password: str) -> list[tuple[str, str, str]]:
    """Let the demo's people sign in with a password; what a terminal shows of each: username, role, where."""
    set_demo_password(session, settings, password)
    return [(login.username, ROLE_NAMES[login.role], _where(login)) for login in demo_logins(session, settings)]


def _where(login: DemoLogin) -> str:
    if login.role is Role.OFFICER:
        return "、".join(login.grids) + "  /field"
    return "、".join(login.units) or "全部 everything"
