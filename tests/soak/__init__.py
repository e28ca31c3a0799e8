"""Long runs that print what was tried, how many times, and what was lost: ``make soak``. Short versions are in the
suite."""
