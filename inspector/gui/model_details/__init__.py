"""Model details: what both releases of the pair in use offer, and where inside they part."""
