"""What is kept of a run: CSV, Parquet, a JSON summary and an HTML report."""
