"""What every service can be told from outside, by environment variables that begin with `REDRESS_`."""

import base64
import binascii
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SCHEMES = {"mongodb_url": ("mongodb://", "mongodb+srv://"), "amqp_url": ("amqp://", "amqps://")}
"""How the addresses of the servers begin."""


class NotRight(Exception):
    """The environment lacks a setting, or has a wrong one. Says which, and shows no value: it may be secret."""


class Settings(BaseSettings):
    """Read once at the start and frozen; secrets have no default."""

    model_config = SettingsConfigDict(env_prefix="REDRESS_", frozen=True, extra="ignore")

    mongodb_url: SecretStr = Field(description="Where MongoDB is: a replica set or a sharded cluster.")
    amqp_url: SecretStr = Field(description="Where RabbitMQ is, its virtual host included.")
    master_key: SecretStr = Field(description="32 random bytes in base64; wraps the key of every complaint.")
    jwt_secret: SecretStr | None = Field(
        None, description="Signs staff tokens where no identity provider does (HS256)."
    )
    jwks_url: str = Field(
        "", description="Public keys of the identity provider that signs staff tokens (RS256, ES256)."
    )
    jwt_audience: str = Field("redress", description="The audience that staff tokens must be made out to.")
    public_url: str = Field("http://localhost:8080", description="What complainants' links begin with.")
    host: str = Field("0.0.0.0", description="The address to listen on.")
    port: int = Field(8080, description="The port to listen on.")
    log_format: Literal["json", "console"] = Field("json", description="How log lines look.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least level that is logged."
    )
    regulations: Path | None = Field(None, description="A folder with the operator's own regulation packs.")
    database_prefix: str = Field("redress", description="What the names of the services' databases begin with.")
    batch_size: int = Field(200, ge=1, le=2000, description="Messages handled in one batch at most.")
    batch_linger: timedelta = Field(timedelta(milliseconds=20), description="How long a batch waits to fill at most.")
    retry_delays: Annotated[tuple[timedelta, ...], NoDecode] = Field(
        tuple(timedelta(seconds=seconds) for seconds in (0.2, 2, 15, 60, 300)),
        description="Growing pauses, in seconds and separated by commas, before a message is tried again.",
    )
    attempts: int = Field(6, ge=1, description="Failures after which a message goes to the dead-letter queue.")
    tick: timedelta = Field(timedelta(seconds=1), description="How often alarms are looked for.")
    sweep_after: timedelta = Field(timedelta(seconds=5), description="The age at which an unsent message is swept up.")
    look_every: timedelta = Field(
        timedelta(seconds=2), description="How often new calendars and regulation packs are looked for."
    )
    drain_seconds: float = Field(20.0, description="How long a stopping service may take to finish what is in hand.")

    @field_validator("batch_linger", "tick", "sweep_after", "look_every", mode="before")
    @classmethod
    def _plain_number_is_seconds(cls, value: object) -> object:
        return float(value) if isinstance(value, str) and value.replace(".", "", 1).isdecimal() else value

    @field_validator("retry_delays", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [float(part) for part in value.split(",")] if isinstance(value, str) else value

    @field_validator("mongodb_url", "amqp_url")
    @classmethod
    def _of_a_server(cls, value: SecretStr, field: ValidationInfo) -> SecretStr:
        schemes = SCHEMES[field.field_name or ""]
        if not value.get_secret_value().startswith(schemes):
            raise ValueError(f"must begin with {' or '.join(schemes)}")
        return value

    @field_validator("master_key")
    @classmethod
    def _thirty_two_bytes(cls, value: SecretStr) -> SecretStr:
        try:
            key = base64.b64decode(value.get_secret_value(), validate=True)
        except binascii.Error as error:
            raise ValueError("must be base64") from error
        if len(key) != 32:
            raise ValueError(f"must be 32 bytes in base64, not {len(key)}")
        return value

    @property
    def master_key_bytes(self) -> bytes:
        """The master key itself."""
        return base64.b64decode(self.master_key.get_secret_value())

    @classmethod
    def given(cls, **overruling: Any) -> Self:
        """The settings that the environment gives, where nothing overrules it. Raises `NotRight`."""
        try:
            return cls(**overruling)
        except ValidationError as error:
            faults = [_named(fault["loc"], fault["msg"]) for fault in error.errors(include_input=False)]
            raise NotRight("\n".join(["The settings are not right:", *faults])) from None


def _named(place: tuple[int | str, ...], fault: str) -> str:
    """What is wrong, by the name of the variable."""
    return f"REDRESS_{'_'.join(map(str, place))}".upper() + f": {fault}" if place else fault
