import express from 'express';
import { site } from './express-site.cjs';

export const app = site(express);
if (process.env.PORT) {
  app.listen(process.env.PORT);
} else {
  app.listen(3000, () => undefined);
}
