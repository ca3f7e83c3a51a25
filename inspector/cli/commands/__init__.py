"""One module per command; to add one, write it and name it in `COMMANDS` of inspector.cli.main."""
