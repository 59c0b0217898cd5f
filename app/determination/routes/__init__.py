"""HTTP of the determination, by subject."""

from app.determination.routes.determining import router as _determining

routers = (_determining,)
