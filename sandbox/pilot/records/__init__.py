"""The truth and its mess, written as the form server would hold them."""
