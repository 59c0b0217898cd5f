"""SQL of what goes on now: `notices` (LISTEN), `progress` (who is out), `duties` (who should be), `webhooks`."""
