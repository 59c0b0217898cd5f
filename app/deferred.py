"""Work put off until the transaction is committed: asked for in it, so that one rolled back leaves nothing to do.

`app.jobs` does it. Of a task with a lock that is under way a second one waits.
"""

from procrastinate import SyncPsycopgConnector
from procrastinate.jobs import DEFAULT_QUEUE, Job
from procrastinate.manager import JobManager
from sqlalchemy import text
from sqlalchemy.orm import Session

SCHEMA = "jobs"
# Never opened: it only knows how a job is written, on the connection it is given.
_MANAGER = JobManager(SyncPsycopgConnector())
_PATH = text("SELECT current_setting('search_path')")
_SET_PATH = text("SELECT set_config('search_path', :path, true)")


def defer(session: Session, task: str, subject: str, lock: str | None = None) -> None:
    """Have a task done on a subject (an id, say) soon after the session's transaction is committed."""
    before = session.execute(_PATH).scalar_one()
    session.execute(_SET_PATH, {"path": SCHEMA})
    job = Job(queue=DEFAULT_QUEUE, lock=lock, queueing_lock=None, task_name=task, task_kwargs={"subject": subject})
    _MANAGER.defer_job(job, connection=session.connection().connection.driver_connection)
    session.execute(_SET_PATH, {"path": before})
