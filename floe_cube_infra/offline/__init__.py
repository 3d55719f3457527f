"""Pulumi providers that stand in where the official plugins can't be had, such as without internet."""
