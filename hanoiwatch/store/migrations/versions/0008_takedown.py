"""Articles that were taken down, and their pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "takedown",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("records", sa.Integer(), server_default="0", nullable=False),
        sa.Column("archive_done_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["article"], ["article.rowid_"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("article"),
    )
    op.create_table(
        "takedown_page",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("takedown", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"]),
        sa.ForeignKeyConstraint(["takedown"], ["takedown.id"]),
        sa.PrimaryKeyConstraint("page_id"),
    )
    op.create_index("takedown_page_of", "takedown_page", ["takedown"])
