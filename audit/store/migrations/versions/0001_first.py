"""The first form of the ledger."""

from alembic import op

from audit.store.schema import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables. A later migration must spell out its own changes, and freeze this list as it then stands."""
    metadata.create_all(op.get_bind())
