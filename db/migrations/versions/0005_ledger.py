"""The ledger: jobs, their due times and what became of them, the schedulers; which run was for which due time."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
UTC = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("run") as run:
        run.add_column(
            sa.Column("job", WORDS, comment="The job it ran for (occurrence.job), null: nobody scheduled it")
        )
        run.add_column(sa.Column("due_at", UTC, comment="The due time it ran for (occurrence.due_at)"))
    op.create_table(
        "job",
        sa.Column("name", WORDS, nullable=False, comment="Name, as in [jobs.NAME] of awards.toml"),
        sa.Column("site", WORDS, comment="The site it is for, null: for none alone"),
        sa.Column("command", WORDS, nullable=False, comment="What it calls: `awards` with these arguments"),
        sa.Column("timetable", WORDS, nullable=False, comment="Cron expression and IANA zone, or interval"),
        sa.Column(
            "catch_up", WORDS, nullable=False, comment="What happens to missed due times: run_once, run_each or skip"
        ),
        sa.Column("enabled", sa.Boolean(), nullable=False, comment="Whether it comes due at all"),
        sa.Column("planned_until", UTC, nullable=False, comment="Every due time up to this one has a row (UTC)"),
        sa.Column("next_due", UTC, comment="The due time after that (UTC), null: never again"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job")),
        sa.CheckConstraint("catch_up in ('run_once', 'run_each', 'skip')", name=op.f("ck_job_catch_up")),
        comment="A job as the schedulers declared it last, and how far its due times have rows",
    )
    states = ("due", "running", "done", "failed", "skipped_overlap", "skipped_missed")
    op.create_table(
        "occurrence",
        sa.Column("job", WORDS, nullable=False, comment="The job (job.name)"),
        sa.Column("due_at", UTC, nullable=False, comment="When it was due (UTC)"),
        sa.Column(
            "start_at", UTC, nullable=False, comment="When it may start: its due time and the job's jitter (UTC)"
        ),
        sa.Column("priority", sa.Integer(), nullable=False, comment="The higher goes first where several wait"),
        sa.Column("state", WORDS, nullable=False, comment=", ".join(states)),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="How often it was begun"),
        sa.Column("owner", WORDS, comment="The scheduler that runs it or ran it last (scheduler.id)"),
        sa.Column("started_at", UTC, comment="Start of the last attempt (UTC)"),
        sa.Column("ended_at", UTC, comment="When it was done with (UTC), null while it is open"),
        sa.Column("exit_code", sa.Integer(), comment="Of its process; 128 and more: ended by that signal"),
        sa.Column("reason", WORDS, comment="Why it failed, was skipped or is due again, in one line"),
        sa.Column("log", WORDS, comment="The end of what its process said, null when it said nothing"),
        sa.Column("code_version", WORDS, comment="Version of the code that ran"),
        sa.PrimaryKeyConstraint("job", "due_at", name=op.f("pk_occurrence")),
        sa.CheckConstraint(f"state in ({', '.join(map(repr, states))})", name=op.f("ck_occurrence_state")),
        comment="One due time of a job, and what became of it",
    )
    op.create_index(op.f("ix_occurrence_state_start_at"), "occurrence", ["state", "start_at"])
    op.create_index(op.f("ix_occurrence_owner"), "occurrence", ["owner"])
    op.create_table(
        "scheduler",
        sa.Column("id", WORDS, nullable=False, comment="Key, new at each start and after each lost lease"),
        sa.Column("host", WORDS, nullable=False, comment="Machine it runs on"),
        sa.Column("pid", sa.Integer(), nullable=False, comment="Its process there"),
        sa.Column("machine", WORDS, comment="Names the kernel and namespace in which that number is a process"),
        sa.Column("started_at", UTC, nullable=False, comment="Start (UTC)"),
        sa.Column(
            "beat", sa.Integer(), nullable=False, comment="Heartbeats so far; one that stands still for a lease is dead"
        ),
        sa.Column("beat_at", UTC, nullable=False, comment="The last of them (UTC)"),
        sa.Column(
            "lease",
            sa.Double(),
            nullable=False,
            comment="Seconds without a heartbeat after which others take its work over",
        ),
        sa.Column("next_due", UTC, comment="When the next of its jobs is due (UTC)"),
        sa.Column("trouble", WORDS, comment="What kept it from working last, and for how long"),
        sa.Column("ended_at", UTC, comment="End (UTC), null: it lives, or nobody has noticed"),
        sa.Column("ending", WORDS, comment="How it ended: stopped, or taken for dead by another"),
        sa.Column("code_version", WORDS, comment="Version of the code that ran"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduler")),
        comment="A process that runs jobs. It holds what it runs for as long as its heart beats",
    )


def downgrade() -> None:
    for table in ("scheduler", "occurrence", "job"):
        op.drop_table(table)
    with op.batch_alter_table("run") as run:
        run.drop_column("due_at")
        run.drop_column("job")
