"""Reminders for those who look after them: what is coming, what came of it, and why."""
