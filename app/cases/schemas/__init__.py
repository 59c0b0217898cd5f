"""What comes in and goes out of cases, and what its codes mean."""

from app.cases.schemas.codes import CATEGORIES, CHEMICAL_KINDS, ITEMS, OMISSIONS, STAGES, STATES, WAYS
from app.cases.schemas.forms import CaseForForms
from app.cases.schemas.inputs import CaseIn, Chemical, PlaceIn
from app.cases.schemas.outputs import CaseDetail

__all__ = [
    "CATEGORIES",
    "CHEMICAL_KINDS",
    "ITEMS",
    "OMISSIONS",
    "STAGES",
    "STATES",
    "WAYS",
    "CaseDetail",
    "CaseForForms",
    "CaseIn",
    "Chemical",
    "PlaceIn",
]
