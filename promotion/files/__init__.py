"""Files that people hand in: whether they may be kept, how they leave again, and what a browser can be shown of them."""
