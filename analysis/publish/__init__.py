"""From findings to pages: numbers in prose, chapters, and the build itself.

Beside the folders stands what everybody comes through: the `chapters`, what they read (`inputs`,
`read_by`), the `book` they speak of and its `works`, and the ways to make pages of it (`check`,
`build`, `look`, the Sphinx `extension`). A folder knows only those before it: `caching`, `light`,
`tables`, `prose`, `certainty`, `citing`, `living`, `explorer`, `bound`, `notebooks`, `files`,
`brief`, `site`, `release`. Each says in its first line what lives there.
"""
