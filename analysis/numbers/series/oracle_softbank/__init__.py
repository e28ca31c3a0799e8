"""The tables that the figures of the chapter on Oracle and SoftBank draw, and what they find."""
