"""What is answered about a file of sites."""

from pydantic import BaseModel, Field


class Column(BaseModel):
    """Something a column may hold."""

    code: str
    text: str
    required: bool


class ImportPreview(BaseModel):
    """What a file holds. `mapping`: field code -> header, as guessed; `encoding`: null for a workbook."""

    file_name: str
    encoding: str | None
    headers: list[str]
    sample: list[list[str]]
    row_count: int
    has_shapes: bool
    mapping: dict[str, str]
    columns: list[Column]


class ImportProblem(BaseModel):
    """What is wrong in a row of the file (as a person counts), and in which column, null for the row as a whole."""

    row: int
    column: str | None
    what: str


class SiteImportReport(BaseModel):
    """The outcome of an import; `errors` counts all problems, of which the first 200 are listed."""

    file_name: str
    encoding: str | None
    datum: str
    mapping: dict[str, str]
    dry_run: bool
    rows: int = 0
    sites: int = 0
    tenancies: int = 0
    stored: bool = False
    errors: int = 0
    problems: list[ImportProblem] = Field(default_factory=list)
    message: str = ""
