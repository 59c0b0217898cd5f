"""SQL that several statements of cases share: what is complete, what is omitted. `c` is the case, `:today` the day."""

# Items of the current round with a day and at least one attachment that still stands; each proved item is one row.
PROVED = """SELECT i.item FROM closure_item i
    WHERE i.case_id = c.id AND i.round = c.relapses AND i.done_on IS NOT NULL AND EXISTS (
        SELECT FROM closure_evidence e JOIN case_attachment a ON a.id = e.attachment_id
        WHERE e.case_id = i.case_id AND e.round = i.round AND e.item = i.item AND a.withdrawn_why IS NULL)"""
IS_FINISHED = "c.state IN ('closed', 'struck_off')"
IS_COMPLETE = f"(SELECT count(*) = 5 FROM ({PROVED}) AS p)"  # noqa: S608 - constants
OVERDUE = f"(NOT {IS_FINISHED} AND c.deadline < :today)"
CLOSED_INCOMPLETE = f"({IS_FINISHED} AND NOT {IS_COMPLETE})"
LOOK_BACK_MISSED = """(c.state = 'closed' AND EXISTS (
    SELECT FROM look_back b
    WHERE b.case_id = c.id AND b.round = c.relapses AND b.done_on IS NULL AND b.due_on < :today))"""
OMISSIONS = f"""array_remove(ARRAY[
    CASE WHEN {OVERDUE} THEN 'overdue' END,
    CASE WHEN {CLOSED_INCOMPLETE} THEN 'closed_incomplete' END,
    CASE WHEN {LOOK_BACK_MISSED} THEN 'look_back_missed' END], NULL)"""
