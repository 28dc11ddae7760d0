"""A policy as set operations: one statement that decides every person of a table, in DuckDB or another engine."""

from __future__ import annotations

from .cells import Layout
from .running import Results, decide
from .staging import Staged
from .statement import Refused, Statement, compiled

__all__ = ["Layout", "Refused", "Results", "Staged", "Statement", "compiled", "decide"]
