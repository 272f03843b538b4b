"""Decides who must know: listens to the broker, judges by rules, keeps every alert's life."""
