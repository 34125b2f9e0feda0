"""What the measurements come to: medians, ratios, targets, tables."""
