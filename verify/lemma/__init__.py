"""Lemmas of one's own: stated by `lemma`, confronted by a plan that is chosen from what is given, loaded from files."""
