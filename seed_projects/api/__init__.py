"""The API of seed projects."""
