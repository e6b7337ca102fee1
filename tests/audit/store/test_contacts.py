"""The guard's book stands in the ledger, and an older ledger learns to hold it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from audit.store import contacts, schema
from audit.store.contacts import Book
from audit.store.store import Store
from rules.model.contact import Contact, Refusal
from rules.model.failure import FailureKind

RUN, SITE = "20261123T021407Z", "www"
FIRST = Book(
    contacts=(Contact("www.example", 3, 30, 300), Contact("cdn.example:8443", 1, 10, 100)),
    refusals=(Refusal("10.0.0.1", FailureKind.PRIVATE_ADDRESS, "10.0.0.1 is a private address", 2),),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "store") as opened:
        yield opened


def test_a_book_comes_back_as_it_was_written(store: Store) -> None:
    assert contacts.of_site(store, RUN, SITE) == Book()
    contacts.record(store, RUN, SITE, FIRST)
    assert contacts.of_site(store, RUN, SITE) == FIRST
    assert contacts.of_site(store, RUN, "other") == Book()


def test_what_a_later_start_of_the_run_asked_is_added_up(store: Store) -> None:
    contacts.record(store, RUN, SITE, FIRST)
    dns = Refusal("gone.example", FailureKind.DNS, "no such host")
    later = contacts.of_site(store, RUN, SITE).with_more(
        [Contact("www.example", 1, 1, 1), Contact("new.example", 1, 2, 3)], [FIRST.refusals[0], dns]
    )
    contacts.record(store, RUN, SITE, later)
    contacts.record(store, RUN, SITE, later)  # as the heart does again and again
    assert contacts.of_site(store, RUN, SITE) == Book(
        contacts=(
            Contact("www.example", 4, 31, 301),
            Contact("cdn.example:8443", 1, 10, 100),
            Contact("new.example", 1, 2, 3),
        ),
        refusals=(Refusal("10.0.0.1", FailureKind.PRIVATE_ADDRESS, "10.0.0.1 is a private address", 4), dns),
    )


def test_a_ledger_of_the_first_form_keeps_its_rows_and_gains_the_book(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        config = Config()
        config.set_main_option("script_location", "audit.store:migrations")
        with store.writing() as connection:
            for table in (schema.contact, schema.refusal):
                table.drop(connection)
            config.attributes["connection"] = connection
            command.stamp(config, "0001")
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as old:
        old.execute(
            "INSERT INTO slot (run_id, site, position, kind, name, url) VALUES (?, ?, 0, 'fixed', 'home', 'u')",
            (RUN, SITE),
        )
    old.close()
    with Store(tmp_path) as store:
        contacts.record(store, RUN, SITE, FIRST)
        assert contacts.of_site(store, RUN, SITE) == FIRST
        with store.reading() as connection:
            assert len(connection.execute(schema.slot.select()).all()) == 1


def test_the_migrations_make_exactly_the_tables_that_the_code_knows(store: Store) -> None:
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
