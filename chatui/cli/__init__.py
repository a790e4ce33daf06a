"""The command line: arguments in, text out. It prints and never draws."""
