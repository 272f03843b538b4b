"""The chapters of a report: each reads its figures and says them."""
