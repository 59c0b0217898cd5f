"""Who plants omissions in the village of which nothing is left out, and mends them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.actor import terminal
from app.determination.service import append
from app.patrols import service as patrols
from app.patrols.schemas import PatrolIn
from app.settings import Settings
from app.sites import service as sites
from app.territory import defects
from app.territory import service as territory
from geo.daytiles import day_number
from tests.app.determination import village
from tests.app.determination.village import GRID_1, VILLAGE

Mend = Callable[[], object]


@dataclass(frozen=True)
class Hands:
    """What plants and mends: a session that is rolled back, and what stands in the village."""

    session: Session
    settings: Settings
    ids: dict[str, str]

    @property
    def today(self) -> date:
        """The local day."""
        return self.settings.today()

    def sql(self, statement: str, **values: Any) -> None:
        """Run a statement."""
        self.session.execute(text(statement), values)

    def scalar(self, statement: str, **values: Any) -> Any:
        """What a statement gives, one value."""
        return self.session.execute(text(statement), values).scalar_one()

    def site(self, assignments: str) -> Mend:
        """Change the site by hand; mended, it is as before."""
        return self._changed("site", self.ids["site"], assignments)

    def tenancy(self, assignments: str) -> Mend:
        """Change the tenancy by hand; mended, it is as before."""
        mend = self._changed("tenancy", self.ids["tenancy"], assignments)
        self.check()
        return lambda: (mend(), self.check())

    def _changed(self, table: str, value: str, assignments: str) -> Mend:
        before = self.session.execute(text(f"SELECT * FROM {table} WHERE id = :id"), {"id": value}).one()._mapping  # noqa: S608
        names = [each.split("=")[0].strip() for each in assignments.split(";")]
        self.sql(f"UPDATE {table} SET {assignments.replace(';', ',')} WHERE id = :id", id=value)  # noqa: S608
        back = ", ".join(f"{name} = :{name}" for name in names)
        mend = f"UPDATE {table} SET {back} WHERE id = :id"  # noqa: S608
        return lambda: self.sql(mend, id=value, **{name: before[name] for name in names})

    def check(self) -> None:
        """Derive the site's check anew."""
        sites.refresh_checks(self.session, [UUID(self.ids["site"])], day_number(self.today))

    def walk(self, **how: Any) -> UUID:
        """Go through the first grid; whatever is odd about it was judged."""
        body = village.patrol(self.settings, 0, **how)
        patrols.accept(self.session, self.settings, terminal(), PatrolIn.model_validate(body))
        self.sql("UPDATE evidence SET review = 'accepted' WHERE id = :id AND review = 'open'", id=body["id"])
        return UUID(body["id"])

    def unwalk(self) -> None:
        """Void yesterday's walk through the first grid."""
        patrols.void(self.session, self.settings, UUID(self.ids["patrol_0"]), "测试", terminal())

    def shape(self, shape: Any) -> Mend:
        """Give the first grid another shape, and find the defects of the village."""
        own = self.scalar("SELECT ST_AsText(geom) FROM grid WHERE code = :code", code=GRID_1)
        self._shaped(shape.wkt)
        return lambda: self._shaped(own)

    def _shaped(self, wkt: str) -> None:
        self.sql(
            "UPDATE grid SET geom = ST_Multi(ST_GeomFromText(:wkt, 4326)) WHERE code = :code", wkt=wkt, code=GRID_1
        )
        defects.recompute(self.session, [VILLAGE], self.today)

    def sign(self, unit: str, first_day: date, last_day: date, state: str = "valid") -> UUID:
        """A signature as it stands on the chain, without looking whether anything is left out."""
        row = territory.unit_or_404(self.session, unit)
        signed = append(self.session, self.settings, terminal(), "attestation", row, {"test": True})
        ended = None
        if state != "valid":
            ended = append(self.session, self.settings, terminal(), "superseded", row, {"of": str(signed.id)}).id
        self.sql(
            """INSERT INTO attestation (id, unit_code, unit_path, level, first_day, last_day, evidence_digest, state,
                state_entry)
            VALUES (:id, :unit, CAST(:path AS ltree), :level, :first, :last, ''::bytea, :state, :ended)""",
            id=signed.id, unit=unit, path=row.path, level=row.level, first=first_day, last=last_day, state=state,
            ended=ended,
        )  # fmt: skip
        return signed.id
