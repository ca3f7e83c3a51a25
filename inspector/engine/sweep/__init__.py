"""Sweeps: many pictures through both models of a pair, decoding ahead of the models."""
