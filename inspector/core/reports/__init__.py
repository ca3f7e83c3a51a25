"""Results as JSON, CSV, Markdown and text for a terminal."""
