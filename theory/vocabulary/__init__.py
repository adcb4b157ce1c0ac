"""What statements are formally about: objects, quantities of objects, facts, theorems, and what symbols mean."""
