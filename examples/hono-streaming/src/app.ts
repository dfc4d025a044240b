import { Hono } from 'hono';
import { html } from 'hono/html';
import { streamSSE } from 'hono/streaming';
import { answer } from './model';

const app = new Hono();

app.get('/', (c) => c.html(html`<!doctype html>
  <html lang="en">
    <head><meta charset="utf-8"><title>Oracle</title></head>
    <body>
      <h1>Oracle</h1>
      <form id="form"><input id="question" value="Shall I use Lambda?" autofocus> <button>Ask</button></form>
      <p id="answer"></p>
      <script>
        form.onsubmit = (event) => {
          event.preventDefault();
          answer.textContent = '';
          const source = new EventSource('ask?question=' + encodeURIComponent(question.value));
          source.addEventListener('token', ({ data }) => (answer.textContent += JSON.parse(data)));
          source.addEventListener('end', () => source.close());
        };
      </script>
    </body>
  </html>`));

/** Sends each token as a server-sent event, as soon as the model has it. */
app.get('/ask', (c) => streamSSE(c, async (stream) => {
  for await (const token of answer(c.req.query('question') ?? '')) {
    await stream.writeSSE({ event: 'token', data: JSON.stringify(token) });
  }
  await stream.writeSSE({ event: 'end', data: '' });
}));

export default app;
