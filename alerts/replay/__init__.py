"""What would have happened: rules run over stored history before they are switched on."""
