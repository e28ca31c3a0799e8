"""Building a site and putting it in place; serving, printing, comparing and guarding it."""
