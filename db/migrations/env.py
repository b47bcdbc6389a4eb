"""Lets Alembic run the migrations on the connection it is given (db.connect.migrate). Never opens a database itself.

The views stand on tables that migrations change, so they go before and are made again after.
"""

from alembic import context

from db import views
from db.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter a column: the table is copied instead
    transactional_ddl=True,  # both databases can undo the making of a table
)
with context.begin_transaction():
    views.drop(connection)
    context.run_migrations()
    if set(context.get_context().get_current_heads()) == set(
        context.get_head_revisions()
    ):  # older tables cannot bear them
        views.make(connection)
