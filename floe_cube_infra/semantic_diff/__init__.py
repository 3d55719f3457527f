"""What a change of the model means to those who query: from two sets of generated files, pure."""
