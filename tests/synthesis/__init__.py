"""Tests of the statistics: against other software, against papers, and by their own laws."""
