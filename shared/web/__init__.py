"""HTTP: routes as tables, bodies and answers as models, faults as problem documents, OpenAPI from the types."""

from shared.web.body import Body, Line, Page, Text
from shared.web.routes import Answer, Call, Route, respond
from shared.web.server import mount

__all__ = ["Answer", "Body", "Call", "Line", "Page", "Route", "Text", "mount", "respond"]
