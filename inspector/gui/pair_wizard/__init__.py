"""New pairs from models of unknown conventions, and twins of Keras models."""
