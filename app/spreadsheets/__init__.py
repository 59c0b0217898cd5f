"""Tables as people send them: workbooks (xlsx, xls, ods) and CSV, read into text as a person sees it, within bounds."""

from app.spreadsheets.mapping import Synonyms, check_mapping, guess_mapping
from app.spreadsheets.reading import Sheet, read_table

__all__ = ["Sheet", "Synonyms", "check_mapping", "guess_mapping", "read_table"]
