"""Imports run downward only: the floors drawn in docs/architecture.md, against the import graph of every file.

A room is a folder, or a file at the root of a package. Every import counts, inside functions and under TYPE_CHECKING
too: what a file must know about another is a dependency, whenever it is loaded.
"""

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURE = ROOT / "docs" / "architecture.md"
PACKAGES = ("theory", "numerics", "verify")
SOURCES = (".py", ".pyi")
MOST_ROOMS = 12
FOR_USERS = ["verify/cli/skeleton.py"]  # copied by `scoregap new`: it imports the house as a user's file does
every_package = pytest.mark.parametrize("package", PACKAGES)


def block(name):
    """What stands in architecture.md between <!-- name --> and <!-- /name -->."""
    text = ARCHITECTURE.read_text(encoding="utf-8")
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", text, re.DOTALL)
    assert found, f"docs/architecture.md has no block <!-- {name} -->"
    return found[1]


def drawn_floors(picture):
    """Package -> its floors from top to bottom, each a set of rooms: every box is a floor, its cells are the rooms."""
    floors, package = {}, None
    for line in picture.splitlines():
        if "┌" in line:
            package = line.split()[0]
            floors[package] = []
        elif "│" in line:
            box = line[line.index("│") + 1 : line.rindex("│")]
            floors[package].append([cell.strip() for cell in box.split("│")])
    return floors


FLOORS = drawn_floors(block("floors"))


# The import graph ----------------------------------------------------------------------------------------------------


def module_name(path, root):
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def asked_for(node, module):
    """The dotted names that an import statement asks for; "name.*" for the whole of a folder."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        source = f"{module}.{node.module}" if node.level else node.module  # relative in the stubs of packages alone
        return [f"{source}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module") and node.args:
        name = ast.unparse(node.args[0]).strip("f'\"").replace("{__name__}", module)
        return [re.sub(r"\{.*", "*", name)]
    return []


def graph(root):
    """Module -> the names in the house that it imports, each with its module -> that module.

    A stub `__init__.pyi` counts as its package's file: its names are loaded when they are used.
    """
    paths = [path for package in PACKAGES for path in sorted((root / package).rglob("*.py*")) if path.suffix in SOURCES]
    paths = [path for path in paths if path.relative_to(root).as_posix() not in FOR_USERS]
    files = {module_name(path, root) for path in paths}

    def home(name):
        while name and name not in files:
            name = name.rpartition(".")[0]
        return name

    def modules(name):
        folder = name.removesuffix("*")
        return [other for other in files if other.startswith(folder)] if name.endswith("*") else [home(name)]

    edges = {module: {} for module in files}
    for path in paths:
        module = module_name(path, root)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
            for name in asked_for(node, module):
                edges[module] |= {(name, other): other for other in modules(name) if other and other != module}
    return edges


def room(module):
    """The room of a module, with "" for the package itself."""
    return ".".join(module.split(".")[1:2])


def upward(edges, floors):
    """The imports that do not lead to a lower floor of the same package, or to another room's package itself."""
    height = {
        (package, name): index
        for package, levels in floors.items()
        for index, level in enumerate(reversed(levels), start=1)
        for name in level
    }
    found = []
    for module, names in edges.items():
        for other in names.values():
            package, here, there = module.split(".")[0], room(module), room(other)
            if package != other.split(".")[0] or not here or here == there:
                continue
            if not there or height.get((package, there), 0) >= height.get((package, here), 0):
                found.append(f"{module} imports {other}")
    return found


def circle(edges):
    """A circle of modules that import one another, or None."""
    try:
        TopologicalSorter({module: set(names.values()) for module, names in edges.items()}).prepare()
    except CycleError as error:
        return " imports ".join(reversed(error.args[1]))


def trespassing(edges):
    """The imports of a `_name`, a module's or one in a module, from outside the folder that it is private to."""
    found = []
    for module, names in edges.items():
        for name, other in names:
            parts = (name if other != name else other).split(".")
            private = [index for index, part in enumerate(parts) if part.startswith("_") and not part.startswith("__")]
            # a file _x, or a name _x in the file x: the folder is what stands above the file
            folders = [min(index, len(other.split(".")) - 1) for index in private]
            if any(module.split(".")[:folder] != parts[:folder] for folder in folders):
                found.append(f"{module} imports {name}")
    return found


EDGES = graph(ROOT)


# The house -----------------------------------------------------------------------------------------------------------


def rooms(package):
    """The folders and files at the root of a package."""
    entries = [path for path in (ROOT / package).iterdir() if path.name not in ("__init__.py", "__pycache__")]
    return {path.stem for path in entries if path.is_dir() or path.suffix == ".py"}


@every_package
def test_every_room_stands_on_one_floor(package):
    placed = [name for level in FLOORS[package] for name in level]
    assert sorted(placed) == sorted(rooms(package)), "draw the room on its floor in docs/architecture.md"


def test_imports_run_downward_only():
    assert upward(EDGES, FLOORS) == []


