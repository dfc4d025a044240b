import express from 'express';
import { site } from './express-site.cjs';

const app = site(express);
const server = app.listen({ port: process.env.PORT ?? 3000, host: '127.0.0.1' }, (error) => {
  app.get('/listening', (_req, res) => res.json({ error: error ?? null, address: server.address().address }));
});
