"""Decisions about visits: taking in, voiding, and how they stand."""

from app.visits.checklists import ANSWERS, CHECKLISTS, ITEMS

__all__ = ["ANSWERS", "CHECKLISTS", "ITEMS"]
