"""What the sweeps of the house measure in their cells, and what sums them up and draws them, apart from each other:
a figure that is drawn otherwise leaves the cells as they are.
"""
