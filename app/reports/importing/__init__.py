"""Lists of problems as towns have kept them (F1, F3): read, checked row by row, taken in whole or not at all."""
