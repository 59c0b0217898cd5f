"""Texts as they may come in: neither control characters nor such as are unseen or turn the text around."""

from typing import Annotated

from pydantic import StringConstraints

_UNSEEN = r"\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"

# A code, as in the grid files.
Code = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64, pattern=rf"^[^\x00-\x1f{_UNSEEN}]*$")
]
# A name of one line.
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=rf"^[^\x00-\x1f{_UNSEEN}]*$")
]
# What a person writes: lines may break, and something must be said.
Words = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=500, pattern=rf"^[^\x00-\x08\x0b\x0c\x0e-\x1f{_UNSEEN}]*$"
    ),
]
