"""The demonstration: small sites of invented agencies, served on loopback and audited.

- `demonstration`  the command `loket demo`
- `sites`          all sites at once, and the targets file that names them
- `server`         one site on its port
- `routes`         what a site answers, from its `site.toml` and its `www` folder
- `sites/`         the sites, and beside each `expected.toml`: what an auditor finds there by reading

`expected.toml` is written by hand, before the code that finds it, and is the acceptance test of all rules.
"""

from audit.cli.demo.demonstration import command

__all__ = ["command"]
