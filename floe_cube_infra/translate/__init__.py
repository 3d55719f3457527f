"""From dbt to the model: pure."""
