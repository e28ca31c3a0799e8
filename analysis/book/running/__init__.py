"""Papermill runs of the chapters: what is stale, forks, the stored notebooks."""
