"""Getting, keeping, verifying and forgetting published releases. No Qt and no TensorFlow here."""
