"""One file per thing; a route translates, it does not think."""
