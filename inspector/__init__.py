"""Twin Inspector: do two releases of the same image model agree on a picture, and why not."""

__version__ = "0.1.0"
