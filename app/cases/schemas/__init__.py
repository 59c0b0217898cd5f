"""What comes in and goes out of cases."""

from app.cases.schemas.forms import CaseForForms

__all__ = ["CaseForForms"]
