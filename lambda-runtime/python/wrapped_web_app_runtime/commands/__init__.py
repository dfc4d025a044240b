"""Runs a command of an app in a function of its own. Only functions that `WebAppCommand` makes load this package."""
