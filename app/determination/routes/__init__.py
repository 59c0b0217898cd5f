"""HTTP of the determination, by subject."""

from app.determination.routes.certificates import router as _certificates
from app.determination.routes.determining import router as _determining
from app.determination.routes.signing import router as _signing

routers = (_determining, _signing, _certificates)
