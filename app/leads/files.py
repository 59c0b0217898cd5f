"""Files that leads are made from: each is taken in once, and sent again gets the same report."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID, uuid5

from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError
from app.leads.queries import files as queries
from app.territory import service as territory
from app.territory.schemas import UnitRow

# Ids of leads found in files: the same in the same file is the same lead.
_NAMESPACE = UUID("6d0c1f52-0d7c-5a51-8a55-6c6561647321")
Report = TypeVar("Report", bound=BaseModel)


class SourceFile:
    """A file as it came; `unit`: whose it is."""

    def __init__(self, kind: str, name: str, data: bytes, unit: UnitRow) -> None:
        self.kind, self.name, self.data, self.unit = kind, name, data, unit
        self.digest = sha256(data).digest()

    def lead_id(self, what: str) -> UUID:
        """The id of a lead found in it."""
        return uuid5(_NAMESPACE, f"{self.digest.hex()}:{what}")

    def lead_digest(self, what: str) -> bytes:
        """What the lead was made from."""
        return sha256(self.digest + what.encode()).digest()


def once(
    session: Session, actor: Actor, file: SourceFile, report: type[Report], make: Callable[[], Report]
) -> tuple[Report, bool]:
    """The report of a file and whether it was taken in before. Raises ConflictError when as another unit's."""
    queries.lock(session)
    known = queries.stored(session, file.digest)
    if known is not None:
        if (known.kind, known.unit_code) != (file.kind, file.unit.code):
            raise ConflictError("这个文件已按其他单位或其他类型导入过，未重复导入。请核对文件。")
        return report.model_validate({**known.report, "is_replay": True}), True
    made = make()
    values: dict[str, Any] = {"id": file.lead_id(""), "kind": file.kind, "file_name": file.name}
    values |= {"file_digest": file.digest, "unit_code": file.unit.code, "created_by": actor.label}
    queries.insert(session, {**values, "report": made.model_dump(mode="json")})
    return made, False


def unit_of(session: Session, actor: Actor, unit_code: str) -> UnitRow:
    """Whose a file is. Raises NotFoundError, or ForbiddenError outside the actor's scope."""
    return territory.unit_in_scope(session, actor.scope, unit_code)
