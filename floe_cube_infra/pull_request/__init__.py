"""The comment of a pull request: what changes for those who query, and for what runs. From files, pure."""
