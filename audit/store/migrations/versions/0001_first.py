"""The first form of the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables as they were then: later forms are spelled out by later migrations."""
    op.create_table(
        "run",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("portfolio_id", sa.String(200), nullable=False),
        sa.Column("portfolio_json", sa.Text, nullable=False),
        sa.Column("settings_json", sa.Text, nullable=False),
        sa.Column("settings_digest", sa.String(64), nullable=False),
        sa.Column("seed", sa.String(200), nullable=False),
        sa.Column("versions_json", sa.Text, nullable=False),
        sa.Column("notes_json", sa.Text, nullable=False),
        sa.Column("started_at", sa.String(32), nullable=False),
        sa.Column("finished_at", sa.String(32)),
    )
    op.create_table(
        "job",
        sa.Column("run_id", sa.String(32), sa.ForeignKey("run.id"), primary_key=True),
        sa.Column("site", sa.String(200), primary_key=True),
        sa.Column("agency", sa.String(400), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("worker", sa.String(200)),
        sa.Column("lease_until", sa.String(32)),
        sa.Column("failure_json", sa.Text),
    )
    op.create_table(
        "host_lease",
        sa.Column("host", sa.String(300), primary_key=True),
        sa.Column("worker", sa.String(200), nullable=False),
        sa.Column("run_id", sa.String(32), nullable=False),
        sa.Column("site", sa.String(200), nullable=False),
        sa.Column("since", sa.String(32), nullable=False),
        sa.Column("lease_until", sa.String(32), nullable=False),
    )
    _make_crawl_tables()
    _make_capture_tables()


def _make_crawl_tables() -> None:
    op.create_table(
        "page",
        *_of_site(),
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("page_json", sa.Text, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
    )
    op.create_index("page_by_url", "page", ["site", "url"])
    op.create_table(
        "link",
        *_of_site(),
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("target", sa.Text, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("anchor", sa.Text, nullable=False),
        sa.Column("in_scope", sa.Boolean, nullable=False),
        sa.Column("seen_by", sa.String(16), nullable=False),
    )
    op.create_table(
        "slot",
        *_of_site(),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
    )


def _make_capture_tables() -> None:
    op.create_table(
        "look",
        *_of_site(),
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("taken_at", sa.String(32), nullable=False),
        sa.Column("failure_json", sa.Text),
        sa.Column("partial", sa.Boolean, nullable=False),
        sa.Column("browser", sa.String(200), nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("sandboxed", sa.Boolean, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
    )
    op.create_table(
        "artifact",
        *_of_site(),
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("producer", sa.String(200), nullable=False),
    )
    op.create_index("artifact_by_sha256", "artifact", ["sha256"])
    op.create_table(
        "judgement",
        *_of_site(),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("judged_at", sa.String(32), nullable=False),
        sa.Column("rules_version", sa.String(64), nullable=False),
    )


def _of_site() -> tuple[sa.Column[str], sa.Column[str]]:
    """What says of a row which site in which run it is about."""
    return sa.Column("run_id", sa.String(32), primary_key=True), sa.Column("site", sa.String(200), primary_key=True)
