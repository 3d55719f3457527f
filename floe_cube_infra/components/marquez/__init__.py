"""Marquez: what takes lineage, its web pages, and a PostgreSQL where there is no other."""
