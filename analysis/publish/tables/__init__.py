"""Tables, lists and maps of the evidence as a page shows them."""
