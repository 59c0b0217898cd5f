"""What other features ask of the determination and of its chain."""

from app.determination.chain.appending import Entry, Kind, append
from app.determination.chain.sealed import Problem
from app.determination.chain.verifying import Head, check_head, head, verify_chain
from app.determination.determining import determine, period
from app.determination.schemas import Determination

__all__ = [
    "Determination",
    "Entry",
    "Head",
    "Kind",
    "Problem",
    "append",
    "check_head",
    "determine",
    "head",
    "period",
    "verify_chain",
]
