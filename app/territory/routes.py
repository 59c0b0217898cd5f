"""HTTP of territory."""

from fastapi import APIRouter

router = APIRouter(prefix="/api", tags=["territory"])
