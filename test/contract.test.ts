import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { defaultsOf, interfaceOf } from './interface-of';
import { testStack } from './src/synthesis';
import { PLATFORM_HEADERS, SOURCE_HEADER } from '../lambda-runtime/node/events/platform-headers';
import * as nodeContract from '../lambda-runtime/node/settings/contract';
import { DEFAULT_SETTINGS, settingsFromEnvironment } from '../lambda-runtime/node/settings/settings';
import { AppSource, WrappedWebApp } from '../src';
import { FRONT_DOOR_NAMES } from '../src/front-doors/i-front-door';
import * as constructContract from '../src/private/contract';

/*
 * lambda-runtime/contract.json says what the construct tells the runtimes. Each side is compared with it by what its code
 * has: interfaces, constants, defaults, and what comes out when an option is written or read. No list is kept here.
 */

type Type = string | string[];

interface Contract {
  variables: Record<string, string>;
  doorNames: string[];
  doorFields: Record<string, { type: Type }>;
  options: Record<string, { type: Type; default: unknown; runtimes: string[] }>;
  source: { header: string };
  /** The doors that set each header. A name with `*` at its end stands for all that begin so. */
  platformHeaders: Record<string, { doors: string[]; page: string }>;
}

const ROOT = join(__dirname, '..');
const CONTRACT: Contract = JSON.parse(readFileSync(join(ROOT, 'lambda-runtime/contract.json'), 'utf8'));

/** What a side has, by the part of the contract; it is compared with the same part of the contract. */
type Facts = Record<string, unknown>;

interface Side {
  /** The facts of the code, and what the contract says about them. `undefined` where the side has no such part. */
  has(contract: Contract): Facts;
  expects(contract: Contract): Facts;
}

/** A value that is not the default. */
function sampleOf({ type, default: value }: { type: Type; default: unknown }): unknown {
  switch (type) {
    case 'boolean': return value !== true;
    case 'string': return '/sample';
    case 'string[]': return ['sample/'];
    default: return (type as string[]).find((each) => each !== value);
  }
}

function typesOf(fields: Record<string, { type: Type }>): Record<string, Type> {
  return Object.fromEntries(Object.entries(fields).map(([name, { type }]) => [name, type]));
}

function defaultsIn(options: Contract['options']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, option.default]));
}

function optionsOf(contract: Contract, runtime?: string): Contract['options'] {
  return Object.fromEntries(Object.entries(contract.options).filter(([, { runtimes }]) => runtime === undefined || runtimes.includes(runtime)));
}

function samplesOf(options: Contract['options']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => [name, { [name]: sampleOf(option) }]));
}

function doorsOf(headers: Contract['platformHeaders']): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, { doors }]) => [name, doors]));
}

function variablesOf(module: object): string[] {
  return Object.entries(module).filter(([name]) => name.endsWith('_VARIABLE')).map(([, value]) => value).sort();
}

/** The value of each option when the variable holds that option alone. */
function readEach(options: Contract['options'], read: (name: string, json: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, option]) => {
    const json = JSON.stringify({ [name]: sampleOf(option) });
    return [name, { [name]: read(name, json) }];
  }));
}

const construct: Side = {
  has: (contract) => ({
    variables: variablesOf(constructContract),
    doorNames: [...FRONT_DOOR_NAMES],
    doorFields: interfaceOf('src/private/contract.ts', 'DoorContract'),
    options: interfaceOf('src/private/contract.ts', 'RuntimeOptionsContract'),
    props: interfaceOf('src/runtime-options.ts', 'RuntimeOptions'),
    defaults: defaultsOf('src/runtime-options.ts', 'RuntimeOptions'),
    written: Object.fromEntries(Object.entries(contract.options).map(([name, option]) => [name, writtenBy({ [name]: sampleOf(option) })])),
  }),
  expects: (contract) => ({
    variables: Object.values(contract.variables).sort(),
    doorNames: contract.doorNames,
    doorFields: typesOf(contract.doorFields),
    options: typesOf(contract.options),
    props: typesOf(contract.options),
    defaults: defaultsIn(contract.options),
    written: samplesOf(contract.options),
  }),
};