def test_no_imports_go_in_a_circle():
    found = circle(EDGES)
    assert found is None, found


def test_a_private_name_stays_in_its_folder():
    assert trespassing(EDGES) == []


@pytest.mark.parametrize("package", ["numerics", "verify"])
def test_a_package_has_few_rooms(package):
    assert len(rooms(package)) <= MOST_ROOMS, "a new idea goes into the room that it belongs to"


@pytest.mark.parametrize(
    "folder",
    sorted({path.parent for package in PACKAGES for path in (ROOT / package).rglob("*.py")}),
    ids=lambda folder: str(folder.relative_to(ROOT)),
)
def test_every_room_says_what_it_is_for(folder):
    assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))


def test_the_page_says_what_every_room_is_for():
    described = re.findall(r"^\| `(\w+)/(\w+)(?:/|\.py)` \| \S", block("rooms"), flags=re.MULTILINE)
    assert sorted(described) == sorted((package, name) for package in PACKAGES for name in rooms(package))


# Ways in -------------------------------------------------------------------------------------------------------------

WAYS = re.findall(r"^\| (.+?) \| `([\w/.]+)` \| `(\w+)` \|", block("ways"), flags=re.MULTILINE)


@pytest.mark.parametrize(("wanted", "path", "name"), WAYS, ids=[wanted for wanted, *_ in WAYS])
def test_a_newcomer_finds_it_where_the_page_says(wanted, path, name):
    body = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    assert name in {node.name for node in body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


def test_the_page_tells_the_ways_to_a_divergence_a_search_a_step_and_a_figure():
    wanted = ["a KL divergence", "a search for counterexamples", "an Adam step", "a figure"]
    assert [way for way, *_ in WAYS][: len(wanted)] == wanted


# What the tests above would catch ------------------------------------------------------------------------------------


@pytest.fixture
def house(tmp_path):
    """Write a small house and return its import graph; `floors` has cli over plans over balls."""

    def write(files):
        for package in PACKAGES:
            (tmp_path / package).mkdir()
        for name, code in {"verify/__init__.py": "", **files}.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(code)
        return graph(tmp_path)

    return write


SMALL = drawn_floors("verify ┌──┐\n│ cli │\n├──┤\n│ plans │ studies │\n├──┤\n│ balls │\n└──┘")


def test_a_picture_is_read_from_top_to_bottom():
    assert SMALL == {"verify": [["cli"], ["plans", "studies"], ["balls"]]}


@pytest.mark.parametrize(
    "code",
    [
        "from verify.plans.a import f",
        "from verify.plans import a",
        "import verify.plans.a",
        "def late():\n    from verify.plans.a import f",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from verify.plans.a import f",
        "from importlib import import_module\nimport_module('verify.plans.a')",
        "from importlib import import_module\nname = 'a'\nimport_module(f'verify.plans.{name}')",
        "import verify",
    ],
)
def test_an_import_of_a_higher_floor_is_found_in_every_form(code, house):
    edges = house({"verify/balls/b.py": code, "verify/plans/__init__.py": "", "verify/plans/a.py": ""})
    (found,) = upward(edges, SMALL)
    assert found.startswith("verify.balls.b imports verify")


def test_a_neighbour_on_the_same_floor_is_as_far_as_a_higher_one(house):
    files = {"verify/plans/a.py": "import verify.studies.s, verify.balls", "verify/studies/s.py": ""}
    assert upward(house({**files, "verify/balls.py": ""}), SMALL) == ["verify.plans.a imports verify.studies.s"]


def test_a_circle_is_found_with_its_files(house):
    files = {"verify/plans/a.py": "def f():\n    import verify.plans.b", "verify/plans/b.py": "import verify.plans.a"}
    assert circle(house(files)) in (
        "verify.plans.a imports verify.plans.b imports verify.plans.a",
        "verify.plans.b imports verify.plans.a imports verify.plans.b",
    )


def test_what_a_stub_loads_later_is_a_dependency(house):
    files = {"verify/plans/__init__.pyi": "from .a import f as f", "verify/plans/a.py": "from verify import plans"}
    assert circle(house({**files, "verify/plans/__init__.py": ""})) is not None


def test_a_folder_that_collects_its_files_depends_on_them(house):
    collects = "from importlib import import_module\nimport_module(f'{__name__}.{stem}')"
    files = {"verify/plans/__init__.py": collects, "verify/plans/a.py": "from verify.plans import PLANS"}
    assert circle(house(files)) is not None


@pytest.mark.parametrize(
    "code", ["import verify.plans._a", "from verify.plans._a import f", "from verify.plans.b import _f"]
)
def test_a_private_name_is_seen_from_its_own_folder_only(code, house):
    files = {"verify/plans/_a.py": "", "verify/plans/b.py": "", "verify/plans/c.py": code, "verify/cli.py": code}
    (found,) = trespassing(house(files))
    assert found.startswith("verify.cli imports verify.plans")
