"""A recorded file with what its uploader says about it, as a patrol."""

from collections.abc import Mapping

from pydantic import ValidationError

from app.errors import InvalidInputError
from app.patrols.reading.files import id_of, read_file
from app.patrols.schemas import PatrolHead, Record
from app.patrols.wording import first_problem
from app.settings import UploadLimits
from geo.datum import Datum


def read_import(
    data: bytes,
    stated: Mapping[str, str | None],
    accuracy_m: float | None,
    time_zone: str | None,
    limits: UploadLimits,
) -> Record:
    """The patrol of a GPX, KML, KMZ, GeoJSON or CSV file.

    `stated`: officer_code, mode, datum, and optionally id, device, label; without an id the same file with the
    same `accuracy_m` always gets the same one. Raises InvalidInputError or TooLargeError with a message in Chinese.
    """
    words = {name: value for name, value in stated.items() if value not in (None, "")}
    words.setdefault("id", str(id_of(data, accuracy_m)))
    try:
        head = PatrolHead.model_validate_strings(words)
    except ValidationError as error:
        message, facts = first_problem(error)
        raise InvalidInputError(message, **facts) from None
    read = read_file(data, limits, accuracy_m, time_zone)
    return Record(
        id=head.id,
        officer_code=head.officer_code,
        mode=head.mode,
        datum=Datum(head.datum),
        source=read.source,
        fixes=read.fixes,
        device=head.device,
        label=head.label,
        notes=read.notes,
    )
