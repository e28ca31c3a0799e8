"""The Sphinx extension, templates, and the files that stand beside the pages."""
