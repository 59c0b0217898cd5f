"""The forms, one a module: pure functions from cases to a table that the page shows and the workbook prints."""
