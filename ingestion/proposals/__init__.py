"""Drafts of field maps for new forms and new versions, for a person to review.

A draft accounts for every question of every version. It is never used by itself: a
person reads it, corrects names and classes, and puts it in the place of the map.
"""

from ingestion.proposals.proposing import Proposal, propose_like, propose_versions

__all__ = ["Proposal", "propose_like", "propose_versions"]
