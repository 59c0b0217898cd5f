"""Officers and who is in charge of which grid from which day on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from app.territory.importing.drafts import GridDraft, OfficerDraft
from app.territory.importing.report import Findings, RowLabel
from app.territory.queries import storing
from app.territory.schemas import Counts


@dataclass
class DutyPlan:
    """What is to be written; duties are (grid, officer)."""

    officers: list[tuple[str, str, str | None]] = field(default_factory=list)
    ended: list[tuple[str, str]] = field(default_factory=list)
    started: list[tuple[str, str]] = field(default_factory=list)

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.officers or self.ended or self.started)

    @property
    def touched_grids(self) -> set[str]:
        """Grids whose officer changes."""
        return {grid for grid, _ in self.ended + self.started}

    def write(self, session: Session, day: date) -> None:
        """Write it."""
        storing.put_officers(session, self.officers)
        storing.end_duties(session, self.ended, day)
        storing.start_duties(session, self.started, day)


def plan_duties(
    session: Session,
    day: date,
    drafts: Sequence[GridDraft],
    retired: Sequence[str],
    with_officers: bool,
    counts: Counts,
    findings: Findings,
) -> DutyPlan:
    """Duties that end or begin. Without a column for officers only those of retired grids end."""
    result = DutyPlan()
    wanted: dict[str, set[str]] = {code: set() for code in retired}
    labels = {code: RowLabel(None, code) for code in retired}
    if with_officers:
        named = [draft for draft in drafts if draft.officer is not None]
        result.officers = _officers(session, _agreed(named, findings), counts)
        for draft in drafts:
            wanted[draft.code] = {draft.officer.code} if draft.officer else set()
            labels[draft.code] = draft.label
    now, ends = storing.open_duties(session, wanted), storing.duty_ends(session, wanted)
    for grid, officers in wanted.items():
        have = now.get(grid, {})
        for officer in sorted(have.keys() - officers):
            if day < have[officer]:
                what = f"网格员 {officer} 于 {have[officer]} 开始负责，晚于本次生效日期"
                findings.error(labels[grid], "too_early", what, f"生效日期改为 {have[officer]} 或之后。")
            result.ended.append((grid, officer))
        if grid in ends and day < ends[grid]:
            what = f"网格员于 {ends[grid]} 变更过，晚于本次生效日期"
            findings.error(labels[grid], "too_early", what, f"生效日期改为 {ends[grid]} 或之后。")
        result.started += [(grid, officer) for officer in sorted(officers - have.keys())]
    counts.duties_changed = len(result.touched_grids)
    return result


def _agreed(drafts: Sequence[GridDraft], findings: Findings) -> dict[str, OfficerDraft]:
    """Officers by code; the same code with two names is an error."""
    agreed: dict[str, OfficerDraft] = {}
    for draft in drafts:
        officer = draft.officer
        if officer is None:
            continue
        first = agreed.setdefault(officer.code, officer)
        if first != officer:
            findings.error(
                draft.label,
                "officer_differs",
                f"网格员 {officer.code} 的姓名或电话前后不一（{first.name} / {officer.name}）",
                "同一网格员编码只对应一人；请改为一致。",
            )
    return agreed


def _officers(session: Session, agreed: dict[str, OfficerDraft], counts: Counts) -> list[tuple[str, str, str | None]]:
    stored = storing.officers(session, agreed)
    changed = []
    for code, officer in agreed.items():
        # A file without the phone does not take it away.
        phone = officer.phone or stored.get(code, ("", None))[1]
        if code not in stored:
            counts.officers_added += 1
        elif stored[code] != (officer.name, phone):
            counts.officers_changed += 1
        else:
            continue
        changed.append((code, officer.name, phone))
    return changed
