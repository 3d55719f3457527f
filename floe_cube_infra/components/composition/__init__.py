"""What settings and generated files mean for each component: its Args, made by pure functions."""
