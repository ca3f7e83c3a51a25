"""TensorFlow, Keras and TF Hub live here, and only in the engine process."""
