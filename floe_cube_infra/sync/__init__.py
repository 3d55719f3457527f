"""Files into a folder."""
