"""Bringing the record's tables up to date (Alembic). Imported only where that is needed."""

from __future__ import annotations

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

MIGRATIONS = Path(__file__).parent / "migrations"


def script_directory() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def upgrade(engine: Engine) -> None:
    """Applies every missing migration, in one transaction: all of them or none."""
    script = script_directory()
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        context = MigrationContext.configure(
            connection,
            opts={
                # the function that Alembic's own `command.upgrade` passes
                "fn": lambda revision, _: script._upgrade_revs("head", revision),  # noqa: SLF001 - it has no public name
                "transactional_ddl": False,  # SQLite's own BEGIN above covers DDL as well
            },
        )
        with Operations.context(context):
            context.run_migrations()
        connection.exec_driver_sql("COMMIT")
