"""Many runs of chapters over days, scenarios and choices, here or on a Dask cluster."""
