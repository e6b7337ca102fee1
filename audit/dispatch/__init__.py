"""One site per job: leases, tries, progress, interruption."""
