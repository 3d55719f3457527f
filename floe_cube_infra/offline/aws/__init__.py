"""Stands in for the official provider of the package `aws`: buckets, their settings, and roles, through boto3."""
