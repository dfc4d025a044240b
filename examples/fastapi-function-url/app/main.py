import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, StreamingResponse

POEM = ["an old silent pond", "a frog jumps into the pond", "splash! silence again"]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, list[str]]]:
    # Once for each execution environment, before its first request.
    yield {"poem": list(POEM)}


app = FastAPI(title="Haiku", lifespan=lifespan)

PAGE = """<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><title>Haiku</title></head>
  <body>
    <h1>Haiku</h1>
    <ol id="lines"></ol>
    <script>
      const events = new EventSource('lines');
      events.onmessage = ({ data }) => document.getElementById('lines').append(Object.assign(document.createElement('li'), { textContent: data }));
      events.addEventListener('end', () => events.close());
    </script>
  </body>
</html>
"""


@app.get("/", response_class=HTMLResponse)
async def index() -> str:
    return PAGE


@app.get("/lines")
async def lines(request: Request, seconds: float = 0.5) -> StreamingResponse:
    """The poem as server-sent events, a line at a time."""

    async def events() -> AsyncIterator[str]:
        for line in request.state.poem:
            yield f"data: {line}\n\n"
            await asyncio.sleep(seconds)
        yield "event: end\ndata:\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")


@app.post("/echo")
async def echo(request: Request) -> dict[str, object]:
    return {
        "url": str(request.url),
        "root": request.scope["root_path"],
        "client": request.client.host if request.client else None,
        "body": (await request.body()).decode(),
    }
