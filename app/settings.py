"""Settings, read once from WUYILOU_* environment variables. Every default is the strict one."""

from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class CycleDays(BaseSettings):
    """Days for which a look stays valid, by risk level of the grid."""

    model_config = SettingsConfigDict(env_prefix="WUYILOU_CYCLE_DAYS_")

    high: int = Field(default=7, ge=1, le=366)
    medium: int = Field(default=15, ge=1, le=366)
    low: int = Field(default=30, ge=1, le=366)

    def of(self, risk: str | None, stated: int | None) -> int:
        """A grid's own cycle, else its risk level's, else the strictest: an unstated duty is not a light one."""
        if stated is not None:
            return stated
        by_risk = {"high": self.high, "medium": self.medium, "low": self.low}
        return by_risk.get(risk or "", min(by_risk.values()))


class LeadDays(BaseSettings):
    """Days within which a lead must be answered, by its source; fields are the sources' codes."""

    model_config = SettingsConfigDict(env_prefix="WUYILOU_LEAD_DAYS_")

    officer: int = Field(default=7, ge=1, le=366)
    hotline: int = Field(default=7, ge=1, le=366)
    letter: int = Field(default=15, ge=1, le=366)
    market_register: int = Field(default=15, ge=1, le=366)
    power_growth: int = Field(default=10, ge=1, le=366)
    vehicle: int = Field(default=5, ge=1, le=366)
    drone: int = Field(default=7, ge=1, le=366)
    other: int = Field(default=10, ge=1, le=366)

    def of(self, source: str) -> int:
        """The days of a source."""
        days: int = getattr(self, source)
        return days


class Reporting(BaseSettings):
    """When F2 (weekly) and F4 (monthly, on the last day) are due upward, in local time."""

    model_config = SettingsConfigDict(env_prefix="WUYILOU_REPORTING_")

    weekday: int = Field(default=2, ge=0, le=6)  # 0: Monday
    hour: int = Field(default=17, ge=0, le=23)
    monthly_hour: int = Field(default=17, ge=0, le=23)
    prepare_hours: int = Field(default=24, ge=1, le=144)  # so long before it is due a report is prepared


class UploadLimits(BaseSettings):
    """Bounds of what one request may bring."""

    model_config = SettingsConfigDict(env_prefix="WUYILOU_UPLOAD_")

    patrol_bytes: int = 32 * 1024 * 1024
    photo_bytes: int = 3 * 1024 * 1024
    attachment_bytes: int = 15 * 1024 * 1024  # of a case: a scan or a photo as it is
    case_bytes: int = 300 * 1024 * 1024  # all attachments of one case: its archive and its print are made in one go
    certificate_bytes: int = 16 * 1024 * 1024  # a certificate to be checked
    territory_bytes: int = 256 * 1024 * 1024
    unpacked_bytes: int = 1024 * 1024 * 1024
    unpacked_ratio: int = 200
    fixes: int = 200_000
    features: int = 100_000
    vertices: int = 20_000_000
    table_bytes: int = 64 * 1024 * 1024
    table_unpacked_bytes: int = 512 * 1024 * 1024
    table_rows: int = 200_000
    table_columns: int = 256
    table_cell: int = 10_000
    table_seconds: int = 60


class SignIn(BaseSettings):
    """Passwords, sessions and what happens on guessing."""

    model_config = SettingsConfigDict(env_prefix="WUYILOU_SIGN_IN_")

    idle_hours: int = Field(default=12, ge=1)
    longest_days: int = Field(default=7, ge=1)
    # A phone in the field is not typed on every morning.
    officer_idle_days: int = Field(default=14, ge=1)
    officer_longest_days: int = Field(default=90, ge=1)
    password_length: int = Field(default=10, ge=8)
    password_days: int = Field(default=90, ge=0)  # 0: they do not expire
    failures: int = Field(default=5, ge=1)
    address_failures: int = Field(default=30, ge=1)
    lock_minutes: int = Field(default=15, ge=1)
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_name: str = "统一身份认证"
    oidc_claim: str = "preferred_username"


class Settings(BaseSettings):
    """The installation."""

    model_config = SettingsConfigDict(env_prefix="WUYILOU_")

    database_url: str | None = None
    data_dir: Path = Path(".data")
    operator_token: SecretStr | None = None
    demo: bool = False  # set by `wuyilou demo` alone: the demo's people may sign in
    public_url: str | None = None  # https://… as browsers see it; makes cookies Secure
    allow_plain_http: bool = False  # others may reach it without HTTPS: passwords travel readable
    trusted_proxies: str = ""  # addresses, with commas between, that may say whom they ask for (X-Forwarded-For)
    allowed_hosts: str = ""  # names this server goes by, with commas between; addresses and localhost always do
    time_zone: str = "Asia/Shanghai"
    clock_skew_s: int = 600
    fix_retention_days: int = Field(default=180, ge=1)
    work_starts: time = time(6)  # local; evidence of other hours gets a finding
    work_ends: time = time(22)
    quiet_from: time = time(21)  # no webhook speaks from … until …
    quiet_until: time = time(7, 30)
    # 回头看: days after a case was closed, with commas between; it is struck off after the last.
    look_back_days: Annotated[tuple[Annotated[int, Field(ge=1, le=3650)], ...], NoDecode] = (30, 90, 180)
    map_approval: str = Field(default="", max_length=100)  # 审图号, where maps must carry one
    pool_size: int = 10
    cycle_days: CycleDays = Field(default_factory=CycleDays)
    lead_days: LeadDays = Field(default_factory=LeadDays)
    reporting: Reporting = Field(default_factory=Reporting)
    sign_in: SignIn = Field(default_factory=SignIn)
    upload: UploadLimits = Field(default_factory=UploadLimits)

    @field_validator("look_back_days", mode="before")
    @classmethod
    def _days(cls, value: Any) -> Any:
        days = [each for each in value.split(",") if each.strip()] if isinstance(value, str) else value
        return tuple(sorted({int(each) for each in days}))

    @property
    def zone(self) -> ZoneInfo:
        """The zone that local days are counted in."""
        return ZoneInfo(self.time_zone)

    def now(self) -> datetime:
        """The instant now, in the local zone."""
        return datetime.now(self.zone)

    def today(self) -> date:
        """The local day now."""
        return self.now().date()

    def utc_offset_s(self, at: datetime) -> int:
        """Seconds that local time is ahead of UTC at an instant."""
        offset = at.astimezone(self.zone).utcoffset()
        return int(offset.total_seconds()) if offset else 0


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process."""
    return Settings()
