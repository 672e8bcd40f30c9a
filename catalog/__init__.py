"""The nouns that every room speaks: marketplaces, concepts, categories, products, offers, candidates."""
