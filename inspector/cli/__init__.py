"""The headless commands. No Qt, except for drawing an exported figure."""
