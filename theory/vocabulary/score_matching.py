"""Score matching at one time: a network against the kernel's score and against the marginal's."""

from __future__ import annotations

from theory.vocabulary.terms import quantity

Denoising, Matching = quantity("Denoising"), quantity("Matching")  # (p₀, score, r, v): E‖s − c‖², E‖s − g‖²
Energy = quantity("Energy_")  # (p₀, score, r, v): E‖s‖²
KernelCross, MarginalCross = (
    quantity("KernelCross", real=True),
    quantity("MarginalCross", real=True),
)  # E⟨s, c⟩, E⟨s, g⟩
KernelEnergy, MarginalEnergy = quantity("KernelEnergy"), quantity("MarginalEnergy")  # (p₀, r, v): E‖c‖², E‖g‖²
