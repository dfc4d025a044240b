import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

const ROOT = path.join(__dirname, '../..');

/** What the snippets of the pages may use without saying where it comes from. */
const FIXTURE = `
import * as cdk from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as apigwv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as codedeploy from 'aws-cdk-lib/aws-codedeploy';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as targets from 'aws-cdk-lib/aws-scheduler-targets';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { AppSource, CloudFrontDoor, FrontDoor, IFrontDoor, WebAppCommand, WrappedWebApp } from '../../src';
declare const vpc: ec2.IVpc, clients: ec2.IPeer, vpcEndpoint: ec2.IVpcEndpoint, zone: route53.IHostedZone, certificate: acm.ICertificate, trustStores: s3.IBucket;
declare const web: WrappedWebApp;
declare const httpApi: apigwv2.IHttpApi, restApi: apigateway.IRestApi;
declare const listener: elbv2.IApplicationListener, loadBalancer: elbv2.IApplicationLoadBalancer;
`;

/**
 * Each snippet as a file of its own. Those marked `nofixture` are complete by themselves and compiled elsewhere: a Web Function, which only
 * newer versions of the CDK have, in readme-walk.test.ts.
 */
function snippetFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const page of (readdirSync(path.join(ROOT, 'docs'), { recursive: true }) as string[]).filter(name => name.endsWith('.md'))) {
    const snippets = readFileSync(path.join(ROOT, 'docs', page), 'utf8').matchAll(/^```ts\n([^]*?)^```$/gm);
    [...snippets].forEach(([, code], index) => {
      const imports = code.match(/^import .*\n/gm)?.join('') ?? '';
      const body = code.replace(/^import .*\n/gm, '');
      files.set(path.join(__dirname, `${page.split(path.sep).join('-')}.${index + 1}.ts`), `${FIXTURE}${imports}class S extends cdk.Stack { snippet() {\n${body}\n} }\nnew S();\n`);
    });
  }
  return files;
}

test('the TypeScript of the pages compiles', () => {
  const files = snippetFiles();
  expect(files.size).toBeGreaterThan(5);
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path.join(ROOT, 'test/tsconfig.json'), ts.sys.readFile).config, ts.sys, path.join(ROOT, 'test'));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = file => files.has(file) || fileExists(file);
  host.readFile = file => files.get(file) ?? readFile(file);
  host.getSourceFile = (file, ...rest) => (
    files.has(file) ? ts.createSourceFile(file, files.get(file)!, rest[0]) : getSourceFile(file, ...rest)
  );
  const program = ts.createProgram([...files.keys()], { ...options, isolatedModules: false, noUnusedLocals: false, noEmit: true }, host);
  const errors = [...files.keys()].flatMap(file => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)));
  expect(ts.formatDiagnostics(errors, { ...host, getNewLine: () => '\n' })).toBe('');
});
