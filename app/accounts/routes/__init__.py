"""HTTP of accounts, by subject."""

from app.accounts.routes.audit import router as _audit
from app.accounts.routes.me import router as _me
from app.accounts.routes.oidc import router as _oidc
from app.accounts.routes.people import router as _people
from app.accounts.routes.session import router as _session
from app.accounts.routes.tokens import router as _tokens

routers = (_session, _oidc, _people, _tokens, _audit, _me)
