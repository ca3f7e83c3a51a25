"""Comparing features: rows of numbers that describe a picture, with no classes to name them."""
