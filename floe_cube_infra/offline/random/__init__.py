"""Stands in for the official provider of the package `random`: generated passwords."""
