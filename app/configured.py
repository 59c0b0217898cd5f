"""The settings as routes ask for them."""

from typing import Annotated

from fastapi import Depends, Request

from app.settings import Settings


def settings_of(request: Request) -> Settings:
    """The settings of the application that answers."""
    settings: Settings = request.app.state.settings
    return settings


SettingsDep = Annotated[Settings, Depends(settings_of)]
