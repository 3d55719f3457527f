"""What differs between what a stack has made and what is there."""
