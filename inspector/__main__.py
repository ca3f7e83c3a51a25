"""``python -m inspector`` is the same as the command ``twin-inspector``."""

from inspector.app import main

raise SystemExit(main())
