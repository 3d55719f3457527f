"""A Cube semantic layer over a dbt project: generated, secured and provisioned as one Pulumi stack."""
