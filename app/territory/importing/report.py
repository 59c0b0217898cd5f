"""The findings about a file, gathered row by row, in words for the person who sent it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from app.errors import InvalidInputError
from app.territory.schemas import Counts, ImportReport, Problem, Severity, Subject

MAX_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class RowLabel:
    """How a row is called in findings; `row` counts from 1."""

    row: int | None = None
    code: str | None = None
    name: str | None = None


WHOLE_FILE = RowLabel()


@dataclass
class Findings:
    """Problems in the order found; errors stop an import, warnings do not."""

    problems: list[Problem] = field(default_factory=list)
    bad_rows: set[int] = field(default_factory=set)

    def error(self, label: RowLabel, rule: str, what: str, to_do: str) -> None:
        """Add a reason to refuse the file."""
        self._add("error", label, rule, what, to_do)
        if label.row is not None:
            self.bad_rows.add(label.row)

    def warning(self, label: RowLabel, rule: str, what: str, to_do: str) -> None:
        """Add something that a person should look at."""
        self._add("warning", label, rule, what, to_do)

    def _add(self, severity: Severity, label: RowLabel, rule: str, what: str, to_do: str) -> None:
        self.problems.append(
            Problem(
                row=label.row,
                code=label.code,
                name=label.name,
                severity=severity,
                rule=rule,
                what=what,
                to_do=to_do,
            )
        )

    def count(self, severity: Severity) -> int:
        """How many of a severity."""
        return sum(problem.severity == severity for problem in self.problems)


@dataclass(frozen=True)
class FileFacts:
    """What a report says about the file itself."""

    subject: Subject
    file_name: str
    file_format: str
    datum: str
    stated_crs: str | None
    encoding: str | None
    mapping: dict[str, str]
    effective_on: date
    dry_run: bool


def build(facts: FileFacts, findings: Findings, counts: Counts) -> ImportReport:
    """The report: errors first, then by row; long lists are cut, and say by how much."""
    ordered = sorted(findings.problems, key=lambda p: (p.severity != "error", p.row or 0))
    report = ImportReport(
        subject=facts.subject,
        file_name=facts.file_name,
        file_format=facts.file_format,
        datum=facts.datum,
        stated_crs=facts.stated_crs,
        encoding=facts.encoding,
        mapping=facts.mapping,
        effective_on=facts.effective_on,
        dry_run=facts.dry_run,
        counts=counts,
        errors=findings.count("error"),
        warnings=findings.count("warning"),
        problems=ordered[:MAX_PROBLEMS],
        problems_left_off=max(len(ordered) - MAX_PROBLEMS, 0),
    )
    report.message = _message(report)
    return report


def refuse_if_wrong(report: ImportReport) -> None:
    """Raise InvalidInputError with the whole report when it holds an error."""
    if report.errors:
        raise InvalidInputError(_refusal(report), report=report.model_dump(mode="json"))


def _refusal(report: ImportReport) -> str:
    rules = Counter(problem.what for problem in report.problems if problem.severity == "error" and problem.row is None)
    rows = sorted({p.row for p in report.problems if p.severity == "error" and p.row is not None})
    where = "、".join(str(row) for row in rows[:5]) + ("等" if len(rows) > 5 else "")
    parts = [f"第 {where} 行有误"] if rows else []
    parts += list(rules)[:2]
    return (
        f"{report.file_name} 有 {report.errors} 处错误，未导入任何内容：{'；'.join(parts)}。"
        "请按报告逐行改正后重新导入。"
    )


def _message(report: ImportReport) -> str:
    c = report.counts
    done = "试算（未保存）" if report.dry_run else "完成"
    retired = f"，停用 {c.retired}" if c.retired else ""
    warned = f"；有 {report.warnings} 处提醒，请查看" if report.warnings else ""
    return f"{done}：读取 {c.read}，新增 {c.added}，变更 {c.changed}，未变 {c.unchanged}{retired}{warned}。"
