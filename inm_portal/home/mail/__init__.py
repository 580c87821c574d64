"""The staff's pages about mail, and the same for programs."""
