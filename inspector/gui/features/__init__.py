"""The views of features; they take the places of the views of classes."""
