"""Who is silent, and whose fault it is: the device's, its gateway's, its clock's or ours."""
