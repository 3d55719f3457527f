"""Tokens, by the same rules as the JavaScript that Cube loads: `verify`, `mint`, `explain`.

One table of cases (`tests/security/cases`) holds both languages to the same answers.
"""
