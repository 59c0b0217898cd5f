"""Monthly readings become leads: users whose recent use left their own past pattern (see `app.leads.power`)."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from app.actor import Actor
from app.leads import files, places, storing
from app.leads.matching import Found, Matcher, is_uscc
from app.leads.power import FLOOR, LEAST_PAST, THRESHOLD, Judgement, judge_all
from app.leads.queries import files as queries
from app.leads.readings import SYNONYMS, Readings, User, month_name, read
from app.leads.schemas import FoundLead, PowerReport
from app.settings import Settings
from app.spreadsheets import Sheet, read_table

_MOST_LISTED = 500


class _Suspect(NamedTuple):
    user: User
    kwh: list[float | None]
    judged: Judgement


def import_power(
    session: Session, settings: Settings, actor: Actor, unit_code: str, name: str, data: bytes
) -> tuple[PowerReport, bool]:
    """Judge the users of a table; its report, and whether it was taken in before.

    `unit_code`: whose users they are, and whose the leads of users at no known site. Raises InvalidInputError,
    TooLargeError, NotFoundError (unit), ForbiddenError, or ConflictError when another unit sent the file.
    """
    file = files.SourceFile("power_readings", name, data, files.unit_of(session, actor, unit_code))
    return files.once(session, actor, file, PowerReport, lambda: _Import(session, settings, actor, file).report())


def _table(data: bytes, name: str, settings: Settings) -> Sheet:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"readings{Path(name).suffix[:8]}"
        path.write_bytes(data)
        return read_table(path, settings.upload, SYNONYMS)


class _Import:
    def __init__(self, session: Session, settings: Settings, actor: Actor, file: files.SourceFile) -> None:
        self.session, self.settings, self.actor, self.file = session, settings, actor, file
        self.today = settings.today()

    def report(self) -> PowerReport:
        sheet = _table(self.file.data, self.file.name, self.settings)
        readings = read(sheet)
        whole = [user for user in readings.users if user.broken is None]
        judged = _judged(whole, readings)
        short = [each.user.name for each in judged if each.judged.verdict == "too_short"]
        suspects = [each for each in judged if each.judged.verdict in ("grown", "new_user")]
        last = month_name(readings.last)
        numbers = [each.user.number for each in suspects]
        told = queries.told_users(self.session, numbers, self.file.unit.path, last)
        fresh = [each for each in suspects if each.user.number not in told]
        made = self._leads(fresh, readings)
        return PowerReport(
            months=[month_name(month) for month in (readings.first, readings.last)],
            users=len(readings.users),
            judged=len(whole) - len(short),
            too_short=len(short),
            unreadable=len(readings.users) - len(whole),
            known=len(told),
            new_users=sum(each.judged.verdict == "new_user" for each in fresh),
            leads=len(made),
            unplaced=sum(not lead.is_placed for lead in made),
            items=made[:_MOST_LISTED],
            short_users=short[:_MOST_LISTED],
            problems=readings.problems,
            encoding=sheet.encoding,
        )

    def _leads(self, suspects: list[_Suspect], readings: Readings) -> list[FoundLead]:
        if not suspects:
            return []
        matcher = Matcher(self.session, [self.file.unit.path])
        return [self._lead(suspect, readings, matcher) for suspect in suspects]

    def _lead(self, suspect: _Suspect, readings: Readings, matcher: Matcher) -> FoundLead:
        user = suspect.user
        uscc = user.uscc if is_uscc(user.uscc) else None
        site = matcher.find(uscc, user.name)
        lead_id, words = self.file.lead_id(user.number), _words(suspect)
        place = self._place(site)
        values: dict[str, Any] = {
            "id": lead_id,
            "source": "power_growth",
            "what": "power_growth" if suspect.judged.verdict == "grown" else "power_new",
            "note": words,
            "unit_path": self.file.unit.path,
            "made_at": self.settings.now(),
            "content_digest": self.file.lead_digest(user.number),
            "deadline": self.today + timedelta(days=self.settings.lead_days.power_growth),
            "address": user.address or None,
            "subject_name": user.name,
            "subject_uscc": uscc,
            "site_id": None if site is None else site.site_id,
            "tenancy_id": None if site is None else site.tenancy_id,
            "facts": _facts(suspect, readings, site),
            **place,
        }
        storing.add(self.session, self.actor, values)
        return FoundLead(id=lead_id, name=user.name, words=words, is_placed=bool(place))

    def _place(self, site: Found | None) -> dict[str, Any]:
        if site is None or site.lon is None or site.lat is None:
            return {}
        placed = places.at(self.session, site.lon, site.lat, self.today)
        if placed is None or not self.actor.scope.holds_unit(placed.unit_path):
            return {}
        here = {"lon": site.lon, "lat": site.lat, "datum": "WGS-84"}
        return {**here, "unit_path": placed.unit_path, "grid_code": placed.grid_code}


def _judged(users: list[User], readings: Readings) -> list[_Suspect]:
    months = range(readings.first, readings.last + 1)
    rows = [[user.kwh.get(month) for month in months] for user in users]
    found = judge_all(np.array(rows, dtype=float).reshape(len(rows), len(months)))
    return [_Suspect(*each) for each in zip(users, rows, found, strict=True)]


def _facts(suspect: _Suspect, readings: Readings, site: Found | None) -> dict[str, Any]:
    judged = suspect.judged
    return {
        "user_number": suspect.user.number,
        "uscc_as_written": suspect.user.uscc,
        "first_month": month_name(readings.first),
        "last_month": month_name(readings.last),
        "kwh": suspect.kwh,
        "recent_kwh": round(judged.recent_kwh, 1),
        "expected_kwh": round(judged.expected_kwh, 1),
        "score": None if judged.score is None else round(judged.score, 2),
        "is_seasonal": judged.is_seasonal,
        "matched_by": None if site is None else site.by,
        "rule": f"modified z-score > {THRESHOLD}, MAD floor {FLOOR}, at least {LEAST_PAST} past months",
    }


def _words(suspect: _Suspect) -> str:
    judged, user = suspect.judged, suspect.user
    who = f"用电户 {user.number}（{user.name}）" if user.number != user.name else f"用电户 {user.name}"
    now = f"近 3 个月用电量中位数 {judged.recent_kwh:,.0f} 千瓦时"
    if judged.verdict == "new_user":
        return f"{who}此前 {judged.past_months} 个月基本不用电，{now}，疑似停用场所恢复生产或新用户大用量。"
    against = "按去年同期推算" if judged.is_seasonal else "此前各月中位数"
    return (
        f"{who}{now}，{against}为 {judged.expected_kwh:,.0f} 千瓦时，"
        f"为其 {judged.recent_kwh / judged.expected_kwh:.1f} 倍，"
        f"偏离自身规律（稳健分数 {judged.score:.1f}，界限 {THRESHOLD}）。"
    )
