"""What is proved anew each day costs as much as what is new: read once, by index, and only the chain's new end."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, text

from app.db import transaction
from app.determination import gathering, verify
from app.determination.queries import standing as queries
from app.determination.signing_changes import sweep
from app.determination.sources import Asked
from app.scope import EVERYTHING
from app.territory import service as territory
from tests.app.determination.signing.office import Office
from tests.app.determination.village import OTHER, TOWN, VILLAGE


@contextmanager
def asked_for(office: Office, words: str) -> Iterator[list[Any]]:
    """The values of each statement with some words in it, as it goes to the database."""
    found: list[Any] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if words in statement:
            found.append(values)

    event.listen(office.engine, "before_cursor_execute", note)
    yield found
    event.remove(office.engine, "before_cursor_execute", note)


def broken(office: Office) -> int:
    """How many breaks of the chain the village's determination tells of."""
    with transaction(office.engine) as session:
        path, today = territory.unit_or_404(session, VILLAGE).path, office.settings.today()
        asked = Asked(session, office.settings, EVERYTHING, path, today, today)
        return sum(count.number for count in gathering.counts(asked, ["broken_chain"]))


def test_records_are_read_once_for_all_signatures_and_each_has_its_own_end(office: Office) -> None:
    (week,) = office.signed(VILLAGE)
    longer = office.sign(VILLAGE, last_day=office.settings.today().isoformat())
    assert longer.status_code == 201, longer.text

    with asked_for(office, "JOIN look l") as read, transaction(office.engine) as session:
        assert list(verify.verify(session, office.settings)) == []
    assert len(read) == 1

    office.walk(days_ago=0)  # begun a minute ago
    assert sweep(office.engine, office.settings) == 1
    assert office.read(longer.json())["state"] == "superseded"
    assert office.read(week)["state"] == "valid", "the walk was after its last day"


def test_of_a_chain_that_has_grown_only_the_new_end_is_checked(office: Office) -> None:
    office.signed(VILLAGE)
    with asked_for(office, "WHERE seq > ") as read:
        assert broken(office) == broken(office) == 0
        assert [values["after"] for values in read] == [0]
        office.signed(OTHER, TOWN)
        assert broken(office) == 0
        assert len(read) == 2
        assert read[1]["after"] > 0, "after what was checked before"


def test_an_old_entry_that_is_changed_by_hand_is_found_though_nothing_is_new(office: Office) -> None:
    office.signed(VILLAGE)
    assert broken(office) == 0
    office.tamper("UPDATE chain_entry SET by_name = '别人' WHERE kind = 'attestation'")
    assert broken(office) == 1
    office.tamper("DELETE FROM chain_entry WHERE kind = 'attestation'")
    assert broken(office) == 0, "the end that is cut off shows by a head that is kept elsewhere"


@pytest.mark.parametrize("number", range(7))
def test_what_a_signature_stands_on_is_found_by_index(office: Office, number: int) -> None:
    statement = (queries._RECORDS_OF, queries._LOOKS_OF, *queries._KEPT)[number]
    now = datetime.now(UTC)
    values = {"cutoff": now, "as_of": now, "day": 9999, "last_day": now.date(), "cutoff_day": now.date(), "zone": "UTC"}
    with transaction(office.engine) as session:
        path = territory.unit_or_404(session, VILLAGE).path
        # The village fits on a page or two, where reading all of it is right: only what could not be avoided counts.
        session.execute(text("SET LOCAL enable_seqscan = off"))
        explained = session.execute(text(f"EXPLAIN {statement.text}"), {**values, "path": path})
        plan = "\n".join(row[0] for row in explained)
    assert re.findall(r"Seq Scan on \w+", plan) == [], plan
