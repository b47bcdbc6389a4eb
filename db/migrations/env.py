"""Lets Alembic run the migrations on the connection it is given (db.connect.migrate). Never opens a database itself.

Views and quick indexes stand on tables that migrations change, so they go before and are made again after.
"""

from alembic import context

from db import indexes, views
from db.models import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter a column: the table is copied instead
    transactional_ddl=True,  # both databases can undo the making of a table
)
with context.begin_transaction():
    for apart in (views, indexes):
        apart.drop(connection)
    context.run_migrations()
    if context.get_context().get_current_revision() == context.get_head_revision():  # older tables cannot bear them
        for apart in (indexes, views):
            apart.make(connection)
