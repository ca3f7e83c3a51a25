"""Releases that give features instead of class scores."""
