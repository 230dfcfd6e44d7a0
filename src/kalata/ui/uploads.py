"""Uploads are streamed to disk, and stopped at their limit before they fill it."""

from __future__ import annotations

from django.core.files.uploadhandler import FileUploadHandler, StopUpload

LIMIT = 200 * 2**20


class BoundedUploadHandler(FileUploadHandler):
    """Passes chunks on; a request beyond LIMIT is cut and marked, the view then refuses it."""

    def __init__(self, request=None) -> None:  # type: ignore[no-untyped-def]
        super().__init__(request)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > LIMIT:
            if self.request is not None:
                self.request.upload_too_large = True  # type: ignore[attr-defined]
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
