import * as cdk from 'aws-cdk-lib';
import { entry } from './app/entry';
import { WrappedWebApp } from '../src';

export const app = new cdk.App();
const stack = new cdk.Stack(app, 'integ-alb');
new WrappedWebApp(stack, 'Web', { entry, frontDoor: 'alb', environment: { RELEASE: process.env.RELEASE ?? '1' } });
