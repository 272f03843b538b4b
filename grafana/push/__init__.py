"""Bring a Grafana that runs already up to what is written here; whatever is right stays as it is.

For a Grafana one may mount files into, provisioning does most of this without us. This is for the
others, and for what files cannot do: the playlist, the wall's account, annotations.
"""
