"""From the model to text: pure."""
