"""Single sign-on by OpenID Connect: authorization code with PKCE, state and nonce, by authlib.

It says who somebody is; whether they have an account, and what they may, is said here. No account is made by it.
"""

import hmac
from datetime import timedelta
from typing import Any, NamedTuple

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client.sync_app import OAuth2Mixin
from authlib.integrations.base_client.sync_openid import OpenIDMixin
from authlib.integrations.httpx_client import OAuth2Client
from joserfc.errors import JoseError
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts import audit, service, sessions
from app.accounts.queries import attempts
from app.accounts.queries import sessions as queries
from app.accounts.sessions import Came, digest_of
from app.errors import ForbiddenError, NotFoundError
from app.rights import Role
from app.settings import Settings, SignIn

CALLBACK = "/api/oidc/callback"
WAY_LASTS = timedelta(minutes=10)
_WAIT_S = 10
# What the provider's public keys can sign; never what a shared secret, or nothing, can.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")


class Way(NamedTuple):
    """Where to send the browser, and the state that its cookie keeps meanwhile."""

    url: str
    state: str


class Back(NamedTuple):
    """Somebody came back and in: their session's token, and the page they wanted ("": their own first)."""

    token: str
    next_path: str


class OidcError(ForbiddenError):
    """The single sign-on did not end in a proof of who it is; `reason` in the facts: failed, unknown."""


class _Provider(OAuth2Mixin, OpenIDMixin):  # type: ignore[misc]  # authlib has no types
    client_cls = OAuth2Client


def start(session: Session, settings: Settings, next_path: str) -> Way:
    """Begin a sign-on. Raises NotFoundError where none is configured, OidcError when the provider does not answer."""
    provider = _provider(settings)
    try:
        made = provider.create_authorization_url(_redirect_uri(settings))
    except (httpx2.HTTPError, AuthlibBaseError, RuntimeError, ValueError) as error:
        raise _failed("provider_unreachable") from error
    now = settings.now()
    attempts.start_oidc(
        session, digest_of(made["state"]), made["nonce"], made["code_verifier"], next_path, now, now - WAY_LASTS
    )
    return Way(made["url"], made["state"])


def finish(
    session: Session, settings: Settings, came: Came, kept_state: str | None, state: str, code: str
) -> Back | OidcError:
    """End a sign-on: the account of whom the provider proved. The refusal is returned, so that the audit keeps it."""
    known = attempts.take_oidc(session, digest_of(state))
    if kept_state is None or not hmac.compare_digest(kept_state.encode(), state.encode()) or known is None:
        return _refused(session, came, "state")
    if settings.now() - known.created_at > WAY_LASTS:
        return _refused(session, came, "expired")
    try:
        claims = _claims(settings, code, known.code_verifier, known.nonce)
    except (httpx2.HTTPError, AuthlibBaseError, JoseError, RuntimeError, ValueError, KeyError) as error:
        return _refused(session, came, type(error).__name__)
    row = _account(session, settings, claims)
    if row is None or row.disabled_at is not None:
        name = str(claims.get(settings.sign_in.oidc_claim) or claims["sub"])
        audit.note_stranger(session, came.address, "sign_in_failed", f"GET {CALLBACK}", name, row and row.id)
        return OidcError("统一身份认证已通过，但本系统没有对应的账号或账号已停用。", reason="unknown")
    token = sessions.open_session(session, settings, row.id, Role(row.role), "oidc", came)
    service.come_in(session, settings, token, came.address, f"GET {CALLBACK}")
    return Back(token, known.next_path)


def _claims(settings: Settings, code: str, code_verifier: str, nonce: str) -> dict[str, Any]:
    """What the provider signed about the person, once everything about it is as it must be."""
    rules, provider = settings.sign_in, _provider(settings)
    token = provider.fetch_access_token(_redirect_uri(settings), code=code, code_verifier=code_verifier)
    provider.load_server_metadata()
    stated = provider.server_metadata.get("id_token_signing_alg_values_supported", ["RS256"])
    provider.server_metadata["id_token_signing_alg_values_supported"] = [a for a in stated if a in _ALGORITHMS]
    expected = {
        "iss": {"essential": True, "values": [rules.oidc_issuer, (rules.oidc_issuer or "").rstrip("/")]},
        "aud": {"essential": True, "values": [rules.oidc_client_id]},
        "sub": {"essential": True},
    }
    claims = provider.parse_id_token(token, nonce, claims_options=expected)
    if claims is None:
        raise ValueError("the provider gave no ID token")
    return dict(claims)


def _account(session: Session, settings: Settings, claims: dict[str, Any]) -> Row[Any] | None:
    """By the provider's own name for the person, else by a claim that is the username of a whole account."""
    by_subject = queries.by_subject(session, str(claims["sub"]), settings.today())
    if by_subject is not None:
        return by_subject
    claim = claims.get(settings.sign_in.oidc_claim)
    row = queries.by_name(session, claim.strip().lower(), settings.today()) if isinstance(claim, str) else None
    # An account that is tied to a subject belongs to that subject only.
    return row if row is not None and row.oidc_subject is None else None


def _provider(settings: Settings) -> _Provider:
    rules: SignIn = settings.sign_in
    if not rules.oidc_issuer or not rules.oidc_client_id or not settings.public_url:
        raise NotFoundError("本系统未配置统一身份认证，请用账号和密码登录。")
    secret = rules.oidc_client_secret
    return _Provider(
        None,
        client_id=rules.oidc_client_id,
        client_secret=None if secret is None else secret.get_secret_value(),
        server_metadata_url=f"{rules.oidc_issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "timeout": _WAIT_S},
    )


def _redirect_uri(settings: Settings) -> str:
    return f"{(settings.public_url or '').rstrip('/')}{CALLBACK}"


def _failed(why: str) -> OidcError:
    return OidcError(
        "统一身份认证未完成，请重新登录；如仍不行，请用账号和密码登录并告诉系统管理员。", reason="failed", why=why
    )


def _refused(session: Session, came: Came, why: str) -> OidcError:
    audit.note_stranger(session, came.address, "sign_in_failed", f"GET {CALLBACK}", "", None, why=why)
    return _failed(why)
