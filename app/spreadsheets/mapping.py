"""Which column holds what: as the person said, else by the names such tables usually have."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from app.errors import InvalidInputError

Synonyms = Mapping[str, Sequence[str]]
_ASIDE: Final = re.compile(r"[(\[【<][^)\]】>]*[)\]】>]")
_MARKS: Final = re.compile(r"[\s*:：、,.;_\-/\\|·]+")


def simplified(name: str) -> str:
    """A column's name without what people add to it: blanks, stars, remarks in brackets; lower case, half width."""
    text = unicodedata.normalize("NFKC", name).lower()
    return _MARKS.sub("", _ASIDE.sub("", text)) or _MARKS.sub("", text)


def guess_mapping(headers: Sequence[str], synonyms: Synonyms) -> dict[str, str]:
    """Header of each field that is found: the whole name first, then its last part, then a name that holds a usual one.

    A column serves one field. Fields earlier in `synonyms` choose first.
    """
    usual = {field: [simplified(name) for name in (*names, field)] for field, names in synonyms.items()}
    wholes = {header: simplified(header) for header in headers}
    lasts = {header: simplified(header.rpartition(" / ")[2]) for header in headers}
    found: dict[str, str] = {}
    for forms in (wholes, lasts):
        _take(found, forms, usual, inside=False)
    _take(found, lasts, usual, inside=True)
    return found


def _take(found: dict[str, str], forms: Mapping[str, str], usual: Mapping[str, Sequence[str]], *, inside: bool) -> None:
    for field, names in usual.items():
        if field in found:
            continue
        free = [(header, form) for header, form in forms.items() if header not in found.values()]
        for name in names:
            hit = next((h for h, form in free if form == name or (inside and len(name) > 1 and name in form)), None)
            if hit is not None:
                found[field] = hit
                break


def check_mapping(
    headers: Collection[str], mapping: Mapping[str, str], fields: Mapping[str, str], required: Collection[str] = ()
) -> None:
    """Raise InvalidInputError unless every field is one of `fields` (code -> Chinese), every column one of the file's,
    none is used twice and the required ones are there."""
    unknown = [field for field in mapping if field not in fields]
    absent = [column for column in mapping.values() if column not in headers]
    if unknown or absent:
        raise InvalidInputError(
            f"列对应有误：{'、'.join((*unknown, *absent))[:300]} 不在可选的项目或文件的列中。请重新选择各列。",
            unknown=unknown,
            absent=absent,
        )
    twice = [column for column in dict.fromkeys(mapping.values()) if list(mapping.values()).count(column) > 1]
    if twice:
        raise InvalidInputError(f"“{twice[0][:100]}”列被选用了两次。每一列只能对应一个项目。", twice=twice)
    missing = [field for field in required if field not in mapping]
    if missing:
        lacking = "、".join(fields[field] for field in missing)
        raise InvalidInputError(f"还没有指明“{lacking}”在哪一列，未导入任何内容。", missing=missing)