/** What the construct writes into the variable of the options, or the error with which it refuses them. */
function writtenBy(options: object): unknown {
  const stack = testStack();
  try {
    new WrappedWebApp(stack, 'Web', { entry: AppSource.prebuilt(lambda.Code.fromInline('x'), 'index.handler'), ...options });
  } catch (error) {
    return error;
  }
  const [handler] = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function'));
  return JSON.parse(handler.Properties.Environment.Variables[constructContract.OPTIONS_VARIABLE] ?? '{}');
}

const node: Side = {
  has: (contract) => {
    const own = Object.keys(interfaceOf('lambda-runtime/node/settings/settings.ts', 'Settings'));
    const notOwn = (fields: object) => Object.fromEntries(Object.entries(fields).filter(([name]) => !own.includes(name)));
    return {
      variables: variablesOf(nodeContract),
      doorNames: [...nodeContract.DOOR_NAMES],
      doorFields: interfaceOf('lambda-runtime/node/settings/contract.ts', 'DoorContract'),
      options: interfaceOf('lambda-runtime/node/settings/contract.ts', 'RuntimeOptionsContract'),
      handlerOptions: notOwn(interfaceOf('lambda-runtime/node/make-lambda-handler.ts', 'LambdaHandlerOptions')),
      documented: notOwn(defaultsOf('lambda-runtime/node/make-lambda-handler.ts', 'LambdaHandlerOptions')),
      defaults: Object.fromEntries(Object.entries(notOwn(DEFAULT_SETTINGS)).map(([name, value]) => [name, value ?? null])),
      read: readEach(optionsOf(contract, 'node'), (name, json) => (settingsFromEnvironment({ [nodeContract.OPTIONS_VARIABLE]: json }) as any)[name]),
      source: SOURCE_HEADER,
      platformHeaders: PLATFORM_HEADERS,
    };
  },
  expects: (contract) => {
    const options = optionsOf(contract, 'node');
    return {
      variables: Object.values(contract.variables).sort(),
      doorNames: contract.doorNames,
      doorFields: typesOf(contract.doorFields),
      options: typesOf(options),
      handlerOptions: typesOf(options),
      documented: defaultsIn(options),
      defaults: defaultsIn(options),
      read: samplesOf(options),
      source: contract.source.header,
      platformHeaders: doorsOf(contract.platformHeaders),
    };
  },
};

/** `settings.py` as Python sees it: what it declares, and what it makes of each option alone. */
const PYTHON_FACTS = `
import json, sys
from wrapped_web_app_runtime import settings
from wrapped_web_app_runtime.events.web_request import PLATFORM_HEADERS, SOURCE_HEADER

def plain(value):
    return list(value) if isinstance(value, tuple) else value

def read(options):
    read = settings.settings_from_environment({settings.OPTIONS_VARIABLE: json.dumps(options)})
    return {name: plain(getattr(read, name)) for name in settings.Settings.__slots__ if name not in ("doors", "mounted", "cdn_secrets")}

defaults = read({})
print(json.dumps({
    "variables": sorted(value for name, value in vars(settings).items() if name.endswith("_VARIABLE")),
    "doorNames": list(settings.DOOR_NAMES),
    "doorFields": sorted(settings.DoorSettings.__slots__),
    "defaults": defaults,
    "changes": [[name for name, value in read(options).items() if value != defaults[name]] for options in json.load(sys.stdin)],
    "values": [read(options) for options in json.loads(sys.argv[1])],
    "source": SOURCE_HEADER,
    "platformHeaders": PLATFORM_HEADERS,
}))
`;

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

const pythonFacts = new Map<string, any>();

function askPython(samples: unknown[]): any {
  const input = JSON.stringify(samples);
  if (!pythonFacts.has(input)) {
    const printed = execFileSync('python3', ['-c', PYTHON_FACTS, input], { cwd: join(ROOT, 'lambda-runtime/python'), encoding: 'utf8', input });
    pythonFacts.set(input, JSON.parse(printed));
  }
  return pythonFacts.get(input);
}

