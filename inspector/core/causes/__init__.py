"""Why two releases differ: attribution, cross-feed, trials, rules and what would close the gap."""
