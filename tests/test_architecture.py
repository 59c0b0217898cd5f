"""The house's rules, checked on the source: who may import whom, where SQL may stand, what pages may not do."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FEATURES = tuple(sorted(path.parent.name for path in (ROOT / "app").glob("*/routes*")))
EDGES = ("routes", "cli")
# What one feature may know of another: what it does, how it is changed as a whole, and the shapes it answers in.
INTERFACE = ("service", "change", "schemas")
USE_CASES = (*INTERFACE, "verify")  # what edges may know
MAY_CALL = {
    "territory": set(),
    "accounts": {"territory"},
    "coverage": {"territory"},
    "evidence": {"territory"},
    "patrols": {"territory", "coverage", "evidence"},
    "marks": {"territory", "coverage", "evidence"},
    "sites": {"territory"},
    "visits": {"territory", "evidence", "sites"},
    "leads": {"territory", "evidence", "patrols", "sites", "visits"},  # patrols read traces of vehicles
    "baselines": {"territory", "sites", "visits"},
    "cases": {"territory", "evidence", "sites", "visits", "leads"},
    # Signs in the determination's chain, and asks for the password once more.
    "reports": {"territory", "sites", "visits", "leads", "baselines", "cases", "determination", "accounts"},
    "determination": {
        *("territory", "coverage", "evidence", "patrols", "marks", "sites", "visits", "leads", "baselines", "cases"),
        *("accounts", "snapshots"),  # who heads a unit, and their password; the picture on a certificate
    },
    "dispatch": {
        *("territory", "coverage", "evidence", "sites", "visits", "leads", "baselines", "cases", "accounts"),
    },
    "supervision": {"territory", "evidence", "sites", "leads", "baselines", "cases", "reports", "determination"},
    "snapshots": {"territory", "coverage", "sites", "cases"},
    "overview": {
        *("territory", "coverage", "sites", "leads", "baselines", "cases", "live", "determination", "dispatch"),
        *("reports", "supervision"),
    },
    "review": {"territory", "evidence", "patrols", "marks", "leads", "visits"},
    "field": {"territory", "coverage", "evidence", "patrols", "marks", "leads", "sites", "visits", "dispatch"},
    "live": {"territory", "coverage", "evidence", "patrols", "reports", "dispatch"},  # robots name what is late
    "tiles": {"territory", "coverage", "patrols"},
}
ORCHESTRATORS = {"territory.change"}  # a change of territory repaints coverage: the one step against the direction
OTHER_PEOPLES_SQL = {"app.territory.importing.files"}  # asks an uploaded GeoPackage, which is an SQLite file
WEB = {"fastapi", "starlette", "uvicorn"}
DATABASE = {"sqlalchemy", "psycopg", "geoalchemy2", "alembic"}
NOT_IN_GEO = WEB | DATABASE | {"app", "demo", "bench", "pyogrio", "requests", "httpx", "folium", "pathlib", "io"}
NOT_SQL = {
    "Session",
    "Engine",
    "Connection",
    "IntegrityError",
    "DBAPIError",
    "OperationalError",
    "URL",
    "make_url",
    "Row",
    "RowMapping",
}
SQL_TEXT = re.compile(r"\s*(SELECT|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|WITH\s+\w+\s+AS|CREATE|ALTER|DROP)\b")


@dataclass(frozen=True)
class Module:
    """One source file, parsed."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        """Its dotted name."""
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts)

    @property
    def feature(self) -> str | None:
        """The feature it belongs to, if any."""
        parts = self.path.relative_to(ROOT).parts
        return parts[1] if parts[0] == "app" and len(parts) > 2 and parts[1] in FEATURES else None

    @property
    def layer(self) -> str:
        """The file or folder directly inside the feature: routes, service, queries, models, ..."""
        return Path(self.path.relative_to(ROOT).parts[2]).stem

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All of the tree."""
        return list(ast.walk(self.tree))

    def imports(self) -> Iterator[str]:
        """Every imported name in full, such as app.territory.service.unit_or_404."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                package = self._package(node)
                yield from (f"{package}.{alias.name}" for alias in node.names)

    def _package(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        above = self.name.split(".")[: -node.level]
        return ".".join([*above, *([node.module] if node.module else [])])


@cache
def modules(folder: str) -> list[Module]:
    """The Python sources of a folder."""
    return [Module(path, ast.parse(path.read_text("utf-8"))) for path in sorted((ROOT / folder).rglob("*.py"))]


@cache
def feature_modules() -> list[Module]:
    """The sources of all features."""
    return [module for module in modules("app") if module.feature]


def pages() -> list[Path]:
    """What browsers get from us."""
    kinds = (".html", ".js", ".css", ".svg")
    files = (path for path in (ROOT / "static").rglob("*") if path.suffix in kinds)
    return [path for path in sorted(files) if "vendor" not in path.relative_to(ROOT).parts]


def test_there_is_something_to_check() -> None:
    assert {"territory", "patrols", "coverage", "tiles"} <= set(FEATURES)
    assert modules("geo")
    assert pages()


def test_geo_knows_neither_the_service_nor_files_nor_a_clock() -> None:
    wrong = [
        f"{module.name} imports {name}"
        for module in modules("geo")
        for name in module.imports()
        if name.split(".")[0] in NOT_IN_GEO
    ]
    for module in modules("geo"):
        for node in module.nodes:
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "open",
                "rasterio.open",
                "time.time",
                "datetime.now",
                "date.today",
                "datetime.datetime.now",
            }:
                wrong.append(f"{module.name}:{node.lineno} calls {ast.unparse(node.func)}")
    assert wrong == []


def test_only_the_edges_know_the_web() -> None:
    wrong = [
        f"{module.name} imports {name}"
        for module in feature_modules()
        if module.layer not in EDGES
        for name in module.imports()
        if name.split(".")[0] in WEB
    ]
    assert wrong == []


def test_layers_point_downwards() -> None:
    above = {
        "queries": {"service", "routes", "cli", "change", "verify"},
        "models": {"queries", "service", "routes", "cli", "change", "verify"},
        "schemas": {"queries", "service", "routes", "cli"},
        "service": {"routes", "cli"},
    }
    wrong = [
        f"{module.name} imports {name}"
        for module in feature_modules()
        for name in module.imports()
        if name.startswith(f"app.{module.feature}.") and name.split(".")[2] in above.get(module.layer, set())
    ]
    assert wrong == []


def test_a_feature_knows_only_the_interface_of_another() -> None:
    wrong = []
    for module in feature_modules():
        for name in module.imports():
            parts = name.split(".")
            if parts[0] != "app" or len(parts) < 2 or parts[1] not in FEATURES or parts[1] == module.feature:
                continue
            deeper = parts[2] if len(parts) > 2 else ""
            allowed = USE_CASES if module.layer in EDGES else INTERFACE
            if deeper not in allowed:
                wrong.append(f"{module.name} imports {name}")
    assert wrong == []


def test_features_depend_on_each_other_in_one_direction() -> None:
    wrong = []
    for module in feature_modules():
        feature = module.feature or ""
        if module.layer in EDGES or f"{feature}.{module.layer}" in ORCHESTRATORS:
            continue
        for name in module.imports():
            other = name.split(".")[1] if name.startswith("app.") else ""
            if other in FEATURES and other not in MAY_CALL[feature] | {feature}:
                wrong.append(f"{module.name} imports {name}")
    assert wrong == []


def test_sql_stands_only_in_queries_models_and_migrations() -> None:
    wrong = []
    for module in feature_modules():
        if module.layer in ("queries", "models"):
            continue
        wrong += [
            f"{module.name} imports {name}"
            for name in module.imports()
            if name.split(".")[0] in DATABASE and name.split(".")[-1] not in NOT_SQL
        ]
        wrong += [
            f"{module.name}:{node.lineno} holds SQL"
            for node in module.nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL_TEXT.match(node.value)
            if module.name not in OTHER_PEOPLES_SQL
        ]
    assert wrong == []


def test_no_function_glues_sql_together() -> None:
    """Constants may be put together where a module is loaded; what runs with input in hand may not."""
    wrong = []
    for module in modules("app"):
        functions = [node for node in module.nodes if isinstance(node, ast.FunctionDef)]
        for node in (inner for function in functions for inner in ast.walk(function)):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            called, given = ast.unparse(node.func), node.args[0]
            if called in ("text", "sa.text", "sqlalchemy.text") or called.endswith((".execute", ".exec_driver_sql")):
                formatted = ".format(" in ast.unparse(given) and "sql.SQL(" not in ast.unparse(given)
                if formatted or isinstance(given, ast.JoinedStr | ast.BinOp):
                    wrong.append(f"{module.name}:{node.lineno}: {ast.unparse(node)[:80]}")
    assert wrong == []


def test_only_the_edge_of_the_database_commits() -> None:
    wrong = [
        f"{module.name}:{node.lineno} calls {node.func.attr}"
        for module in feature_modules()
        for node in module.nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("commit", "rollback")
    ]
    assert wrong == []


def test_routes_are_plain_functions() -> None:
    wrong = [
        f"{module.name}:{node.lineno} {node.name}"
        for module in feature_modules()
        for node in module.nodes
        if isinstance(node, ast.AsyncFunctionDef)
        and any(ast.unparse(decorator).startswith("router.") for decorator in node.decorator_list)
    ]
    assert wrong == []


def test_pages_name_no_other_host() -> None:
    outside = re.compile(r"""(?:https?:|["'(]\s*)//(?!www\.w3\.org/)[\w.-]+""")
    wrong = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in pages()
        for found in outside.finditer(path.read_text("utf-8"))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "danger", [r"\.(inner|outer)HTML\b", r"insertAdjacentHTML", r"document\.write\b", r"\beval\(", r"new Function\("]
)
def test_pages_never_read_text_as_markup_or_code(danger: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in pages()
        for found in re.finditer(danger, path.read_text("utf-8"))
    ]
    assert wrong == []


def test_both_pages_have_the_same_frame() -> None:
    frames = [
        (ROOT / "static" / name).read_text("utf-8").partition("<!-- frame -->")[2].partition("<!-- /frame -->")[0]
        for name in ("index.html", "simple.html")
    ]
    assert frames[0].strip()
    assert frames[0] == frames[1], "index.html and simple.html share the modules that fill their frame: change both"
