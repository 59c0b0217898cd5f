"""The chain: sealed entries without gaps, and whatever is done to them afterwards is found."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.actor import operator
from app.db import make_engine, transaction
from app.determination import service as chain
from app.determination.chain import keys
from app.errors import ConflictError
from app.settings import Settings
from app.territory import service as territory
from tests.support.seeding import TOWN_1, VILLAGE_11, seed_city

ACTOR = operator("127.0.0.1")


@pytest.fixture
def engine_of(settings: Settings) -> Iterator[Engine]:
    """The city in a database of the test's own, with an engine that lets twelve in at a time."""
    engine = make_engine(settings.database_url or "", 12)
    with transaction(engine) as session:
        seed_city(session)
    yield engine
    engine.dispose()


def put(engine: Engine, settings: Settings, count: int = 4) -> list[chain.Entry]:
    """Policies of a village, one a transaction."""
    entries = []
    for each in range(count):
        with transaction(engine) as session:
            unit = territory.unit_or_404(session, VILLAGE_11)
            entries.append(chain.append(session, settings, ACTOR, "policy", unit, {"version": each + 1, "words": "严"}))
    return entries


def problems(engine: Engine, settings: Settings) -> list[str]:
    with transaction(engine) as session:
        return [str(each) for each in chain.verify_chain(session, settings)]


def tamper(engine: Engine, statement: str) -> None:
    """Do as somebody does who owns the database: without its triggers."""
    with transaction(engine) as session:
        session.execute(text("SET LOCAL session_replication_role = replica"))
        assert session.execute(text(statement)).rowcount  # type: ignore[attr-defined]


def test_entries_follow_each_other_and_hold(engine_of: Engine, settings: Settings) -> None:
    entries = put(engine_of, settings)

    assert [each.seq for each in entries] == [1, 2, 3, 4]
    assert problems(engine_of, settings) == []
    with transaction(engine_of) as session:
        assert chain.head(session) == chain.Head(4, entries[-1].entry_digest.hex())


def test_numbers_have_no_gaps_when_many_append_at_once_and_some_give_up(engine_of: Engine, settings: Settings) -> None:
    class GaveUpError(Exception):
        pass

    def one(each: int) -> None:
        try:
            with transaction(engine_of) as session:
                unit = territory.unit_or_404(session, TOWN_1)
                chain.append(session, settings, ACTOR, "policy", unit, {"version": each})
                if each % 4 == 0:
                    raise GaveUpError
        except GaveUpError:
            pass

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(40)))

    with transaction(engine_of) as session:
        numbers = list(session.execute(text("SELECT seq FROM chain_entry ORDER BY seq")).scalars())
    assert numbers == list(range(1, 31))
    assert problems(engine_of, settings) == []
    assert len(list(keys.folder(settings).glob("*.pub.pem"))) == 1


@pytest.mark.parametrize(
    ("statement", "place", "told"),
    [
        (
            "UPDATE chain_entry SET document = replace(document, '严', '松') WHERE seq = 2",
            "第 2 条",
            "内容与其摘要不符",
        ),
        ("UPDATE chain_entry SET kind = 'report' WHERE seq = 3", "第 3 条", "条目摘要与序号"),
        ("UPDATE chain_entry SET seq = 9 WHERE seq = 4", "第 9 条", "第 4 至 8 条"),
        ("DELETE FROM chain_entry WHERE seq = 2", "第 3 条", "缺少第 2 条"),
        ("UPDATE chain_entry SET at = at - interval '1 day' WHERE seq = 1", "第 1 条", "时间显示为"),
        ("UPDATE chain_entry SET by_name = '别人' WHERE seq = 1", "第 1 条", "签署人显示为“别人”"),
        ("UPDATE chain_entry SET unit_code = '320491001000' WHERE seq = 1", "第 1 条", "区划代码显示为"),
        ("UPDATE chain_entry SET key_id = '0123456789abcdef' WHERE seq = 4", "第 4 条", "不在已知的公钥之中"),
        ("UPDATE chain_entry SET signature = set_byte(signature, 9, 7) WHERE seq = 4", "第 4 条", "签名不成立"),
        ("UPDATE chain_entry SET id = gen_random_uuid() WHERE seq = 4", "第 4 条", "编号或类别"),
    ],
)
def test_what_is_changed_afterwards_is_found_where_it_is(
    engine_of: Engine, settings: Settings, statement: str, place: str, told: str
) -> None:
    put(engine_of, settings)

    tamper(engine_of, statement)

    assert any(place in each and told in each for each in problems(engine_of, settings))


def test_an_entry_written_anew_with_all_its_digests_lacks_the_key(engine_of: Engine, settings: Settings) -> None:
    put(engine_of, settings)

    tamper(
        engine_of,
        """
        WITH forged AS (SELECT seq, replace(document, '严', '松') AS document FROM chain_entry WHERE seq = 4),
        digests AS (SELECT forged.*, sha256(forged.document::bytea) AS digest FROM forged)
        UPDATE chain_entry SET document = digests.document, digest = digests.digest,
               entry_digest = sha256('wuyilou-chain-1'::bytea || int8send(4) || 'policy'::bytea || previous
                                     || digests.digest)
        FROM digests WHERE chain_entry.seq = 4
        """,
    )

    found = problems(engine_of, settings)
    assert len(found) == 1
    assert "第 4 条" in found[0]
    assert "签名不成立" in found[0]


def test_a_cut_tail_shows_only_against_a_head_kept_elsewhere(engine_of: Engine, settings: Settings) -> None:
    put(engine_of, settings)
    with transaction(engine_of) as session:
        kept = chain.head(session)
    assert kept is not None

    tamper(engine_of, "DELETE FROM chain_entry WHERE seq > 2")

    assert problems(engine_of, settings) == []
    with transaction(engine_of) as session:
        found = [str(each) for each in chain.check_head(session, kept)]
    assert len(found) == 1
    assert "到第 2 条为止" in found[0]


def test_the_database_itself_refuses_changes(engine_of: Engine, settings: Settings) -> None:
    put(engine_of, settings, 1)

    with pytest.raises(Exception, match="never changed"), transaction(engine_of) as session:
        session.execute(text("UPDATE chain_entry SET by_name = '别人'"))


def test_the_signing_key_is_the_owners_alone(engine_of: Engine, settings: Settings) -> None:
    put(engine_of, settings, 1)
    path = keys.folder(settings) / keys.SIGNING
    assert path.stat().st_mode & 0o777 == 0o600

    path.chmod(0o644)

    with pytest.raises(ConflictError, match="chmod 600"):
        put(engine_of, settings, 1)


def test_no_other_key_is_made_in_silence_when_the_key_is_gone(engine_of: Engine, settings: Settings) -> None:
    put(engine_of, settings, 1)
    (keys.folder(settings) / keys.SIGNING).unlink()

    with pytest.raises(ConflictError, match="wuyilou keys new"):
        put(engine_of, settings, 1)
    renewed = keys.renew(settings)
    put(engine_of, settings, 1)

    assert renewed in keys.public_keys(settings)
    assert len(keys.public_keys(settings)) == 2
    assert problems(engine_of, settings) == []


def test_a_broken_or_foreign_public_key_is_refused(settings: Settings, session: Session) -> None:
    chain.append(session, settings, ACTOR, "report", None, {})
    ours = next(keys.folder(settings).glob("*.pub.pem"))
    ours.rename(ours.with_name("0000000000000000.pub.pem"))

    with pytest.raises(ConflictError, match="公钥"):
        list(chain.verify_chain(session, settings))
