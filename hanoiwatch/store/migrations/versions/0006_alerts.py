"""Alerts: rules, evaluations, matches, messages and their deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "alert_rule",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("began_at", sa.Text(), nullable=False),
        sa.Column("began_sequence", sa.Integer(), nullable=False),
        sa.Column("swept_sequence", sa.Integer(), nullable=False),
        sa.Column("digest_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "alert_position",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("INSERT INTO alert_position (id, sequence, generation) VALUES (1, 0, 0)")
    op.create_table(
        "alert_evaluation",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("before_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["sequence"], ["change.sequence"]),
        sa.ForeignKeyConstraint(["reading_id"], ["reading.id"]),
        sa.ForeignKeyConstraint(["before_id"], ["reading.id"]),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_table(
        "alert_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("alert_message_rule", "alert_message", ["rule", "id"])
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("article", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("old", sa.Integer(), nullable=False),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["sequence"], ["change.sequence"]),
        sa.ForeignKeyConstraint(["article"], ["article.rowid_"]),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"]),
        sa.ForeignKeyConstraint(["message_id"], ["alert_message.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("rule", "sequence"),
    )
    op.create_index("alert_fresh", "alert", ["rule", "id"], sqlite_where=sa.text("state = 'fresh'"))
    op.create_index("alert_article", "alert", ["article"])
    op.create_index(
        "alert_told", "alert", ["message_id"], sqlite_where=sa.text("message_id IS NOT NULL")
    )
    op.create_table(
        "alert_delivery",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("unsure", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["alert_message.id"]),
        sa.PrimaryKeyConstraint("message_id", "channel"),
    )
    op.create_index(
        "alert_delivery_due",
        "alert_delivery",
        ["next_at"],
        sqlite_where=sa.text("state IN ('pending', 'sending', 'failed')"),
    )
