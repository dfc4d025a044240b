// Mixes its requests up in each way that is known, and remembers them all.
const { text } = require('node:stream/consumers');
const { setTimeout: sleep } = require('node:timers/promises');

let currentUser;
let lastBody = 'none yet';
const visits = [];
const sessions = new Map();
const counters = {};
let logPrefix = '';

module.exports = async (req, res) => {
  const user = req.headers['x-leak-marker'] ?? 'nobody';
  currentUser = user;
  logPrefix = `[${user}]`;
  visits.push({ at: Date.now() });
  sessions.set(user, { url: req.url });
  counters[`count of ${user}`] = 1;
  const before = lastBody;
  lastBody = await text(req);
  await sleep(Math.random() * 20);
  console.log(`${logPrefix} looked at their orders`);
  res.setHeader('x-last-body', encodeURIComponent(before));
  res.end(`orders of ${currentUser}`);
};
