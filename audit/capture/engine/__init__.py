"""One module per way of driving a browser."""
