"""The browser: one look at one page, whatever the page does."""
