"""(j) Whether a city of 7,000 grids, 50,000 sites and 200,000 patrols can be signed for, and the proof of what was.

The peer of the determination is asking what is left out unit by unit, as one does who keeps a page for each village;
the peer of the proof is the whole chain checked anew for everybody who looks.
"""

import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.actor import terminal
from app.coverage import ground
from app.db import transaction
from app.determination import determining, gathering, showing, signing, standing, verify
from app.determination.chain.verifying import verify_chain
from app.determination.kinds import KINDS
from app.determination.schemas import Determination, UnitName
from app.determination.signing_authority import Authority
from app.determination.sources import Asked
from app.scope import EVERYTHING
from app.settings import Settings
from app.territory import service as territory
from app.territory.schemas import UnitRow
from bench import city as filling
from bench import ledger
from bench.harness import elapsed_ms, emit, median_ms, progress
from bench.world import TODAY, World, world

COLUMNS, ROWS, VILLAGES, TOWNS, COUNTIES = 100, 70, 700, 70, 7
LEVELS = {
    "village": "320404001001",
    "town": "320404001000",
    "county": "320404000000",
    "city": "320400000000",
}
MONTHS = 12
SIGNING_VILLAGES = 30  # each signs for a year's worth of periods, all of which end in the month that has patrols
DAYS_BETWEEN = 2
RUNS = 3
SHOWN = 100


_RECORDS_SIGNED = """SELECT sum(CAST(CAST(document AS jsonb)->'body'->'evidence'->'numbers'->>'patrol' AS float8))
    FROM chain_entry WHERE kind = 'attestation'"""


def run() -> None:
    """Make the city with all that it keeps, then ask, sign and prove."""
    progress(f"(j) a city of {COLUMNS * ROWS} grids in {VILLAGES} villages")
    with world("determination", COLUMNS, ROWS, VILLAGES, TOWNS, COUNTIES) as made:
        filling.fill(made)
        progress("(j) its people, sites, leads, lists and cases")
        ledger.fill(made)
        with tempfile.TemporaryDirectory() as folder:
            measure(made, made.settings.model_copy(update={"data_dir": Path(folder)}))


def measure(made: World, settings: Settings) -> None:
    """Every figure, of a city that is full."""
    _determinations(made, settings)
    _peer(made, settings)
    _lists(made, settings)
    _signatures(made, settings)


def _unit(session: Session, level: str) -> UnitRow:
    return territory.unit_or_404(session, LEVELS[level])


def _first() -> date:
    return TODAY.replace(day=1)


def _determinations(made: World, settings: Settings) -> None:
    """Of the bench's day, which is past (sites are derived for it), and of today (what is kept is read)."""
    for day, name in ((TODAY, "past"), (settings.today(), "today")):
        for level in LEVELS:

            def ask(level: str = level, day: date = day) -> None:
                with transaction(made.engine) as session:
                    determining.determine(session, settings, _unit(session, level), day.replace(day=1), day)

            ground._SPLIT._values.clear()
            cold_ms = elapsed_ms(ask)
            emit("j", f"determination of a {level}, {name} day", cold_ms=cold_ms, warm_ms=median_ms(ask, RUNS))


def _peer(made: World, settings: Settings) -> None:
    """A county, village by village, beside the one determination of it."""
    county = LEVELS["county"]
    with transaction(made.engine) as session:
        paths = list(
            session.execute(
                text("SELECT path::text FROM unit WHERE level = 'village' AND code LIKE :county ORDER BY path"),
                {"county": f"{county[:6]}%"},
            ).scalars()
        )

    def one_by_one() -> None:
        with transaction(made.engine) as session:
            for path in paths:
                _without_tiles(Asked(session, settings, EVERYTHING, path, _first(), TODAY))

    def at_once() -> None:
        with transaction(made.engine) as session:
            _without_tiles(Asked(session, settings, EVERYTHING, _unit(session, "county").path, _first(), TODAY))

    at_once()
    all_ms, one_ms = elapsed_ms(one_by_one), median_ms(at_once, RUNS)
    emit("j", "peer: a county asked village by village", villages=len(paths), ms=all_ms, ratio=all_ms / one_ms)


