"""What is true in the pilot: families, their months, and what befell them."""
