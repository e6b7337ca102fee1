"""The ledger's tables. Times are ISO 8601 UTC text; columns named `*_json` hold records written by msgspec."""

from sqlalchemy import Boolean, Column, Float, ForeignKeyConstraint, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

run = Table(
    "run",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("portfolio_id", String(200), nullable=False),
    Column("portfolio_json", Text, nullable=False),
    Column("settings_json", Text, nullable=False),
    Column("settings_digest", String(64), nullable=False),
    Column("seed", String(200), nullable=False),
    Column("versions_json", Text, nullable=False),
    Column("notes_json", Text, nullable=False),
    Column("started_at", String(32), nullable=False),
    Column("finished_at", String(32)),
)

job = Table(
    "job",
    metadata,
    Column("run_id", String(32), primary_key=True),
    Column("site", String(200), primary_key=True),
    Column("agency", String(400), nullable=False),
    Column("position", Integer, nullable=False),
    Column("stage", String(16), nullable=False),  # crawl, capture, judge, done
    Column("round", Integer, nullable=False),
    Column("state", String(16), nullable=False),  # waiting, running, done, failed
    Column("tries", Integer, nullable=False),
    Column("worker", String(200)),
    Column("lease_until", String(32)),
    Column("failure_json", Text),
    ForeignKeyConstraint(["run_id"], ["run.id"]),
)

host_lease = Table(
    "host_lease",
    metadata,
    Column("host", String(300), primary_key=True),  # host:port
    Column("worker", String(200), nullable=False),
    Column("run_id", String(32), nullable=False),
    Column("site", String(200), nullable=False),
    Column("since", String(32), nullable=False),
    Column("lease_until", String(32), nullable=False),
)

page = Table(
    "page",
    metadata,
    Column("run_id", String(32), primary_key=True),
    Column("site", String(200), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("page_json", Text, nullable=False),  # CrawledPage without its links
    Column("etag", Text),
    Column("last_modified", Text),
)
Index("page_by_url", page.c.site, page.c.url)

link = Table(
    "link",
    metadata,
    Column("run_id", String(32), primary_key=True),
    Column("site", String(200), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("anchor", Text, nullable=False),
    Column("in_scope", Boolean, nullable=False),
    Column("seen_by", String(16), nullable=False),  # crawl or browser
)

slot = Table(
    "slot",
    metadata,
    Column("run_id", String(32), primary_key=True),
    Column("site", String(200), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
)

look = Table(
    "look",
    metadata,
    Column("run_id", String(32), primary_key=True),
    Column("site", String(200), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("taken_at", String(32), nullable=False),
    Column("failure_json", Text),
    Column("partial", Boolean, nullable=False),
    Column("browser", String(200), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("sandboxed", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),
)

artifact = Table(
    "artifact",
    metadata,
    Column("run_id", String(32), primary_key=True),
    Column("site", String(200), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("kind", String(16), primary_key=True),  # outline, axe, response, requests, pictures, document
    Column("sha256", String(64), nullable=False),
    Column("producer", String(200), nullable=False),
)
Index("artifact_by_sha256", artifact.c.sha256)

judgement = Table(
    "judgement",
    metadata,
    Column("run_id", String(32), primary_key=True),
    Column("site", String(200), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("judged_at", String(32), nullable=False),
    Column("rules_version", String(64), nullable=False),
)

contact = Table(
    "contact",
    metadata,
    Column("run_id", String(32), primary_key=True),
    Column("site", String(200), primary_key=True),
    Column("host", String(300), primary_key=True),  # with its port where that is not 80 or 443
    Column("position", Integer, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("sent", Integer, nullable=False),  # bytes, as received is
    Column("received", Integer, nullable=False),
)

refusal = Table(
    "refusal",
    metadata,
    Column("run_id", String(32), primary_key=True),
    Column("site", String(200), primary_key=True),
    Column("host", String(300), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("detail", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("times", Integer, nullable=False),
)
