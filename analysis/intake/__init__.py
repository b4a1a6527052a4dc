"""From an export to the tables: new records, their screening rows, their extraction stubs."""
