"""What other features ask of the determination and of its chain."""

from app.determination.chain.appending import Entry, Kind, append
from app.determination.chain.sealed import Problem
from app.determination.chain.verifying import Head, check_head, head, verify_chain
from app.determination.determining import determine, period
from app.determination.schemas import Determination
from app.determination.signing_authority import Authority, authority
from app.determination.signing_schemas import SignState
from app.determination.signing_states import changed_below, sign_states, signed_since

__all__ = [
    "Authority",
    "Determination",
    "Entry",
    "Head",
    "Kind",
    "Problem",
    "SignState",
    "append",
    "authority",
    "changed_below",
    "check_head",
    "determine",
    "head",
    "period",
    "sign_states",
    "signed_since",
    "verify_chain",
]
