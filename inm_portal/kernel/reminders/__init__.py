"""
Reminders: planned from rules, visible ahead, sent once, held or stopped by people.

Apps declare rules in their ``notifications`` (`rules`); a sweep each minute derives
from the database what is planned (`planning`), what is not to be sent after all
(`settling`), and what goes out now (`delivery`).
"""
