"""Settings, read once from WUYILOU_* environment variables. Every default is the strict one."""

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


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


class UploadLimits(BaseSettings):
    """Bounds of what one request may bring."""

    model_config = SettingsConfigDict(env_prefix="WUYILOU_UPLOAD_")

    patrol_bytes: int = 32 * 1024 * 1024
    territory_bytes: int = 256 * 1024 * 1024
    unpacked_bytes: int = 1024 * 1024 * 1024
    unpacked_ratio: int = 200
    fixes: int = 200_000
    features: int = 100_000
    vertices: int = 20_000_000


class Settings(BaseSettings):
    """The installation."""

    model_config = SettingsConfigDict(env_prefix="WUYILOU_")

    database_url: str | None = None
    data_dir: Path = Path(".data")
    operator_token: SecretStr | None = None
    allow_open_reading: bool = False
    allowed_hosts: str = ""  # names this server goes by, with commas between; addresses and localhost always do
    time_zone: str = "Asia/Shanghai"
    clock_skew_s: int = 600
    pool_size: int = 10
    cycle_days: CycleDays = Field(default_factory=CycleDays)
    upload: UploadLimits = Field(default_factory=UploadLimits)

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
