"""How a client says what it wants of a list: pages, `query=`, `q=`."""
