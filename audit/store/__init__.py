"""The store: the ledger holds rows, the blobs hold bytes; nothing else remembers anything."""
