import * as cdk from 'aws-cdk-lib';
import { WrappedWebApp } from '../src';
import { entry } from './app/entry';

export const app = new cdk.App();
const stack = new cdk.Stack(app, 'integ-function-url');
new WrappedWebApp(stack, 'Web', { entry, frontDoor: 'function-url', environment: { RELEASE: process.env.RELEASE ?? '1' } });
