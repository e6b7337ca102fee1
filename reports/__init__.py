"""Records in, bytes out: scorecards, comparison, and one file per report format."""
