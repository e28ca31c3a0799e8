"""Running the chapters, drawing their charts and assembling the site."""
