"""From findings to pages: numbers in prose, chapters, and the build itself."""
