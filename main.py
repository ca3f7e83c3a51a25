"""Start Twin Inspector from a checkout: ``python main.py [IMAGE …]``."""

from inspector.app import main

if __name__ == "__main__":
    raise SystemExit(main())
