"""The thresholds a house may begin with. Assumptions: the practice publishes none; managers settle their own from here on.

(class, industry or "" for all, source of capital or "" for all, milestone, measure, amount in 万元 or 万美元).
"""

NOTE = "系统建议（假设），请按本区认定办法核对"

DEFAULTS: tuple[tuple[str, str, str, str, str, int], ...] = (
    ("major", "", "", "signed", "contract", 50_000),
    ("major", "integrated_circuits", "", "signed", "contract", 30_000),
    ("major", "biomedicine", "", "signed", "contract", 30_000),
    ("major", "services", "", "signed", "contract", 20_000),
    ("major", "", "foreign", "registered", "foreign", 3_000),
    ("major", "", "mixed", "registered", "foreign", 3_000),
    ("strategic", "", "", "signed", "contract", 200_000),
    ("strategic", "", "foreign", "registered", "foreign", 10_000),
)
