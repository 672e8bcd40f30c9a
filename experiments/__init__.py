"""A/B ranking experiments: definitions, assignment, exposure, analysis."""
