"""Render the manifests as `kubectl apply -k` would and hold every object against the schema of its kind, offline."""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import yaml

HERE = Path(__file__).resolve().parent
ENTRIES = (HERE / "base", HERE / "overlays" / "production")
KUBERNETES = "1.32"

Manifest = dict[str, Any]


class Unrenderable(Exception):
    """kustomize refuses the folder; the text is what it said."""


@dataclass
class Report:
    """What the check of one folder found."""

    folder: Path
    valid: int = 0
    wrong: list[str] = field(default_factory=list)
    not_checked: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Say it in a line, and one more for each object that is wrong or of unknown kind."""
        head = f"{_short(self.folder)}: {self.valid} objects valid, {len(self.wrong)} wrong"
        unknown = [f"  not checked: {name} (no schema for this kind)" for name in self.not_checked]
        return [head, *(f"  wrong: {fault}" for fault in self.wrong), *unknown]


def rendered(folder: Path) -> list[Manifest]:
    """Return the objects kustomize makes of a folder."""
    kubectl = subprocess.run(["kubectl", "kustomize", str(folder)], capture_output=True, text=True, check=False)
    if kubectl.returncode:
        raise Unrenderable(f"{_short(folder)}: {kubectl.stderr.strip()}")
    return _documents(kubectl.stdout)


def as_written(folder: Path) -> list[Manifest]:
    """Return the objects that stand in a folder's files, for machines without kubectl."""
    files = (file for file in sorted(folder.rglob("*.yaml")) if file.name != "kustomization.yaml")
    return [document for file in files for document in _documents(file.read_text())]


def check(folder: Path, manifests: list[Manifest], schemas: Path | None = None) -> Report:
    """Validate objects; kinds that Kubernetes itself lacks are looked up in `schemas`, or reported as not checked."""
    report = Report(folder)
    for manifest in manifests:
        validate = _validator(manifest, schemas)
        if validate is None:
            report.not_checked.append(_name(manifest))
        elif faults := list(validate(manifest)):
            report.wrong += [f"{_name(manifest)}: {fault}" for fault in faults]
        else:
            report.valid += 1
    return report


def main(arguments: list[str] | None = None) -> int:
    """Check the folders named, by default the base and the production overlay; 1 when anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m deploy.k8s.check", description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=ENTRIES, help="kustomizations")
    parser.add_argument("--schemas", type=Path, help="JSON Schemas of custom kinds, as [GROUP/]KIND_VERSION.json")
    options = parser.parse_args(arguments)
    render = _renderer()
    try:
        reports = [check(folder, render(folder), options.schemas) for folder in options.folders]
    except Unrenderable as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print("\n".join(line for report in reports for line in report.lines()))
    return int(any(report.wrong for report in reports))


def _renderer() -> Callable[[Path], list[Manifest]]:
    if shutil.which("kubectl"):
        return rendered
    print("kubectl is not here: the files are checked as they are written, not as kustomize puts them together")
    return as_written


def _validator(manifest: Manifest, schemas: Path | None) -> Callable[[Manifest], Iterator[str]] | None:
    if custom := _custom_schema(manifest, schemas):
        return lambda found: _faults_of(jsonschema.Draft202012Validator(json.loads(custom.read_text())), found)
    return _faults_of_builtin if _is_builtin(manifest) else None


def _custom_schema(manifest: Manifest, schemas: Path | None) -> Path | None:
    if schemas is None:
        return None
    group, _, version = manifest["apiVersion"].rpartition("/")
    file = f"{manifest['kind'].lower()}_{version}.json"
    return next((path for path in (schemas / group / file, schemas / file) if path.exists()), None)


def _is_builtin(manifest: Manifest) -> bool:
    try:
        kubernetes_validate.validate(manifest, KUBERNETES)
    except kubernetes_validate.SchemaNotFoundError:
        return False
    except kubernetes_validate.ValidationError:
        return True
    return True


def _faults_of_builtin(manifest: Manifest) -> Iterator[str]:
    try:
        kubernetes_validate.validate(manifest, KUBERNETES, strict=True)
    except kubernetes_validate.ValidationError as error:
        yield _fault(error)


def _faults_of(validator: Any, manifest: Manifest) -> Iterator[str]:
    yield from map(_fault, validator.iter_errors(manifest))


def _fault(error: Any) -> str:
    return f"/{'/'.join(map(str, error.absolute_path))}: {error.message}"


def _documents(text: str) -> list[Manifest]:
    return [document for document in yaml.safe_load_all(text) if document]


def _name(manifest: Manifest) -> str:
    return f"{manifest['kind']} {manifest['metadata']['name']}"


def _short(folder: Path) -> Path:
    resolved = folder.resolve()
    return resolved.relative_to(Path.cwd()) if resolved.is_relative_to(Path.cwd()) else resolved


if __name__ == "__main__":
    sys.exit(main())
