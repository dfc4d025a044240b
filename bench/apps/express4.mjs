import express from 'express4';
import { routes } from './express-routes.mjs';

export function makeApp() {
  return routes(express);
}
