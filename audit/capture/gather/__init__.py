"""One module per artifact that is taken from a page."""
