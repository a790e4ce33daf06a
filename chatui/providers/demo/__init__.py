"""The demo: a guide to chatui that matches words, built in, free, and without a network."""
