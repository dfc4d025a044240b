"""What a program writes: each line goes to the log as soon as it is complete, and the last megabyte is kept."""

from __future__ import annotations

import codecs
import json
from collections import deque
from collections.abc import Callable

#: In JSON a byte takes up to six, so that the result stays below Lambda's limit of 6 MB.
_KEPT_BYTES = 1_000_000
#: CloudWatch cuts events at 256 KB, and a program may write without line breaks.
_LINE_LENGTH = 64_000
#: CloudFormation takes 4,096 bytes from a custom resource, of which AWS's trigger needs a part: in JSON, where a line
#: break has two bytes.
_LAST_BYTES = 1_500
_LAST_LINES = 20


class Output:
    """The output of one program."""

    def __init__(self, log: Callable[[str], None]) -> None:
        self.omitted_bytes = 0
        self._log = log
        self._kept: deque[bytes] = deque()
        self._kept_bytes = 0
        self._line = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def write(self, data: bytes) -> None:
        self._keep(data)
        *lines, self._line = (self._line + self._decoder.decode(data)).split("\n")
        for line in lines:
            self._log(line.removesuffix("\r"))
        while len(self._line) > _LINE_LENGTH:
            self._log(self._line[:_LINE_LENGTH])
            self._line = self._line[_LINE_LENGTH:]

    def end(self) -> None:
        """Logs the last line if it has no line break."""
        if self._line:
            self._log(self._line)
            self._line = ""

    def text(self) -> str:
        """The last megabyte. Where a character was cut, it begins with U+FFFD."""
        return b"".join(self._kept).decode("utf-8", "replace")

    def last_lines(self) -> str:
        """For the message of an error: the last lines, each on a line of its own; or that there are none."""
        lines = self.text().rstrip().splitlines()[-_LAST_LINES:]
        while len(lines) > 1 and _bytes_in_json("\n".join(lines)) > _LAST_BYTES:
            del lines[0]
        text = "\n".join(lines)
        if not text.strip():
            return "; it wrote nothing"
        while _bytes_in_json(text) > _LAST_BYTES:
            text = "…" + text[-min(_LAST_BYTES, len(text) * 9 // 10) :]
        return f"; the log has its whole output, which ends with:\n{text}"

    def _keep(self, data: bytes) -> None:
        self._kept.append(data)
        self._kept_bytes += len(data)
        while self._kept_bytes > _KEPT_BYTES:
            excess = min(self._kept_bytes - _KEPT_BYTES, len(self._kept[0]))
            first = self._kept.popleft()[excess:]
            if first:
                self._kept.appendleft(first)
            self._kept_bytes -= excess
            self.omitted_bytes += excess


def _bytes_in_json(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode("utf-8", "replace"))
