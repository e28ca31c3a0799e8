"""What the figures of the chapter on the chipmakers draw, and what they find."""