const python: Side = {
  has: (contract) => {
    const options = optionsOf(contract, 'python');
    const { changes, values, ...facts } = askPython(Object.values(samplesOf(options)));
    const read = Object.keys(options).map((name, index) => [name, { changed: changes[index], to: values[index][snakeCase(name)] }]);
    return { ...facts, read: Object.fromEntries(read) };
  },
  expects: (contract) => {
    const options = Object.entries(optionsOf(contract, 'python'));
    return {
      variables: Object.values(contract.variables).sort(),
      doorNames: contract.doorNames,
      doorFields: Object.keys(contract.doorFields).map(snakeCase).sort(),
      defaults: Object.fromEntries(options.map(([name, option]) => [snakeCase(name), option.default])),
      read: Object.fromEntries(options.map(([name, option]) => [name, { changed: [snakeCase(name)], to: sampleOf(option) }])),
      source: contract.source.header,
      platformHeaders: doorsOf(contract.platformHeaders),
    };
  },
};

const SIDES = { construct, node, python };

/** The parts of the contract in which a side differs from it. */
function differencesOf(side: Side, contract: Contract): string[] {
  const has = side.has(contract);
  return Object.entries(side.expects(contract)).filter(([part, expected]) => !jestEquals(has[part], expected)).map(([part]) => part);
}

function jestEquals(actual: unknown, expected: unknown): boolean {
  try {
    expect(actual).toEqual(expected);
    return true;
  } catch {
    return false;
  }
}

describe.each(Object.entries(SIDES))('the contract and the %s side', (name, side) => {
  const parts = Object.keys(side.expects(CONTRACT));

  test.each(parts)('agree in %s', (part) => {
    expect(side.has(CONTRACT)[part]).toEqual(side.expects(CONTRACT)[part]);
  });

  const change = (edit: (contract: Contract) => void): string[] => {
    const contract = structuredClone(CONTRACT);
    edit(contract);
    return differencesOf(side, contract);
  };

  test('fails on a variable too few and one too many', () => {
    for (const variable of Object.keys(CONTRACT.variables)) {
      expect(change(({ variables }) => delete variables[variable])).toContain('variables');
    }
    expect(change(({ variables }) => { variables.more = 'WRAPPED_WEB_APP_MORE'; })).toContain('variables');
  });

  test('fails on a door too few and one too many', () => {
    expect(change(({ doorNames }) => doorNames.pop())).toContain('doorNames');
    expect(change(({ doorNames }) => doorNames.push('more'))).toContain('doorNames');
  });

  test('fails on a field of a door too few and one too many', () => {
    for (const field of Object.keys(CONTRACT.doorFields)) {
      expect(change(({ doorFields }) => delete doorFields[field])).toContain('doorFields');
    }
    expect(change(({ doorFields }) => { doorFields.more = { type: 'string' }; })).toContain('doorFields');
  });

  test('fails on an option too few and one too many, and on another type or default', () => {
    const runtime = name === 'construct' ? undefined : name;
    for (const [option, { type }] of Object.entries(optionsOf(CONTRACT, runtime))) {
      expect([option, change(({ options }) => delete options[option])]).toEqual([option, expect.arrayContaining([expect.stringMatching(/^(options|defaults)$/)])]);
      if (name !== 'python') {
        expect(change(({ options }) => { options[option].type = type === 'string' ? 'boolean' : 'string'; })).toContain('options');
      }
      expect(change(({ options }) => { options[option].default = 'another'; })).toContain('defaults');
    }
    const more = { type: 'string', default: null, runtimes: ['node', 'python'] };
    const found = { construct: ['options', 'props', 'written'], node: ['options', 'handlerOptions', 'defaults'], python: ['defaults', 'read'] };
    expect(change(({ options }) => { options.more = more; })).toEqual(expect.arrayContaining(found[name as keyof typeof SIDES]));
  });

  if (parts.includes('platformHeaders')) {
    test('fails on a header too few and one too many, on a door too many, and on another name of the source header', () => {
      for (const header of Object.keys(CONTRACT.platformHeaders)) {
        expect(change(({ platformHeaders }) => delete platformHeaders[header])).toContain('platformHeaders');
        expect(change(({ platformHeaders }) => platformHeaders[header].doors.push('more'))).toContain('platformHeaders');
      }
      expect(change(({ platformHeaders }) => { platformHeaders['x-more'] = { doors: [], page: '' }; })).toContain('platformHeaders');
      expect(change(({ source }) => { source.header = 'x-more'; })).toContain('source');
    });
  }
});

test('each platform header has the page that documents it', () => {
  for (const { page } of Object.values(CONTRACT.platformHeaders)) {
    expect(page.startsWith('https://') || existsSync(join(ROOT, page.split('#')[0]))).toBe(true);
  }
});
