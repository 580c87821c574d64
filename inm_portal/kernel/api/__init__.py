"""What every API operation shares."""
