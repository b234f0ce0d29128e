"""What an archive remembers: withdrawals, moves, worse pages, stories, scopes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("source", sa.Column("scope", sa.Text(), server_default="", nullable=False))
    op.add_column(
        "article", sa.Column("out_of_scope", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("article", sa.Column("story_id", sa.Text(), nullable=True))
    op.create_index(
        "article_story",
        "article",
        ["story_id"],
        sqlite_where=sa.text("story_id IS NOT NULL"),
    )
    op.create_index("capture_run", "capture", ["run_id", "page_id"])
    op.create_index("article_reading", "article", ["reading_id"])
    op.create_index("revision_capture", "revision", ["capture_id"])
    op.create_index("reading_digest", "reading", ["digest"], sqlite_where=sa.text("digest <> ''"))
    op.create_index("change_article", "change", ["article", "sequence"])
    op.create_table(
        "vanished",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.Text(), nullable=False),
        sa.Column("last_at", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"]),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("vanished_page", "vanished", ["page_id", "id"])
    op.create_index(
        "vanished_open",
        "vanished",
        ["run_id"],
        sqlite_where=sa.text("state IN ('fresh', 'waiting', 'reform')"),
    )
    op.create_table(
        "address",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.rowid_"]),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"]),
        sa.PrimaryKeyConstraint("url"),
    )
    op.create_index("address_article", "address", ["article"])
    op.create_table(
        "held",
        sa.Column("capture_id", sa.Integer(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.rowid_"]),
        sa.ForeignKeyConstraint(["capture_id"], ["capture.id"]),
        sa.PrimaryKeyConstraint("capture_id"),
    )
    op.create_index("held_article", "held", ["article"])
    op.create_table(
        "signature",
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("minhash", sa.LargeBinary(), nullable=False),
        sa.Column("recipe", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.rowid_"]),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"]),
        sa.PrimaryKeyConstraint("article"),
    )
    op.create_index("signature_at", "signature", ["at"])
