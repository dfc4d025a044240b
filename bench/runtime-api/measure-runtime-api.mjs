import { mkdirSync } from 'node:fs';
import { answerOf, eventOf, problemWith } from '../formats.mjs';
import { scenariosFor } from '../scenarios.mjs';
import { median, medianInterval } from '../statistics.mjs';
import { Environment } from './environment.mjs';

export const RUNTIME_API_FRAMEWORKS = ['http', 'express5'];
export const RUNTIME_API_FORMATS = ['function-url', 'rest-api'];

/**
 * Round trips through the Runtime API by the clock, alternating: this runtime and a peer on AWS's Node runtime client, and
 * AWS Lambda Web Adapter (a program in front of a plain server) if its binary is given.
 *
 * @param {{ node: string, framework: string, format: string, runtime: string, rounds: number, webAdapter?: string, directory: string }} options
 * @returns {Promise<Array<{ scenario: string, contender: string, problem?: string, milliseconds: number, ratio: number, ratioInterval: [number, number] }>>}
 *   `ratio` is our time divided by that of the contender: the median over the rounds
 */
export async function measureRuntimeApi({ node, framework, format, runtime, rounds, webAdapter, directory }) {
  mkdirSync(directory, { recursive: true });
  const ids = ['ours', 'serverless-http', ...(webAdapter === undefined ? [] : ['web-adapter'])];
  const contenders = [];
  const rows = [];
  try {
    for (const id of ids) {
      contenders.push({ id, environment: await Environment.start({ id, node, framework, format, runtime, directory, webAdapter }) });
    }
    for (const scenario of scenariosFor(format)) {
      const event = JSON.stringify(readableEventOf(format, scenario));
      const count = /MB/.test(scenario.name) ? 2 : 10;
      const problems = new Map();
      const times = new Map(ids.map((id) => [id, []]));
      for (const { id, environment } of contenders) {
        problems.set(id, await problemOf(environment, event, format, scenario));
        await batch(environment, event, rounds > 2 ? count * 20 : 1);
      }
      for (let round = 0; round < rounds; round++) {
        for (let i = 0; i < contenders.length; i++) {
          const { id, environment } = contenders[(round + i) % contenders.length];
          times.get(id).push(await batch(environment, event, count));
        }
      }
      for (const id of ids) {
        const ratios = times.get(id).map((time, round) => times.get('ours')[round] / time);
        rows.push({ scenario: scenario.name, contender: id, problem: problems.get(id), milliseconds: median(times.get(id)), ratio: median(ratios), ratioInterval: medianInterval(ratios) });
      }
    }
  } finally {
    contenders.forEach(({ environment }) => environment.end());
  }
  return rows;
}

/** The web adapter 0.9.1 returns `null` for the captured event of a Function URL, whose authorizer has null fields. */
function readableEventOf(format, scenario) {
  const event = eventOf(format, scenario);
  delete event.requestContext.authorizer;
  return event;
}

async function problemOf(environment, event, format, scenario) {
  const { result } = await environment.invoke(event);
  try {
    return problemWith(answerOf(format, JSON.parse(result)), scenario);
  } catch (error) {
    return error.message;
  }
}

/** Milliseconds that a round trip took: the median of a few, one after the other. */
async function batch(environment, event, count) {
  const times = [];
  for (let i = 0; i < count; i++) {
    times.push((await environment.invoke(event)).milliseconds);
  }
  return median(times);
}
