"""Sweeps: run files, the pictures of a run, statistics over them, gates and reports."""
