"""The demo catalogue: garments and things drawn in code, and small committed renders of furniture."""
