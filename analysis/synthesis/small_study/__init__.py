"""Whether small studies report other effects than large ones."""
