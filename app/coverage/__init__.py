"""Coverage (覆盖): day tiles, shares, blind spots and who looked where."""
