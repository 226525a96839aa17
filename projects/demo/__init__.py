"""Demo data (演示数据): three years of a zone's projects, the same every time for a given day."""

from projects.demo.plan import Cast, plan_projects
from projects.demo.wins import plan_wins

__all__ = ["Cast", "plan_projects", "plan_wins"]
