"""How to cite book, chapters and findings, and what archives are told of them."""
