"""One check a module: documentation, options, a passing and a failing example, and the code together."""
