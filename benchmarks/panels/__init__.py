"""Synthetic panels of any size, written into raw without a form server.

They are made by varying the answers of the pilot's families. What a build reads is as
the pilot's is, in kind and proportion; what it does not read is left out: payloads are
empty objects, contacts and the books of landing (`ops`) hold nothing.
"""
