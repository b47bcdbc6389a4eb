"""Lets Alembic run the migrations on the connection it is given (db.connect.migrate). Never opens a database itself."""

from alembic import context

from db.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter a column: the table is copied instead
    transactional_ddl=True,  # both databases can undo the making of a table
)
with context.begin_transaction():
    context.run_migrations()
