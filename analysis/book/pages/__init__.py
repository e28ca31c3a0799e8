"""The Sphinx extension, templates, and the files beside the pages."""
