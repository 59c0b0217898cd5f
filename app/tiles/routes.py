"""HTTP of tiles."""

from fastapi import APIRouter

router = APIRouter(prefix="/api", tags=["tiles"])
