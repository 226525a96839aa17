"""Bulletins (通报): taking their figures, reading them back, the sentences made from them."""
