"""Whether the tests of the pure package notice when the package is wrong."""
