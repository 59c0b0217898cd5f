"""At which site a lead is: by its uscc, or by exactly the same name."""

import re
import unicodedata
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session
from stdnum.cn import uscc as numbers

from app.sites import service as sites

_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_NOT_NAME = re.compile(r"[\s()（）\[\]【】·.,，。、\-_—]")


class Found(NamedTuple):
    """A site, or a tenancy in it, and where the site is (None: it has no place); `by`: uscc or name."""

    site_id: UUID
    tenancy_id: UUID | None
    lon: float | None
    lat: float | None
    by: str


def is_uscc(code: str) -> bool:
    """Whether a text is a uscc with the right check character (GB 32100).

    >>> is_uscc("91320411MA1XNJ9F6D"), is_uscc("91320411MA1XNJ9F60"), is_uscc("1")
    (False, False, False)
    >>> is_uscc("91110000600037341l")
    True
    """
    code = code.strip().upper()
    return _USCC.fullmatch(code) is not None and bool(numbers.calc_check_digit(code[:17]) == code[17])


def plain_name(name: str) -> str:
    """A firm's name without what people write in different ways: width, case, spaces, brackets, dots.

    >>> plain_name("常州（武进）金 属制品厂") == plain_name("常州(武进)金属制品厂")
    True
    """
    return _NOT_NAME.sub("", unicodedata.normalize("NFKC", name)).casefold()


class Matcher:
    """Sites and tenancies of some units by uscc and by name; what two different sites share matches neither."""

    def __init__(self, session: Session, unit_paths: list[str]) -> None:
        self._by_uscc: dict[str, list[Found]] = {}
        self._by_name: dict[str, list[Found]] = {}
        for row in sites.match_names(session, unit_paths):
            if row.uscc:
                found = Found(row.site_id, row.tenancy_id, row.lon, row.lat, "uscc")
                self._by_uscc.setdefault(row.uscc, []).append(found)
            if row.name and plain_name(row.name):
                found = Found(row.site_id, row.tenancy_id, row.lon, row.lat, "name")
                self._by_name.setdefault(plain_name(row.name), []).append(found)

    def find(self, code: str | None, name: str | None) -> Found | None:
        """The one site of a uscc, else of a name; None for none, or several."""
        by_code = _only(self._by_uscc.get(code, [])) if code else None
        return by_code or (_only(self._by_name.get(plain_name(name), [])) if name else None)


def _only(found: list[Found]) -> Found | None:
    """The whole site stands before a tenancy in it."""
    if len({each.site_id for each in found}) != 1:
        return None
    return min(found, key=lambda each: (each.tenancy_id is not None, str(each.tenancy_id)))
