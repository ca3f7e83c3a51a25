"""The weights tab: both releases' variables, matched."""
