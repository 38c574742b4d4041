"""Whom supervision writes to: an address for a role, or for a role in one department."""

from pathlib import Path
from typing import Annotated, Any, Self, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, RootModel, ValidationError, field_validator

from shared.contracts.values import Department, Language, Role


class Contact(BaseModel):
    """A mail address, and the language that is read there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: str
    language: Language = "zh-CN"

    @field_validator("address")
    @classmethod
    def _is_an_address(cls, address: str) -> str:
        if "@" not in address:
            raise ValueError(f"{address!r} is no mail address")
        return address


def _in_full(entry: Any) -> Any:
    return {"address": entry} if isinstance(entry, str) else entry


class WrongContacts(ValueError):
    """The contacts cannot be used; says which file and entry, and why."""


class Contacts(RootModel[dict[str, Annotated[Contact, BeforeValidator(_in_full)]]]):
    """Contacts by `manager` or `handler@quality`; what names the department goes before what does not.

    In YAML: `manager: boss@example.com`, or `manager: {address: boss@example.com, language: en}`.
    """

    root: dict[str, Annotated[Contact, BeforeValidator(_in_full)]] = {}

    @classmethod
    def read(cls, path: Path | None) -> Self:
        """The contacts in a YAML file; none without one. Raises `WrongContacts`."""
        if path is None:
            return cls()
        try:
            return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
        except (OSError, yaml.YAMLError) as error:
            raise WrongContacts(f"{path}: {error}") from error
        except ValidationError as error:
            faults = [f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()]
            raise WrongContacts(f"{path}: {'; '.join(faults)}") from error

    def of(self, role: Role, department: Department | None) -> Contact | None:
        """Where to write to for a role in a department, or None."""
        return self.root.get(f"{role}@{department}") or self.root.get(role)

    @field_validator("root")
    @classmethod
    def _roles_are_known(cls, root: dict[str, Contact]) -> dict[str, Contact]:
        unknown = [key for key in root if key.partition("@")[0] not in get_args(Role)]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no role; the roles are {', '.join(get_args(Role))}")
        return root
