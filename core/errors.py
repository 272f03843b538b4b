"""What can go wrong in a way the caller should know: a code for machines, a sentence for people."""


class YiwangError(Exception):
    """The root of our errors; `code` is for machines, `message` a full sentence for people."""

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        """Keep the sentence, and the finer code where there is one."""
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code


class Invalid(YiwangError):  # noqa: N818 - reads as a statement where it is raised
    """Can never be accepted as it is; ingest quarantines it, the api answers 422."""

    code = "invalid"


class NotFound(YiwangError):  # noqa: N818 - the same
    """The thing asked for does not exist; the api answers 404."""

    code = "not_found"


class Conflict(YiwangError):  # noqa: N818 - the same
    """Somebody else was first, or the thing is no longer in that state; the api answers 409."""

    code = "conflict"


class Unavailable(YiwangError):  # noqa: N818 - the same
    """A part that is needed does not answer just now; the api answers 503."""

    code = "unavailable"
