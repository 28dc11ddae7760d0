"""A policy language for county regimes of cadre management, and the decisions it explains."""

__version__ = "0.1.0"
