"""How sure the book is: GRADE, summaries of findings, robustness, coverage of intervals."""
