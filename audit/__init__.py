"""Loket's application: the commands, the stages, the browser, the store, and how we behave as a guest.

The map of the code, from the top floor down; every arrow points down:

- `audit.cli`       one module per command; the only place where settings meet parts
- `audit.dispatch`  one site per job: who works on it, progress, how it ended
- `audit.stages`    crawl, capture, judge, report: read the store, let the part below work, write the store
- `audit.capture`   the browser pool and what it gathers from a page; documents, opened without a browser
- `audit.store`     the ledger (rows) and the blobs (bytes)
- `audit.guest`     scope, robots, pace and the guard: the only way out to the network
- `audit.targets`, `audit.sampling`, `audit.registers`   what to audit, and which pages of it
- `spiders`, `reports`   the crawl and the report; they know neither the store nor the browser
- `rules`           the ground: the words, the facts and the judgement, pure
"""
