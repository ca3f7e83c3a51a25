"""Copy as Python: a script that does what the window shows."""
