"""How a symbol is entered and looked up: assumptions, domain, TeX, Unicode and MathML name, and meaning."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import sympy as sp

from theory import checks


@dataclass(frozen=True, kw_only=True)
class SymbolInfo:
    """What a symbol means and which numbers it may take.

    ``lower`` and ``upper`` bound the domain; ``open_lower`` and ``open_upper`` exclude the end points.
    """

    symbol: sp.Symbol
    tex: str
    mathml: str
    text: str
    meaning: str
    lower: sp.Expr = -sp.oo
    upper: sp.Expr = sp.oo
    open_lower: bool = False
    open_upper: bool = False
    integer: bool = False

    def __post_init__(self) -> None:
        checks.instance("symbol", self.symbol, sp.Symbol)
        for part in ("tex", "mathml", "text", "meaning"):
            checks.text(part, getattr(self, part))
        for part in ("open_lower", "open_upper", "integer"):
            checks.instance(part, getattr(self, part), bool)
        for part in ("lower", "upper"):
            end = checks.instance(part, getattr(self, part), sp.Expr)
            if not end.is_extended_real:
                raise ValueError(f"{part} must be a real number or an infinity; got {end}")
        if sp.Lt(self.lower, self.upper) is not sp.true:
            raise ValueError(f"lower must be less than upper; got [{self.lower}, {self.upper}]")

    @property
    def domain(self) -> str:
        """The domain in words, e.g. ``(0, 1]`` or ``integers >= 1``."""
        if self.integer:
            return f"integers >= {self.lower}"
        left = "(" if self.open_lower or self.lower == -sp.oo else "["
        right = ")" if self.open_upper or self.upper == sp.oo else "]"
        return f"{left}{self.lower}, {self.upper}{right}"


REGISTRY: dict[str, SymbolInfo] = {}

# Unicode for terminals: SymPy's pretty printer keeps a name that is already Unicode.
_REAL = {"real": True}
_POSITIVE = {"positive": True}
_NONNEGATIVE = {"nonnegative": True}


def define(
    name: str,
    tex: str,
    text: str,
    meaning: str,
    *,
    kind: str = "real",
    upper: int | None = None,
    open_upper: bool = False,
    mathml: str | None = None,
) -> sp.Symbol:
    """Make a symbol of a kind (real, positive, nonnegative, count) and enter it; ValueError for a name twice."""
    if name in REGISTRY:
        raise ValueError(f"name: the symbol {name!r} exists already: {REGISTRY[name].meaning}")
    assumptions: dict[str, bool] = {
        "real": _REAL,
        "positive": _POSITIVE,
        "nonnegative": _NONNEGATIVE,
        "count": {"integer": True, "positive": True},
    }[kind]
    symbol = sp.Symbol(name, **assumptions)
    REGISTRY[name] = SymbolInfo(
        symbol=symbol,
        tex=tex,
        text=text,
        mathml=mathml or f"<mi>{text}</mi>",
        meaning=meaning,
        lower={"real": -sp.oo, "positive": sp.S.Zero, "nonnegative": sp.S.Zero, "count": sp.S.One}[kind],
        upper=sp.oo if upper is None else sp.Integer(upper),
        open_lower=kind == "positive",
        open_upper=open_upper,
        integer=kind == "count",
    )
    return symbol


def sub(base: str, index: str) -> str:
    """MathML of a symbol with an index."""
    return f"<msub><mi>{base}</mi><mrow><mi>{index}</mi></mrow></msub>"


def info(name: str | sp.Symbol) -> SymbolInfo:
    """Return the registry entry of a symbol.

    Raises TypeError for what is neither a name nor a symbol, ValueError (with the nearest names) for an unknown name
    and for a symbol that only shares its name with the registry's.
    """
    checks.instance("name", name, (str, sp.Symbol))
    key = str(name)
    if key not in REGISTRY:
        raise ValueError(f"name: unknown symbol {key!r}{_nearest(key)}")
    if isinstance(name, sp.Symbol) and name != REGISTRY[key].symbol:
        raise ValueError(f"name: the symbol {key!r} has other assumptions than theory.symbols.{key}; use that one")
    return REGISTRY[key]


def describe(symbol: sp.Symbol) -> SymbolInfo:
    """Return `info` of a registered symbol; for any other one (an index such as w_1), what its assumptions say."""
    checks.instance("symbol", symbol, sp.Symbol)
    entry = REGISTRY.get(str(symbol))
    if entry is not None and entry.symbol == symbol:
        return entry
    return SymbolInfo(
        symbol=symbol,
        tex=sp.latex(symbol),
        text=str(symbol),
        mathml=f"<mi>{symbol}</mi>",
        meaning="a parameter of the statement",
        integer=bool(symbol.is_integer),
        lower=sp.S.Zero if symbol.is_nonnegative else -sp.oo,
        open_lower=bool(symbol.is_positive),
    )


def _nearest(key: str) -> str:
    close = difflib.get_close_matches(key, REGISTRY, n=3)
    return f"; did you mean {', '.join(close)}?" if close else f"; the symbols are {', '.join(sorted(REGISTRY))}"
