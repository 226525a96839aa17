"""The standards a house may begin with. Assumptions: the practice publishes none; managers settle their own from here on.

(class, ‰ of the recognised contract amount, cap in 元), and the phases: milestone and per cent, as payments of the practice are
staged 40 / 30 / 30 by landing, building and production.
"""

NOTE = "系统建议（假设），请按本区奖励办法核对"
RATES: tuple[tuple[str, str, int], ...] = (("major", "0.2", 200_000), ("strategic", "0.3", 1_000_000))
PHASES: tuple[tuple[str, int], ...] = (("registered", 40), ("started", 30), ("produced", 30))
