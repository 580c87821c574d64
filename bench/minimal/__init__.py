"""A server of the reference list alone: the yardstick of the worker's memory."""
