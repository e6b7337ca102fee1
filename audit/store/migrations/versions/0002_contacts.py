"""Who was contacted during a run, and who was not, because the guard refused."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables `contact` and `refusal`."""
    op.create_table(
        "contact",
        sa.Column("run_id", sa.String(32), primary_key=True),
        sa.Column("site", sa.String(200), primary_key=True),
        sa.Column("host", sa.String(300), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("requests", sa.Integer, nullable=False),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("received", sa.Integer, nullable=False),
    )
    op.create_table(
        "refusal",
        sa.Column("run_id", sa.String(32), primary_key=True),
        sa.Column("site", sa.String(200), primary_key=True),
        sa.Column("host", sa.String(300), primary_key=True),
        sa.Column("kind", sa.String(32), primary_key=True),
        sa.Column("detail", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
    )
