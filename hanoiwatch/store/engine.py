"""Opening the record: one SQLite file in WAL mode, its pragmas, and its errors in our words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool, QueuePool

from hanoiwatch.errors import DiskFullError, ReadOnlyError, StoreBusyError, StoreError

BUSY_TIMEOUT_SECONDS = 30.0
"""Writers hold the lock for one short batch; a longer wait means that something is stuck."""

HEAD = "0009"
"""The newest migration. A test asserts that Alembic agrees."""


def open_engine(path: Path, *, busy_timeout_seconds: float = BUSY_TIMEOUT_SECONDS) -> Engine:
    """An engine on the record at ``path``, created or migrated to `HEAD` first where needed.

    Raises StoreError (or one of its kinds) with one sentence.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = _bare_engine(path, busy_timeout_seconds)
        if _version(engine) != HEAD:
            _migrate(engine)
        return engine


def _bare_engine(path: Path, busy_timeout_seconds: float) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": busy_timeout_seconds, "check_same_thread": False},
        poolclass=NullPool if str(path) == ":memory:" else QueuePool,
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, see `write`
        connection.execute("PRAGMA journal_mode = WAL")
        # With WAL, NORMAL survives a crash of any process; FULL also survives a power cut.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -32000")

    return engine


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        known = connection.exec_driver_sql(
            "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        ).first()
        if not known:
            return None
        row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
        return str(row[0]) if row else None


def _migrate(engine: Engine) -> None:
    from hanoiwatch.store.migrate import upgrade

    upgrade(engine)


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """One consistent view of the record."""
    with explained(engine.url.database), engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        try:
            yield connection
        finally:
            if not connection.invalidated:  # as one is that was interrupted while it worked
                connection.exec_driver_sql("ROLLBACK")


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """One transaction that holds the write lock from its first moment: all of it, or nothing."""
    with explained(engine.url.database), engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            if _is_open(connection):
                connection.exec_driver_sql("ROLLBACK")
            raise


def _is_open(connection: Connection) -> bool:
    """Whether a transaction is; one that was interrupted while it worked is gone already."""
    if connection.invalidated:
        return False
    return bool(connection.connection.dbapi_connection.in_transaction)  # type: ignore[union-attr]  # it is open here


@contextmanager
def explained(path: Path | str | None) -> Iterator[None]:
    """Turns SQLite's errors into one sentence of ours."""
    try:
        yield
    except DatabaseError as error:
        raise _in_our_words(error.orig or error, path) from error
    except (sqlite3.DatabaseError, OSError) as error:
        raise _in_our_words(error, path) from error


def _in_our_words(error: BaseException, path: Path | str | None) -> StoreError:
    said = str(error)
    if "locked" in said or "busy" in said:
        return StoreBusyError(
            f"{path} is locked by another process for too long; nothing of this batch was kept. "
            "Wait for it to end, then run the same command again."
        )
    if "full" in said or "No space left" in said:
        return DiskFullError(
            f"no space is left for {path}; everything recorded before is kept. "
            "Make room, then run the same command again."
        )
    if "readonly" in said or "unable to open" in said or isinstance(error, PermissionError):
        return ReadOnlyError(f"{path} cannot be written: check the folder's owner and rights.")
    return StoreError(f"{path}: the record cannot be used: {said}.")
