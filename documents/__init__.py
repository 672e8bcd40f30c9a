"""The bottom room: YAML text → values with positions, and findings that name place and fix."""
