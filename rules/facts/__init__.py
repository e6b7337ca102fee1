"""One module per channel or fact: what a page says, without judging it."""
