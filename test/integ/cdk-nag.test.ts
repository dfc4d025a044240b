import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as cdk from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { STACKS, synthesize } from './stacks';

const DOORS = STACKS.filter(name => name !== 'everything');
const PAGE = readFileSync(path.join(__dirname, '../../docs/cdk-nag.md'), 'utf8');

/** Each finding that the page explains, with its front doors. */
const EXPLAINED = [...PAGE.matchAll(/^\| (AwsSolutions-\S+) \| (error|warning) \| (.*?) \|/gm)].map(([, rule, severity, doors]) => ({
  finding: `${rule} ${severity}`,
  doors: doors === 'every door' ? DOORS : DOORS.filter(door => doors.includes(`\`${door}\``)),
}));

/** The findings in a stack, without duplicates. */
function findingsIn(name: string): string[] {
  const found = new Set<string>();
  synthesize(name, app => {
    const rules = new AwsSolutionsChecks(app);
    cdk.Validations.of(app).addPlugins({
      name: 'findings',
      validate(context) {
        for (const { ruleName, severity } of rules.validate(context).violations) found.add(`${ruleName.replace(/\[.*/, '')} ${severity}`);
        return { success: true, violations: [] };
      },
    });
  });
  return [...found].sort();
}

// Hides the report of the CDK.
beforeEach(() => void jest.spyOn(console, 'error').mockImplementation());

test.each(DOORS)('cdk-nag finds exactly what its page explains for %s', door => {
  expect(findingsIn(door)).toEqual(EXPLAINED.filter(({ doors }) => doors.includes(door)).map(({ finding }) => finding).sort());
});
