"""The window of a sweep: a run that is going on or done, as a table with linked plots."""
