"""The ledger's history, one Alembic migration per change of its tables."""
