"""HTTP of reports, by subject. What is handed upward comes first: `/reports/{form}` would take its address."""

from app.reports.routes.forms import router as _forms
from app.reports.routes.submissions import router as _submissions

routers = (_submissions, _forms)
