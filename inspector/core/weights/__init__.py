"""The weight audit: whether two releases hold one checkpoint."""
