"""One detector per kind of rule: is this sample bad? Pure, with a state of its own at most."""
