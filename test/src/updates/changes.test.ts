import { CONFIGURATIONS, templateOf } from './configurations';
import { CloudFormationTemplate, problemsOfUpdate } from './problems-of-update';

const NAMES = Object.keys(CONFIGURATIONS);
const templates = new Map<string, CloudFormationTemplate>();
const cached = (name: string) => templates.get(name) ?? templates.set(name, templateOf(name)).get(name)!;

const WITH_API_DOMAIN = NAMES.filter(name => /(http|rest)-api with a domain/.test(name));

/** The changes that take two deployments, as the section "Changing a deployed stack" of `docs/front-doors.md` says. */
const TWO_DEPLOYMENTS: [string, string[], string][] = [
  ['rest-api with an EDGE endpoint and a domain', WITH_API_DOMAIN, 'domain name www.example.com is '],
  ["rest-api with the CDK's domainName", [...WITH_API_DOMAIN, 'rest-api with an EDGE endpoint and a domain'], 'domain name www.example.com is '],
  ['rest-api with a PRIVATE endpoint', ['rest-api with an EDGE endpoint', 'rest-api with an EDGE endpoint and a domain'], ' is EDGE and PRIVATE'],
  ['alb in another VPC', ['alb in a VPC', 'alb in the VPC of the app', 'alb in a VPC with a domain', 'alb in a VPC with a security group'], 'is in vpc-'],
  ['http-api and alb at a path of a listener',
    ['alb at a path of a listener', 'alb at a host of a listener', 'CloudFront before alb at a path of a listener'], ' 10 is '],
];

const takesTwo = (one: string, other: string) =>
  TWO_DEPLOYMENTS.some(([name, others]) => name === one && others.includes(other) || name === other && others.includes(one));

test.each(NAMES)('%s can be changed into every other configuration in one deployment', name => {
  const problems = NAMES.filter(other => other !== name && !takesTwo(name, other))
    .flatMap(other => problemsOfUpdate(cached(name), cached(other)).map(problem => `${other}: ${problem}`));
  expect(problems).toEqual([]);
});

test.each(TWO_DEPLOYMENTS)('%s takes two deployments where the documentation says so', (name, others, problem) => {
  for (const other of others) {
    expect([other, problemsOfUpdate(cached(name), cached(other))]).toEqual([other, expect.arrayContaining([expect.stringContaining(problem)])]);
  }
});
