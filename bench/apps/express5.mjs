import express from 'express';
import { routes } from './express-routes.mjs';

export function makeApp() {
  return routes(express);
}
