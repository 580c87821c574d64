"""Pages of seed projects, by subject."""
