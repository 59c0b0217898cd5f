"""HTTP of coverage."""

from fastapi import APIRouter

router = APIRouter(prefix="/api", tags=["coverage"])
