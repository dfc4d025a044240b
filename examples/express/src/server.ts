import app from './app';

// The same app on a plain server.
const server = app.listen(Number(process.env.PORT ?? 3000), () => console.log(server.address()));
