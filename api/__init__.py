"""The way in for people and programs: REST, a live stream, sign-in, audit, and the page itself."""
