import * as cdk from 'aws-cdk-lib';
import { WrappedWebApp } from '../src';
import { entry } from './app/entry';

export const app = new cdk.App();
const stack = new cdk.Stack(app, 'integ-rest-api');
new WrappedWebApp(stack, 'Web', { entry, frontDoor: 'rest-api', environment: { RELEASE: process.env.RELEASE ?? '1' } });
