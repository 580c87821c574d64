"""The bench: what pages, exports and starts cost, beside a reference list."""
