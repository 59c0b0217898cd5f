"""Whether the evidence is still what it was: stored coverage that does not follow from the records, a broken chain."""

from pathlib import Path
from typing import NamedTuple

from app.coverage import service as coverage
from app.determination.chain import keys
from app.determination.chain.sealed import Sealed
from app.determination.chain.verifying import verify_chain
from app.determination.queries import chain as chain_queries
from app.determination.queries import sealed_limits
from app.determination.sources.asking import Asked, Source, from_rows
from app.errors import DomainError
from app.omitted import Omitted
from app.settings import Settings
from app.territory import service as territory

_MOST_PROBLEMS = 100
_BY_HAND = "与链上的条目不符，记录在签署后被改动。"


class _Known(NamedTuple):
    """What was found wrong with a chain up to an entry, by what tells its content and its keys from others."""

    upto: Sealed | None
    mark: tuple[object, ...]
    problems: tuple[tuple[str, str], ...]


# Checking every seal takes long: as long as no entry and no key has changed, the last result holds, and of a chain that
# has grown only what is new is checked.
_LAST: dict[Path, _Known] = {}


def _tiles(asked: Asked) -> list[Omitted]:
    """Of units without units below: every tile is compared with all records. Those above stand on their signatures."""
    if territory.children(asked.session, asked.path.rpartition(".")[2]):
        return []
    return [each._replace(unit_path=asked.path) for each in coverage.unit_verify(asked.session, asked.path, asked.on)]


def _chain(asked: Asked) -> list[Omitted]:
    """A break of the one chain concerns every unit: what is signed next would stand on it.

    So does what lets omissions of the unit stand and is not what was sealed.
    """
    broken = [
        Omitted(
            kind="broken_chain",
            subject=f"chain:{number}",
            name=where,
            unit_path=asked.path,
            page="/certificate",
            facts={"found": found},
        )
        for number, (where, found) in enumerate(_problems(asked), 1)
    ]
    loosened = [
        Omitted("broken_chain", row.subject, row.name, asked.path, "/certificate", facts={"found": _BY_HAND})
        for row in sealed_limits.differing(asked.session, asked.path)
    ]
    return [*broken, *loosened]


def _problems(asked: Asked) -> tuple[tuple[str, str], ...]:
    folder = keys.folder(asked.settings)
    end = chain_queries.last(asked.session)
    known = _LAST.get(folder)
    if known is not None and known.mark != _mark(asked, known.upto):
        known = None
    if known is None or known.upto != end:
        mark = _mark(asked, end)  # first: what is changed while the chain is checked makes another one
        before, upto = ((), None) if known is None else (known.problems, known.upto)
        found = tuple(dict.fromkeys((*before, *_checked(asked, upto))))
        known = _Known(end, mark, found[:_MOST_PROBLEMS])
        _LAST[folder] = known
    return known.problems


def _mark(asked: Asked, upto: Sealed | None) -> tuple[object, ...]:
    entries = chain_queries.mark(asked.session, 0 if upto is None else upto.seq)
    return entries, asked.settings.database_url, *_key_marks(asked.settings)


def _checked(asked: Asked, after: Sealed | None) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    try:
        for problem in verify_chain(asked.session, asked.settings, after):
            found.append((problem.where, problem.what))
            if len(found) == _MOST_PROBLEMS:
                break
    except DomainError as error:
        found.append(("公钥文件", error.message))
    return tuple(found)


def _key_marks(settings: Settings) -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in sorted(keys.folder(settings).glob(f"*{keys.PUBLIC}"))]


SOURCES: tuple[Source, ...] = (
    from_rows(("tile_not_following",), _tiles),
    from_rows(("broken_chain",), _chain),
)
