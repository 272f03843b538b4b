"""Writes down what devices say: receive, decode, batch, store, then acknowledge."""
