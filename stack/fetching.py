"""`python -m stack.fetching URL`: a container's health check; it fails if the page is away."""

import sys
import urllib.request

if __name__ == "__main__":
    urllib.request.urlopen(sys.argv[1], timeout=4).close()  # noqa: S310 - from compose.yaml
