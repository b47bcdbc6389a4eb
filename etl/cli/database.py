"""`awards db`: the tables, and whether they agree with the archive."""

from __future__ import annotations

import typer

from db import connect, load, search
from db.models import REVISION
from etl.cli.edges import end, opened
from etl.output import show
from etl.run import check as agreement

app = typer.Typer(no_args_is_help=True, help="The database: bring its tables up to date, check what is stored.")


@app.command("upgrade")
def upgrade() -> None:
    """Bring an older database to this code's tables. Keeps its rows."""
    with opened(prepare=False) as (_, engine):
        before = connect.upgrade(engine)
        load.renew(engine)
        search.fill(engine)
    done = {None: "the tables were made", REVISION: "the database was already up to date"}
    show.err.print(done.get(before, f"upgraded from {before} to {REVISION}"))


@app.command("check")
def check() -> None:
    """Whether rows, evidence and archive agree; exit 1 and what is wrong when they do not."""
    with opened() as (settings, engine):
        wrong = agreement.check(settings, engine)
    for line in wrong:
        show.err.print(line, soft_wrap=True)
    mend = "mend the archive where a line names its files, then `awards rebuild` makes the rows again from it"
    end(f"{len(wrong)} things are wrong: {mend}" if wrong else None)
    show.err.print("rows, evidence and archive agree")
