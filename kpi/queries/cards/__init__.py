"""Cards (亮牌): the rules of a day, the figures they look at, what they propose, and the list."""
