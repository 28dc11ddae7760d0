"""Rosters of records as files, in every form a clerk or a program keeps them."""

from .workbook import read_roster

__all__ = ["read_roster"]
