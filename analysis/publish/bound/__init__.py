"""The whole book as one file: EPUB and PDF."""