def _without_tiles(asked: Asked) -> None:
    """The kinds that units above have too: tiles are compared with their records at the lowest units only."""
    gathering.counts(asked, [kind for kind in KINDS if kind != "tile_not_following"])


def _lists(made: World, settings: Settings) -> None:
    def page(level: str, kinds: list[str] | None = None) -> Callable[[], None]:
        def look() -> None:
            with transaction(made.engine) as session:
                period = (_first(), TODAY)
                showing.rows(session, settings, terminal(), LEVELS[level], period, kinds, SHOWN, 0)

        return look

    for name, look in {
        "county": page("county"),
        "city": page("city"),
        "city, overdue sites": page("city", ["site_overdue"]),
        "city, stale ground": page("city", ["ground_stale"]),
    }.items():
        emit("j", f"first page of what is left out: {name}", rows=SHOWN, ms=median_ms(look, RUNS))


def _signatures(made: World, settings: Settings) -> None:
    """Villages sign as often as in a year, as the service does but whatever is left out; then all of it is proved."""
    with transaction(made.engine) as session:
        codes = list(
            session.execute(
                text("SELECT code FROM unit WHERE level = 'village' ORDER BY code LIMIT :some"),
                {"some": SIGNING_VILLAGES},
            ).scalars()
        )
        told = determining.determine(session, settings, _unit(session, "village"), _first(), TODAY)
    progress(f"(j) {MONTHS * len(codes)} signatures")
    days = [TODAY - timedelta(days=DAYS_BETWEEN * n) for n in reversed(range(MONTHS))]

    def sign_all() -> None:
        for last_day in days:
            for code in codes:
                with transaction(made.engine) as session:
                    _sign(session, settings, told, code, last_day)

    signatures = MONTHS * len(codes)
    sign_ms = elapsed_ms(sign_all)
    emit("j", "signatures of villages given", signatures=signatures, ms_each=sign_ms / signatures)
    _proofs(made, settings, signatures)


def _sign(session: Session, settings: Settings, told: Determination, code: str, last_day: date) -> None:
    unit = territory.unit_or_404(session, code)
    first = last_day.replace(day=1)
    named = UnitName(code=unit.code, name=unit.name, level=unit.level)
    mine = told.model_copy(update={"unit": named, "path": unit.path, "first_day": first, "last_day": last_day})
    stands_on = signing._stands_on(session, settings, unit, [], first, last_day)
    signing._signed(session, settings, terminal(), unit, stands_on, mine, Authority("head"), None, None)


def _proofs(made: World, settings: Settings, signatures: int) -> None:
    def prove() -> None:
        with transaction(made.engine) as session:
            if problem := next(verify.verify(session, settings), None):
                raise RuntimeError(str(problem))

    def chain() -> None:
        with transaction(made.engine) as session:
            if problem := next(verify_chain(session, settings), None):
                raise RuntimeError(str(problem))

    def known() -> None:
        with transaction(made.engine) as session:
            asked = Asked(session, settings, EVERYTHING, _unit(session, "county").path, _first(), TODAY)
            gathering.counts(asked, ["broken_chain"])

    with transaction(made.engine) as session:
        records = session.execute(text(_RECORDS_SIGNED)).scalar_one()
    seconds = elapsed_ms(prove) / 1e3
    emit(
        "j",
        "signatures proved: chain, rows, evidence",
        signatures=signatures,
        records_each=records / signatures,
        per_s=signatures / seconds,
        records_per_s=records / seconds,
    )
    chain_ms, known_ms = median_ms(chain, RUNS), median_ms(known, RUNS)
    emit("j", "whether the chain holds, asked again", ms=known_ms, peer_checked_anew_ms=chain_ms)
    with transaction(made.engine) as session:
        path = _unit(session, "village").path
        ms = median_ms(lambda: standing.walked(session, settings, path, TODAY, datetime.now(UTC)), RUNS)
    emit("j", "what a village's signature stands on, read", ms=ms)
