import { listener } from './site.cjs';

export default function handle(req, res) {
  return listener(req, res);
}
