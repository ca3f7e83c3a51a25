"""``python -m inspector`` is the same as the command ``twin-inspector``."""

from inspector.app import main

if __name__ == "__main__":
    raise SystemExit(main())
