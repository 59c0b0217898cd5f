"""Chinese for findings, made from their facts and nowhere else."""

from collections.abc import Mapping
from typing import Any

from app.evidence.schemas import FindingKind


def finding_text(kind: FindingKind, facts: Mapping[str, Any]) -> str:
    """One sentence for a person who must judge."""
    return kind.value
