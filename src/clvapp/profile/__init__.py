"""First orders -> who becomes high-value, and what they have in common."""
