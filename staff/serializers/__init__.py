"""People and teams as JSON. Telephone and mail stay in the house: another system gets what an assessment needs."""
