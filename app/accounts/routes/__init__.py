"""HTTP of accounts, by subject."""

from app.accounts.routes.session import router as _session

ROUTERS = (_session,)
