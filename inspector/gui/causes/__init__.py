"""The causes tab: why the two differ, section by section."""
