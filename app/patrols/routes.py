"""HTTP of patrols."""

from fastapi import APIRouter

router = APIRouter(prefix="/api", tags=["patrols"])
