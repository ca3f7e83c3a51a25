"""A sweep on many machines: shards of the run's list go to the workers of a Dask cluster."""
