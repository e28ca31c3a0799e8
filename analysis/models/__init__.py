"""Pure, vectorised functions: tables in, tables out. No file access, no clock, no global state."""
