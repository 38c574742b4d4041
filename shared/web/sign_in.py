"""Signing in to the pages for staff, with the token that programs send in a header."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from shared.errors import Fault
from shared.identity import STAFF_HOURS, Unauthenticated
from shared.web.pages import STAFF_COOKIE, Pages, see_other
from shared.web.routes import Call, Route
from shared.web.submitted import status_of, submitted


class SignIn:
    """The door to one service's pages for staff, which lie under `/` of the service."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self.routes: Sequence[Route] = (
            Route("POST", "/sign-in", self.sign_in, page=True),
            Route("POST", "/sign-out", self.sign_out, page=True),
        )

    def page(self, call: Call[Any], fault: Fault | None = None) -> web.Response:
        """The form that asks for the token."""
        wrong = call.request.method == "POST"
        return self._pages.render(call.request, "sign-in.html", status_of(fault), wrong=wrong)

    async def sign_in(self, call: Call[Any]) -> web.Response:
        """Keep the token in the browser, where it stands in no address and no page can read it (RFC 6265, 4.1.2.6)."""
        token = (await submitted(call.request)).get("token", "").strip()
        try:
            caller = await call.service.identity.of(token)
        except Unauthenticated as fault:
            return self.page(call, fault)
        if caller.kind != "staff":
            return self.page(call, Unauthenticated("This is not a staff token."))
        answer = see_other(f"{self._pages.path}/")
        answer.set_cookie(
            STAFF_COOKIE, token, path=self._pages.path, httponly=True, samesite="Strict",
            secure=call.service.settings.public_url.startswith("https:"), max_age=int(STAFF_HOURS.total_seconds()),
        )  # fmt: skip
        return answer

    async def sign_out(self, _: Call[Any]) -> web.Response:
        """Forget the token."""
        answer = see_other(f"{self._pages.path}/")
        answer.del_cookie(STAFF_COOKIE, path=self._pages.path)
        return answer
