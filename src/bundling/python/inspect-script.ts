/**
 * A Python program that reads modules without running them. It gets the entry and the files as JSON, and prints their syntax errors and
 * the imports at the top level of those modules that the entry leads to: by imports, or by names in strings, as in Django's
 * `INSTALLED_APPS`. Imports in `if`, `try` and functions are left out, because the app may do without them.
 */
export const INSPECT = `
import ast, io, json, os, sys, tokenize

given = json.load(sys.stdin)
files = set(given["files"])
version = "%d.%d" % sys.version_info[:2]
trees, errors = {}, []
for file in sorted(files):
    try:
        with open(file, "rb") as source:
            trees[file] = compile(source.read(), file, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
            compile(trees[file], file, "exec", dont_inherit=True)
    except SyntaxError as error:
        errors.append({"file": file, "line": error.lineno or 1, "message": error.msg})
    except (ValueError, RecursionError) as error:
        errors.append({"file": file, "line": 1, "message": str(error)})


def find(dotted):
    """The files of a module and of the packages that it is in."""
    parts = dotted.split(".")
    found = []
    for length in range(len(parts), 0, -1):
        path = "/".join(parts[:length])
        found += [file for file in (path + ".py", path + "/__init__.py") if file in trees]
    return found


def absolute(file, node):
    if not node.level:
        return node.module
    package = file.split("/")[:-1]
    base = package[: len(package) - node.level + 1]
    return ".".join(base + ([node.module] if node.module else []))


def names(file, node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    module = absolute(file, node)
    return [module] + [module + "." + alias.name for alias in node.names] if module else [alias.name for alias in node.names]


def top_level(body):
    for node in body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from top_level(node.body)
        elif isinstance(node, (ast.With, ast.AsyncWith)) and not any("suppress" in ast.dump(item) for item in node.items):
            yield from top_level(node.body)


reached, waiting = set(), [given["entry"]]
while waiting:
    file = waiting.pop()
    if file in reached or file not in trees:
        continue
    reached.add(file)
    waiting += find(".".join(file[:-3].split("/")))
    for node in ast.walk(trees[file]):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for name in names(file, node):
                waiting += find(name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and all(part.isidentifier() for part in node.value.split(".")):
            waiting += find(node.value)
            # An app of Django is named by its package, and its modules are loaded by convention.
            waiting += [other for part in ("apps", "models", "urls", "views", "admin") for other in find(node.value + "." + part) if other.endswith(part + ".py")]

imports = []
for file in sorted(reached):
    for node in top_level(trees[file].body):
        if isinstance(node, ast.ImportFrom) and node.level:
            continue
        for name in [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module]:
            imports.append({"file": file, "line": node.lineno, "name": name.split(".")[0]})

print(json.dumps({"version": version, "errors": errors, "imports": imports, "standard": sorted(sys.stdlib_module_names) + list(sys.builtin_module_names)}))
`;
