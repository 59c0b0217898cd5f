"""Lists for the page of lists: rows of every state at sites of the small city, matched by the server's own jobs."""

import json
from dataclasses import dataclass
from uuid import uuid4

from fastapi.testclient import TestClient

from app.baselines import matching
from app.db import make_engine
from app.settings import Settings
from tests.app.baselines.world import HEADERS, MAPPING, csv_of
from tests.app.sites import bodies
from tests.support.seeding import COUNTY_A

CODE = bodies.GOOD_USCC
ROWS = (
    ("华兴精密制造有限公司", CODE, "南桥镇人民路12号", "13900000001", "柳树村"),
    ("宏达机械有限公司", "", "柳树村8号", "", "柳树村"),
    ("鑫源电镀厂", "", "南桥镇人民路", "0519-85550001", "柳树村"),
    ("永盛喷涂有限公司", "91110000600037341X", "新园路5号", "", "柳树村"),
    ("恒泰化工厂", "", "别处路99号", "", "柳树村", *bodies.place(0.7, 2.7)),
    ("金龙家具厂", "", "", "", "石桥村", *bodies.place(2.5, 2.5)),
)


@dataclass(frozen=True)
class Put:
    """Ids of what was put in."""

    works: str
    park: str
    tenant: str
    register: str


def put(office: TestClient, settings: Settings) -> Put:
    """Four sites, one of them visited, and a list of six firms, of which one was found not to exist."""
    engine = make_engine(settings.database_url or "", pool_size=1)
    park = bodies.put_site(
        office, name="南桥工业园", kind="park", occupancy="multi_tenant", address="南桥镇人民路12号", at=(0.3, 2.4)
    )
    tenant = bodies.put_tenancy(office, park, "老名机械有限公司", uscc=CODE)
    bodies.put_tenancy(office, park, "鑫源电镀有限公司")
    works = bodies.put_site(office, name="宏达机械有限公司", address="柳树村8号", at=(0.6, 2.3))
    bodies.put_site(office, name="永盛喷涂厂", kind="workshop", address="新园路3号", at=(0.8, 2.2))
    bodies.put_site(office, name="鑫源电镀加工部", kind="workshop", address="北塘街道解放路5号", at=(0.2, 2.8))
    bodies.visit(engine, works, days_ago=2)
    register = add(office, "2026年10月市场主体名录")
    matching.run(engine, settings, register, lambda: False)
    rows = office.get(f"/api/baselines/{register}/rows").json()["items"]
    gone = {"state": "absent", "why": "地址为空地，邻近商户称从未有过", "visited_on": bodies.days(3).isoformat()}
    bodies.taken(office.post(f"/api/baselines/{register}/rows/{rows[5]['id']}/decision", json=gone))
    engine.dispose()
    return Put(works, park, tenant, register)


def add(office: TestClient, name: str) -> str:
    """The id of a new list of the rows."""
    stated = {
        "id": str(uuid4()),
        "name": name,
        "kind": "market_register",
        "department": "东山区市场监管局",
        "as_of": bodies.days(30).isoformat(),
        "unit_code": COUNTY_A,
        "mapping": MAPPING,
        "datum": "WGS-84",
    }
    files = {"file": ("名录.csv", list_file())}
    return str(bodies.taken(office.post("/api/baselines", data={"fields": json.dumps(stated)}, files=files))["id"])


def list_file() -> bytes:
    """The list as a GBK file."""
    return csv_of(ROWS, HEADERS)
