"""Rademacher complexities: of classes made of classes, of finitely many sums, and the deviation of means."""

from __future__ import annotations

import sympy as sp

from theory.symbols import M, ball_radius, d, lipschitz, n, temperature, value_range
from theory.theorems.places import count, width
from theory.vocabulary import classes as cl
from theory.vocabulary.classes import F_1, F_2, F, image, inputs, network, neurons, points, sequence, shift, signs
from theory.vocabulary.statements import Fact, Theorem, at_most, equals
from theory.vocabulary.terms import E

_R, _ABS = cl.Complexity(F, points, n), cl.AbsComplexity(F, points, n)
_DEVIATION = cl.UniformDeviation(F, inputs, n)
_SCALE = sp.Symbol("scale", positive=True)
_SIGNED_SUM = cl.SignedSum(shift, points, signs)


def _of(c: object) -> sp.Expr:
    return cl.Complexity(c, points, n)


THEOREMS = (
    Theorem(
        id="complexity",
        sentence="R̂(F) = (1/n) E sup Σ ξ_j f(x_j)",
        source="definition; Bartlett and Mendelson 2002, definition 2",
        trust="definition",
        formal="lean-rademacher: empiricalRademacherComplexity_without_abs",
        takes=(F, sequence, n),
        says=equals(_R, E(signs, cl.Signed(F, points, signs)) / n),
    ),
    Theorem(
        id="complexity with modulus",
        sentence="R̂|·|(F) = (1/n) E sup |Σ ξ_j f(x_j)|",
        source="definition; Bartlett and Mendelson 2002, definition 2",
        trust="definition",
        formal="lean-rademacher: empiricalRademacherComplexity",
        takes=(F, sequence, n),
        says=equals(_ABS, E(signs, cl.AbsSigned(F, points, signs)) / n),
    ),
    Theorem(
        id="supremum of a shifted class",
        sentence="sup Σ ξ_j(f + g)(x_j) = sup Σ ξ_j f(x_j) + Σ ξ_j g(x_j)",
        source="a constant leaves a supremum; Rudin 1976, chapter 1",
        formal="Mathlib: ciSup_add",
        takes=(F, shift, sequence, n),
        says=equals(cl.Signed(cl.Shifted(F, shift), points, signs), cl.Signed(F, points, signs) + _SIGNED_SUM),
    ),
    Theorem(
        id="supremum of a shifted modulus",
        sentence="sup |Σ ξ_j(f + g)(x_j)| <= sup |Σ ξ_j f(x_j)| + |Σ ξ_j g(x_j)|",
        source="triangle inequality",
        takes=(F, shift, sequence, n),
        says=at_most(
            cl.AbsSigned(cl.Shifted(F, shift), points, signs), cl.AbsSigned(F, points, signs) + sp.Abs(_SIGNED_SUM)
        ),
    ),
    Theorem(
        id="mean of a signed sum",
        sentence="E Σ ξ_j g(x_j) = 0",
        source="E ξ_j = 0; Boucheron, Lugosi and Massart 2013, chapter 3",
        takes=(shift, sequence, n),
        says=equals(E(signs, _SIGNED_SUM), 0),
    ),
    Theorem(
        id="square of a signed sum",
        sentence="E (Σ ξ_j g(x_j))² = Σ g(x_j)²",
        source="E ξ_iξ_j = 0 for i ≠ j; Boucheron, Lugosi and Massart 2013, chapter 3",
        takes=(shift, sequence, n),
        says=equals(E(signs, _SIGNED_SUM**2), cl.Energy(shift, points)),
    ),
    Theorem(
        id="square of a signed vector",
        sentence="E ‖Σ ξ_j h(x_j)‖² = Σ ‖h(x_j)‖²",
        source="E ξ_iξ_j = 0 for i ≠ j; Ledoux and Talagrand 1991, chapter 4",
        takes=(sequence, n),
        says=equals(E(signs, cl.FeatureSum(points, signs) ** 2), cl.FeatureEnergy(points)),
    ),
    Theorem(
        id="duality in a Hilbert space",
        sentence="sup over ‖θ‖ <= ρ of Σ ξ_j θ·h(x_j) is ρ‖Σ ξ_j h(x_j)‖",
        source="Riesz; Rudin 1987, Theorem 4.12",
        formal="Mathlib: InnerProductSpace.toDual",
        takes=(sequence, ball_radius, n),
        says=equals(cl.Signed(cl.Frozen(ball_radius), points, signs), ball_radius * cl.FeatureSum(points, signs)),
    ),
    Theorem(
        id="Khintchine–Kahane",
        sentence="E ‖Σ ξ_j h(x_j)‖² <= 2 (E ‖Σ ξ_j h(x_j)‖)², and 2 is the best constant",
        source="Latała and Oleszkiewicz 1994, Theorem 1",
        takes=(sequence, n),
        says=at_most(E(signs, cl.FeatureSum(points, signs) ** 2), 2 * E(signs, cl.FeatureSum(points, signs)) ** 2),
    ),
    Theorem(
        id="contraction",
        sentence="Lipschitz maps φ_j multiply the complexity without |·| by their constant at most",
        source="Ledoux and Talagrand 1991, Theorem 4.12; Meir and Zhang 2003, Lemma 5",
        takes=(F, image, lipschitz, sequence, n),
        given=(Fact("lipschitz_image", (image, F, lipschitz)),),
        says=at_most(_of(image), lipschitz * _R),
    ),
    Theorem(
        id="squares are Lipschitz",
        sentence="y ↦ y² is 2s-Lipschitz on [−s, s]",
        source="mean value theorem; Rudin 1976, Theorem 5.10",
        takes=(F, sequence, width, n),
        given=(at_most(cl.Supremum(F, points), width),),
        says=Fact("lipschitz_image", (cl.Squares(F), F, 2 * width)),
    ),
    Theorem(
        id="polarisation",
        sentence="f₁f₂ = ((f₁ + f₂)² − (f₁ − f₂)²)/4, a supremum of sums is at most the sum of suprema, ξ is symmetric",
        source="Bartlett and Mendelson 2002, Theorem 12",
        takes=(F_1, F_2, sequence, n),
        says=at_most(
            _of(cl.Product(F_1, F_2)),
            (_of(cl.Squares(cl.Sum(F_1, F_2))) + _of(cl.Squares(cl.Difference(F_1, F_2)))) / 4,
        ),
    ),
    Theorem(
        id="complexity of sums",
        sentence="R̂(F₁ + F₂) = R̂(F₁) + R̂(F₂)",
        source="Bartlett and Mendelson 2002, Theorem 12",
        takes=(F_1, F_2, sequence, n),
        says=equals(_of(cl.Sum(F_1, F_2)), _of(F_1) + _of(F_2)),
    ),
    Theorem(
        id="complexity of differences",
        sentence="R̂(F₁ − F₂) = R̂(F₁) + R̂(F₂), as ξ is symmetric",
        source="Bartlett and Mendelson 2002, Theorem 12",
        takes=(F_1, F_2, sequence, n),
        says=equals(_of(cl.Difference(F_1, F_2)), _of(F_1) + _of(F_2)),
    ),
    *(
        Theorem(
            id=f"supremum of {name}",
            sentence="|f₁ ± f₂| <= sup|F₁| + sup|F₂|",
            source="triangle inequality",
            takes=(F_1, F_2, sequence, n),
            given=(Fact("bounded_on", (F_1, points)), Fact("bounded_on", (F_2, points))),
            says=at_most(cl.Supremum(made(F_1, F_2), points), cl.Supremum(F_1, points) + cl.Supremum(F_2, points)),
        )
        for name, made in (("sums", cl.Sum), ("differences", cl.Difference))
    ),
    Theorem(
        id="mirrored class",
        sentence="R̂(F ∪ −F) = R̂|·|(F)",
        source="sup over F ∪ −F of Σ ξ_j f is sup |Σ ξ_j f|; Bartlett and Mendelson 2002, section 2",
        takes=(F, sequence, n),
        says=equals(_of(cl.Mirrored(F)), _ABS),
    ),
    Theorem(
        id="products of a mirrored class",
        sentence="the products of F₁ ∪ −F₁ and F₂ are those of F₁ and F₂ with their opposites: R̂ of the former is R̂|·| "
        "of the latter",
        source="definition",
        trust="definition",
        takes=(F_1, F_2, sequence, n),
        says=equals(_of(cl.Product(cl.Mirrored(F_1), F_2)), cl.AbsComplexity(cl.Product(F_1, F_2), points, n)),
    ),
    Theorem(
        id="supremum of a mirrored class",
        sentence="sup|F ∪ −F| = sup|F|",
        source="definition",
        trust="definition",
        takes=(F, sequence, n),
        says=equals(cl.Supremum(cl.Mirrored(F), points), cl.Supremum(F, points)),
    ),
    Theorem(
        id="bound of a mirrored class",
        sentence="F ∪ −F is bounded where F is",
        source="definition",
        trust="definition",
        takes=(F, sequence, n),
        given=(Fact("bounded_on", (F, points)),),
        says=Fact("bounded_on", (cl.Mirrored(F), points)),
    ),
    Theorem(
        id="modulus enlarges",
        sentence="R̂(F) <= R̂|·|(F)",
        source="Σ <= |Σ|; Bartlett and Mendelson 2002, section 2",
        formal="lean-rademacher: empiricalRademacherComplexity_without_abs_le_empiricalRademacherComplexity",
        takes=(F, sequence, n),
        says=at_most(_R, _ABS),
    ),
    *(
        Theorem(
            id=f"scaled {name}",
            sentence=f"{name} of cF is c times that of F",
            source="definition",
            trust="definition",
            takes=(F, sequence, n, _SCALE),
            says=equals(measure(cl.Scaled(_SCALE, F)), _SCALE * measure(F)),
        )
        for name, measure in (("complexity", _of), ("supremum", lambda c: cl.Supremum(c, points)))
    ),
    Theorem(
        id="scaled bound",
        sentence="cF is bounded where F is",
        source="definition",
        trust="definition",
        takes=(F, sequence, _SCALE, n),
        given=(Fact("bounded_on", (F, points)),),
        says=Fact("bounded_on", (cl.Scaled(_SCALE, F), points)),
    ),
    Theorem(
        id="scaled products",
        sentence="the products of cF₁ and F₂/c are those of F₁ and F₂",
        source="definition",
        trust="definition",
        takes=(F_1, F_2, sequence, n, _SCALE),
        says=equals(_of(cl.Product(cl.Scaled(_SCALE, F_1), cl.Scaled(1 / _SCALE, F_2))), _of(cl.Product(F_1, F_2))),
    ),
    Theorem(
        id="modulus by two suprema",
        sentence="with 0 in F both sup Σξf and sup −Σξf are >= 0, and the larger of them is sup |Σξf|",
        source="Bartlett and Mendelson 2002, section 2",
        takes=(F, sequence, n),
        given=(Fact("contains_zero", (F,)),),
        says=at_most(cl.AbsSigned(F, points, signs), cl.Signed(F, points, signs) + cl.Mirror(F, points, signs)),
    ),
    Theorem(
        id="symmetry of signs",
        sentence="E sup −Σ ξ_j f(x_j) = E sup Σ ξ_j f(x_j)",
        source="−ξ has the law of ξ; Ledoux and Talagrand 1991, chapter 4",
        takes=(F, sequence, n),
        says=equals(E(signs, cl.Mirror(F, points, signs)), E(signs, cl.Signed(F, points, signs))),
    ),
    Theorem(
        id="larger class",
        sentence="R̂|·|(F) <= R̂|·|(F ∪ {0})",
        source="a supremum over more",
        takes=(F, sequence, n),
        says=at_most(_ABS, cl.AbsComplexity(cl.WithZero(F), points, n)),
    ),
    Theorem(
        id="zero added",
        sentence="R̂(F ∪ {0}) <= R̂|·|(F)",
        source="max(sup Σξf, 0) <= sup |Σξf|",
        takes=(F, sequence, n),
        says=at_most(_of(cl.WithZero(F)), _ABS),
    ),
    Theorem(
        id="zero belongs",
        sentence="0 belongs to F ∪ {0}",
        source="definition",
        trust="definition",
        takes=(F,),
        says=Fact("contains_zero", (cl.WithZero(F),)),
    ),
    Theorem(
        id="image with zero",
        sentence="if φ_j(0) = 0, then φ∘(F ∪ {0}) = φ∘F ∪ {0}, with the same constant",
        source="definition",
        trust="definition",
        takes=(F, image, lipschitz),
        given=(Fact("lipschitz_image", (image, F, lipschitz)), Fact("zero_to_zero", (image, F))),
        says=Fact("lipschitz_image", (cl.WithZero(image), cl.WithZero(F), lipschitz)),
    ),
    Theorem(
        id="root mean square and mean",
        sentence="(1/m)Σ|a_i| <= ((1/m)Σa_i²)^½",
        source="Cauchy–Schwarz; Rudin 1987, Theorem 3.5",
        formal="Mathlib: sq_sum_le_card_mul_sum_sq",
        takes=(network, neurons, ball_radius),
        given=(Fact("square_combinations", (network, neurons, ball_radius)),),
        says=Fact("convex_combinations", (network, neurons, ball_radius)),
    ),
    Theorem(
        id="absolutely convex hull",
        sentence="combinations (1/m)Σ a_i f_i with (1/m)Σ|a_i| <= ρ have a complexity of at most ρR̂|·|(F)",
        source="Bartlett and Mendelson 2002, Theorem 12",
        takes=(network, neurons, ball_radius, sequence, n),
        given=(Fact("convex_combinations", (network, neurons, ball_radius)),),
        says=at_most(_of(network), ball_radius * cl.AbsComplexity(neurons, points, n)),
    ),
    Theorem(
        id="vertices of the ball",
        sentence="the supremum over ‖w‖₁ <= ρ of Σ ξ_j w·x_j is ρ times the largest of 2d signed sums",
        source="duality of ℓ1 and ℓ∞; Boyd and Vandenberghe 2004, section A.1.6",
        takes=(sequence, ball_radius, d, n),
        says=equals(
            cl.Signed(cl.Linear(ball_radius, d), points, signs), ball_radius * cl.Largest(points, signs, 2 * d)
        ),
    ),
    Theorem(
        id="vertices with a shared coordinate",
        sentence="the same vector for all samples adds one coordinate, whatever its length: 2(d + 1) signed sums",
        source="duality of ℓ1 and ℓ∞; Boyd and Vandenberghe 2004, section A.1.6",
        takes=(sequence, ball_radius, d, cl.embedding, n),
        given=(Fact("shared", (cl.embedding, points)),),
        says=equals(
            cl.Signed(cl.Affine(ball_radius, d, cl.embedding), points, signs),
            ball_radius * cl.LargestShared(points, cl.embedding, signs, 2 * (d + 1)),
        ),
    ),
    Theorem(
        id="maximal inequality",
        sentence="the largest of N signed sums of n numbers in [−x, x] has E max <= log N/γ + γnx²/2 for γ > 0",
        source="Massart 2000, Lemma 5.2; Boucheron, Lugosi and Massart 2013, Theorem 2.5",
        formal="lean-rademacher: massart_lemma_pmf",
        takes=(sequence, count, n, temperature),
        says=at_most(
            E(signs, cl.Largest(points, signs, count)),
            sp.log(count) / temperature + temperature * n * cl.PointNorm(points) ** 2 / 2,
        ),
    ),
    Theorem(
        id="maximal inequality with a shared coordinate",
        sentence="so it is for sums of coordinates of points and of one vector",
        source="Massart 2000, Lemma 5.2; Boucheron, Lugosi and Massart 2013, Theorem 2.5",
        takes=(sequence, cl.embedding, count, n, temperature),
        says=at_most(
            E(signs, cl.LargestShared(points, cl.embedding, signs, count)),
            sp.log(count) / temperature + temperature * n * cl.InputNorm(points, cl.embedding) ** 2 / 2,
        ),
    ),
    Theorem(
        id="largest sum and hyperbolic cosines",
        sentence="cosh γ max(S₁, −S₁, …, S_N, −S_N) <= 1 + Σ (cosh γS_i − 1)",
        source="cosh is even and rises on [0, ∞), and is at least 1: a largest is at most the sum of what is >= 0",
        takes=(sequence, cl.embedding, count, n, temperature),
        says=at_most(
            sp.cosh(temperature * cl.LargestShared(points, cl.embedding, signs, 2 * count)),
            cl.CoshSum(points, cl.embedding, signs, count, temperature),
        ),
    ),
    Theorem(
        id="hyperbolic cosine of signed sums",
        sentence="E cosh γS = Π cosh γz_j <= e^{γ²nx²/2} for each of N signed sums S = Σ ξ_j z_j with |z_j| <= x: "
        "E(1 + Σ (cosh γS_i − 1)) <= 1 + N(e^{γ²nx²/2} − 1)",
        source="Hoeffding 1963, inequality 4.16; Boucheron, Lugosi and Massart 2013, Lemma 2.2: cosh y <= e^{y²/2}",
        takes=(sequence, cl.embedding, count, n, temperature),
        says=at_most(
            E(signs, cl.CoshSum(points, cl.embedding, signs, count, temperature)),
            1 + count * (sp.exp(temperature**2 * n * cl.InputNorm(points, cl.embedding) ** 2 / 2) - 1),
        ),
    ),
    Theorem(
        id="symmetrisation",
        sentence="E sup |Ef − Êf| <= 2R_n, the expected complexity with |·|",
        source="Giné and Zinn 1984, Lemma 2.7; Boucheron, Lugosi and Massart 2013, Lemma 11.4",
        formal="lean-rademacher: expectation_le_rademacher",
        takes=(F, inputs, n),
        given=(Fact("iid", (inputs, n)),),
        says=at_most(E(inputs, _DEVIATION), 2 * cl.ExpectedComplexity(F, inputs, n)),
    ),
    Theorem(
        id="symmetrisation, one side",
        sentence="E sup (Ef − Êf) <= 2R_n, the expected complexity without |·|",
        source="Giné and Zinn 1984, Lemma 2.7; Mohri, Rostamizadeh and Talwalkar 2018, Theorem 3.3",
        takes=(F, inputs, n),
        given=(Fact("iid", (inputs, n)),),
        says=at_most(E(inputs, cl.OneSidedDeviation(F, inputs, n)), 2 * cl.ExpectedOneSided(F, inputs, n)),
    ),
    Theorem(
        id="expected complexity",
        sentence="R_n is the mean of the empirical complexity",
        source="definition; Bartlett and Mendelson 2002, definition 2",
        trust="definition",
        takes=(F, inputs, n),
        given=(Fact("iid", (inputs, n)),),
        says=equals(E(inputs, cl.AbsComplexity(F, inputs, n)), cl.ExpectedComplexity(F, inputs, n)),
    ),
    Theorem(
        id="one sample moves the uniform deviation",
        sentence="|f| <= M: one sample moves sup |Ef − Êf| by at most 2M/n",
        source="triangle inequality; Boucheron, Lugosi and Massart 2013, section 11.1",
        formal="lean-rademacher: uniformDeviation_bounded_difference",
        takes=(F, inputs, n, M),
        given=(Fact("class_bounded", (F, M)),),
        says=Fact("moves", (_DEVIATION, inputs, 2 * M / n)),
    ),
    Theorem(
        id="one sample moves the one-sided deviation",
        sentence="f in an interval of length r: one sample moves sup (Ef − Êf) by at most r/n",
        source="triangle inequality; Mohri, Rostamizadeh and Talwalkar 2018, Theorem 3.3",
        takes=(F, inputs, n, value_range),
        given=(Fact("class_range", (F, value_range)),),
        says=Fact("moves", (cl.OneSidedDeviation(F, inputs, n), inputs, value_range / n)),
    ),
    Theorem(
        id="one sample moves the complexity",
        sentence="|f| <= M: R̂|·| lies between A and A + M/n, A the part free of x_j: x_j moves it by at most M/n",
        source="Boucheron, Lugosi and Massart 2013, section 3.3 (self-bounding functions)",
        takes=(F, inputs, n, M),
        given=(Fact("class_bounded", (F, M)),),
        says=Fact("moves", (cl.AbsComplexity(F, inputs, n), inputs, M / n)),
    ),
)
