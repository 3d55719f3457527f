"""Sets up a machine for this project and drives its local stack: `python3 -m tools <word>`.

Standard library only, since it runs before anything is installed.
"""
