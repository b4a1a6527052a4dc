"""Files to take along: data under fixed addresses, figures, cards, slides, tables."""
