"""A chain of services is as open as its weakest link."""
