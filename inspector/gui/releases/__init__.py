"""The dialog of releases: what is on this machine; fetching, verifying and forgetting it."""
