"""What is out there and what it says: sites, devices, profiles, metrics, topics, payloads."""
