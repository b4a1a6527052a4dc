"""Sentences: numbers spoken in them, what they may say, and the words that need explaining."""
