"""HTTP of now: the stream of changes, patrols in progress, a unit's day, webhooks."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request

from app.configured import SettingsDep
from app.db import SessionDep
from app.live import service
from app.live.schemas import InProgressList, Today, Trial, Webhook, WebhookChange, WebhookIn
from app.live.service import Hub, webhooks
from app.security import CoverageReader, DutyReader, WebhookManager
from app.sse import EventStream, Source

router = APIRouter(prefix="/api", tags=["live"])


def _hub(request: Request) -> Hub:
    hub: Hub = request.app.state.live
    return hub


HubDep = Annotated[Hub, Depends(_hub)]
LastId = Annotated[str | None, Header(max_length=64)]
AgeS = Annotated[float | None, Query(ge=0, description="seconds since the page read what it shows")]


@router.get("/live", responses={200: {"content": {"text/event-stream": {}}}})
def live(actor: CoverageReader, hub: HubDep, age_s: AgeS = None, last_event_id: LastId = None) -> EventStream:
    """Server-sent events: at most one small message a second of what changed in the actor's scope."""

    async def join() -> Source:
        return service.watch(hub, actor, last_event_id, age_s)

    return EventStream(join)


@router.get("/progress")
def progress(actor: DutyReader, session: SessionDep, unit: str | None = None) -> InProgressList:
    """The patrols going on now."""
    return service.in_progress(session, actor, unit)


@router.get("/today")
def today(actor: DutyReader, session: SessionDep, settings: SettingsDep, unit: str | None = None) -> Today:
    """Who is out, who has not started, and which grids fall out of their cycle."""
    return service.today(session, settings, actor.scope, unit)


@router.get("/webhooks")
def list_webhooks(actor: WebhookManager, session: SessionDep) -> list[Webhook]:
    """The group robots of the actor's units, each with what became of its last message."""
    return webhooks.listed(session, actor)


@router.post("/webhooks", status_code=201)
def add_webhook(actor: WebhookManager, session: SessionDep, body: WebhookIn) -> Webhook:
    """Add a group robot."""
    return webhooks.add(session, actor, body)


@router.patch("/webhooks/{webhook_id}")
def change_webhook(actor: WebhookManager, session: SessionDep, webhook_id: int, body: WebhookChange) -> Webhook:
    """Change a group robot; what is left out stays."""
    return webhooks.change(session, actor, webhook_id, body)


@router.delete("/webhooks/{webhook_id}", status_code=204)
def remove_webhook(actor: WebhookManager, session: SessionDep, webhook_id: int) -> None:
    """Delete a group robot."""
    webhooks.remove(session, actor, webhook_id)


@router.post("/webhooks/{webhook_id}/test")
def try_webhook(actor: WebhookManager, session: SessionDep, settings: SettingsDep, webhook_id: int) -> Trial:
    """Send a test message now."""
    return webhooks.try_out(session, settings, actor, webhook_id)
